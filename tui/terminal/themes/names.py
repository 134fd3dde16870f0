"""Names of the themes and of the variable that chooses one, without the toolkit."""

from __future__ import annotations

AUTO = "auto"
"""By the terminal: its background and how many colours it has."""
NAMES = (AUTO, "dark", "light", "contrast", "sixteen", "sixteen-light", "none")
"""What the setting `theme` can be."""
VARIABLE = "TEXTDESK_THEME"
