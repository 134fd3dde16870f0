"""Text reaches a terminal in few places, each of which takes the escape sequences out of what is from outside."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]

# What each of them prints is JSON, words of our own, or has gone through `plain` or `shown`.
DOORS = {
    "connector/console/exit_code.py",
    "connector/console/output.py",
    "connector/console/progress.py",
    "connector/console/questions.py",
    "connector/core_process.py",
    "connector/doctor/printing.py",
    "connector/relay/process.py",
    "connector/setup/dialogue.py",
    "tui/__main__.py",
}


def prints(code: str) -> bool:
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                return True
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr"), attr=name):
                if name in ("write", "writelines", "buffer"):
                    return True
    return False


def test_the_product_prints_in_few_places() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in ("connector", "tui")
        for path in (ROOT / package).rglob("*.py")
        if "lab" not in path.parts and prints(path.read_text(encoding="utf-8"))
    }
    assert found == DOORS


def test_another_way_is_noticed() -> None:
    assert all(map(prints, ["print(words)", "sys.stdout.write(words)", "sys.stderr.buffer.write(words)"]))
    assert not prints("progress = ProgressLine(sys.stdout)")
