"""The screens: the main one, and the pages and dialogs over it."""
