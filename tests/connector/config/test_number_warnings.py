"""What is said of numbers whose skill or address looks wrong; none of it keeps a core from starting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector.config.file import load
from connector.config.number_warnings import number_warnings
from tests.connector.config.test_file import write

ACCOUNT = """
[accounts.main]
provider = "openmarket"
account_id = "1"
password = "p"
public_url = "https://sms.example.com"
numbers = [{ %s }]
%s
"""
SERVED = ["general", "orders", "returns"]


@pytest.mark.parametrize(
    ("number", "more", "agents", "words"),
    [
        ('address = "55501", skill = "retruns"', "", [SERVED], "55501: no agent .*retruns: did you mean returns"),
        ('address = "55501", skill = "retruns"', "[skills.returns]", [], "did you mean returns"),
        ('address = "55501", skills = { follow_up = "Returns" }', "", [SERVED], "did you mean returns"),
        ('address = "55501", skill = "billing"', "", [SERVED], r"has the skill billing\.$"),
        ('address = "55501", skill = "billing"', "", [SERVED, []], None),  # an agent of all skills
        ('address = "55501", skill = "genral"', "", [["general"], []], None),
        ('address = "55501", skill = "genral"', "[skills.general]", [["genral"], []], None),
        ('address = "55501", skill = "genral"', "[skills.general]", [[]], "only agents of all .* did you mean general"),
        ('address = "55501", skill = "billing"', "", [], None),  # agents may come
        ('address = "55501", skill = "billing"', "[skills.billing]", [SERVED], None),
        ('address = "55501", skill = "returns"', "", [SERVED], None),
        ('address = "+141555501"', "", [], r"\+141555501 is no possible number"),
        ('address = "+15550100"', "", [], None),  # without its area code
        ('address = "ACME"', "", [], None),
        ('address = "whatsapp:+14155550100"', "", [], None),
    ],
)
def test_numbers(tmp_path: Path, number: str, more: str, agents: list[list[str]], words: str | None) -> None:
    found = [*number_warnings(load(write(tmp_path, ACCOUNT % (number, more)), {}), agents)]
    if words is None:
        assert found == []
    else:
        [said] = found
        assert re.search(words, said), said
