"""The known name that may have been meant by an unknown one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def meant(given: str, known: Iterable[str]) -> str:
    """The one of these names that is most like the given one, in whatever case; blank when none is."""
    by_form = {name.casefold(): name for name in reversed([*known])}
    alike = difflib.get_close_matches(given.casefold(), by_form, n=1)
    return by_form[alike[0]] if alike else ""
