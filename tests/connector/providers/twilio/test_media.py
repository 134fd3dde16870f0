"""Where Twilio's pictures are fetched from, and with what."""

from __future__ import annotations

import pytest

from connector.base.secret import Secret
from connector.providers.twilio.media import media_call
from connector.providers.values import MediaCall, Unreadable

LOGIN = ("AC1", Secret("token"))
PATH = "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
STORES = ("mms.twiliocdn.com", "media.twiliocdn.com", "s3-external-1.amazonaws.com")


@pytest.mark.parametrize(
    ("base", "url", "host"),
    [
        ("https://api.twilio.com", f"https://api.twilio.com{PATH}", "api.twilio.com"),
        ("https://api.twilio.com", f"https://api.ie1.twilio.com{PATH}", "api.ie1.twilio.com"),
        ("https://api.dublin.ie1.twilio.com", f"https://api.twilio.com{PATH}", "api.twilio.com"),
        ("https://api.twilio.com/", f"https://api.sydney.au1.twilio.com{PATH}", "api.sydney.au1.twilio.com"),
        ("http://127.0.0.1:8901", f"http://127.0.0.1:8901{PATH}", "127.0.0.1"),
        ("http://127.0.0.1:8901/twilio", f"http://127.0.0.1:8901{PATH}", "127.0.0.1"),
    ],
)
def test_pictures_at_twilio(base: str, url: str, host: str) -> None:
    assert media_call(url, base, LOGIN) == MediaCall(url, (host, *STORES), LOGIN)


@pytest.mark.parametrize(
    "url",
    [
        f"http://api.twilio.com{PATH}",
        f"https://api.twilio.com.{PATH}",
        f"https://api.twilio.com:443{PATH}",
        f"https://api.a.b.c.twilio.com{PATH}",
        f"https://apitwilio.com{PATH}",
        f"https://api.twilio.com\\@example.org{PATH}",
        f"https://mms.twiliocdn.com{PATH}",
        f"https://messaging.twilio.com{PATH}",
        f"http://127.0.0.1:8901{PATH}",
    ],
)
def test_pictures_elsewhere(url: str) -> None:
    with pytest.raises(Unreadable):
        media_call(url, "https://api.twilio.com", LOGIN)
