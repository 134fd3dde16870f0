"""Every spelling of a number is one address and one person; two phones are two persons."""

from __future__ import annotations

import random
import re
from itertools import combinations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from connector.domain.address import Address, AddressKind, is_possible, parse, person_of, region_of, shown
from connector.domain.number_plans import calling_code, one_spelling
from connector.sms.addresses import SHORT_CODE_DIGITS

_REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
_KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)


def e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def examples(kind: int) -> dict[str, phonenumbers.PhoneNumber]:
    found = {region: phonenumbers.example_number_for_type(region, kind) for region in _REGIONS}
    return {region: number for region, number in found.items() if number is not None}


@pytest.mark.parametrize("spelling", ["07400 123456", "(07400) 123-456", "０７４００１２３４５６"])
def test_a_number_of_no_known_country_is_one_person_however_it_is_spaced(spelling: str) -> None:
    assert parse(spelling, region_of("55501")) == Address("07400123456", AddressKind.OTHER)


@pytest.mark.parametrize(
    ("spelling", "region", "address"),
    [
        ("15550100142", "US", "+15550100142"),
        ("0015550100142", "US", "+15550100142"),
        ("+1 555 010 0142", "GB", "+15550100142"),
        ("+15550100142\n", None, "+15550100142"),
        ("4155552671", "US", "+14155552671"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("+1 1 415 555 2671", None, "+14155552671"),
        ("+44 (0)7400 123456", None, "+447400123456"),
        ("+4407400123456", None, "+447400123456"),
        ("(+44) 7400.123456", None, "+447400123456"),
        ("++44 7400 123456", None, "+447400123456"),
        ("+0044 7400 123456", "GB", "+447400123456"),
        ("011 44 7400 123456", "US", "+447400123456"),
        ("07915000001", "GB", "+447915000001"),
        ("+07915000001", "GB", "+447915000001"),
        ("7915000001", "GB", "+447915000001"),
        ("447915000001", "GB", "+447915000001"),
        ("４４７４００１２３４５６", "GB", "+447400123456"),
        ("＋44 7400 123456", None, "+447400123456"),
        ("+٤٤٧٤٠٠١٢٣٤٥٦", None, "+447400123456"),
        ("\u200e+44\u00a07400\u2011123456\u202c", None, "+447400123456"),
        ("tel:+44-7400-123456", None, "+447400123456"),
        ("sms:+447400123456", None, "+447400123456"),
        ("41234567", "NO", "+4741234567"),
        ("20123456", "DK", "+4520123456"),
        ("51234567", "EE", "+37251234567"),
        ("5123456", "EE", "+3725123456"),
        ("81234567", "SG", "+6581234567"),
        ("6111234", "IS", "+3546111234"),
        ("03123456", "LB", "+9613123456"),
        ("211234", "FO", "+298211234"),
        ("0011 45 34 41 23 45", "AU", "+4534412345"),
        ("010 44 7400 123456", "JP", "+447400123456"),
        ("9876543210", "IN", "+919876543210"),
        ("13123456789", "CN", "+8613123456789"),
        ("13123456789", "DE", "+13123456789"),
        ("33612345678", "DE", "+33612345678"),  # from a gateway that leaves out the plus
        ("4520123456", "US", "+4520123456"),
        ("+7 8 916 123 45 67", None, "+79161234567"),
        ("+5215512345678", None, "+5215512345678"),  # no plan has it any more, and phones still do
        ("+52 044 55 1234 5678", None, "+525512345678"),
        ("011 15 1234-5678", "AR", "+5491112345678"),
        ("whatsapp:+44 7400 123456", None, "whatsapp:+447400123456"),
    ],
)
def test_a_number_in_any_spelling_is_one_address(spelling: str, region: str | None, address: str) -> None:
    assert parse(spelling, region).text == address


@pytest.mark.parametrize(
    ("text", "region", "kind"),
    [
        ("55501", "US", AddressKind.SHORT_CODE),
        ("26112", "NO", AddressKind.SHORT_CODE),
        ("55501", "DE", AddressKind.SHORT_CODE),  # a German number may be as short, a mobile one not
        ("41234567", "US", AddressKind.SHORT_CODE),
        ("12345678", None, AddressKind.SHORT_CODE),
        ("TEXTDESK", "GB", AddressKind.NAME),
        ("1800FLOWERS", "US", AddressKind.NAME),
        ("messenger:12345", None, AddressKind.CHANNEL),
        ("07915000001", None, AddressKind.OTHER),  # of whichever country
        ("12", None, AddressKind.OTHER),
        ("079150", "GB", AddressKind.OTHER),  # a number that lacks digits
        ("0791500", "GB", AddressKind.OTHER),
        ("079150000", "GB", AddressKind.OTHER),
        ("ACME Corporation Ltd", None, AddressKind.OTHER),
    ],
)
def test_what_is_no_number_stays_as_it_came(text: str, region: str | None, kind: AddressKind) -> None:
    assert parse(text, region) == Address(text, kind)


def test_digits_of_a_vendor_without_a_plus_begin_with_a_country_code() -> None:
    assert parse("9876543210", "IN", is_international=True).text == "+9876543210"


@pytest.mark.parametrize("number", ["+4400000000", "+390000000", "+10000000000", "+999000000000"])
def test_a_number_of_zeros_has_a_key_of_its_own(number: str) -> None:
    assert person_of(number) == number
    assert parse(number).text == number
    assert shown(number, "GB")
    is_possible(number)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "+", "\u200e", "x" * 5000, "+" * 100, "tel:", ":", "whatsapp:", "\ud800"]
)
def test_no_text_is_lost_or_raises(text: str) -> None:
    assert parse(text, "US").text == text or text.strip() in ("", "\u200e")


@pytest.mark.parametrize("region", sorted({*_REGIONS, *phonenumbers.SUPPORTED_SHORT_REGIONS}))
def test_short_numbers_are_read_in_every_country(region: str) -> None:
    """Of some, such as Tristan da Cunha, phonenumbers knows no mobile numbers."""
    for length in range(1, SHORT_CODE_DIGITS + 2):
        for digits in ("0" * length, "123456789"[:length], "9" * length):
            address = parse(digits, region)
            assert shown(address.text, region)
            assert address.text == digits or address.kind in (AddressKind.NUMBER, AddressKind.SHORT_CODE)


@given(st.text(max_size=90), st.sampled_from([None, *_REGIONS]))
def test_the_canonical_address_of_any_text_is_its_own_canonical_form(text: str, region: str | None) -> None:
    address = parse(text, region)
    if address.kind in (AddressKind.NUMBER, AddressKind.NAME):
        assert parse(address.text).text == address.text
    assert person_of(person_of(address.text)) == person_of(address.text)


_ONE_PHONE = [
    ("+5491112345678", "+541112345678", "+54 9 11 15 1234 5678", "+54 11 15 1234 5678"),  # Buenos Aires
    ("+5492211234567", "+542211234567", "+54 221 15 123 4567"),  # La Plata: an area code of three digits
    ("+5492901123456", "+542901123456", "+54 2901 15 12 3456"),  # Ushuaia: one of four
    ("+525512345678", "+5215512345678", "+52 044 55 1234 5678", "+52 01 55 1234 5678", "+52 045 55 1234 5678"),
    ("+5511987654321", "+551187654321", "+55 011 98765-4321"),
    ("+5531996883193", "+553196883193"),
    ("+5521986418026", "+552186418026"),
    ("+447400123456", "+4407400123456", "whatsapp:+447400123456"),
    ("+79161234567", "+7 8 916 123 45 67"),
    ("+37061234567", "+370 8 612 34567", "+370 0 612 34567"),
    ("+375291234567", "+375 8 029 123 45 67"),
    ("+36201234567", "+36 06 20 123 4567"),
    ("+2290197123456", "+22997123456"),
    ("+2250707123456", "+22507123456"),
    ("+2250544123456", "+22544123456"),
    ("+24166123456", "+24106123456", "+241 066 12 34 56"),
    ("+24177280150", "+24107280150"),
    ("+250788123456", "+250 0788 123 456"),
    ("+590690123456", "+33690123456", "+33 0690 12 34 56"),
    ("+262692123456", "+33692123456"),
]


@pytest.mark.parametrize("spellings", _ONE_PHONE, ids=lambda spellings: spellings[0])
def test_all_numbers_of_one_phone_are_one_person(spellings: tuple[str, ...]) -> None:
    assert {parse(one).person for one in spellings} == {spellings[0]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+551178123456", "+5511978123456"),
        ("+551171234567", "+5511971234567"),  # trunked radio, which got no ninth digit
        ("+551123456789", "+5511923456789"),  # a fixed line and a mobile number
        ("+390612345678", "+39612345678"),  # Italy's zero is a part of the number
        ("+841621234567", "+84321234567"),  # old prefixes of Vietnam, freed for machines
        ("+14155552671", "+15145552671"),
        ("55501", "+55501"),
        ("+970591234567", "+972591234567"),
        ("+22607454226", "+2267454226"),  # Burkina Faso's mobile numbers begin with 0
        ("+992072463456", "+99272463456"),
    ],
)
def test_phones_that_may_be_two_are_two_persons(one: str, other: str) -> None:
    assert person_of(one) != person_of(other)


@pytest.mark.parametrize("kind", _KINDS)
def test_every_countrys_numbers_are_one_person_in_each_of_phonenumbers_spellings(kind: int) -> None:
    different = []
    for region, number in examples(kind).items():
        texts = [phonenumbers.format_number(number, form) for form in range(4)]
        spellings = {*texts, *(one.replace("+", "00") for one in texts), f"\u202a{texts[2]}\u202c "}
        spellings |= {shown(e164(number), region), shown(e164(number), "US" if region != "US" else "GB")}
        home = phonenumbers.region_code_for_country_code(number.country_code or 0)
        if home != region:  # written as in a smaller country of a shared calling code
            continue
        if len(re.sub("[^0-9]", "", texts[2])) <= 8:  # it may be a short code
            spellings = {one for one in spellings if one.startswith(("+", "00", "tel"))}
        wrong = {one: parse(one, region).person for one in spellings}
        for abroad in ("US", "GB", "NO", "AU", "JP"):
            wrong[abroad] = parse(phonenumbers.format_out_of_country_calling_number(number, abroad), abroad).person
        different += [(region, one, found) for one, found in wrong.items() if found != person_of(e164(number))]
    assert different == []


def may_begin_with_zero() -> set[int]:
    """Calling codes of countries where some valid number begins with 0, by samples of each length."""
    chance, found = random.Random(1), set()
    for region in _REGIONS:
        known = phonenumbers.PhoneMetadata.metadata_for_region(region)
        assert known is not None and known.country_code is not None and known.general_desc is not None
        for length in known.general_desc.possible_length:
            for _ in range(60):
                rest = "".join(chance.choices("0123456789", k=length - 2))
                number = phonenumbers.PhoneNumber(
                    known.country_code, int(chance.choice("123456789") + rest), italian_leading_zero=True
                )
                if phonenumbers.is_valid_number(number):
                    found.add(known.country_code)
    return found


def test_a_trunk_zero_after_the_country_code_changes_nothing_where_no_number_begins_with_one() -> None:
    split = set()
    for number in (number for kind in range(11) for number in examples(kind).values()):
        digits = phonenumbers.national_significant_number(number)
        with_zero = f"+{number.country_code}0{digits}"
        if len(with_zero) <= 16 and person_of(with_zero) != person_of(e164(number)):
            split.add(number.country_code)
    assert {44, 49, 52, 54, 55, 61, 81} & split == set()
    assert may_begin_with_zero() - {241} <= split  # Gabon: the old form of its numbers, which have rules


def test_all_examples_of_all_countries_are_different_persons() -> None:
    numbers = {e164(number) for kind in range(11) for number in examples(kind).values()}
    numbers = {one for one in numbers if not one.startswith("+549")}  # fixed lines of Argentina with a mobile's 9
    assert len({person_of(number) for number in numbers}) == len(numbers)


def neighbours(number: str) -> set[str]:
    """Numbers that a rule might take for this one: a digit added, taken away or changed at each place."""
    code = len(calling_code(number[1:])) + 1
    places = range(code, len(number))
    added = {number[:at] + digit + number[at:] for at in places for digit in "0123456789"}
    changed = {number[:at] + digit + number[at + 1 :] for at in places for digit in "0123456789"}
    return added | changed | {number[:at] + number[at + 1 :] for at in places}


@pytest.mark.parametrize("region", ["AR", "BR", "MX", "GB", "IT", "US", "RU", "FR", "RE", "BJ", "CI", "LT", "HU"])
def test_no_two_valid_numbers_near_one_another_are_one_person(region: str) -> None:
    """Except Argentina's with and without the 9 before a mobile number."""
    number = examples(PhoneNumberType.MOBILE)[region]
    valid = [one for one in neighbours(e164(number)) if phonenumbers.is_valid_number(phonenumbers.parse(one))]
    whole = {one for one in valid if e164(phonenumbers.parse(one)) == one}
    merged = [(a, b) for a, b in combinations(sorted(whole), 2) if person_of(a) == person_of(b)]
    assert [pair for pair in merged if not pair[0].startswith("+54")] == []
    assert all(one.replace("+549", "+54") == other.replace("+549", "+54") for one, other in merged)


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_the_key_of_a_number_is_a_number_and_its_own_key(number: str) -> None:
    key = one_spelling(number)
    assert key.startswith("+") and one_spelling(key) == key


@pytest.mark.parametrize(
    ("address", "line", "written"),
    [
        ("+14155559911", "+14155550100", "(415) 555-9911"),
        ("+447400123456", "+447400000000", "07400 123456"),
        ("+447400123456", "+14155550100", "+44 7400 123456"),
        ("+447400123456", "55501", "+44 7400 123456"),
        ("+5215512345678", "+525500000000", "55 1234 5678"),
        ("+551187654321", "+551100000000", "(11) 98765-4321"),
        ("+541112345678", "+541100000000", "011 1234-5678"),
        ("+15550142", "+15550100", "+15550142"),
        ("55501", "+14155550100", "55501"),
        ("TEXTDESK", "+14155550100", "TEXTDESK"),
        ("whatsapp:+447400123456", "whatsapp:+447400000000", "whatsapp: 07400 123456"),
    ],
)
def test_a_number_is_written_as_in_the_country_of_its_line(address: str, line: str, written: str) -> None:
    assert shown(address, region_of(line)) == written
