from __future__ import annotations

from connector.domain.masking.masking import MaskingRules
from connector.domain.masking.restoring import restored

RULES = MaskingRules()
CARD = "4242 4242 4242 4242"
STORED = f"pays with {CARD}, or {CARD}"
SHOWN = "pays with ████ ████ ████ 4242, or ████ ████ ████ 4242"


def test_masks_that_come_back_stand_for_what_they_hide() -> None:
    assert restored(SHOWN, STORED, RULES) == STORED
    assert restored(f"often {SHOWN}!", STORED, RULES) == f"often {STORED}!"
    assert restored("pays in cash", STORED, RULES) == "pays in cash"
    assert restored("", STORED, RULES) == ""


def test_other_masks_stand_for_nothing() -> None:
    assert restored(SHOWN.replace("████", "███", 1), STORED, RULES) is None
    assert restored(SHOWN.partition(", or")[0], STORED, RULES) is None
    assert restored("█", "", RULES) is None


def test_a_block_that_was_written_as_one_stays() -> None:
    assert restored("a █ b", "a █ b", RULES) == "a █ b"
    assert restored("a █ c", "a █ b", RULES) is None
