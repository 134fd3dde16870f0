from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.setup.toml_edit import NONE, CannotEdit, ConfigChange, changes, edited, section
from tests.kit.rounds import rounds

BEFORE = """\
# The core's own settings, looked after by hand.
[core]
database = "postgresql://localhost/textdesk"   # on the big machine

[accounts.main]   # our first
provider = "twilio"
account_sid = "AC1"
auth_token = { env = "TWILIO_AUTH_TOKEN" }
public_url = "https://old.example.com"
# Numbers; ask Anna before changing any.
numbers = [
  { address = "+14155550100", skill = "orders", segments_per_s = 3 },  # the old one
  { address = "+14155550101" },
]

[agents.anna]
name = "Anna"  # on Mondays
"""
ORDERS = {"address": "+14155550100", "skill": "orders"}
BOOKINGS = {"address": "+14155550101", "skill": "bookings"}


def test_only_the_given_keys_change() -> None:
    after = edited(BEFORE, "main", {"public_url": "https://new.example.com"}, [ORDERS, BOOKINGS])
    gone, come = set(BEFORE.splitlines()), set(after.splitlines())
    assert gone - come == {'public_url = "https://old.example.com"', '  { address = "+14155550101" },'}
    assert len(come - gone) == 2
    account = tomllib.loads(after)["accounts"]["main"]
    assert account["public_url"] == "https://new.example.com"
    assert account["numbers"] == [{**ORDERS, "segments_per_s": 3}, BOOKINGS]


def test_a_number_is_added_and_another_removed() -> None:
    new = {"address": "+14155550102", "skill": "orders"}
    after = edited(BEFORE, "main", {}, [ORDERS, new])
    assert tomllib.loads(after)["accounts"]["main"]["numbers"] == [{**ORDERS, "segments_per_s": 3}, new]
    assert "# the old one" in after
    assert "# Numbers; ask Anna before changing any." in after


def test_numbers_written_as_sections_stay_sections() -> None:
    before = '[accounts.main]\nprovider = "twilio"\n[[accounts.main.numbers]]\naddress = "+14155550100"\n'
    after = edited(before, "main", {}, [ORDERS, BOOKINGS])
    assert after.count("[[accounts.main.numbers]]") == 2
    assert tomllib.loads(after)["accounts"]["main"]["numbers"] == [ORDERS, BOOKINGS]


@pytest.mark.parametrize("before", ["", "\n", BEFORE, "[hooks]\nport = 80", "[accounts]\n", "[[x]]\na = 1\n[x.y]\n"])
def test_a_new_account_is_written_at_the_end(before: str) -> None:
    values = {"provider": "twilio", "auth_token": {"file": "second.auth_token"}}
    after = edited(before, "second", values, [ORDERS])
    assert after.startswith(before.rstrip())
    parsed = tomllib.loads(after)
    assert parsed["accounts"].pop("second") == {**values, "numbers": [ORDERS]}
    assert {**parsed, "accounts": parsed["accounts"] or None} == {
        **tomllib.loads(before),
        "accounts": tomllib.loads(before).get("accounts") or None,
    }


@pytest.mark.parametrize("text", ["[accounts\n", "accounts = { main = { provider = 'twilio' } }\n"])
def test_text_that_cannot_be_edited_is_refused(text: str) -> None:
    with pytest.raises(CannotEdit):
        edited(text, "second", {"provider": "twilio"}, [ORDERS])


ADDRESSES = st.lists(st.sampled_from([f"+1415555010{place}" for place in range(6)]), unique=True)
NUMBERS = st.builds(
    lambda addresses, skill: [{"address": address, "skill": skill} for address in addresses],
    ADDRESSES,
    st.sampled_from(["general", "orders", 'odd "skill"']),
)
VALUES = st.dictionaries(
    st.sampled_from(["provider", "account_sid", "public_url"]), st.text(st.characters(exclude_categories=["Cs"]))
)


@settings(deadline=None, max_examples=rounds(50))  # a parser in Python on a busy machine
@given(first=NUMBERS, second=NUMBERS, values=VALUES)
def test_an_edit_has_the_given_values_and_repeating_it_changes_nothing(
    first: list[dict[str, str]], second: list[dict[str, str]], values: dict[str, str]
) -> None:
    text = edited(BEFORE, "new", {"provider": "twilio"}, first)
    once = edited(text, "new", values, second)
    parsed = section(once, "new")
    assert {key: parsed[key] for key in values} == values
    assert {number["address"]: number["skill"] for number in parsed["numbers"]} == {
        number["address"]: number["skill"] for number in second
    }
    assert edited(once, "new", values, second) == once
    assert once.startswith(BEFORE.rstrip())


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ({}, {"provider": "twilio"}, [ConfigChange("provider", NONE, "twilio")]),
        ({"a": 1}, {"a": 1}, []),
        (
            {"auth_token": "secret"},
            {"auth_token": {"file": "f"}},
            [ConfigChange("auth_token", "••••", "in the file f")],
        ),
        (
            {"auth_token": {"env": "TOKEN"}},
            {"auth_token": "secret"},
            [ConfigChange("auth_token", "in the environment variable TOKEN", "••••")],
        ),
        (
            {"numbers": [ORDERS, {"address": "+14155550101"}]},
            {"numbers": [{**ORDERS, "skill": "care"}]},
            [
                ConfigChange("number +14155550100", "skill orders", "skill care"),
                ConfigChange("number +14155550101", "skill general", NONE),
            ],
        ),
    ],
)
def test_changes_are_shown_without_secrets(
    before: dict[str, object], after: dict[str, object], shown: list[ConfigChange]
) -> None:
    assert changes(before, after) == shown
