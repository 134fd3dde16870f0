"""Files and folders of the product are opened and made by `connector.base.trusted_files`, but for a few named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Each with the reason why no other user can have put something in the place of what it opens.
EXEMPT = {
    "connector/base/trusted_files.py": "decides",
    "connector/base/atomic_file.py": "new files (O_EXCL) in a folder that was looked at",
    "connector/base/new_file.py": "new files (O_EXCL)",
    "connector/base/data_directory.py": "the data directory itself, after it was looked at",
    "connector/base/byte_search.py": "only counts what is in them",
    "connector/store/sql/cleaning.py": "looks whether they can be read",
    "connector/base/team_socket.py": "a folder for a socket, in one that was looked at",
    "connector/console/exit_code.py": "/dev/null",
    "connector/doctor/checks/data_directory.py": "a nameless file in a folder that was looked at",
    "connector/pictures/files.py": "files of ours below the data directory",
    "connector/setup/config_file.py": "a folder of its own that it makes anew, for a copy that is loaded as a test",
    "connector/store/sql/database_file.py": "files that SQLite has open",
    "connector/store/sql/sqlite_file.py": "a path that was looked at",
    "tui/core/embedded.py": "reads on in the log that it has opened",
    "tui/terminal/writer.py": "the terminal that it has open, and compares with it",
    "connector/cli/verbs/send.py": "pictures that the caller has named",
    "connector/console/csv_file.py": "tables that the caller has named",
    "tui/core/files.py": "what the agent has named",
}
OPENS = {"read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "makedirs", "touch"}


def opened(code: str) -> Iterator[str]:
    """Calls of this module that open or make a file or folder by its path."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id="open")):
                yield "open"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os" | "io"), attr="open")):
                yield "os.open"
            case ast.Call(func=ast.Attribute(attr="open"), args=[ast.Constant(value=str(mode)), *_]) if len(mode) < 4:
                yield "Path.open"
            case ast.Call(func=ast.Attribute(attr=name)) if name in OPENS:
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="tempfile"))):
                yield "tempfile"
            case ast.ImportFrom(module="tempfile" | "os" | "io", names=names) if names[0].name != "path":
                yield from (f"from … import {one.name}" for one in names)


def test_files_are_opened_by_trusted_files() -> None:
    found = {
        str(path.relative_to(ROOT)): ways
        for package in ("connector", "tui")
        for path in (ROOT / package).rglob("*.py")
        if "lab" not in path.parts and (ways := list(opened(path.read_text(encoding="utf-8"))))
    }
    assert {path: ways for path, ways in found.items() if path not in EXEMPT} == {}
    assert EXEMPT.keys() - found.keys() == set()


def test_another_way_is_noticed() -> None:
    for code in ("open(path)", "os.open(path, 0)", 'path.open("rb")', "path.mkdir()", "tempfile.mkdtemp()",
                 "from os import open"):  # fmt: skip
        assert list(opened(code)), code
