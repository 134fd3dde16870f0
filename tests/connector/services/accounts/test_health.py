"""The health of an account agrees with the traffic of its lines."""

from __future__ import annotations

import pytest

from connector.base.live import Live
from connector.base.secret import Secret
from connector.domain.status import Status
from connector.providers.outbound import OutboundClient
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Accepted, DeliveryReceipt, Outcome, Rejected, TryLater
from connector.services.accounts import traffic
from connector.services.accounts.health import ProviderHealth, without_store
from connector.services.sending import attempt_outcomes, outbox
from connector.store.sql.store import SqlStore
from connector.wire import requests
from connector.wire.views import AccountView, LineTrafficView
from tests.kit.stores import LINE
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

REFUSED = Rejected("30034", "Our number is not registered. Tell the administrator.")


class Panel:
    """Use cases with two lines of one account, and the health shown of them."""

    def __init__(self, office: Office, http: OutboundClient) -> None:
        settings = TwilioProvider.Settings(
            account_sid="AC" + "1" * 32, auth_token=Secret("2" * 32), numbers=[], public_url="http://127.0.0.1"
        )
        self.office = office
        self.health = ProviderHealth(Live({"main": TwilioProvider("main", settings, http)}))
        self.sent = 0

    async def send(self, line: str, *ends: Outcome, took_s: float = 0) -> list[str]:
        """Send one reply for each outcome, which comes after `took_s`."""
        found = []
        for outcome in ends:
            self.sent += 1
            found.append(await self.office.reply(await self.office.text(consumer=consumer(self.sent), line=line)))
            begun = await self.office.do(outbox.claim, self.office.node, 32)
            [(work, _)] = begun
            self.office.clock.advance(took_s)
            await self.office.do(attempt_outcomes.record, work, outcome)
            self.office.clock.advance(0.01)
        return found

    async def look(self) -> tuple[AccountView, dict[str, LineTrafficView]]:
        self.office.clock.advance(5)
        await self.office.store.read(lambda reading: self.health.look(reading, self.office.now))
        [account] = self.health.views(self.office.now, {}, self.office.brand.masking)
        lines = (await self.office.look(traffic.by_line, requests.GetTraffic())).lines
        assert account.failed == sum(bucket.failed for line in lines for bucket in line.buckets)
        return account, {line.line: line for line in lines}


@pytest.fixture
async def panel(store: SqlStore) -> Panel:
    office = Office(store, rules(), rules(address=OTHER_LINE))
    await office.sign_in()
    return Panel(office, OutboundClient())


async def test_an_account_whose_replies_all_fail_is_down_though_the_provider_accepts_them(panel: Panel) -> None:
    for number, message_id in enumerate(await panel.send(LINE, *(Accepted(f"SM{n}") for n in range(5)))):
        report = DeliveryReceipt(
            Status.UNDELIVERED, "undelivered", f"SM{number}", message_id, REFUSED.code, REFUSED.words
        )
        await panel.office.take(report)
    account, lines = await panel.look()
    words = "5 of the last hour's 5 replies failed: Our number is not registered. Tell the administrator (30034)"
    assert (account.state, account.words, account.failed, account.reasons) == ("down", words, 5, [words])
    assert (lines[LINE].state, lines[LINE].words, lines[LINE].reasons) == ("down", words, [words])
    assert (lines[OTHER_LINE].state, lines[OTHER_LINE].reasons) == ("unknown", [])


async def test_segments_that_are_billed_otherwise_than_predicted_are_a_warning(panel: Panel) -> None:
    sent = await panel.send(LINE, *(Accepted(f"SM{n}", billed=2) for n in range(3)), Accepted("SM9", billed=1))
    account, lines = await panel.look()
    words = "billed 2 segments where 1 was predicted, 3 of the last hour's 4 replies"
    assert (account.state, account.reasons) == ("warning", [words])
    assert lines[LINE].state == "ok"
    report = await panel.office.question(requests.GetReport(panel.office.now, "line"))
    (row,) = report.rows
    assert (row.billed_replies, row.billed, row.predicted, row.billed_otherwise) == (4, 7, 4, 3)
    # What is said later and less changes nothing; the order of what a provider says does not matter.
    await panel.office.take(DeliveryReceipt(Status.DELIVERED, "delivered", "SM0", sent[0], billed=1))
    await panel.office.take(DeliveryReceipt(Status.DELIVERED, "delivered", "SM9", sent[3], parts=3))
    assert [(await panel.office.message(one)).billed for one in sent] == [2, 2, 2, 3]
    panel.office.clock.advance(2 * 3600)
    account, _ = await panel.look()
    assert account.state != "warning"


async def test_an_account_is_judged_by_all_its_lines(panel: Panel) -> None:
    await panel.send(LINE, *[REFUSED] * 5)
    await panel.send(OTHER_LINE, *(Accepted(f"SM{n}") for n in range(5)))
    account, lines = await panel.look()
    assert (account.state, account.failed) == ("warning", 5)
    assert account.words.startswith("5 of the last hour's 10 replies failed")
    assert [sum(bucket.replies for bucket in lines[line].buckets) for line in (LINE, OTHER_LINE)] == [5, 5]
    assert (lines[LINE].state, lines[OTHER_LINE].state) == ("down", "ok")
    panel.office.clock.advance(3600)
    account, lines = await panel.look()
    assert account.failed == 0
    assert {line.state for line in lines.values()} == {"unknown"}


async def test_the_time_of_a_send_is_the_median_of_what_the_provider_accepted_in_the_last_hour(panel: Panel) -> None:
    assert (await panel.look())[0].median_send_ms is None
    for number, took_s in enumerate((0.3, 0.4, 9)):
        await panel.send(LINE, Accepted(f"SM{number}"), took_s=took_s)
    await panel.send(LINE, REFUSED, took_s=0.1)
    assert (await panel.look())[0].median_send_ms == 400
    panel.office.clock.advance(3600)
    assert (await panel.look())[0].median_send_ms is None


async def test_it_says_why_replies_wait_until_one_is_taken(panel: Panel) -> None:
    assert (await panel.look())[0].replies_wait == ""
    await panel.send(LINE, TryLater("The provider refused the sign-in.", "20003", is_hold=True))
    assert (await panel.look())[0].replies_wait == "The provider refused the sign-in (20003)"
    panel.office.clock.advance(3600)
    [(work, _)] = await panel.office.do(outbox.claim, panel.office.node, 32)
    await panel.office.do(attempt_outcomes.record, work, Accepted("SM1"))
    assert (await panel.look())[0].replies_wait == ""


async def test_an_account_whose_provider_cannot_be_reached_while_replies_wait_is_down(panel: Panel) -> None:
    await panel.send(LINE, Accepted("SM0"))
    sent_at = (await panel.look())[0].last_send_at
    await panel.send(LINE, TryLater("The gateway could not be reached; nothing was sent."))
    account = (await panel.look())[0]
    assert (account.state, account.last_send_at) == ("warning", sent_at), "an attempt is not sent"
    panel.office.clock.advance(6)
    account = (await panel.look())[0]
    words = "no reply leaves: The gateway could not be reached; nothing was sent"
    assert (account.state, account.words, account.last_send_at) == ("down", words, sent_at)
    [(work, _)] = await panel.office.do(outbox.claim, panel.office.node, 32)
    await panel.office.do(attempt_outcomes.record, work, Accepted("SM1"))
    account = (await panel.look())[0]
    assert account.state == "unknown", "not signed in yet"
    assert account.last_send_at is not None and account.last_send_at > (sent_at or 0)


async def test_what_was_sent_before_many_attempts_is_still_the_last_that_went_out(panel: Panel) -> None:
    assert (await panel.look())[0].last_send_at is None
    await panel.send(LINE, Accepted("SM0"))
    await panel.send(LINE, *[REFUSED] * 51)
    account = (await panel.look())[0]
    assert account.last_send_at is not None and account.last_send_at < panel.office.now - 500


async def test_without_a_store_every_account_is_down(panel: Panel) -> None:
    await panel.send(LINE, REFUSED)
    account, _ = await panel.look()
    [view] = without_store([account], "nothing can be stored: the disk is full")
    assert (view.state, view.words) == ("down", "nothing can be stored: the disk is full")
    assert view.replies_wait == view.words
    assert view.reasons == ["nothing can be stored: the disk is full", *account.reasons]
