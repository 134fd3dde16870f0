"""Text reaches a terminal in few places, each of which takes the escape sequences out of what is from outside."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What each of them prints is JSON, words of our own, or has gone through `plain` or `shown`.
DOORS = {
    "connector/cli/run_verb.py",
    "connector/console/exit_code.py",
    "connector/console/output.py",
    "connector/console/progress.py",
    "connector/console/questions.py",
    "connector/core_process.py",
    "connector/doctor/printing.py",
    "connector/setup/dialogue.py",
    "tui/__main__.py",
}


def prints(path: Path) -> bool:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return any(isinstance(call.func, ast.Name) and call.func.id == "print" for call in calls)


def test_the_product_prints_in_few_places() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in ("connector", "tui")
        for path in (ROOT / package).rglob("*.py")
        if "lab" not in path.parts and prints(path)
    }
    assert found == DOORS
