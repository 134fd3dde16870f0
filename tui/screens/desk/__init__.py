"""The main screen: the list of conversations, and the open one with its compose pane."""
