"""The screens: the desk itself, and the pages that lie over it."""
