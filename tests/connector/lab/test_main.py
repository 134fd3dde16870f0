"""The commands of the laboratory, as the `textdesk` command starts them."""

from __future__ import annotations

import os

import pytest

from connector.cli.parser import LAB
from connector.lab.__main__ import main, parser
from tests.kit.commands import lab

SCENARIOS = "calm, everything, forger, silence, storm, stutter, torn"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["demo", "--headless", "--seconds", "0"], "above 0"),
        (["demo", "--headless", "--seconds", "soon"], "above 0"),
        (["demo", "--json"], "--headless"),
        (["demo", "--faults", "strom"], SCENARIOS),
        (["demo", "--headless", "--faults", "strom"], SCENARIOS),
        (["faults", "--colour"], "--colour"),
        (["simulate", "--full", "--plain"], "--plain"),
    ],
)
async def test_wrong_usage(arguments: list[str], words: str) -> None:
    done = await lab(*arguments)
    assert (done.code, done.out) == (os.EX_USAGE, "")
    assert done.err.startswith("textdesk: ")
    assert done.err.count("\n") == 1
    assert words in done.err


@pytest.mark.parametrize("command", LAB)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: textdesk {command} ")
    assert "example" in shown


def test_the_textdesk_command_lists_them_with_the_same_help() -> None:
    shown = parser().format_help()
    for command, line in LAB.items():
        assert f"{command}  " in shown
        assert line in " ".join(shown.split())
