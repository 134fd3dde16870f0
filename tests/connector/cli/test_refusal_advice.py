"""The command that a refusal comes with, and what people read of an entry of the audit."""

from __future__ import annotations

from argparse import Namespace

import pytest

from connector.cli.refusal_advice import advice
from connector.cli.verbs.audit import details_in_words
from connector.client.errors import RequestRefused
from connector.wire import frames
from connector.wire.refusals import RefusalCode


@pytest.mark.parametrize(
    ("asked", "which"), [("+14155550133", "+14155550133"), ("+1 415 555 0133", "'+1 415 555 0133'"), ("01J", "NUMBER")]
)
def test_unmask_of_a_number_names_the_command_that_shows_its_messages(asked: str, which: str) -> None:
    refused = RequestRefused(frames.Refusal("r1", RefusalCode.UNKNOWN_MESSAGE, "There is no message."))
    assert f"`textdesk show {which}`" in advice(refused, Namespace(command="unmask", message=[asked]))
    assert advice(refused, Namespace(command="undo", message=asked)) == ""


def test_details_are_words_without_what_is_empty() -> None:
    details = '{"because":"","conversations":0,"skills":["orders","refunds"],"accounts":[],"file":"x.toml"}'
    assert details_in_words(details) == "conversations: 0; skills: orders, refunds; file: x.toml"
    assert details_in_words("{}") == ""
