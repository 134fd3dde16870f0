"""Card numbers are found in every grouping, and other numbers stay."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.masking.digits import MARKS, folded
from connector.domain.masking.masking import MaskingRules, mask
from connector.wire.masks import MASK

RULES = MaskingRules()

# Published for tests by Stripe, PayPal, Adyen, Braintree and Mastercard.
TEST_NUMBERS = [
    "4242424242424242", "4000056655665556", "4111111111111111", "4012888888881881", "4222222222222",
    "5555555555554444", "2223003122003222", "2223000048400011", "5200828282828210", "5105105105105100",
    "378282246310005", "371449635398431", "6011111111111117", "6011000990139424", "6011981111111113",
    "3056930009020004", "36227206271667", "30569309025904", "38520000023237", "3566002020360505",
    "3530111333300000", "6200000000000005", "6200000000000047", "6205500000000000004", "6759649826438453",
    "6304000000000000", "6555900000604105",
]  # fmt: skip
SEPARATORS = [
    " ",
    "      ",
    "\n\n",
    "-",
    ".",
    " - ",
    "\u00a0",
    "\u2009",
    "\u202f",
    "\u3000",
    "–",
    "\u200b",
    "_",
    "/",
    ", ",
    "\n",
    "\r\n",
    "·",
]
MIXED = [" ", "-", ".", "\u00a0", "\u2009", "\u3164"]
DIGITS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⁰¹²³⁴⁵⁶⁷⁸⁹",
          "⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾", "🄀⒈⒉⒊⒋⒌⒍⒎⒏⒐", "0⑴⑵⑶⑷⑸⑹⑺⑻⑼"]  # fmt: skip
STARTS = {
    "4": (13, 16, 19), "51": (16,), "55": (16,), "2221": (16,), "34": (15,), "37": (15,), "36": (14,), "6011": (16,),
    "65": (16,), "3528": (16,), "62": (16, 19), "2200": (16,), "9792": (16,), "6759": (16, 19),
}  # fmt: skip


def check_digit(digits: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 if index % 2 == 0 else 1), 10)) for index, digit in enumerate(digits[::-1]))
    return str(-total % 10)


@st.composite
def card_numbers(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(sorted(STARTS)))
    length = draw(st.sampled_from(STARTS[prefix]))
    rest = draw(st.text("0123456789", min_size=length - 1 - len(prefix), max_size=length - 1 - len(prefix)))
    number = prefix + rest
    number += check_digit(number)
    # Of 13 digits these are phone numbers: see `test_phone_numbers_stay`.
    return number if length > 13 or not number.startswith(("43", "49")) else "4222222222222"


@st.composite
def written(draw: st.DrawFn, number: str) -> str:
    """The number in groups of any length; beside blanks, dashes and dots, of at most four. In any digits."""
    separators = draw(st.one_of(st.sampled_from(SEPARATORS).map(lambda one: [one]), st.just(MIXED)))
    longest = 19 if set("".join(separators)).isdisjoint("/,") else 4
    script = draw(st.sampled_from(DIGITS))
    text, group = "", 0
    for digit in number:
        group = draw(st.integers(1, longest)) if group == 0 else group
        text += script[int(digit)]
        group -= 1
        text += draw(st.sampled_from(separators)) if group == 0 else ""
    return text.rstrip("".join(separators))


def test_every_digit_of_unicode_is_one() -> None:
    marks = [one for one in map(chr, range(0x80, 0x20000)) if one.isdigit() and not one.isdecimal()]
    assert [one for one in marks if MARKS.search(one) is None or not folded(one).isascii()] == []


@pytest.mark.parametrize("number", TEST_NUMBERS)
def test_published_numbers_are_masked_but_for_the_last_four(number: str) -> None:
    text, names = mask(f"my card is {number}, thanks", RULES)
    assert text == f"my card is {MASK * (len(number) - 4)}{number[-4:]}, thanks"
    assert names == ("card",)


@given(st.data(), card_numbers())
@settings(max_examples=300)
def test_of_a_card_only_the_last_four_digits_survive(data: st.DataObject, number: str) -> None:
    card = data.draw(written(number))
    before, after = data.draw(st.sampled_from(["", "card: ", "Visa", "ok\n", "(", "*"])), data.draw(
        st.sampled_from(["", " thanks", ".", ")", "\n", "*"])
    )  # fmt: skip
    masked, names = mask(before + card + after, RULES)
    assert "card" in names
    assert len(masked) == len(before + card + after)
    assert masked.startswith(before) and masked.endswith(after)
    kept = masked[len(before) : len(masked) - len(after)]
    shown = [char.isdigit() for char, old in zip(kept, card, strict=True) if old.isdigit()]
    assert not any(shown[:-4])
    assert all(shown[-4:]) or names != ("card",) or len(number) > 16  # the first 16 digits of 19 can be a card, too
    assert all(new in (old, MASK) for new, old in zip(kept, card, strict=True))
    assert all(old == new for new, old in zip(kept, card, strict=True) if not old.isdigit())


@given(st.text(st.sampled_from("0123456789 -.,/+ab█ü\u00a0４DE"), max_size=120), st.booleans(), st.booleans())
@settings(max_examples=500)
def test_masking_keeps_the_length_and_masks_nothing_more_the_second_time(
    text: str, is_begun: bool, is_cut: bool
) -> None:
    masked, names = mask(text, RULES, is_begun=is_begun, is_cut=is_cut)
    assert len(masked) == len(text)
    assert all(new == old or (new == MASK and old.isalnum()) for new, old in zip(masked, text, strict=True))
    assert (masked != text) == bool(names)
    assert mask(masked, RULES, is_begun=is_begun, is_cut=is_cut) == (masked, ())


@given(st.lists(card_numbers(), min_size=2, max_size=5), st.sampled_from([" ", ", ", "\n", " and ", " 12/27 123 "]))
def test_several_cards_in_one_text_are_all_masked(numbers: list[str], between: str) -> None:
    text = between.join(numbers)
    masked, _ = mask(text, RULES)
    at = 0
    for number in numbers:
        at = text.index(number, at)
        assert set(masked[at : at + len(number) - 4]) == {MASK}
        at += len(number)
    assert mask(masked, RULES) == (masked, ())


@pytest.mark.parametrize(
    "text",
    [
        "order 4711-0815", "Where is 112-3456789-1234567?", "1Z999AA10123456784", "9400 1112 0255 5555 5555 55",
        "00340434161094042557", "JD014600003456789012", "123456789012", "4111 1111 1111 1112", "1234567890123456",
        "call +4915112345674", "+49 151 1234 5674", "0049 151 12345674", "4915112345674", "436641234567890",
        "2026-11-28 20:26:09.123", "1732825569123", "IMEI 356938035643809", "978-3-16-148410-0", "0000 0000 0000 0000",
        "orders 48213341, 48213349, 5100034",
        "12.99, 45.00, 33.10, 20.15", "52.520008, 13.404954", "a1b2c3d4e5f6a7b8c9d0", "555-0111, 555-0112, 555-0113",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert mask(text, RULES) == (text, ())


@pytest.mark.parametrize(
    "number", ["4915112345674", "4366412345676", "378282246310005", "36227206271667", "4222222222222"]
)
def test_what_is_written_as_an_international_phone_number_stays(number: str) -> None:
    for text in (f"+{number}", f"tel. + {number}", f"+{number[:2]} {number[2:5]} {number[5:]}", f"00 {number}"):
        assert mask(text, RULES) == (text, ())


def test_a_plus_before_more_digits_than_a_phone_number_has_hides_no_card() -> None:
    assert mask("+4111111111111111", RULES)[0] == f"+{MASK * 12}1111"


@pytest.mark.parametrize(
    ("length", "most"),
    [(13, 0.013), (14, 0.007), (15, 0.009), (16, 0.035), (17, 0.013), (18, 0.013), (19, 0.025), (20, 0)],
)
def test_few_random_numbers_are_taken_for_a_card(length: int, most: float) -> None:
    chance = random.Random(length)
    found = sum(bool(mask("".join(chance.choices("0123456789", k=length)), RULES)[1]) for _ in range(4000))
    assert found <= 4000 * most


def test_a_text_of_nothing_but_digits_is_masked_and_takes_no_longer_than_others() -> None:
    for text in ("4 1 " * 1250, "4242 4242 4242 4242 " * 250, "4" * 5000):
        masked, _ = mask(text, RULES)
        assert len(masked) == len(text)
        assert mask(masked, RULES) == (masked, ())
