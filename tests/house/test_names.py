"""Names mean one thing: class names are unique, and the documentation names what exists."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [path for package in ("connector", "tui") for path in sorted((ROOT / package).rglob("*.py"))]
PAGES = ["CONTRIBUTING.md", "docs/architecture.md"]
_PATH = re.compile(r"`((?:connector|tui|tests|docs)/[\w./-]+)`")
_NAME = re.compile(r"`((?:connector|tui)(?:\.\w+)+)(?:\(\))?`")


def classes(tree: ast.Module) -> Iterator[str]:
    return (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def test_a_class_name_has_one_meaning() -> None:
    found = defaultdict(list)
    for path in FILES:
        for name in classes(ast.parse(path.read_text(encoding="utf-8"))):
            found[name].append(str(path.relative_to(ROOT)))
    assert not {name: places for name, places in found.items() if len(places) > 1}


def test_every_module_says_what_it_is() -> None:
    without = [
        path
        for path in FILES
        if "migrations/versions" not in str(path) and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not without


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something that a module defines (`module.Class.method`, too)."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        module = ROOT.joinpath(*parts[:length])
        path = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
        if path.exists():
            return defines(ast.parse(path.read_text(encoding="utf-8")), parts[length:])
    return False


def defines(tree: ast.Module | ast.ClassDef, names: list[str]) -> bool:
    if not names:
        return True
    first, *rest = names
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == first:
            return defines(node, rest)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == first:
            return not rest
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == first for target in targets):
            return not rest
    return False


@pytest.mark.parametrize("page", PAGES)
def test_the_documentation_names_what_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    missing = [path for path in _PATH.findall(text) if not (ROOT / path).exists()]
    missing += [name for name in _NAME.findall(text) if not exists(name)]
    assert not missing
