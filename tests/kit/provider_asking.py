"""The contract beside hooks and sends: paces, pictures, lists, polls, and words for a refused hook."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from connector.providers.base import Provider
from connector.providers.values import Arrival, CallFailed, NotGenuine, Rejected, Unreadable
from tests.kit.provider_table import FAULTS, ProviderTable
from tests.kit.vendor_server import closed_port, loopback_client, stay_silent

NOWHERE = "http://127.0.0.1:9"

# Addresses at which no provider has pictures.
STRANGE_ADDRESSES = [
    "",
    "picture.png",
    "//api.twilio.com/x",
    "file:///etc/passwd",
    "https://[",
    "https://127.0.0.1:x/",
    "http://169.254.169.254/latest/meta-data",
    "https://api.twilio.com.example.org/x",
    "https://example.org/?https://api.twilio.com/",
    "https://example.org#@api.twilio.com/",
    "https://api.twilio.com@example.org/",
    "https://user:password@api.twilio.com/x",
    "http://api.twilio.com/x",
    "https://api.twilio.com:8443/x",
    "ftp://127.0.0.1:9/x",
    "http://127.0.0.1:99/x",
]


async def gathered(arrivals: AsyncIterator[Arrival]) -> list[Arrival]:
    return [arrival async for arrival in arrivals]


class AskingContract(ProviderTable):
    # Paces

    def test_every_line_has_a_pace(self) -> None:
        provider = self.reader()
        for number in self.decoded(NOWHERE).numbers:
            pace = provider.pace(number.address)
            assert pace > 0 and math.isfinite(pace)

    def test_the_pace_in_the_configuration_counts_before_the_one_of_the_kind(self) -> None:
        provider = self.reader(
            numbers=[
                {"address": "+15550100100", "segments_per_s": 12.5},
                {"address": "+15550100101", "kind": "short_code"},
                {"address": "+15550100102"},
            ]
        )
        given, fast, slow = (provider.pace(f"+1555010010{number}") for number in range(3))
        assert given == 12.5
        assert fast > slow

    # Who can be answered

    @pytest.mark.parametrize("consumer", ["+15550123123", "+447700900123"])
    def test_a_phone_can_be_answered(self, consumer: str) -> None:
        assert self.reader().cannot_answer(consumer) is None

    @pytest.mark.parametrize("consumer", ["AMAZON", "1-800-FLOWERS", "INFO\x1b[31m"])
    async def test_a_name_is_refused_in_words_before_a_call(self, consumer: str) -> None:
        async with self.calling(self.success()) as (provider, server):
            words = provider.cannot_answer(consumer)
            assert words is not None and words.isprintable() and words.endswith(".")
            outcome = await provider.send(msgspec.structs.replace(self.message, consumer=consumer))
            assert outcome == Rejected(None, words)
            assert server.calls == []

    # Pictures

    async def test_more_pictures_than_can_be_sent_are_refused_before_a_call(self) -> None:
        async with self.calling(self.success()) as (provider, server):
            most = provider.capabilities.most_pictures_out
            pictures = tuple(f"https://sms.example.com/out/{number}" for number in range(most + 1))
            outcome = await provider.send(msgspec.structs.replace(self.message, pictures=pictures))
            assert isinstance(outcome, Rejected) and outcome.words.endswith("Change the message, then send it again.")
            assert server.calls == []

    def test_a_picture_is_fetched_from_the_provider_only(self) -> None:
        provider = self.reader()
        if not provider.capabilities.pictures_in:
            with pytest.raises(Unreadable, match="picture"):
                provider.media_call("https://example.org/picture.png")
            return
        url = self.picture(NOWHERE)
        call = provider.media_call(url)
        assert call.url == url and urlsplit(url).hostname in call.hosts
        if call.login is not None:
            assert call.login[1].reveal() in self.secrets
        for one in self.secrets:
            assert one not in repr(call)

    @pytest.mark.parametrize("url", STRANGE_ADDRESSES)
    def test_a_strange_address_is_not_fetched(self, url: str) -> None:
        with pytest.raises(Unreadable) as refused:
            self.reader().media_call(url)
        assert str(refused.value).isprintable() and "password" not in str(refused.value)

    # Lists and polls

    async def test_messages_since_a_moment_are_listed(self) -> None:
        if not self.reader().capabilities.can_list:
            await self._failed_call(self.reader(), "list_since")
            return
        behaviour, expected = self.listed()
        async with self.calling(behaviour) as (provider, _):
            assert await gathered(provider.list_since(self.since)) == list(expected)

    async def test_the_status_of_a_reply_can_be_polled(self) -> None:
        if not self.reader().capabilities.can_poll:
            await self._failed_call(self.reader(), "poll")
            return
        behaviour, expected = self.polled()
        async with self.calling(behaviour) as (provider, server):
            assert await provider.poll(self.success_ref) == list(expected)
            assert len(server.calls) == 1

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("what", ["list_since", "poll"])
    async def test_a_list_or_poll_that_goes_wrong(self, what: str, fault: str) -> None:
        async with self.calling(FAULTS[fault][0]) as (provider, _):
            words = await self._failed_call(provider, what)
        assert "<" not in words

    @pytest.mark.parametrize("what", ["list_since", "poll"])
    async def test_a_list_or_poll_without_an_answer(self, what: str) -> None:
        async with self.calling(stay_silent, call_s=0.2) as (provider, _):
            await self._failed_call(provider, what)
        with closed_port() as nowhere:
            async with loopback_client() as (http, _):
                await self._failed_call(self.made(nowhere, http), what)

    async def _failed_call(self, provider: Provider, what: str) -> str:
        """The words of CallFailed from `list_since` or `poll`."""
        with pytest.raises(CallFailed) as raised:
            await (
                gathered(provider.list_since(self.since)) if what == "list_since" else provider.poll(self.success_ref)
            )
        words = str(raised.value)
        assert words.endswith(".") and words.isprintable() and not any(one in words for one in self.secrets)
        return words

    # Words for a refused hook

    def test_a_refused_hook_is_explained_and_stays_refused(self) -> None:
        provider = self.reader()
        assert self.explained() or type(provider).explain is Provider.explain
        for what, (hook, words) in self.explained().items():
            explanation = provider.explain(hook)
            assert explanation is not None and words in explanation, (what, explanation)
            assert explanation.endswith(".") and explanation.isprintable()
            with pytest.raises(NotGenuine):
                provider.authenticate(hook)

    def test_explaining_shows_no_secret(self) -> None:
        provider = self.reader()
        hooks = [*self.genuine().values(), *self.forged().values(), *(hook for hook, _ in self.explained().values())]
        for hook in hooks:
            words = provider.explain(hook) or ""
            assert words.isprintable() and not any(one in words for one in self.secrets)

    @limits(suppress_health_check=[HealthCheck.differing_executors])  # one test for all providers
    @given(body=st.binary(max_size=300), text=st.text(max_size=40), name=st.text(max_size=30))
    def test_any_hook_can_be_explained(self, body: bytes, text: str, name: str) -> None:
        provider = self.reader()
        hook = self.signed("inbound", body)
        marks = {key: text for key in hook.headers if key != "content-type"}
        headers = {**hook.headers, **marks, "host": name, "x-forwarded-host": text, "x-forwarded-prefix": name}
        strange = msgspec.structs.replace(hook, headers=headers)
        explanation = provider.explain(strange)
        assert explanation is None or explanation.isprintable()
        with suppress(Unreadable):
            provider.media_call(text)
