"""`textdesk doctor`: checks everything from the configuration to the public address, and says what to do."""
