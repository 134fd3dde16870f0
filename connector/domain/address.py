"""Addresses of either side: what comes in, in one canonical form; whom it belongs to; how people write it.

Texts of vendors, gateways and people are parsed once, where they come in. phonenumbers is loaded here and nowhere else:
it takes 28 ms to load, which short codes, names and the start of a core need not wait for, and 30 to 60 µs for a
number, so that what was parsed is remembered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct

from connector.domain.number_plans import calling_code, may_begin_with_zero, one_spelling
from connector.sms.addresses import SHORT_CODE_DIGITS, is_e164, is_sender_name, is_short_code

_REMEMBERED = 16_384  # addresses: some 6 MB
_SHORTEST_MOBILE = 7  # digits, where a country has longer ones too: shorter ones are short codes
_LONGEST = 80  # characters of something that can be a number
_SCHEME = re.compile(r"(?:tel|sms|smsto):", re.IGNORECASE)  # RFC 3966, RFC 5724
_CHANNEL = re.compile(r"([a-z][a-z0-9+.-]*):(.+)")
_SURROUNDING = "".join(map(chr, range(33)))  # controls and the space
_SEPARATORS = r"\s()\[\].,/~'’·•\-\u2010-\u2015\u2212"
_NUMBER = re.compile(
    rf"[{_SEPARATORS}]*(?P<plus>\+*)(?P<number>[0-9{_SEPARATORS}]*[0-9])[{_SEPARATORS}]*"
    r"(?P<extension>(?:;?ext(?:n|ension)?[.=:]?|x|#)\s*[0-9]{1,7})?"
)
# Calling codes of no country, where all numbers are of one kind (ITU-T E.164, list of assigned codes).
_WORLDWIDE = {
    "808": "an international shared-cost number",
    "870": "a satellite phone (Inmarsat)",
    "878": "a personal number, which passes calls on at its own price",
    "881": "a satellite phone",
    "882": "a number of an international network, such as a satellite phone's",
    "883": "a number of an international network, such as a satellite phone's",
    "888": "a number for relief in disasters",
    "979": "an international premium-rate number",
}
# Mexico's old form of mobile numbers, which no plan has any more, but networks still write and take.
_STILL_USED = re.compile(r"\+521[0-9]{10}")


class AddressKind(StrEnum):
    NUMBER = "number"  # in E.164
    SHORT_CODE = "short_code"
    NAME = "name"  # of a sender; it can send and not receive
    CHANNEL = "channel"  # of another channel, `whatsapp:+15550100`
    OTHER = "other"  # none of these: as it came, digits without what separates them


class Address(Struct, frozen=True):
    """An address in its one canonical form, which is the one that is texted."""

    text: str
    kind: AddressKind
    has_extension: bool = False  # behind the number; texts go to whole numbers

    @property
    def person(self) -> str:
        return person_of(self.text)


@lru_cache(_REMEMBERED)
def person_of(address: str) -> str:
    """The identity key of whom a canonical address belongs to: the same for all addresses of one phone.

    By rules of our own (see `number_plans`), so that consent stored under it is found for ever. Short codes, names and
    whatever else there is are their own keys.
    """
    channel = _CHANNEL.fullmatch(address)
    number = channel[2] if channel is not None else address
    return one_spelling(number) if is_e164(number) else address


def parse(text: str, region: str | None = None, *, is_international: bool = False) -> Address:
    """The address that a vendor, a gateway or a person means. Never fails: what is no address is kind OTHER.

    `region`: the country of our line (see `region_of`), in which a number without its country code is read.
    `is_international`: digits without a plus begin with a country code, as vendors write that leave out the plus.
    """
    if len(text) > _LONGEST:
        return Address(text, AddressKind.OTHER)
    return _parsed(text, region, is_international)


def is_possible(address: str) -> bool:
    """Whether it is a short code, or a number in E.164 of a length that its country uses or has used.

    Not whether it is assigned: a plan changes more often than this is updated, and numbers for tests are not assigned.
    """
    if not is_e164(address):
        return is_short_code(address)
    return any(_length_of(one) is not _Length.NONE for one in (address, person_of(address)))


def is_whole(address: str) -> bool:
    """Whether it is a number in E.164 that nothing lacks, not even its area code; on any channel."""
    number = address.rpartition(":")[2]
    return is_e164(number) and _Length.WHOLE in (_length_of(number), _length_of(person_of(number)))


def home_of(line: str, others: Iterable[str]) -> str:
    """The number by which a line has a country: its own; else one of `others`, if all have the same country.

    Blank when there is none.
    """
    if is_e164(line.rpartition(":")[2]):
        return line
    countries = {calling_code(one[1:]): one for one in others if is_e164(one)}
    return next(iter(countries.values())) if len(countries) == 1 else ""


@lru_cache(1024)
def region_of(line: str) -> str | None:
    """The country of a line, as ISO 3166 has it (`GB`); None for a short code or a name. Of +1 it is `US`."""
    number = line.rpartition(":")[2]
    if not is_e164(number):
        return None
    region: str = _phonenumbers().region_code_for_country_code(int(calling_code(number[1:])))
    return region if len(region) == 2 and region != "ZZ" else None


@lru_cache(_REMEMBERED)
def country_of(address: str) -> str:
    """The country whose number this is, as ISO 3166 has it; `+` and the calling code of a number of no country, such as
    a satellite phone's. Blank for a short code or a name.

    A number that no country is known to use counts as one of the main country of its calling code.
    """
    number = address.rpartition(":")[2]
    if not is_e164(number):
        return ""
    region: str | None = _phonenumbers().region_code_for_number(_split(number))
    return region if region is not None and len(region) == 2 else region_of(number) or f"+{calling_code(number[1:])}"


@lru_cache(1)
def countries() -> frozenset[str]:
    """All countries with numbers of their own, as ISO 3166 has them."""
    return frozenset(_phonenumbers().SUPPORTED_REGIONS)


@lru_cache(_REMEMBERED)
def costly_range(address: str) -> str:
    """What kind of number it is, in words, where a text to it costs more than to a phone, or reaches no person; blank
    for all others."""
    number = address.rpartition(":")[2]
    if not is_e164(number):
        return ""
    library = _phonenumbers()
    kinds = library.PhoneNumberType
    of_kind = {
        kinds.PREMIUM_RATE: "a premium-rate number",
        kinds.SHARED_COST: "a shared-cost number",
        kinds.PERSONAL_NUMBER: "a personal number, which passes calls on at its own price",
        kinds.UAN: "a company's number for all its places",
        kinds.PAGER: "a pager",
        kinds.VOICEMAIL: "a voice mailbox",
    }
    return _WORLDWIDE.get(calling_code(number[1:])) or of_kind.get(library.number_type(_split(number)), "")


@lru_cache(_REMEMBERED)
def without_doubled_digit(address: str) -> tuple[str, ...]:
    """The numbers in use that one which is not in use becomes without one of two equal digits in a row: what was meant
    where a key was pressed twice. The most alike first."""
    if not is_e164(address) or _phonenumbers().is_valid_number(_split(address)):
        return ()
    shorter = [address[:at] + address[at + 1 :] for at in range(2, len(address)) if address[at] == address[at - 1]]
    country = calling_code(address[1:])
    found = [one for one in dict.fromkeys(shorter) if is_e164(one) and _phonenumbers().is_valid_number(_split(one))]
    own = country_of(address)
    return tuple(sorted(found, key=lambda one: (calling_code(one[1:]) != country, country_of(one) != own)))


@lru_cache(_REMEMBERED)
def shown(address: str, region: str | None) -> str:
    """An address as people of this country write it: `07400 123456` in `GB`, `+44 7400 123456` elsewhere."""
    channel = _CHANNEL.fullmatch(address)
    if channel is not None:
        return f"{channel[1]}: {shown(channel[2], region)}" if is_e164(channel[2]) else address
    if not is_e164(address):
        return address
    library = _phonenumbers()
    found, person = _split(address), person_of(address)
    if person != address and not library.is_valid_number(found):
        found = _split(person)  # an old form, which no country has a way to write any more
    if _length(found) is not _Length.WHOLE:
        return address
    is_national = region is not None and library.country_code_for_region(region) == found.country_code
    form = library.PhoneNumberFormat.NATIONAL if is_national else library.PhoneNumberFormat.INTERNATIONAL
    written: str = library.format_number(found, form)
    return written


def read_in(region: str | None) -> str:
    """Words for the country in which a number without its country code was read: `GB, +44`."""
    return "no country" if region is None else f"{region}, +{_phonenumbers().country_code_for_region(region)}"


@lru_cache(_REMEMBERED)
def _parsed(text: str, region: str | None, is_international: bool) -> Address:
    clean = _cleaned(text)
    if (channel := _CHANNEL.fullmatch(clean)) is not None and not _SCHEME.match(clean):
        rest = parse(channel[2])
        within = rest.text if rest.kind is AddressKind.NUMBER else channel[2]
        return Address(f"{channel[1]}:{within}", AddressKind.CHANNEL)
    found = _NUMBER.fullmatch(_SCHEME.sub("", clean, count=1).partition(";phone-context")[0].lower())
    if found is not None:
        digits = re.sub(r"[^0-9]", "", found["number"])
        if (number := _number(digits, found["plus"] != "", region, is_international)) is not None:
            kind = AddressKind.NUMBER if number.startswith("+") else AddressKind.SHORT_CODE
            return Address(number, kind, has_extension=found["extension"] is not None)
        if found["extension"] is None:
            clean = found["plus"] + digits  # of no country that is known, but the same however it is spaced
    if is_sender_name(clean):
        return Address(clean, AddressKind.NAME)
    kind = AddressKind.NUMBER if is_e164(clean) else AddressKind.OTHER
    return Address(clean or text, kind)


def _cleaned(text: str) -> str:
    """Without what is not seen (bidi marks, zero-width spaces, what surrounds it), and every digit as ASCII."""
    seen = (one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in seen).strip(_SURROUNDING)


def _number(digits: str, has_plus: bool, region: str | None, is_international: bool) -> str | None:
    """The number in E.164 or the short code that these digits are; None when they are none."""
    if has_plus and not digits.startswith("0"):  # no country code begins with 0: the plus is one too many
        return _international(digits)
    national = None if has_plus and _trunk(region) != "0" else _national(digits, region)
    after_00 = _international(digits[2:]) if digits.startswith("00") else None
    if national is not None and _begins_with_exit_code(digits, region):
        return national if after_00 is None else _abroad(after_00, national, region)
    if after_00 is not None:
        return after_00
    if len(digits) <= SHORT_CODE_DIGITS:
        if national is not None and region is not None and _is_whole_number(digits, national, region):
            return national
        is_cut = digits.startswith("0") and _trunk(region) == "0"  # a number that lacks digits
        return digits if is_short_code(digits) and not has_plus and not is_cut else None
    international = None if digits.startswith("0") else _international(digits)
    if national is None or international in (None, national) or is_international:
        return international or national
    return _likelier(digits, national, international)


def _begins_with_exit_code(digits: str, region: str | None) -> bool:
    """Whether it begins with what is dialled in this country before numbers abroad: 00, 011, 0011 …"""
    if region is None:
        return False
    exit_code = _phonenumbers().PhoneMetadata.metadata_for_region(region).international_prefix
    return exit_code is not None and re.match(exit_code, digits) is not None


def _abroad(after_00: str, national: str, region: str | None) -> str:
    """Which is meant by digits that begin with 00, as gateways write it everywhere, where the country dials more.

    0011 45 … is +45 … in Australia and not +1 145 …; but 0065 … is +65 … in Singapore, where 006 is dialled.
    """
    library = _phonenumbers()
    is_own = calling_code(after_00[1:]) == str(library.country_code_for_region(region))
    is_used = {one: library.is_valid_number(library.parse(one)) for one in (after_00, national)}
    return after_00 if is_own or is_used[after_00] > is_used[national] else national


def _likelier(digits: str, national: str, international: str) -> str:
    """Which of two possible readings is meant: the one whose number is in use.

    Of two in use the national one only if that is how the country writes it; other digits begin with a country code.
    """
    library = _phonenumbers()
    numbers = {one: library.parse(one) for one in (national, international)}
    is_used = {one: library.is_valid_number(number) for one, number in numbers.items()}
    if is_used[national] != is_used[international]:
        return national if is_used[national] else international
    as_written = library.format_number(numbers[national], library.PhoneNumberFormat.NATIONAL)
    return national if re.sub(r"[^0-9]", "", as_written) == digits else international


def _is_whole_number(digits: str, number: str, region: str) -> bool:
    """Whether at most eight digits are a number of this country, and not a short code.

    They begin with its trunk prefix, or are as long as its mobile numbers.
    """
    library = _phonenumbers()
    trunk = _trunk(region)
    if trunk == "0" and digits.startswith(trunk):
        return True
    mobile = library.PhoneMetadata.metadata_for_region(region).mobile
    lengths = () if mobile is None else mobile.possible_length
    longest = max(lengths, default=0)
    if len(digits) not in lengths:
        return False
    return longest == len(digits) or (len(digits) >= _SHORTEST_MOBILE and (longest <= SHORT_CODE_DIGITS or not trunk))


def _trunk(region: str | None) -> str | None:
    """What is dialled before a number within the country; None when nothing is."""
    found: str | None = None if region is None else _phonenumbers().ndd_prefix_for_region(region, True)
    return found


def _international(digits: str) -> str | None:
    return _taken(f"+{digits}", None)


def _national(digits: str, region: str | None) -> str | None:
    return None if region is None else _taken(digits, region)


def _taken(text: str, region: str | None) -> str | None:
    """The number in E.164, if its country has numbers of that length, or if that of its person has."""
    library = _phonenumbers()
    try:
        found = library.parse(text, region)
    except library.NumberParseException:
        return None
    number: str = library.format_number(found, library.PhoneNumberFormat.E164)
    length = _length(found)
    if length is _Length.WHOLE or (length is _Length.LOCAL and region is None):
        return number
    person = person_of(number)
    if person == number or _length_of(person) is not _Length.WHOLE:
        return None
    return number if _STILL_USED.fullmatch(number) else person


class _Length(Enum):
    WHOLE = "that of numbers of its country"
    LOCAL = "that of its numbers without their area code"
    NONE = "that of no number"


def _length_of(number: str) -> _Length:
    return _length(_split(number))


def _split(number: str) -> Any:
    """A number in E.164 as a value of phonenumbers, at a tenth of the cost of having it parsed."""
    code = calling_code(number[1:])
    national = number[1 + len(code) :]
    zeros = len(national) - len(national.lstrip("0"))
    return _phonenumbers().PhoneNumber(
        country_code=int(code),
        national_number=int(national),
        italian_leading_zero=True if zeros else None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def _length(number: Any) -> _Length:
    """By what phonenumbers says of its length; where no number begins with 0, one that does has none."""
    library = _phonenumbers()
    if number.italian_leading_zero and not may_begin_with_zero(str(number.country_code)):
        return _Length.NONE
    reason = library.is_possible_number_with_reason(number)
    if reason == library.ValidationResult.IS_POSSIBLE:
        return _Length.WHOLE
    is_local = reason == library.ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    return _Length.LOCAL if is_local else _Length.NONE


def _phonenumbers() -> Any:
    import phonenumbers

    return phonenumbers
