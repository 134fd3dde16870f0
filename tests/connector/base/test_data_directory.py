"""A data directory that cannot be used: what is said of it, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.base.data_directory import CannotStart, locked
from tests.kit.second_user import STRANGER, as_user, needs_root, public_folder


@pytest.fixture
def above() -> Iterator[Path]:
    with public_folder() as folder:
        (folder / "textdesk").mkdir(0o700)
        yield folder


def refused(data: Path) -> str:
    def start() -> None:
        with locked(data, embedded=False):
            pass

    return as_user(STRANGER, start)


@needs_root
@pytest.mark.parametrize(("name", "meant"), [("textdesc", "textdesk"), ("textdesc/data", "textdesk/data")])
def test_one_that_is_mistyped_is_missing_and_names_what_may_be_meant(above: Path, name: str, meant: str) -> None:
    words = refused(above / name)
    assert f"{above / name}: does not exist (did you mean {above / meant}?)" in words
    assert words.endswith(f"cannot make it in {above}; run: sudo install -d -o uid-{STRANGER} -m 700 {above / name}.")


@needs_root
def test_one_that_is_like_nothing_there_comes_with_the_command_that_makes_it(above: Path) -> None:
    words = refused(above / "elsewhere")
    assert "does not exist, and uid-" in words and f"-m 700 {above}/elsewhere." in words


@needs_root
def test_nothing_is_said_of_what_cannot_be_seen(above: Path) -> None:
    words = refused(above / "textdesk" / "data")
    assert f"may not enter {above}/textdesk; name another" in words and "does not exist" not in words


def test_a_file_in_its_place_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with (
        pytest.raises(CannotStart, match="is no directory; name another with --data"),
        locked(tmp_path / "data", embedded=False),
    ):
        pass
