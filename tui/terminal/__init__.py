"""Everything that reaches into Textual's private parts or speaks to the terminal itself."""
