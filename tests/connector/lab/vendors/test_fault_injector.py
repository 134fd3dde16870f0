"""Faults as they are drawn, and their effect on a core and on a client of a vendor."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.lab.vendors.fault_injector import FaultInjector
from connector.lab.vendors.fault_scenario import FaultScenario, HookFault, PictureFault, SendFault, built_in, load
from tests.connector.lab.both_vendors import VENDORS, Vendor
from tests.connector.lab.harness import CONSUMER, LINE, SHORT_CODE, RecordingCore, Simulator, simulator

LONG = "A text of several segments; " * 20
LINES = pytest.mark.parametrize("line", [LINE, SHORT_CODE], ids=["twilio", "openmarket"])

_calls = st.lists(st.tuples(st.sampled_from(("twilio", "openmarket")), st.sampled_from("ABC")), max_size=40)


def counter() -> Callable[[str, str], int]:
    counts: dict[tuple[str, str], Any] = {}
    return lambda consumer, what: next(counts.setdefault((consumer, what), itertools.count()))


def drawn(scenario: FaultScenario, seed: int, calls: list[tuple[Any, str]]) -> dict[str, list[Any]]:
    """The faults of each consumer's requests, in their order."""
    faults = FaultInjector(scenario, seed, counter())
    met: dict[str, list[Any]] = {}
    for provider, consumer in calls:
        met.setdefault(consumer, []).append((faults.hook(provider, consumer), faults.send(provider, consumer)))
    return met


@given(st.sampled_from(built_in()), st.integers(), _calls, st.randoms(use_true_random=False))
def test_faults_depend_on_seed_consumer_and_number_alone(name: str, seed: int, calls: list[Any], order: Any) -> None:
    by_consumer = {consumer: [call for call in calls if call[1] == consumer] for consumer in "ABC"}
    turns = [call[1] for call in calls]
    order.shuffle(turns)
    shuffled = [by_consumer[consumer].pop(0) for consumer in turns]
    scenario = load(name)
    assert drawn(scenario, seed, calls) == drawn(scenario, seed, shuffled)


def test_another_seed_draws_other_faults() -> None:
    calls = [("twilio", "A")] * 30
    runs = [str(drawn(load("everything"), seed, calls)) for seed in range(5)]
    assert len(set(runs)) == 5
    other = msgspec.structs.replace(load("everything"), seed=1)
    assert str(drawn(other, 0, calls)) != runs[0]


def test_a_picture_is_late_for_a_time_of_its_own_and_then_there() -> None:
    late = PictureFault(what="404", chance=0.5, for_s=(1.0, 30.0))
    faults = FaultInjector(FaultScenario(pictures=(late, PictureFault(what="page", for_s=(0, 0)))), 1, counter())
    at_first = [faults.picture(f"ME{number}", 0) for number in range(100)]
    assert 25 < at_first.count("404") < 75 and at_first.count("page") == 100 - at_first.count("404")
    assert at_first == [faults.picture(f"ME{number}", 0.9) for number in range(100)]
    later = [faults.picture(f"ME{number}", 31) for number in range(100)]
    assert {(one, now) for one, now in zip(at_first, later, strict=True)} == {("404", "page"), ("page", "page")}
    faults = FaultInjector(FaultScenario(pictures=(late,)), 1, counter())
    assert {faults.picture(f"ME{number}", 31) for number in range(100)} == {None}


def test_chance_and_places() -> None:
    faults = (HookFault(what="lose", chance=0), HookFault(what="forge", at=(2, 4)), HookFault(what="late", chance=0.5))
    plans = [plan for plan, _ in drawn(FaultScenario(hooks=faults), 0, [("twilio", "A")] * 400)["A"]]
    assert [place for place, plan in enumerate(plans, start=1) if plan.is_forged] == [2, 4]
    assert not any(plan.is_lost for plan in plans)
    assert 150 < sum(plan.late_s > 0 for plan in plans) < 250


def test_a_fault_of_one_vendor_spares_the_other() -> None:
    scenario = FaultScenario(
        sends=(SendFault(send="500", provider="twilio"),), hooks=(HookFault(what="lose", provider="openmarket"),)
    )
    (plan, behaviour), (other_plan, other_fate) = drawn(scenario, 0, [("twilio", "A"), ("openmarket", "A")])["A"]
    assert (plan.is_lost, behaviour.send) == (False, "500")
    assert (other_plan.is_lost, other_fate.send) == (True, "accept")


def test_of_two_faults_the_first_sets_a_field() -> None:
    faults = (SendFault(send="429", retry_after_s=3), SendFault(send="500", copies=2), SendFault(receipts="early"))
    [(_, behaviour)] = drawn(FaultScenario(sends=faults), 0, [("twilio", "A")])["A"]
    assert (behaviour.send, behaviour.retry_after_s, behaviour.copies, behaviour.receipts) == ("429", 3, 2, "early")


def inbound(core: RecordingCore) -> list[str]:
    """The ids of the hooks with consumers' texts, in the order they came."""
    calls = [call for call in core.calls if call.path.endswith("/inbound")]
    return [
        call.form["MessageSid"] if "/twilio/" in call.path else call.json["mobileOriginate"]["ticketId"]
        for call in calls
    ]


@LINES
async def test_a_doubled_hook(core: RecordingCore, tmp_path: Path, line: str) -> None:
    scenario = FaultScenario(hooks=(HookFault(what="double"), HookFault(what="double", after_s=(5, 9))))
    async with simulator(tmp_path, core, scenario=scenario) as sim:
        delivery = await sim.text(CONSUMER, line, LONG)
        assert delivery["statuses"] == [200] * len(delivery["ids"])
        assert (await sim.settled())["hook double"] == 2 * len(delivery["ids"])
    assert Counter(inbound(core)) == dict.fromkeys(delivery["ids"], 3)
    assert len({call.body for call in core.calls}) == len(delivery["ids"])


@LINES
async def test_late_hooks_overtake_one_another(core: RecordingCore, tmp_path: Path, line: str) -> None:
    scenario = FaultScenario(hooks=(HookFault(what="late", after_s=(1, 300)),))
    async with simulator(tmp_path, core, scenario=scenario) as sim:
        delivery = [await sim.text(CONSUMER, line, f"text {number}") for number in range(12)]
        ids = [id_ for one in delivery for id_ in one["ids"]]
        assert {status for one in delivery for status in one["statuses"]} == {None}, "they are sent in the background"
        await sim.settled()
    assert sorted(inbound(core)) == sorted(ids)
    assert inbound(core) != ids


async def test_a_lost_segment_is_never_sent(core: RecordingCore, tmp_path: Path) -> None:
    async with simulator(tmp_path, core, scenario=FaultScenario(hooks=(HookFault(what="lose", at=(2,)),))) as sim:
        delivery = await sim.text(CONSUMER, SHORT_CODE, LONG)
        await sim.settled()
        (message,) = await sim.log()
    assert delivery["statuses"] == [200, None, 200, 200]
    assert message["lost"] == [delivery["ids"][1]]
    assert inbound(core) == [id_ for id_ in delivery["ids"] if id_ not in message["lost"]]


async def test_a_lost_hook_of_twilio_leaves_its_message_in_the_list(core: RecordingCore, tmp_path: Path) -> None:
    async with simulator(tmp_path, core, scenario=FaultScenario(hooks=(HookFault(what="lose"),))) as sim:
        delivery = await sim.text(CONSUMER, LINE, "hello")
        (listed,) = await sim.twilio.messages.list_async(to=LINE)
    assert core.calls == []
    assert (listed.sid, listed.direction, listed.body) == (delivery["ids"][0], "inbound", "hello")


@LINES
async def test_a_forged_hook_comes_first_and_has_no_valid_signature(
    core: RecordingCore, tmp_path: Path, line: str
) -> None:
    async with simulator(tmp_path, core, scenario=FaultScenario(hooks=(HookFault(what="forge"),))) as sim:
        core.statuses = [403, 200]
        delivery = await sim.text(CONSUMER, line, "hello")
        assert delivery["statuses"] == [200]
        forged, real = core.calls
        assert inbound(core) == delivery["ids"] * 2, "with the id that is about to come"
        assert b"Forged" in forged.body and b"Forged" not in real.body
        if line == LINE:
            assert (forged.is_signed(), real.is_signed()) == (False, True)
        else:
            assert forged.headers["authorization"] != real.headers["authorization"]
        (message,) = await sim.log()
        assert message["answers"] == [200], "what was said to the forger is not the vendor's"
        assert (await sim.faults())["done"] == {"hook forge": 1, "forged call": 1, "forged call taken": 0}


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("send", "status", "kind"),
    [("429", 429, "application/json"), ("503", 503, "application/json"), ("html", 200, "text/html")],
)
async def test_error_responses(
    core: RecordingCore, tmp_path: Path, vendor: Vendor, send: str, status: int, kind: str
) -> None:
    scenario = FaultScenario(sends=(SendFault(send=send, retry_after_s=7, at=(1,)),))
    async with simulator(tmp_path, core, scenario=scenario) as sim:
        response = await vendor.send(sim, CONSUMER, f"{core.url}/status")
        assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (status, kind)
        assert response.headers.get("retry-after") == (None if send == "html" else "7")
        assert await sim.log() == []
        assert (await vendor.send(sim, CONSUMER, f"{core.url}/status")).status_code == vendor.accepted


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_held_request_is_cut_after_its_time(core: RecordingCore, tmp_path: Path, vendor: Vendor) -> None:
    scenario = FaultScenario(sends=(SendFault(send="timeout", held_s=20),))
    async with simulator(tmp_path, core, scenario=scenario) as sim:
        with pytest.raises(httpx.TransportError):
            await vendor.send(sim, CONSUMER, f"{core.url}/status")
        assert await sim.log() == []


def reports(core: RecordingCore) -> list[tuple[Any, ...]]:
    """Message, step or segment, and status of every receipt, in the order they came."""
    found: list[tuple[Any, ...]] = []
    for call in core.calls:
        if call.body.startswith(b"{"):
            receipt = call.json["deliveryReceipt"]
            found.append((receipt["ticketId"], receipt["segmentNumber"], receipt["code"]))
        else:
            found.append((call.form["MessageSid"], call.form["MessageStatus"]))
    return found


@pytest.mark.parametrize("vendor", VENDORS)
async def test_receipts_are_repeated_and_in_any_order(core: RecordingCore, tmp_path: Path, vendor: Vendor) -> None:
    async with simulator(tmp_path, core, scenario=FaultScenario(sends=(SendFault(late_s=300, copies=2),))) as sim:
        for _ in range(6):
            await vendor.send(sim, CONSUMER, f"{core.url}/status")
        await sim.settled()
    counts = Counter(reports(core))
    assert set(counts.values()) == {2}
    steps = 2 if any(len(report) == 2 for report in counts) else 1
    assert len(counts) == 6 * steps
    assert reports(core) != sorted(reports(core), key=[*counts].index)


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_forged_receipt_says_the_opposite(core: RecordingCore, tmp_path: Path, vendor: Vendor) -> None:
    async with simulator(tmp_path, core, scenario=FaultScenario(sends=(SendFault(forged=True),))) as sim:
        await vendor.send(sim, CONSUMER, f"{core.url}/status")
        done = await sim.settled()
    *_, forged, real = core.calls
    assert done["forged call"] >= 1
    said = [report[-1] for report in reports(core)[-2:]]
    assert said in (["undelivered", "delivered"], [5, 4])
    if said[1] == "delivered":
        assert (forged.is_signed(), real.is_signed()) == (False, True)
    else:
        assert forged.headers["authorization"] != real.headers["authorization"]


async def test_a_number_rule_precedes_the_scenario(core: RecordingCore, tmp_path: Path) -> None:
    async with simulator(tmp_path, core, scenario=FaultScenario(sends=(SendFault(send="500"),))) as sim:
        await sim.arrange(CONSUMER, times=1)
        assert (await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="hello")).status == "queued"
        assert (await sim.faults())["done"] == {}


async def test_a_calm_scenario_does_nothing(sim: Simulator, core: RecordingCore) -> None:
    await sim.text(CONSUMER, LINE, "hello")
    assert await sim.settled() == {}
    assert len(core.calls) == 1
