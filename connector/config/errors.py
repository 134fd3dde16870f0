"""The error of a configuration that cannot be used."""

from __future__ import annotations

import os

from connector.base.failure import Failure


class ConfigError(Failure):
    """One sentence that names the file, the key, what is wrong and what is expected."""

    def __init__(self, words: str) -> None:
        super().__init__(words, os.EX_CONFIG)
