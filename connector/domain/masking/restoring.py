"""Texts that people were shown with masks and have changed: what the masks stand for, put back."""

from __future__ import annotations

import re

from connector.domain.masking.masking import MaskingRules, mask
from connector.wire.masks import MASK

_RUN = re.compile(f"{MASK}+")


def restored(text: str, stored: str, rules: MaskingRules) -> str | None:
    """A text that was made from `stored` as people are shown it, with each run of masks as it was written.

    None where it has masks that are none of those: some of a run were deleted, say.
    """
    if MASK not in text:
        return text
    if MASK in stored:
        return text if text == stored else None
    shown, _ = mask(stored, rules)
    hidden = [stored[run.start() : run.end()] for run in _RUN.finditer(shown)]
    kept = [run[0] for run in _RUN.finditer(text)]
    if [len(run) for run in kept] != [len(run) for run in hidden]:
        return None
    left = iter(hidden)
    return _RUN.sub(lambda _: next(left), text)
