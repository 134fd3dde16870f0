"""Which private names of Textual and Rich a source file uses: imports, attributes, and overrides in subclasses."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_TOOLKIT = ("textual", "rich")
_STANDARD_LIBRARY = {"_replace", "_asdict", "_fields", "_make", "_exit"}


def files_of(folder: str) -> list[Path]:
    return sorted((_ROOT / folder).rglob("*.py"))


def private_names(file: Path) -> set[str]:
    """Each as its owner and its name: `App._driver`, `textual._compositor.ChopsUpdate`, or `?._x` of any object."""
    module = ".".join(file.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__")
    tree = ast.parse(file.read_text())
    found = {name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in _imported(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            owners = _owners(module, node.name)
            found |= {f"{owners[name]}.{name}" for name in _used_of_itself(node) if name in owners}
    return found | {f"?.{name}" for name in _used_of_others(tree)}


def _imported(node: ast.ImportFrom) -> Iterator[str]:
    parts = (node.module or "").split(".")
    if parts[0] in _TOOLKIT:
        for alias in node.names:
            if any(part.startswith("_") for part in (*parts, alias.name)):
                yield f"{node.module}.{alias.name}"


def _used_of_itself(node: ast.ClassDef) -> Iterator[str]:
    """Private names that a class defines, or reads of `self` and `super()`."""
    for each in ast.walk(node):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and _is_private(each.name):
            yield each.name
        elif isinstance(each, ast.AnnAssign | ast.Assign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name) and _is_private(target.id))
        elif isinstance(each, ast.Attribute) and _is_private(each.attr) and _is_self(each.value):
            yield each.attr


def _used_of_others(tree: ast.AST) -> Iterator[str]:
    for each in ast.walk(tree):
        if isinstance(each, ast.Attribute) and _is_private(each.attr) and not _is_self(each.value):
            yield each.attr


def _is_self(value: ast.expr) -> bool:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id == "super"
    return isinstance(value, ast.Name) and value.id in ("self", "cls")


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in _STANDARD_LIBRARY


def _owners(module: str, name: str) -> dict[str, str]:
    """Private names of the toolkit's classes that a class of ours derives from, with the class each is of."""
    ours = getattr(importlib.import_module(module), name, None)
    found: dict[str, str] = {}
    if inspect.isclass(ours):
        for base in ours.__mro__:
            if base.__module__.split(".")[0] in _TOOLKIT:
                found = dict.fromkeys(_names_in(base), base.__name__) | found
    return found


@cache
def _names_in(base: type) -> set[str]:
    assigned = re.findall(r"self\.(_[a-z]\w*)", inspect.getsource(base))
    return {name for name in {*vars(base), *assigned} if _is_private(name)}
