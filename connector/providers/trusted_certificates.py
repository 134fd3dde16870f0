"""The certificates that clients trust, read once for a process: that takes 20 ms."""

from __future__ import annotations

import os
import ssl
from functools import cache

import httpx


def trusted_certificates() -> ssl.SSLContext:
    """A context for clients, which any number of them may share. SSL_CERT_FILE and SSL_CERT_DIR are respected."""
    return _read(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _read(file: str | None, folder: str | None) -> ssl.SSLContext:
    return httpx.create_ssl_context()
