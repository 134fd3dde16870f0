"""Delivery statuses are written in one place, so that no reply ends unseen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "connector"
# What changes a stored message, and why it does not pass `statuses`.
WRITERS = {
    "services/sending/statuses.py": "this is the place",
    "services/sending/unsettled.py": "what settled a reply, or that it was sent again; the status stays",
    "services/sending/receipts.py": "a reference alone",
    "services/sending/references.py": "a reference alone",
    "services/sending/reply.py": "undone by its author, who knows",
    "services/erasure/retention.py": "the pictures of an old message",
    "services/pictures.py": "the pictures of an inbound text",
}


def calls(tree: ast.Module) -> Iterator[str]:
    """The last two names of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            first = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            yield f"{first}.{node.func.attr}"


def files_that_call(name: str) -> set[str]:
    found = set()
    for folder in ("services", "edge", "doctor", "cli"):
        for path in (ROOT / folder).rglob("*.py"):
            if name in calls(ast.parse(path.read_text(encoding="utf-8"))):
                found.add(str(path.relative_to(ROOT)))
    return found


def test_messages_are_changed_where_it_is_known_what_that_means() -> None:
    assert files_that_call("messages.update") == WRITERS.keys()


def test_a_status_is_told_by_those_who_write_it() -> None:
    assert files_that_call("views.status_moved") == {
        "services/sending/statuses.py",
        "services/sending/unsettled.py",
    }
