"""Likely opt-outs: a wish to be left alone in other words than a keyword."""

from __future__ import annotations


def likely_opt_out(text: str) -> str:
    """The words of `text` that read like an opt-out, at most 64 characters; empty if there are none.

    It is a hint for an agent, who decides: it never counts as an opt-out by itself. A text that is a keyword need not
    be asked about.
    """
    return ""
