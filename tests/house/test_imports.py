"""What a fresh process really loads: the arrows that a static check cannot see."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

_LOADED = "import json, sys; import {module}; print(json.dumps(sorted(sys.modules)))"


@cache
def loaded_by(module: str) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", _LOADED.format(module=module)], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(result.stdout.splitlines()[-1]))


def roots(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_desk_loads_only_its_share_of_the_core() -> None:
    allowed = {
        "connector",
        "connector.base",
        "connector.base.child_command",
        "connector.base.counted",
        "connector.base.error_code",
        "connector.sms.wrapping",
        "connector.sms",
        "connector.base.atomic_file",
        "connector.base.data_directory",
        "connector.base.json_tables",
        "connector.base.failure",
        "connector.base.loading_later",
        "connector.base.trusted_files",
        "connector.sms.addresses",
        "connector.sms.graphemes",
        "connector.sms.gsm",
        "connector.sms.lengths",
        "connector.sms.names",
        "connector.base.moments",
        "connector.base.new_file",
        "connector.sms.segments",
        "connector.sms.text",
    }
    loaded = {name for name in loaded_by("tui.app") if name.split(".")[0] == "connector"}
    assert {name for name in loaded if not name.startswith("connector.wire")} <= allowed


def test_the_desk_starts_without_the_cores_libraries() -> None:
    assert not roots(loaded_by("tui.app")) & {
        "sqlalchemy",
        "alembic",
        "aiohttp",
        "httpx",
        "twilio",
        "psycopg",
        "phonenumbers",
    }


def test_the_desk_starts_without_what_its_first_screen_does_not_show() -> None:
    loaded = loaded_by("tui.app")
    assert not roots(loaded) & {"PIL", "statistics", "tinydb", "tomllib", "websockets"}
    screens = {name for name in loaded if name.startswith("tui.screens.")}
    assert {name for name in screens if not name.startswith("tui.screens.desk")} == {
        "tui.screens.covering",
        "tui.screens.gathering",
        "tui.screens.repainted",
    }


def test_the_first_frame_comes_before_the_toolkit() -> None:
    assert not roots(loaded_by("tui.__main__")) & {"asyncio", "dataclasses", "msgspec", "rich", "textual", "typing"}


@pytest.mark.parametrize(
    "module", ["tui.model.fold", "tui.actions.conversation", "tui.draw.format", "tui.actions.keys", "tui.model.listing"]
)
def test_the_desks_logic_loads_without_a_terminal_toolkit(module: str) -> None:
    assert not roots(loaded_by(module)) & {"textual", "rich", "websockets"}


@pytest.mark.parametrize("module", ["connector.wire.client", "connector.wire.session", "connector.sms.segments"])
def test_leaves_load_no_input_or_output(module: str) -> None:
    assert not roots(loaded_by(module)) & {"asyncio", "aiohttp", "httpx", "sqlalchemy", "websockets", "tinydb"}


def test_the_core_loads_without_the_desk_and_what_it_may_never_need() -> None:
    loaded = loaded_by("connector.core_process")
    assert not roots(loaded) & {"tui", "textual", "psycopg", "alembic", "aiohttp", "phonenumbers"}
    assert not loaded & {"sqlalchemy.dialects.postgresql", "twilio.rest"}


def test_the_command_starts_light() -> None:
    """`textdesk` without a name becomes the desk at once."""
    heavy = {"asyncio", "sqlalchemy", "aiohttp", "httpx", "websockets", "textual", "twilio"}
    assert not roots(loaded_by("connector.cli.main")) & heavy


def test_shipped_code_imports_no_test_library() -> None:
    root = Path(__file__).parents[2]
    for path in [*root.glob("connector/**/*.py"), *root.glob("tui/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.partition(".")[0] for name in names} & {"unittest", "pytest", "hypothesis"}, path
