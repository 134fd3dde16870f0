from __future__ import annotations

import pytest

from connector.setup import public_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://sms.example.com", "https://sms.example.com"),
        (" https://sms.example.com/ ", "https://sms.example.com"),
        ("https://sms.example.com:8443/sms/", "https://sms.example.com:8443/sms"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_an_address_is_cleaned(text: str, url: str) -> None:
    assert public_url.clean_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        *("", "sms.example.com", "ftp://sms.example.com", "https://", "https://sms.example.com?a=1"),
        *("https://sms.example.com#rc=5", "https://my_host.example.com", "https://[::1"),
    ],
)
def test_not_an_address(text: str) -> None:
    with pytest.raises(ValueError):
        public_url.clean_url(text)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://sms.example.com", None),
        ("https://93.184.216.34", None),
        ("http://sms.example.com", "https"),
        ("https://127.0.0.1:8080", "not by a provider"),
        ("https://192.168.1.9", "not by a provider"),
        ("https://[fd00::1]", "not by a provider"),
        ("https://localhost", "not by a provider"),
        ("https://printer.local", "not by a provider"),
    ],
)
def test_the_warning_about_an_address(url: str, words: str | None) -> None:
    warning = public_url.warning(url)
    assert warning is None if words is None else words in (warning or "")
