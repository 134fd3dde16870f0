"""What every command prints with: lines and JSON, colours and progress, questions, exit codes."""
