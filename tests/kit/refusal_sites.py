"""Where the code refuses, for tests which see that each refusal is tried."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

from connector.domain.refusals import Refused

ROOT = Path(__file__).parents[2]


class Site(NamedTuple):
    """A place in the code that refuses."""

    path: str
    line: int
    words: str


def sites(*folders: str) -> list[Site]:
    """Every statement in these folders of the connector that raises a refusal."""
    files = [path for folder in folders for path in (ROOT / "connector" / folder).rglob("*.py")]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(files)}
    makers = {"Refused"} | {
        node.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id == "Refused"
    }
    return [
        Site(str(path.relative_to(ROOT)), node.lineno, ast.unparse(node))
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if isinstance(node.exc.func, ast.Name) and node.exc.func.id in makers
    ]


def raised_at(no: Refused) -> tuple[str, int]:
    """The path and line of the statement that raised it."""
    trace = no.__traceback__
    assert trace is not None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return str(Path(trace.tb_frame.f_code.co_filename).relative_to(ROOT)), trace.tb_lineno
