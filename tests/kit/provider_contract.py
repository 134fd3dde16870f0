"""The contract that every provider's test inherits; its class fills in the table (`provider_table.py`).

Sends, look-ups and checks run against a real web server on loopback; nothing of ours is replaced.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from connector.domain.status import Status
from connector.providers.base import Provider
from connector.providers.send_outcomes import Advice
from connector.providers.values import (
    Accepted,
    Arrival,
    CallFailed,
    Candidates,
    DeliveryReceipt,
    InboundText,
    NotFound,
    NotGenuine,
    Outcome,
    Rejected,
    TryLater,
    Uncertain,
    Unreadable,
)
from tests.kit.provider_asking import AskingContract
from tests.kit.provider_table import FAULTS
from tests.kit.vendor_server import Call, answer, closed_port, full_port, loopback_client, stay_silent

Result = TypeVar("Result")


class ProviderContract(AskingContract):
    """Subclass it as `Test…` and fill in the table."""

    # Hooks

    def test_genuine_hooks_are_taken_and_read(self) -> None:
        provider = self.reader()
        for what, hook in self.genuine().items():
            provider.authenticate(hook)
            assert provider.read(hook), what

    def test_forged_hooks_are_refused(self) -> None:
        provider = self.reader()
        for what, hook in self.forged().items():
            with pytest.raises(NotGenuine) as refused:
                provider.authenticate(hook)
            assert str(refused.value), what

    def test_a_hook_that_comes_twice_reads_the_same(self) -> None:
        provider = self.reader()
        for hook in self.genuine().values():
            assert provider.read(hook) == provider.read(hook)

    def test_arrivals_name_what_they_belong_to(self) -> None:
        provider = self.reader()
        for what, hook in self.genuine().items():
            for arrival in provider.read(hook):
                if isinstance(arrival, InboundText):
                    assert arrival.ref and arrival.line and arrival.consumer, what
                elif isinstance(arrival, DeliveryReceipt):
                    assert arrival.ref or arrival.message_id, what
                else:
                    assert arrival.reason, what

    @limits(suppress_health_check=[HealthCheck.differing_executors])  # one test for all providers
    @given(body=st.binary(max_size=300), kind=st.sampled_from(["inbound", "status", "receipt", "other"]))
    def test_any_body_is_read_or_unreadable(self, body: bytes, kind: str) -> None:
        provider = self.reader()
        hook = self.signed(kind, body)
        with suppress(NotGenuine):
            provider.authenticate(hook)
        with suppress(Unreadable):
            for arrival in provider.read(hook):
                assert isinstance(arrival, Arrival)

    # Sending

    async def test_a_message_that_is_taken(self) -> None:
        async with self.calling(self.success()) as (provider, server):
            outcome = await provider.send(self.message)
            assert outcome == Accepted(self.success_ref, Status.ACCEPTED)
            assert len(server.calls) == 1

    @pytest.mark.parametrize("fault", FAULTS)
    async def test_a_send_that_goes_wrong(self, fault: str) -> None:
        behaviour, expected = FAULTS[fault]
        async with self.calling(behaviour) as (provider, server):
            outcome = await provider.send(self.message)
            assert isinstance(outcome, expected)
            assert isinstance(outcome, Rejected | TryLater | Uncertain)
            assert outcome.words.endswith(".") and "<" not in outcome.words
            assert len(server.calls) == 1  # never a second try by itself

    async def test_the_pause_that_the_provider_names_is_honoured(self) -> None:
        async with self.calling(answer(429, "{}", Retry_After="7")) as (provider, _):
            outcome = await provider.send(self.message)
            assert isinstance(outcome, TryLater) and outcome.after_s == 7 and outcome.is_pause

    async def test_no_answer_is_uncertain(self) -> None:
        outcome, calls = await self._unanswered(lambda provider: provider.send(self.message))
        assert isinstance(outcome, Uncertain)
        assert len(calls) == 1

    async def test_no_free_connection_is_tried_later(self) -> None:
        async def send_two(provider: Provider) -> tuple[Outcome, Outcome]:
            return await asyncio.gather(provider.send(self.message), provider.send(self.message))

        outcomes, calls = await self._unanswered(send_two, pool_s=0.1, connections=1)
        assert {type(outcome) for outcome in outcomes} == {Uncertain, TryLater}
        assert len(calls) == 1

    async def _unanswered(
        self, attempt: Callable[[Provider], Awaitable[Result]], **limits: Any
    ) -> tuple[Result, list[Call]]:
        """What comes of an attempt that reached a silent server, and the calls there.

        On a busy machine the time may be over before the call has got there: then there is more of it.
        """
        for call_s in (0.5, 2, 8, 32):
            async with self.calling(stay_silent, call_s=call_s, **limits) as (provider, server):
                result = await attempt(provider)
            if server.calls:
                return result, server.calls
        raise AssertionError("the server was not reached")

    async def test_a_closed_port_is_tried_later(self) -> None:
        with closed_port() as nowhere:
            async with loopback_client() as (http, _):
                assert isinstance(await self.made(nowhere, http).send(self.message), TryLater)

    async def test_a_connection_that_does_not_come_is_tried_later(self) -> None:
        with full_port() as busy:
            async with loopback_client(connect_s=0.2) as (http, _):
                assert isinstance(await self.made(busy, http).send(self.message), TryLater)

    async def test_every_refusal_comes_with_its_code_and_our_words(self) -> None:
        seen: set[str | None] = set()
        for code in self.codes:
            words = self.words(code)
            assert words is not None
            if words in seen:  # a call for each meaning is enough
                continue
            seen.add(words)
            async with self.calling(self.refusal(code)) as (provider, _):
                outcome = await provider.send(self.message)
            assert isinstance(outcome, Rejected | TryLater), code
            happened, _, advice = words.rpartition(". ")
            # What the core tries again needs no advice to send it again.
            expected = f"{happened}." if isinstance(outcome, TryLater) else f"{happened}. {advice}"
            assert (outcome.code, outcome.words) == (code, expected)

    def test_every_code_says_what_to_do(self) -> None:
        for code, advice in self.codes.items():
            words = self.words(code)
            assert words is not None
            marks = {Advice.LATER: "It can be sent again "}
            assert words.rpartition(". ")[2].startswith(marks.get(advice, advice.value)), code
            assert code not in words  # words for people

    def test_a_code_without_a_meaning_shows_the_provider_s_words_in_one_harmless_line(self) -> None:
        words = self.words("123456", "first\x1b[31m\r\nsecond\u202e " + "x" * 1000)
        assert words is not None
        assert "123456" in words and "first [31m second" in words
        assert words.isprintable() and len(words) < 400

    # Looking up and checking

    async def test_a_look_up_finds_our_message_or_all_candidates(self) -> None:
        if not self.reader().capabilities.can_look_up:
            async with self.calling(self.success()) as (provider, server):
                assert isinstance(await provider.look_up(self.message), Uncertain)
                assert server.calls == []
            return
        behaviour, expected = self.looked_up()
        async with self.calling(behaviour) as (provider, _):
            found = await provider.look_up(self.message)
        assert found == expected
        matches = found.matches if isinstance(found, Candidates) else (found,)
        refs = [match.ref for match in matches if isinstance(match, Accepted | Rejected)]
        assert all(refs) and len(set(refs)) == len(matches)
        if isinstance(found, Candidates):
            assert len(matches) > 1, "the table shows no equal texts"

    harmless_when_checked: ClassVar[frozenset[str]] = frozenset()  # faults that the provider's check cannot notice

    @pytest.mark.parametrize("fault", FAULTS)
    async def test_a_look_up_or_check_that_goes_wrong(self, fault: str) -> None:
        async with self.calling(FAULTS[fault][0]) as (provider, _):
            found = await provider.look_up(self.message)
            assert isinstance(found, Uncertain | NotFound)
            health = await provider.check()
        if fault not in self.harmless_when_checked:
            assert not health.ok
            assert isinstance(found, Uncertain)
        assert health.words.endswith(".") and "Traceback" not in health.words

    async def test_a_look_up_or_check_without_a_connection(self) -> None:
        with closed_port() as nowhere:
            async with loopback_client() as (http, _):
                provider = self.made(nowhere, http)
                assert isinstance(await provider.look_up(self.message), Uncertain)
                health = await provider.check()
                assert not health.ok and "could not be reached" in health.words

    async def test_a_check_that_is_not_answered(self) -> None:
        async with self.calling(stay_silent, call_s=0.2) as (provider, _):
            assert not (await provider.check()).ok

    async def test_a_sound_account(self) -> None:
        async with self.calling(self.sound()) as (provider, _):
            health = await provider.check()
            assert health.ok and health.words == "Signed in."

    async def test_without_a_base_in_the_configuration_calls_go_to_the_provider(self) -> None:
        """And the guard keeps this test, like all others, from really calling there."""
        if not self.default_host:
            with pytest.raises(msgspec.ValidationError):
                self.decoded("")
            return
        async with loopback_client() as (http, transport):
            provider = self.made("", http, **{name: None for name in self.settings("") if name.endswith("_base")})
            assert isinstance(await provider.send(self.message), TryLater)
            assert not (await provider.check()).ok
            assert transport.strayed == [self.default_host, self.default_check_host]

    # Secrets

    async def test_secrets_are_never_shown(self, caplog: pytest.LogCaptureFixture) -> None:
        shown: list[object] = []
        hidden = set(self.secrets)
        with caplog.at_level(logging.DEBUG):
            for behaviour in (self.success(), self.sound(), *(behaviour for behaviour, _ in FAULTS.values())):
                async with self.calling(behaviour) as (provider, server):
                    shown += [await provider.send(self.message), await provider.look_up(self.message)]
                    shown += [await provider.check(), provider, self.decoded(server.url)]
                    with suppress(CallFailed):
                        shown += await provider.poll(self.success_ref)
                    with suppress(CallFailed):
                        shown += [arrival async for arrival in provider.list_since(self.since)]
                    with suppress(Unreadable):
                        shown.append(provider.media_call(f"{server.url}/picture"))
                    logins = {call.headers.get("authorization", "").removeprefix("Basic ") for call in server.calls}
                    hidden |= logins - {""}
            provider = self.reader()
            for hook in self.forged().values():
                with pytest.raises(NotGenuine) as refused:
                    provider.authenticate(hook)
                shown.append(refused.value)
        logged = [record.getMessage() for record in caplog.records]
        assert logged  # httpx does log, so this test can fail
        text = "\n".join([*logged, *map(str, shown), *map(repr, shown)])
        for one in hidden:
            assert one not in text

    def test_a_blank_secret_is_refused(self) -> None:
        for name, value in self.settings("http://127.0.0.1:9").items():
            if value in self.secrets:
                with pytest.raises(msgspec.ValidationError, match=f"{name} is blank"):
                    self.reader(**{name: ""})

    @pytest.mark.parametrize("address", ["", "sms.example.com", "ftp://sms.example.com", "https://", "https://a/?b=c"])
    def test_a_malformed_address_is_refused(self, address: str) -> None:
        with pytest.raises(msgspec.ValidationError, match="public_url must be an address like"):
            self.reader(public_url=address)
