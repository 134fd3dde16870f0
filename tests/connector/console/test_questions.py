"""What is said of an answer that cannot be used, and what an enter does."""

from __future__ import annotations

import getpass
import io

import pytest

from connector.console.questions import TerminalQuestions
from connector.setup import numbers


def typed(monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{text}\n" for text in texts)))


def checked(text: str) -> str:
    if text == "no":
        raise ValueError("send_url must be an address")
    return ",".join(numbers.parse(text))


def test_what_was_typed_and_keys_stay_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "notaurl", "no", "", "55501")
    assert TerminalQuestions().text("Numbers", checked, flag="--numbers", given=None) == "55501"
    said = capsys.readouterr().out.splitlines()
    assert [line.removeprefix("Numbers: ").split()[0] for line in said[:3]] == ["notaurl", "send_url", "At"]


@pytest.mark.parametrize(("is_new", "words"), [(False, "keeps the present one"), (True, "takes the one made up")])
def test_an_enter_at_a_secret(monkeypatch: pytest.MonkeyPatch, is_new: bool, words: str) -> None:
    asked: list[str] = []

    def no_answer(prompt: str) -> str:
        asked.append(prompt)
        return ""

    monkeypatch.setattr(getpass, "getpass", no_answer)
    assert TerminalQuestions().secret("Secret", flag="", given=None, default="x", is_new=is_new) == "x"
    assert words in asked[0]
