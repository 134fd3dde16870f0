"""`textdesk doctor`: whether all is well, from the configuration to the address providers call, and what to do."""
