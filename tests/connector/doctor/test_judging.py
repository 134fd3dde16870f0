"""What each check makes of what it sees, as tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.doctor.checks import (
    account_health,
    clock,
    core,
    data_directory,
    database,
    deliveries,
    hooks_seen,
    on_call,
    opt_out,
    public_address,
    quarantine,
    sign_in,
    signatures,
    webhooks,
)
from connector.doctor.checks.data_directory import DiskSpace
from connector.doctor.checks.public_address import HealthResponse
from connector.doctor.checks.signatures import RefusedHooks
from connector.doctor.evidence import RunningCore
from connector.doctor.store_evidence import StoreEvidence
from connector.domain.alerts import AlertStep
from connector.domain.consent.entries import LikelyOptOut
from connector.domain.rota import AskedAs
from connector.providers.twilio.numbers import MessagingService, TwilioNumber, WebhookSettings
from connector.providers.values import Health
from connector.setup.twilio_plan import wanted
from connector.store.hook_budgets import Standing, budget
from connector.store.migrations.shapes import HEAD
from connector.store.values import HookState, RawHook
from tests.kit.findings import says
from tests.kit.stores import NOW, alert

HOUR_MS, DAY_MS = 3_600_000, 24 * 3_600_000


@pytest.mark.parametrize(
    ("room", "state", "words"),
    [
        (DiskSpace(True, 80_000_000_000), "green", "80.0 GB"),
        (DiskSpace(False, 80_000_000_000), "green", "does not exist yet"),
        (DiskSpace(True, 999_000_000), "amber", "Free some space"),
        (DiskSpace(True, 99_000_000), "red", "Free space now"),
        (DiskSpace(False, 99_000_000), "red", "Free space now"),
        (DiskSpace(True, 0, "read-only file system"), "red", "read-only file system"),
    ],
)
def test_data_directory(room: DiskSpace, state: str, words: str) -> None:
    assert says(data_directory.judge(Path("data"), room), state, words)


@pytest.mark.parametrize(
    ("ahead_s", "state", "words"),
    [
        (0, "green", "agrees"),
        (29, "green", "agrees"),
        (-29, "green", "agrees"),
        (31, "amber", "31 seconds ahead of"),
        (-120, "amber", "2 minutes behind"),
        (3600, "red", "1 hour ahead of"),
        (-7200, "red", "2 hours behind"),
        (-86400 * 400, "red", "400 days behind"),
    ],
)
def test_clock(ahead_s: int, state: str, words: str) -> None:
    assert says(clock.judge(ahead_s * 1000, "api.twilio.com"), state, words)


SOUND = StoreEvidence("SQLite", is_there=True, revision=HEAD, damage="", is_current=True)


@pytest.mark.parametrize(
    ("stored", "state", "words"),
    [
        (SOUND, "green", "sound"),
        (StoreEvidence("PostgreSQL", is_there=True, revision=HEAD, damage=""), "green", "reached"),
        (replace(SOUND, damage=None), "green", "too large"),
        (StoreEvidence("SQLite"), "green", "none yet"),
        (replace(SOUND, revision=None), "green", "empty"),
        (replace(SOUND, revision="0000"), "amber", "older"),
        (replace(SOUND, revision="9999"), "red", "Update"),
        (replace(SOUND, damage="row 7 missing from index"), "red", "row 7"),
        (StoreEvidence("SQLite", trouble="It is not a database."), "red", "not a database"),
    ],
)
def test_database(stored: StoreEvidence, state: str, words: str) -> None:
    assert says(database.judge(stored), state, words)


def test_a_running_core_has_a_database() -> None:
    assert says(database.judge(StoreEvidence("SQLite"), is_running=True), "red", "removed or moved")


@pytest.mark.parametrize(
    ("found", "has_accounts", "state", "words"),
    [
        (RunningCore("s", 4711, version="1.0"), True, "green", "4,711"),
        (RunningCore("s", 0, version="0.9"), True, "amber", "0.9"),
        (RunningCore(trouble="No core is running on x: start one."), True, "red", "serve --data x"),
        (RunningCore(trouble="No core is running on x: start one."), False, "amber", "serve --data x"),
        (RunningCore(trouble="The core on x belongs to another user."), True, "red", "another user"),
        (RunningCore(trouble="The service is not running.", is_elsewhere=True), False, "red", "doctor --data DIR"),
    ],
)
def test_core(found: RunningCore, has_accounts: bool, state: str, words: str) -> None:
    assert says(core.judge(found, "serve --data x", "1.0", has_accounts=has_accounts), state, words)


@pytest.mark.parametrize(
    ("health", "state", "words"),
    [
        (Health(True, "Signed in."), "green", "Signed in."),
        (Health(True, "Signed in.", balance="42.17 USD"), "green", "Balance 42.17 USD."),
        (Health(True, "Signed in.", balance="4.99 USD"), "amber", "before they run out"),
        (Health(True, "Signed in.", balance="0.00 USD"), "red", "Add funds"),
        (Health(True, "Signed in.", balance="-1.5 EUR"), "red", "Add funds"),
        (Health(True, "Signed in.", balance="plenty"), "green", "plenty"),
        (Health(True, "Signed in; a trial account texts verified numbers only."), "amber", "Upgrade"),
        (Health(False, "Twilio refused the sign-in: wrong SID.", "20003"), "red", "textdesk setup"),
        (Health(False, "Twilio could not be reached."), "red", "network"),
        (Health(False, "Twilio has trouble (HTTP 503)."), "red", "Wait"),
        (Health(False, "Twilio had too many requests at once. It can be tried again later."), "red", "Wait"),
        (Health(False, "Twilio answered HTTP 200 in an unknown form. Tell the administrator."), "red", "addresses"),
        (Health(False, "The Twilio account is suspended. Tell the administrator."), "red", "console"),
    ],
)
def test_sign_in(health: Health, state: str, words: str) -> None:
    found = sign_in.judge("main", health)
    assert says(found, state, words)
    assert found.about == "main"
    assert "administrator" not in found.words


ADDRESS = "+14155550100"
OURS = "https://sms.example.com/hooks/twilio/main/inbound#rc=5"
BARE = OURS.partition("#")[0]
NUMBER = TwilioNumber("PN1", ADDRESS, "Orders", takes_sms=True, takes_mms=False, hooks=wanted(OURS))
SERVICE = MessagingService(
    "MG1", "Care", leaves_it_to_the_number=False, hooks=WebhookSettings(), numbers=frozenset(["PN1"])
)


@pytest.mark.parametrize(
    ("number", "services", "state", "words"),
    [
        (NUMBER, [], "green", ADDRESS),
        (NUMBER, None, "amber", "Messaging Services"),
        (replace(NUMBER, takes_sms=False), [], "red", "no SMS"),
        (replace(NUMBER, hooks=WebhookSettings()), [], "red", "texts nowhere"),
        (replace(NUMBER, hooks=WebhookSettings("https://demo.twilio.com/x")), [], "red", "https://demo.twilio.com/x"),
        (replace(NUMBER, hooks=WebhookSettings(OURS, "GET")), [], "amber", "GET"),
        (replace(NUMBER, hooks=WebhookSettings(BARE, fallback_url=BARE)), [], "amber", "once at most"),
        (replace(NUMBER, hooks=WebhookSettings(OURS)), [], "amber", "fallback"),
        (replace(NUMBER, application_sid="AP1"), [], "red", "--take-over"),
        (NUMBER, [SERVICE], "red", "Care"),
        (NUMBER, [replace(SERVICE, hooks=wanted(OURS))], "green", ADDRESS),
        (replace(NUMBER, hooks=WebhookSettings()), [replace(SERVICE, hooks=wanted(OURS))], "green", ADDRESS),
        (replace(NUMBER, application_sid="AP1"), [replace(SERVICE, hooks=wanted(OURS))], "green", ADDRESS),
        (NUMBER, [replace(SERVICE, leaves_it_to_the_number=True)], "green", ADDRESS),
    ],
)
def test_webhooks(number: TwilioNumber, services: list[MessagingService] | None, state: str, words: str) -> None:
    [found] = webhooks.judge("main", [ADDRESS], {ADDRESS: number}, services, OURS)
    assert says(found, state, words)


@pytest.mark.parametrize(
    ("ours", "listed", "state", "words"),
    [
        ([ADDRESS], [], "red", "no such number"),
        (["55501"], [], "amber", "short codes"),
        ([], [NUMBER], "amber", "quarantine"),
    ],
)
def test_numbers_on_one_side_only(ours: list[str], listed: list[TwilioNumber], state: str, words: str) -> None:
    [found] = webhooks.judge("main", ours, {number.address: number for number in listed}, [], OURS)
    assert says(found, state, words)


@pytest.mark.parametrize(
    ("since_ms", "state", "words"),
    [
        (None, "amber", "/hooks/openmarket/main/inbound"),
        (5 * HOUR_MS, "green", "5h ago"),
        (8 * DAY_MS, "amber", "8d ago"),
    ],
)
def test_hooks_seen(since_ms: int | None, state: str, words: str) -> None:
    address = "https://sms.example.com/hooks/openmarket/main/inbound"
    assert says(hooks_seen.judge("main", since_ms, address, "openmarket"), state, words)


@pytest.mark.parametrize(
    ("status", "reasons", "expected"),
    [
        ("ok", [], [("green", "healthy")]),
        ("ok", None, [("green", "healthy")]),
        (
            "warning",
            ["nothing can be stored: the disk is full.", "main: 3 calls"],
            [("amber", "disk"), ("amber", "3 c")],
        ),
        ("warning", None, [("amber", "is this machine")]),
    ],
)
def test_account_health(status: str, reasons: list[str] | None, expected: list[tuple[str, str]]) -> None:
    findings = account_health.judge(status, reasons)
    assert len(findings) == len(expected)
    assert all(says(finding, *one) for finding, one in zip(findings, expected, strict=True))


URL = "https://sms.example.com"
WELL = HealthResponse(200, "ours", is_core=True)


@pytest.mark.parametrize(
    ("url", "far", "near", "store", "state", "words"),
    [
        (URL, WELL, WELL, "ours", "green", "from outside it may differ"),
        (URL, WELL, WELL, None, "amber", "no core is running"),
        (URL, replace(WELL, store="theirs"), WELL, "ours", "red", "Another core"),
        (URL, HealthResponse(404), WELL, "ours", "red", "HTTP 404"),
        (URL, HealthResponse(200), WELL, "ours", "red", "Something other than a core"),
        (URL, HealthResponse(502), WELL, "ours", "red", "does not reach the core"),
        (
            URL,
            HealthResponse(301, location="https://www.example.com/"),
            WELL,
            "ours",
            "red",
            "https://www.example.com/",
        ),
        (URL, HealthResponse(failure="no answer in time"), WELL, "ours", "red", "no answer in time"),
        (URL, WELL, HealthResponse(failure="no connection"), "ours", "red", "own port"),
        (URL, replace(WELL, gives_reasons=True), WELL, "ours", "amber", "gives every caller the reasons"),
        ("http://sms.example.com", WELL, WELL, "ours", "amber", "https"),
        ("https://192.168.0.9", WELL, WELL, "ours", "red", "cannot be reached from the internet"),
    ],
)
def test_public_address(
    url: str, far: HealthResponse, near: HealthResponse, store: str | None, state: str, words: str
) -> None:
    assert says(public_address.judge(url, far, near, store, is_trial=False), state, words)


def test_a_provider_on_this_machine_needs_no_public_address() -> None:
    found = public_address.judge("http://127.0.0.1:8080", WELL, WELL, "ours", is_trial=True)
    assert says(found, "green", "127.0.0.1")


@pytest.mark.parametrize(
    ("refusals", "state", "words"),
    [
        (RefusedHooks(), "green", "No hook"),
        (RefusedHooks(1, 5_000, "no X-Twilio-Signature header"), "amber", "them. No X-Twilio-Signature header."),
        (RefusedHooks(2, 5_000, "does not match", "It is signed for http://x."), "red", "It is signed for http://x."),
        (RefusedHooks(is_watched=True), "amber", "enforce"),
        (RefusedHooks(1, 5_000, "no header", is_watched=True), "amber", "taken without a valid proof"),
        (RefusedHooks(1, 5_000, "no match", "It is signed for x.", is_watched=True), "amber", "It is signed for x."),
        (RefusedHooks(8, 5_000, "no match", "It is signed for x."), "red", ": 8 in the last day"),
        (RefusedHooks(8, 5_000, "no match", "It is signed for x."), "red", "at least one of them is genuine. It is"),
        (RefusedHooks(8, 5_000, "no match", "It is signed for x."), "red", "only those that you know to be genuine"),
        (RefusedHooks(8, 5_000, "no match", likely=1), "amber", "1 names a number of yours and carries"),
        (RefusedHooks(8, 5_000, "no match"), "amber", "nothing shows that the provider sent any of them"),
    ],
)
def test_signatures(refusals: RefusedHooks, state: str, words: str) -> None:
    assert says(signatures.judge("main", refusals), state, words)


@pytest.mark.parametrize(
    ("own", "is_advanced", "words"),
    [(True, False, "itself"), (True, True, "Advanced"), (False, False, "textdesk")],
)
def test_opt_out(own: bool, is_advanced: bool, words: str) -> None:
    assert says(opt_out.judge("main", own=own, is_advanced=is_advanced), "green", words)


@pytest.mark.parametrize(
    ("waits_ms", "message_id", "words"),
    [
        (DAY_MS + 1, "M1", "Nothing is sent to +15550123, +15550123: for a day"),
        (HOUR_MS, "M1", None),
        (HOUR_MS, None, "to a number that is not in the configuration"),
    ],
)
def test_likely_opt_outs_that_wait(waits_ms: int, message_id: str | None, words: str | None) -> None:
    likely = LikelyOptOut("+15550123", 0, "main", "+15550100", "+15550123", message_id, "leave me alone")
    found = opt_out.judge_waiting([likely, likely], waits_ms)
    assert len(found) == (words is not None)
    assert words is None or says(found[0], "amber", words)
    assert not any("leave me alone" in one.words + one.advice for one in found)


@pytest.mark.parametrize(
    ("codes", "states"),
    [
        ({}, ["green"]),
        ({"30003": 9}, ["green"]),
        ({"30007": 2}, ["amber"]),
        ({"30034": 1, "30007": 2, "21610": 5}, ["red", "amber"]),
        ({"30032": 1}, ["red"]),
    ],
)
def test_deliveries(codes: dict[str, int], states: list[str]) -> None:
    found = deliveries.judge("main", codes)
    assert [finding.severity for finding in found] == states
    assert all(says(finding, finding.severity) for finding in found)
    assert not any("1 times" in finding.words for finding in found)


def aside(reason: str, standing: Standing, state: HookState = HookState.UNROUTABLE) -> RawHook:
    return RawHook("1", 0, "main", "/x", "https://x", {}, b"", state, reason, budget(standing, "main"))


def test_quarantine() -> None:
    [nothing] = quarantine.judge([])
    assert says(nothing, "green")
    hooks = [aside(f"reason {number}", Standing.GENUINE) for number in range(1, 6) for _ in range(number)]
    [found] = quarantine.judge(hooks)
    assert says(found, "amber", ": 15, ", "reason 5 (5); reason 4 (4); reason 3 (3)", "2 other reasons")


def test_only_what_is_proven_is_called_genuine_in_quarantine() -> None:
    hooks = [
        aside("+1 is not a number", Standing.GENUINE),
        aside("not a status", Standing.GENUINE, HookState.UNREADABLE),
        aside("there is no such account", Standing.UNKNOWN),
        aside("called with PUT", Standing.UNPROVEN, HookState.UNREADABLE),
        aside("+2 is not a number", Standing.LIKELY),  # taken while signatures were only watched
    ]
    line, unreadable, unproven = quarantine.judge(hooks)
    assert says(line, "amber", "Genuine", ": 1, ", "+1 is not", "Add the numbers", "60 days")
    assert says(unreadable, "amber", "Genuine", ": 1, ", "not a status", "60 days")
    assert says(unproven, "amber", "without a valid proof", ": 3, ", "no such account", "nothing to do")
    assert "enuine" not in unproven.words + unproven.advice
    assert "Add the numbers" not in unproven.advice


def test_an_alert_is_red_once_somebody_was_asked() -> None:
    [found] = on_call.judge_alerts([alert()], NOW + 5_000)
    assert says(found, "amber", "1 alert for 5 s; nobody has been asked yet")
    asked = alert(steps=(AlertStep(NOW + 30_000, ("ann",), AskedAs.ON_CALL),))
    [found] = on_call.judge_alerts([asked, alert(acknowledged_at=NOW)], NOW + 60_000)
    assert says(found, "red", "Nobody has acknowledged 1 alert, the oldest for 60 s")
    assert not on_call.judge_alerts([alert(ended_at=NOW)], NOW)
