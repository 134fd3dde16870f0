"""Account numbers, social security numbers, card codes, digits cut by segments, and the operator's own patterns."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.domain.masking.masking import BUILT_IN, NO_MASKING, MaskingRules, mask
from connector.domain.masking.own_patterns import OwnPattern, bounded_expression
from connector.wire.masks import MASK

RULES = MaskingRules()
M = MASK

# Examples of the SWIFT IBAN registry.
IBANS = [
    "AD1200012030200359100100", "AE070331234567890123456", "AT611904300234573201", "BE68539007547034",
    "BG80BNBG96611020345678", "BR1800360305000010009795493C1", "CH9300762011623852957", "CZ6508000000192000145399",
    "DE89370400440532013000", "DK5000400440116243", "ES9121000418450200051332", "FI2112345600000785",
    "FR1420041010050500013M02606", "GB29NWBK60161331926819", "GI75NWBK000000007099453", "IE29AIBK93115212345678",
    "IT60X0542811101000000123456", "KW81CBKU0000000000001234560101", "KZ86125KZT5004100100",
    "LC55HEMM000100010012001200023015", "MT84MALT011000012345MTLCAST001S", "NL91ABNA0417164300", "NO9386011117947",
    "PL61109010140000071219812874", "QA58DOHB00001234567890ABCDEFG", "RO49AAAA1B31007593840000",
    "SC18SSCB11010000000000001497USD", "SE4550000000058398257466", "TR330006100519786457841326",
    "UA213223130000026007233566001",
]  # fmt: skip


@pytest.mark.parametrize("iban", IBANS)
@pytest.mark.parametrize("written", ["compact", "fours", "lower", "dashes"])
def test_examples_of_the_registry_are_masked(iban: str, written: str) -> None:
    fours = [iban[at : at + 4] for at in range(0, len(iban), 4)]
    text = {"compact": iban, "fours": " ".join(fours), "lower": iban.lower(), "dashes": "-".join(fours)}[written]
    masked, names = mask(f"IBAN: {text}, please", RULES)
    assert names == ("iban",)
    shown = "".join(char for char in masked[6:-8] if char.isalnum())
    assert shown.upper() == iban[:4] + iban[-4:]


@pytest.mark.parametrize("text", ["DE89370400440532013001", "XX89370400440532013000", "DE893704004405320130001",
                                  "order DE12 345678", "GB12 3456 7890 1234"])  # fmt: skip
def test_what_is_no_account_number_stays(text: str) -> None:
    assert "iban" not in mask(text, RULES)[1]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my ssn is 078-05-1120", f"my ssn is {M * 3}-{M * 2}-1120"),
        ("078–05–1120", f"{M * 3}–{M * 2}–1120"),
        ("SSN 078 05 1120", f"SSN {M * 3} {M * 2} 1120"),
        ("social security number: 078051120.", f"social security number: {M * 5}1120."),
    ],
)
def test_social_security_numbers_are_masked(text: str, masked: str) -> None:
    assert mask(text, RULES) == (masked, ("us_ssn",))


@pytest.mark.parametrize(
    "text",
    [
        "078 05 1120", "000-12-3456", "666-12-3456", "900-12-3456", "078-00-1120", "078-05-0000", "1078-05-1120",
        "078-05-11201", "order 078-05-1120-3", "078051120",
    ],
)  # fmt: skip
def test_what_is_no_social_security_number_stays(text: str) -> None:
    assert mask(text, RULES) == (text, ())


@pytest.mark.parametrize(
    ("after", "masked"),
    [
        (" 12/27 123", f" 12/27 {M * 3}"),
        (" exp 12/2027, cvv: 123", f" exp 12/2027, cvv: {M * 3}"),
        ("\n12-27\n1234", f"\n12-27\n{M * 4}"),
        (" CVC2 999 ok", f" CVC2 {M * 3} ok"),
        (" Prüfziffer ist 123", f" Prüfziffer ist {M * 3}"),
        (" 123", f" {M * 3}"),
        ("cvv123", f"cvv{M * 3}"),
        ("|12|27|123", f"|12|27|{M * 3}"),
        (", 12/27, 123.", f", 12/27, {M * 3}."),
        (" code de sécurité : 123", f" code de sécurité : {M * 3}"),
        (" cryptogramme visuel 123", f" cryptogramme visuel {M * 3}"),
        (" código de seguridad 123", f" código de seguridad {M * 3}"),
        (" codice di sicurezza 123", f" codice di sicurezza {M * 3}"),
        (" код безопасности 123", f" код безопасности {M * 3}"),
        (" 安全码123", f" 安全码{M * 3}"),
        (" セキュリティコード：123", f" セキュリティコード：{M * 3}"),
        (" رمز الأمان 123", f" رمز الأمان {M * 3}"),
        (" 5000 EUR", " 5000 EUR"),
    ],
)
def test_the_code_beside_a_card_is_masked(after: str, masked: str) -> None:
    names = ("card", "card_code") if M in masked else ("card",)
    assert mask(f"4242424242424242{after}", RULES) == (f"{M * 12}4242{masked}", names)


def test_the_code_of_american_express_has_four_digits() -> None:
    assert mask("3782 822463 10005 1234", RULES)[0] == f"{M * 4} {M * 6} {M}0005 {M * 4}"


@pytest.mark.parametrize("text", ["cvv 123", "code 4711", "room 123", "12/27 123"])
def test_a_code_without_a_card_stays(text: str) -> None:
    assert mask(text, RULES) == (text, ())


@given(st.integers(0, 24), st.sampled_from(["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242"]))
def test_of_a_card_cut_over_two_segments_no_part_shows_more_than_its_ends(at: int, card: str) -> None:
    at = min(at, len(card))
    first, _ = mask("card " + card[:at], RULES, is_cut=True)
    second, _ = mask(card[at:] + " ok", RULES, is_begun=True)
    shown = "".join(char for char in first + second if char.isdigit())
    assert len(shown) <= 7
    assert len([char for char in first if char.isdigit()]) <= 3 or at == len(card)


@pytest.mark.parametrize(("number", "name"), [("078-05-1120", "us_ssn"), ("DE89 3704 0044 0532 0130 00", "iban")])
def test_other_numbers_cut_over_two_segments_are_not_shown_either(number: str, name: str) -> None:
    for at in range(1, len(number)):
        first, _ = mask(f"it is {number[:at]}", RULES, is_cut=True)
        second, _ = mask(f"{number[at:]} ok", RULES, is_begun=True)
        digits = [char for char in first[6:] + second[:-3] if char.isdigit()]
        assert len(digits) <= 7, (at, first, second)


def test_without_rules_nothing_is_masked() -> None:
    text = "4242424242424242 DE89370400440532013000 078-05-1120"
    assert mask(text, NO_MASKING, is_begun=True, is_cut=True) == (text, ())
    for name in BUILT_IN[:1]:
        only, names = mask(text, MaskingRules(frozenset({name})))
        assert names == (name,) and "DE89370400440532013000 078-05-1120" in only


def test_an_own_pattern_masks_what_it_finds_but_for_the_last() -> None:
    rules = MaskingRules(patterns=(OwnPattern("customer", bounded_expression(r"\bKD-[0-9]{4}-?[0-9]{4}\b"), 4),))
    assert mask("I am KD-1234-5678.", rules) == (f"I am {M * 2}-{M * 4}-5678.", ("customer",))


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+b", r"\d+", ".*",  "(a|a){1,30}b",
     "(a|ab){1,20}c", "(?:a{1,8}){1,8}b", "a{0,30}a{0,30}a{0,30}b", "a?" * 12 + "b",
     r"(\d)\1", "x*", "", "[", "(?=a{1,100})a", "(?<name", "a{1,99999999999}", "a{65}"],
)  # fmt: skip
def test_a_pattern_without_a_small_bound_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        bounded_expression(pattern)


@pytest.mark.parametrize(
    "pattern", [r"\bKD-[0-9]{8}\b", r"(?<!\d)[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}(?!\d)", "(?i)[a-z]{2}[0-9]{6,8}",
                "(?:AB|CD|EF)[0-9]{5}", "[0-9]{8,12}"],
)  # fmt: skip
def test_usual_patterns_are_taken(pattern: str) -> None:
    bounded_expression(pattern)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["a", "a?", "a{1,4}", "(a|b)", "[ab]{2,8}", r"\w{3}", "b"]), min_size=1, max_size=8))
def test_a_pattern_that_is_taken_tries_few_ways(parts: list[str]) -> None:
    """Counted by what it captures: the steps of `re` cannot be counted, but bound the time on the worst text by far."""
    try:
        expression = bounded_expression("".join(parts) + "c")
    except ValueError:
        return
    assert expression.search("a" * 5000) is None


def test_random_texts_of_letters_and_digits_have_no_account_number() -> None:
    chance = random.Random(1)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    found = 0
    for _ in range(3000):
        found += "iban" in mask("DE" + "".join(chance.choices("0123456789", k=20)), RULES)[1]
        found += "iban" in mask("".join(chance.choices(letters, k=24)), RULES)[1]
    assert found < 60
