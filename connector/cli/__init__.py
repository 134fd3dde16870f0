"""The `textdesk` command."""
