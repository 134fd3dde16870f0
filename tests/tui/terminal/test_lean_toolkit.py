"""Each in a fresh process: this one has loaded the whole toolkit."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tui.terminal.lean_toolkit import SELDOM_USED, UNUSED

_LOAD = "import sys; from tui.terminal import lean_toolkit; lean_toolkit.load(); "


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)


def test_unused_parts_are_not_loaded() -> None:
    loaded = set(run(_LOAD + "import tui.app; print(*sys.modules)").stdout.split())
    assert "tui.app" in loaded
    assert not loaded & {*UNUSED, "textual.widgets._option_list", "textual.widgets._tree", "textual.widgets._select"}


def test_text_fields_are_loaded_when_they_are_first_shown() -> None:
    loaded = set(run(_LOAD + "import tui.app; print(*sys.modules)").stdout.split())
    assert "tui.widgets.conversation_pane" in loaded
    assert not loaded & {"textual.widgets._text_area", "textual.widgets._input"}


def test_the_desk_is_loaded_without_what_it_seldom_uses() -> None:
    kinds = run(_LOAD + f"import tui.app; print(*(type(sys.modules[name]).__name__ for name in {SELDOM_USED}))").stdout
    assert set(kinds.split()) == {"_StandIn"}


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in UNUSED.items() for name in names])
def test_they_can_be_imported_afterwards(module: str, name: str) -> None:
    say = f"import {module}; print(str({module}.{name}).partition(' at ')[0])"
    assert run(_LOAD + say).stdout == run(say).stdout != ""


@pytest.mark.parametrize("module", UNUSED)
def test_a_toolkit_that_takes_more_is_noticed(module: str) -> None:
    result = run(f"from tui.terminal import lean_toolkit; lean_toolkit.UNUSED[{module!r}] = (); lean_toolkit.load()")
    assert result.returncode and "ImportError: cannot import name" in result.stderr


def test_nothing_is_listed_that_is_no_longer_taken() -> None:
    loaded = [name for name in run(_LOAD + "print(*sys.modules)").stdout.split() if name.startswith("textual")]
    taken: dict[str, set[str]] = {}
    for name in loaded:
        spec = find_spec(name)
        assert spec is not None and spec.origin is not None
        for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module in UNUSED:
                taken.setdefault(node.module, set()).update(alias.name for alias in node.names)
    assert taken == {module: set(names) for module, names in UNUSED.items()}
