from __future__ import annotations

from pathlib import Path

import pytest

from connector.lab.people.consumer import ConsumerProfile
from connector.lab.simulator.world import load
from connector.lab.vendors.send_behaviour import NumberRule

WORLD = """
[twilio]
name = "shop"
sid = "AC00000000000000000000000000000009"
auth_token = "one"
api_key = "SK00000000000000000000000000000009"
api_secret = "two"
lines = [{sid = "PN00000000000000000000000000000009", number = "+442079460100", name = "Front desk"}]

[openmarket]
name = "code"
account_id = "000-000-000-00009"
password = "three"
short_code = "60601"

[[people]]
number = "+447700900150"
name = "Ada"
line = "60601"
story = "refund"

[[special]]
number = "+447700900151"
receipts = "none"
"""


def test_a_world_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "world.toml"
    path.write_text(WORLD)
    world = load(path)
    assert world.twilio.lines[0].number == "+442079460100"
    assert world.openmarket.hook_user == ""
    assert world.people == (ConsumerProfile("+447700900150", "Ada", "60601", "refund"),)
    assert world.special == (NumberRule(number="+447700900151", receipts="none"),)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('story = "refund"', 'story = "regret"', "regret"),
        ('line = "60601"', 'line = "60602"', "60602"),
        ('receipts = "none"', 'receipts = "maybe"', "maybe"),
        ("auth_token", "token", "token"),
        ('name = "shop"', "name = 5", "name"),
        ("[twilio]", "[twilio", "Expected"),
    ],
)
def test_an_invalid_world_is_explained(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in WORLD
    path = tmp_path / "world.toml"
    path.write_text(WORLD.replace(old, new))
    with pytest.raises(ValueError, match=said) as wrong:
        load(path)
    assert str(path) in str(wrong.value)
