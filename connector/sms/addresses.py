"""Forms of an SMS address: a number in E.164, a short code, an alphanumeric sender.

Cheap enough for every key typed at a desk. Whether a number can exist is for `connector.domain.address`.
"""

import re

SHORT_CODE_DIGITS = 8  # at most; a longer number is E.164 without its plus
_USUAL_SHORT_CODE = 6  # digits at most

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(rf"[0-9]{{3,{SHORT_CODE_DIGITS}}}")
# GSM 03.38 letters in a field of 11 (3GPP TS 23.040, 9.1.2.5); carriers take fewer signs than that.
_SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_.-]{1,11}")
_SEPARATORS = re.compile(r"[\s()./-]")


def is_e164(address: str) -> bool:
    """Whether it has the form of a phone number with its country code, `+14155550100`."""
    return _E164.fullmatch(address) is not None


def may_lack_area_code(address: str) -> bool:
    """Whether it is as a number of North America without its area code: short codes are rarely so long."""
    return is_short_code(address) and len(address) > _USUAL_SHORT_CODE


def is_short_code(address: str) -> bool:
    return _SHORT_CODE.fullmatch(address) is not None


def is_sender_name(address: str) -> bool:
    """Whether it has the form of an alphanumeric sender, `TEXTDESK`. Such a name can send and not receive."""
    return _SENDER_NAME.fullmatch(address) is not None


def can_receive(address: str) -> bool:
    """Whether it has the form of something that can be texted: a phone number or a short code."""
    return is_e164(address) or is_short_code(address)


def without_separators(text: str) -> str:
    """A number as people write it, `+1 (415) 555-0100`, without what only separates its digits."""
    return _SEPARATORS.sub("", text)
