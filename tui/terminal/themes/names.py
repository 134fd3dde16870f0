"""Names of the themes and of the variable that chooses one, without the toolkit."""

from __future__ import annotations

AUTO = "auto"
"""By the terminal: its background and how many colours it has."""
NAMES = (AUTO, "dark", "light", "contrast", "sixteen", "sixteen-light", "none")
"""What the setting `theme` can be."""
VARIABLE = "TEXTDESK_THEME"
_LISTED = f"{', '.join(NAMES[:-1])} and {NAMES[-1]}"


def unknown(name: str) -> str:
    """Why a name is not that of a theme, in one sentence."""
    from connector.base.alike import meant

    alike = meant(name, NAMES)
    return f"there is no theme {name[:64]}{f': did you mean {alike}?' if alike else f'; there are {_LISTED}.'}"
