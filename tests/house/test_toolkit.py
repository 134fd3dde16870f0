"""Textual's private parts change without notice: only `tui/terminal` uses them, where each one has a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.private_names import files_of, private_names


@pytest.mark.parametrize("file", files_of("tui"), ids=lambda file: "/".join(file.parts[-2:]))
def test_private_names_of_the_toolkit_are_used_in_the_terminal_folder_only(file: Path) -> None:
    if "terminal" not in file.parts:
        assert private_names(file) == set()


def test_the_scan_sees_imports_overrides_and_attributes() -> None:
    found = set[str]().union(*map(private_names, files_of("tui/terminal")))
    assert {"textual._compositor.ChopsUpdate", "App._display", "App._check_bindings", "?._driver"} <= found
