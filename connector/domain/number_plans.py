"""The rules by which several numbers are known to reach one phone, as data of our own.

The identity key of a consumer, under which consent is stored, must never change with a new version of phonenumbers; so
nothing here reads it. A rule is only here where the spelling it rewrites cannot be another phone: its length or its
first digits belong to no other number of the country's plan, and a public source says so. Two keys for one phone are a
nuisance; one key for two phones would show the texts of one person to the other (docs/decisions/0015).
"""

from __future__ import annotations

import re

# ITU-T E.164, list of assigned codes: those of one or two digits. All others have three.
_SHORT_CALLING_CODE = re.compile(r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")

# Plans in which a number itself may begin with 0. In all others a 0 after the calling code is the trunk prefix, which
# belongs to calls within the country: +44 (0)7400 … is +44 7400 … (ITU-T E.123, 7.2 and E.164, 6.2.4).
_WITH_LEADING_ZEROS = {"39", "47", "225", "226", "227", "229", "242", "247", "250", "267", "268", "378", "379", "501"}
_WITH_LEADING_ZEROS |= {"676", "679", "687", "800", "853", "881", "888", "992"}

# Argentina's area codes of three digits; 11 has two, all others have four (ENACOM, Resolución SC 46/97).
_ARGENTINE_AREAS = (
    "220|221|223|230|236|237|249|260|261|263|264|266|280|291|294|297|298|299|336|341|342|343|345|348|351|353|358|362"
    "|364|370|376|379|380|381|383|385|387|388"
)

# By calling code: patterns of all digits of a number without its leading 0, and what is written for them.
_RULES: dict[str, tuple[tuple[str, str], ...]] = {
    # The trunk prefix 1 (ATIS, North American Numbering Plan): area codes do not begin with 1.
    "1": ((r"11([2-9]\d{9})", r"1\1"),),
    # The trunk prefix 8 of Russia and Kazakhstan: a number has ten digits.
    "7": ((r"78(\d{10})", r"7\1"),),
    # Mobile numbers of the French overseas departments: their own calling codes, but within the French plan dialled
    # 0690 …, and passed on as +33 690 … (ARCEP, décision 2018-0881: 0690 and 0691 Guadeloupe, 0692 and 0693 Réunion,
    # 0639 Mayotte, 0694 Guyane, 0696 and 0697 Martinique; mainland France has none of them).
    "33": (
        (r"33(69[01]\d{6})", r"590\1"),
        (r"33((?:69[23]|639)\d{6})", r"262\1"),
        (r"33(694\d{6})", r"594\1"),
        (r"33(69[67]\d{6})", r"596\1"),
    ),
    # The trunk prefix 06 of Hungary, its 0 taken off already: a mobile number has nine digits.
    "36": ((r"366((?:20|30|31|50|70)\d{7})", r"36\1"),),
    # Mexico: a 1 before mobile numbers until 2019, which networks and vendors still write; 01, 044 and 045 before
    # numbers within the country (IFT, Plan Técnico Fundamental de Numeración, 3 August 2019). A number has ten digits.
    "52": ((r"52(?:1|44|45)(\d{10})", r"52\1"),),
    # Argentina: a 9 before mobile numbers from abroad, a 15 after the area code within the country, neither in texts of
    # some networks (ITU, national numbering plan of Argentina). An area code and number have ten digits together, and a
    # block of numbers belongs to one kind of line.
    "54": (
        (r"549?0?(11)15(\d{8})", r"549\1\2"),
        (rf"549?0?({_ARGENTINE_AREAS})15(\d{{7}})", r"549\1\2"),
        (rf"549?0?(?!{_ARGENTINE_AREAS})([23]\d{{3}})15(\d{{6}})", r"549\1\2"),
        (r"549?0?((?:11|[23]\d)\d{8})", r"549\1"),
    ),
    # Brazil: a 9 before all mobile numbers since 2012 to 2016 (Anatel, Resolução 553). Numbers from 2 to 5 are fixed
    # lines. Those of trunked radio begin with 7 and got no 9, so that one may stand beside a mobile number with it.
    "55": ((r"55([1-9]\d)([689]\d{7})", r"55\g<1>9\2"),),
    # Côte d'Ivoire: numbers of eight digits until January 2021. A mobile number has its operator's digits before it,
    # which its second digit tells (ARTCI, numérotation à dix chiffres); fixed lines begin with 2 and 3.
    "225": (
        (r"225([04-9][0-3]\d{6})", r"22501\1"),
        (r"225([04-9][4-6]\d{6})", r"22505\1"),
        (r"225([04-9][7-9]\d{6})", r"22507\1"),
    ),
    # Benin: 01 before all numbers of eight digits since 30 November 2024 (ARCEP Bénin).
    "229": ((r"229(\d{8})", r"22901\1"),),
    # Gabon: numbers of eight digits, their 0 taken off already, until April 2024 (ARCEP Gabon: 01 becomes 011, 02 062,
    # 04 074, 05 065, 06 066, 07 077).
    "241": (
        (r"241(1\d{6})", r"2411\1"),
        (r"241([256]\d{6})", r"2416\1"),
        (r"241([47]\d{6})", r"2417\1"),
    ),
    # Rwanda: fixed lines begin with 06, mobile numbers of nine digits with 7, and 0 before them is the trunk prefix.
    "250": ((r"2500(7\d{8})", r"250\1"),),
    # The trunk prefix 8 of Lithuania, until 2025: a number has eight digits.
    "370": ((r"3708(\d{8})", r"370\1"),),
    # The trunk prefix 80 of Belarus: a number has nine digits.
    "375": ((r"37580?([1-4]\d{8})", r"375\1"),),
    # The trunk prefix 8 of Turkmenistan: a number has eight digits.
    "993": ((r"9938(\d{8})", r"993\1"),),
}
_COMPILED = {
    code: tuple((re.compile(pattern), written) for pattern, written in rules) for code, rules in _RULES.items()
}


def calling_code(digits: str) -> str:
    """The calling code that an international number's digits begin with, by ITU-T E.164."""
    found = _SHORT_CALLING_CODE.match(digits)
    return digits[:3] if found is None else found[0]


def may_begin_with_zero(code: str) -> bool:
    """Whether numbers behind this calling code may begin with 0."""
    return code in _WITH_LEADING_ZEROS


def one_spelling(number: str) -> str:
    """The same for all numbers, in the form of E.164, that reach one phone. Idempotent."""
    digits = number.removeprefix("+")
    code = calling_code(digits)
    if not may_begin_with_zero(code) and digits.startswith("0", len(code)):
        national = digits[len(code) :].lstrip("0")
        digits = code + national if national else digits
    for pattern, written in _COMPILED.get(code, ()):
        if (found := pattern.fullmatch(digits)) is not None:
            return "+" + found.expand(written)
    return "+" + digits
