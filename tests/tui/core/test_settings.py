from __future__ import annotations

from pathlib import Path

import pytest

from tui.core import settings
from tui.core.settings import Preferences
from tui.model.key_names import KeySetting


def written(folder: Path, text: str) -> Preferences:
    file = folder / "textdesk" / "desk.toml"
    file.parent.mkdir()
    file.write_text(text)
    return settings.read({"XDG_CONFIG_HOME": str(folder)})


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert settings.read({"XDG_CONFIG_HOME": str(tmp_path)}) == Preferences()


def test_a_file_is_read_as_a_whole(tmp_path: Path) -> None:
    text = 'theme = "light"\nmouse = false\nnotify = "osc9"\ntitle = false\n'
    text += '[keys]\nexplain = "W"\n[keys.compose]\nundo = ["ctrl+z", "f10"]\n'
    found = written(tmp_path, text)
    assert (found.theme, found.mouse, found.notify, found.title) == ("light", False, "osc9", False)
    assert found.problems == ()
    assert found.keys == (KeySetting("explain", ("W",)), KeySetting("undo", ("ctrl+z", "f10"), "compose"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = ", "is not TOML"),
        ("theme = 1", "theme has to be a text"),
        ("mouse = 'no'", "mouse has to be true or false"),
        ("notify = 'loud'", "notify has to be one of auto, bell, osc9, osc777, off"),
        ("title = 1", "title has to be true or false"),
        ("sound = true", "there is no setting sound; there are theme, mouse, notify, title and keys."),
        ("moose = true", "there is no setting moose: did you mean mouse?"),
        ("[keys]\nexplain = 3", "[keys] explain has to be a key or a list of keys"),
        ("[keys.list]\nopen = []", "[keys.list] open has to be a key"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_default_holds(tmp_path: Path, text: str, words: str) -> None:
    found = written(tmp_path, text)
    assert [words in problem and "desk.toml" in problem for problem in found.problems] == [True]
    assert found._replace(file=Path(), problems=()) == Preferences()
