"""Sentences made for agents, as the person says them who set-up and doctor talk to: the administrator."""

from __future__ import annotations

from connector.providers.outcomes import Advice


def to_administrator(words: str) -> str:
    return words.replace(f" {Advice.ADMIN}", "").replace(". api_base", "; api_base")
