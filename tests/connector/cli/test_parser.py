"""Where options may stand among the words of a command."""

from __future__ import annotations

from argparse import SUPPRESS, Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator

import pytest

from connector.cli.parser import LAB, help_of, parser
from connector.console.failure import CommandFailed


def _commands(one: ArgumentParser, *path: str) -> Iterator[tuple[tuple[str, ...], ArgumentParser]]:
    """Each command that has no commands of its own."""
    below = [action for action in one._actions if isinstance(action, _SubParsersAction)]
    if not below:
        yield path, one
    for action in below:
        for name, command in action.choices.items():
            yield from _commands(command, *path, name)


PARSER = parser()
COMMANDS = [pytest.param(*each, id=" ".join(each[0])) for each in _commands(PARSER) if each[0][0] not in LAB]


def _words(actions: list[Action]) -> list[str]:
    """A word for each positional argument that has to be, or may be, there."""
    return [
        "-" if action.dest == "text" else next(iter(action.choices)) if action.choices else "12"
        for action in actions
        if not action.option_strings
    ]


def _options(actions: list[Action]) -> Iterator[list[str]]:
    for action in actions:
        if action.option_strings and action.dest != "help" and not action.required:
            value = next(iter(action.choices)) if action.choices else "7"
            yield [action.option_strings[-1], *([] if action.nargs == 0 else [value])]


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_an_option_may_stand_before_between_and_after_the_words(path: tuple[str, ...], command: ArgumentParser) -> None:
    required = [
        word
        for one in command._actions
        if one.required and one.option_strings
        for word in (one.option_strings[-1], "7")
    ]
    words = _words(command._actions)
    for option in _options(command._actions):
        first = PARSER.parse_args([*path, *required, *option, *words])
        assert SUPPRESS not in vars(first).values()
        for at in range(1, len(words) + 1):
            assert PARSER.parse_args([*path, *required, *words[:at], *option, *words[at:]]) == first, option


@pytest.mark.parametrize("verb", ["send", "start", "note"])
@pytest.mark.parametrize("text", ["--hello", "-5", "-x and more", "--json", "-", "ü = ö"])
def test_a_text_that_begins_with_a_dash_stands_after_two(verb: str, text: str) -> None:
    for args in (["+14155550111", "--json", "--", text], ["--json", "--", "+14155550111", text]):
        asked = PARSER.parse_args([verb, *args])
        assert (asked.text, asked.json) == ([text], True)


def test_the_value_of_an_option_is_no_word() -> None:
    asked = PARSER.parse_args(["start", "--line", "main", "+14155550111", "--confirmed", "Hello", "--ag=ben"])
    assert (asked.number, asked.text, asked.line, asked.confirmed) == ("+14155550111", ["Hello"], "main", True)
    assert asked.agent == "ben"


@pytest.mark.parametrize("args", [["--note", "--", "12"], ["12", "--note", "--json"], ["12", "--note"]])
def test_an_option_without_its_value_is_wrong_usage(args: list[str]) -> None:
    with pytest.raises(CommandFailed):
        PARSER.parse_args(["close", *args])


def test_an_unknown_command_comes_with_the_one_that_may_be_meant() -> None:
    for line, words in (
        (["quue"], "quue is not a command: did you mean queue?"),
        (["xylophone"], "xylophone is not a command; see `textdesk --help`."),
        (
            ["queue", "--jsn"],
            "there is no option --jsn (put -- before a text that begins with -): did you mean --json?",
        ),
        (["segments", "--data", "/srv"], "this command takes no --data; see"),
        (["send", "1", "--xyzzy"], "unrecognized arguments: --xyzzy; put -- before a text that begins with -"),
        (["agent", "set", "ben", "--role=leed"], "leed is not a value of --role: did you mean lead?"),
        (["relay", "kanel"], "kanel is not a value of gateway: did you mean kannel?"),
    ):
        with pytest.raises(CommandFailed) as refused:
            PARSER.parse_args(line)
        assert words in str(refused.value)
    with pytest.raises(CommandFailed, match="There is no command quue: did you mean queue"):
        help_of(["quue"])
    assert "textdesk agent add" in help_of(["agent", "add"]) and "textdesk demo" in help_of([])
