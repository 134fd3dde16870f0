"""`[masking]` of the configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.config.errors import ConfigError
from connector.config.file import load
from connector.domain.masking.masking import BUILT_IN, mask


def write(folder: Path, text: str) -> Path:
    file = folder / "textdesk.toml"
    file.write_text(text)
    return file


def test_all_rules_are_on_without_a_section(tmp_path: Path) -> None:
    assert load(write(tmp_path, "")).masking.rules().built_in == frozenset(BUILT_IN)


def test_a_rule_is_switched_off_and_a_pattern_added(tmp_path: Path) -> None:
    text = "[masking]\niban = false\n[[masking.patterns]]\nname = 'customer'\nregex = 'KD-[0-9]{8}'\nkeep_last = 3"
    rules = load(write(tmp_path, text)).masking.rules()
    assert "iban" not in rules.built_in
    assert mask("KD-12345678", rules) == ("██-█████678", ("customer",))


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("cards = false", "cards"),
        ("card = 1", "true or false"),
        ("[[masking.patterns]]\nname = 'x'\nregex = '(a+)+b'", 'the regex of "x" can match more than 64 characters'),
        ("[[masking.patterns]]\nname = 'x'\nregex = '('", 'the regex of "x" is no regular expression'),
        ("[[masking.patterns]]\nname = 'card'\nregex = 'a'", "built in"),
        ("[[masking.patterns]]\nname = 'A B'\nregex = 'a'", "lower-case"),
        ("[[masking.patterns]]\nname = 'x'\nregex = 'a'\nkeep_last = -1", "keep_last"),
        ("[[masking.patterns]]\nname = 'x'\nregex = 'a'\n" * 2, "two patterns"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, section: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(write(tmp_path, f"[masking]\n{section}"))
    assert words in str(error.value) and "masking" in str(error.value)


def test_other_rules_have_another_digest(tmp_path: Path) -> None:
    texts = ["", "card = false", "[[masking.patterns]]\nname = 'x'\nregex = 'ab'",
             "[[masking.patterns]]\nname = 'x'\nregex = 'ac'"]  # fmt: skip
    found = [load(write(tmp_path, f"[masking]\n{text}")).masking.rules().digest for text in texts]
    assert found[0] == "" and len(set(found)) == len(texts)
