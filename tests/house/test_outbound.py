"""Every outbound HTTP call of the product goes through `connector.providers.outbound`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The gate and its network, and the simulated vendors, which no part of the product imports.
EXEMPT = ("connector/providers/outbound.py", "connector/providers/network.py", "connector/lab/")
CALLERS = {"AsyncClient", "Client", "AsyncHTTPTransport", "HTTPTransport"}
CALLERS |= {"get", "post", "put", "patch", "delete", "head", "options", "request", "stream"}
LIBRARIES = {"requests", "urllib.request", "http.client", "urllib3", "aiohttp.client", "httpcore"}


def by_another_way(code: str) -> Iterator[str]:
    """What in this module can make an HTTP call by another way than the gate."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Attribute(value=ast.Name(id="httpx"), attr=name) if name in CALLERS:
                yield f"httpx.{name}"
            case ast.Attribute(value=ast.Name(id="aiohttp"), attr="ClientSession" | "request"):
                yield "aiohttp"
            case ast.Attribute(attr="open_connection" | "create_connection"):
                yield node.attr
            case ast.ImportFrom(module="httpx" | "aiohttp", names=names):
                yield from (one.name for one in names if one.name in CALLERS | {"ClientSession"})
            case ast.ImportFrom(module=str(module)) if module in LIBRARIES:
                yield module
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name in LIBRARIES)
                yield from (one.name for one in names if one.name in ("httpx", "aiohttp") and one.asname)


def test_no_call_bypasses_the_outbound_gate() -> None:
    found = {
        str(path.relative_to(ROOT)): ways
        for path in [*ROOT.glob("connector/**/*.py"), *ROOT.glob("tui/**/*.py")]
        if not str(path.relative_to(ROOT)).startswith(EXEMPT)
        and (ways := list(by_another_way(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_a_bypass_is_noticed() -> None:
    gate = [way for path in EXEMPT[:2] for way in by_another_way((ROOT / path).read_text(encoding="utf-8"))]
    assert {"httpx.AsyncClient", "httpx.AsyncHTTPTransport", "httpcore"} <= set(gate)
    for code in ("httpx.get(url)", "from httpx import Client", "import urllib.request", "aiohttp.ClientSession()",
                 "import httpx as web", "asyncio.open_connection(host, 80)"):  # fmt: skip
        assert list(by_another_way(code)), code
