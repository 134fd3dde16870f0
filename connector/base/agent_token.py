"""Tokens by which agents sign in over the network: made here, and known everywhere else by their digest."""

from __future__ import annotations

import hashlib
import math
import re
import secrets
import string

PREFIX = "tdk_"  # by which scanners for leaked secrets, and our own log, recognise one
BITS = 128  # what a token that cannot be guessed has at least
_LETTERS = string.ascii_letters + string.digits
_LENGTH = 32  # of 62 letters: 190 bits
_ID_LENGTH = 12
PATTERN = re.compile(rf"{PREFIX}[A-Za-z0-9]{{8,}}")  # also one that was cut short
_ISSUED = re.compile(rf"{PREFIX}[A-Za-z0-9]{{{_LENGTH}}}")
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_OTHERS = 32  # characters besides letters and digits
_FEWEST_DIFFERENT = 6  # characters; 32 random hexadecimal digits have fewer once in a billion


def new() -> str:
    return PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def digest(token: str) -> str:
    """SHA-256 in hexadecimal. A token is random, so that no slow hash is needed: there is nothing to guess from."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def cannot_be_guessed(token: str) -> bool:
    """Whether it has the form of those made here. A token that people have thought of may hold less chance than its
    form says."""
    return _ISSUED.fullmatch(token) is not None and most_bits(token) >= BITS


def id_of(digest: str) -> str:
    """The short id of a token by which people name it: the beginning of its digest, which tells nothing of it."""
    return digest[:_ID_LENGTH]


def most_bits(token: str) -> int:
    """How much chance a token of this form holds at most: as if each character was drawn at random."""
    different = set(token)
    if len(different) < _FEWEST_DIFFERENT:
        letters = max(1, len(different))
    elif token.isascii() and token.isdigit():
        letters = 10
    elif not different - set(string.hexdigits) and not (token.lower() != token and token.upper() != token):
        letters = 16
    else:
        letters = sum(len(one) for one in _CLASSES if set(one) & different) + _OTHERS * bool(different - set(_LETTERS))
    return math.floor(len(token) * math.log2(letters))
