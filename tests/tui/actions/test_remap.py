"""An agent's own keys: what holds, and what is refused in which words."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from textual.binding import Binding
from textual.widgets import Input, TextArea

from tui.actions.keys import ACTIONS, AROUND, DEFAULT_NAMES, Context
from tui.actions.keys.remap import own_keys
from tui.model.key_names import KeySetting


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ([KeySetting("explain", ("H",))], {("explain", "desk"): "H"}),
        ([KeySetting("undo", ("ctrl+z",))], {("undo", "desk"): "^z", ("undo", "compose"): "^z"}),
        ([KeySetting("undo", ("q",))], {("undo", "desk"): "q", ("undo", "compose"): "^t"}),
        ([KeySetting("undo", ("^z", "F11"), "compose")], {("undo", "desk"): "u", ("undo", "compose"): "^z"}),
        ([KeySetting("explain", ("x",)), KeySetting("close", ("w",))], {("explain", "desk"): "x"}),
        ([KeySetting("close", ("{",))], {("close", "desk"): "{"}),
        ([KeySetting("scope_queue", ("Q",))], {("scope_queue", "desk"): "Q"}),
    ],
)
def test_a_setting_holds_in_its_place_or_wherever_it_can(
    settings: list[KeySetting], names: dict[tuple[str, str], str]
) -> None:
    own = own_keys(settings, "desk.toml")
    assert own.names.problems == ()
    for (action, place), key in names.items():
        assert own.names.name(action, place) == key
        changed = key != DEFAULT_NAMES.name(action, place)
        assert (f"{place}.{action}" in own.by_binding) == changed


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (KeySetting("explian", ("W",)), "[keys] explian: there is no such action: did you mean explain?"),
        (KeySetting("undo", ("^z",), "compse"), "[keys.compse] undo: there is no such place: did you mean compose?"),
        (KeySetting("close", ("D",), "list"), "[keys.list] close: it has keys in: desk."),
        (KeySetting("explain", ("x",)), "[keys.desk] explain: x is close there; give close another key first."),
        (KeySetting("help", ("ctrl+n",)), "help: ^n is next there; give next_need another key first."),
        (KeySetting("close", ("ctrl+i",)), "ctrl+i cannot be used: terminals send it as tab."),
        (KeySetting("close", ("ctrl+enter",)), "ctrl+enter cannot be used: many terminals send it as enter alone."),
        (KeySetting("close", ("alt+x",)), "alt+x cannot be used: terminals send it as esc and another key."),
        (KeySetting("close", ("5",)), "5 cannot be used: a digit begins a count."),
        (KeySetting("close", ("delte",)), "there is no such key: did you mean delete?"),
        (KeySetting("send", ("s",)), "[keys] send: s is text there, or edits it"),
        (KeySetting("palette", ("full_stop",)), "[keys] palette: full_stop is text there"),
        (KeySetting("hours", ("h",), "replies"), "[keys.replies] hours: h is text there, or edits it"),
        (KeySetting("hours", ("ctrl+k",), "replies"), "[keys.replies] hours: ctrl+k is text there, or edits it"),
        (KeySetting("hours", ("^o",), "replies"), "[keys.replies] hours: ^o is attach there; give attach another key"),
        (KeySetting("hours", ("ctrl+i",), "replies"), "ctrl+i cannot be used: terminals send it as tab."),
    ],
)
def test_what_cannot_be_used_is_named_with_the_reason_and_the_key_of_the_table_holds(
    setting: KeySetting, words: str
) -> None:
    own = own_keys([setting], "desk.toml")
    assert len(own.names.problems) == 1 and words in own.names.problems[0]
    assert (own.names.by_action, own.by_binding) == (DEFAULT_NAMES.by_action, {})


def test_no_command_that_works_everywhere_has_a_key_that_edits_text() -> None:
    taken = {each.key for field in (TextArea, Input) for each in Binding.make_bindings(field.BINDINGS)}
    for key in taken & {*(f"ctrl+{letter}" for letter in ascii_lowercase), *(f"f{number}" for number in range(1, 13))}:
        own = own_keys([KeySetting("palette", (key,))], "desk.toml")
        assert own.names.problems and not own.by_binding, key


def test_no_two_settings_make_one_key_mean_two_things() -> None:
    """The second of two that clash is refused, and whatever holds then clashes with nothing."""
    settings = [KeySetting("note", ("E",)), KeySetting("explain", ("E",)), KeySetting("close", ("m",))]
    own = own_keys(settings, "desk.toml")
    assert own.names.name("note", "desk") == "E" and own.names.name("close", "desk") == "m"
    assert own.names.name("explain", "desk") == "w" and len(own.names.problems) == 1
    for context in Context:
        seen: dict[str, str] = {}
        for place in (context, *AROUND[context]):
            for action in ACTIONS:
                for key in own.names.of(action.id, place):
                    assert seen.setdefault(key, action.id) == action.id


def test_saved_replies_have_keys_of_their_own_while_writing_as_long_as_nothing_else_has() -> None:
    freed = KeySetting("attach", ("F4",), "compose")
    settings = [
        KeySetting("attach", ("ctrl+z",), "compose"),
        KeySetting("Hours", ("^o", "F11"), "replies"),
        KeySetting("bye", ("F11",), "replies"),
    ]
    own = own_keys(settings, "desk.toml")
    assert own.names.replies == {"hours": "^o"} and own.by_binding["compose.reply-0"] == "ctrl+o,f11"
    assert own.names.problems == ("desk.toml: [keys.replies] bye: F11 has been given already.",)
    assert own_keys([freed, settings[1]], "desk.toml").names.replies == {}  # F4 is taken, so attach keeps its key
    many = [KeySetting(f"r{number}", (key,), "replies") for number, key in enumerate(["F11"] * 3)]
    assert own_keys(many, "desk.toml").names.replies == {"r0": "F11"}
