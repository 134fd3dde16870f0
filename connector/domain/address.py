"""Which addresses can exist, by the numbering plans of the world's countries."""

from __future__ import annotations

from connector.sms.addresses import is_e164, is_short_code


def is_possible(address: str) -> bool:
    """Whether it is a short code, or a number in E.164 of a length that its country uses.

    Not whether it is assigned: a plan changes more often than this is updated, and numbers for tests are not assigned.
    """
    if not is_e164(address):
        return is_short_code(address)
    import phonenumbers  # takes 28 ms, which short codes and the start of a core need not wait for

    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(address)))
    except phonenumbers.NumberParseException:
        return False
