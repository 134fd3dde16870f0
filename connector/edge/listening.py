"""Errors of listening at an address, in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from connector.base.data_directory import CannotStart
from connector.base.trusted_files import UntrustedFile


@contextmanager
def listening_on(address: str) -> Iterator[None]:
    """Raises CannotStart, which names `address`, in place of OSError."""
    try:
        yield
    except UntrustedFile as error:
        raise CannotStart(str(error), os.EX_NOPERM) from None
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        words = "is taken by another program; choose another port" if taken else f"cannot be used: {error.strerror}"
        raise CannotStart(f"{address} {words}.", os.EX_UNAVAILABLE) from None
