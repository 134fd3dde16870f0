"""Keyed hashes with a key that every test knows."""

from __future__ import annotations

from connector.base.secret import Secret
from connector.domain.pseudonyms import Pseudonyms

PSEUDONYMS = Pseudonyms(Secret("0123456789abcdef" * 4))
