"""The console of commands: arguments, text and JSON lines, colours and progress, questions, exit codes."""
