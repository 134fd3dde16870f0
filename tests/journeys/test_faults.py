"""Every fault scenario against a real core: nothing doubled, nothing lost, nothing left open.

Time runs 20 times as fast in these towns, for the core too, so that its retries and look-ups fit into seconds.
"""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from connector.lab.__main__ import main
from connector.lab.vendors.fault_scenario import built_in
from tests.kit.once import once

CONSUMERS = 6
# The faults that must have happened for a scenario to show anything.
DONE = {
    "calm": set(),
    "stutter": {"hook double", "hook late"},
    "storm": {"send 429", "send accept_then_drop"},
    "silence": {"receipts none", "receipts early"},
    "torn": {"hook late", "hook double"},
    "forger": {"hook forge", "forged call"},
    "blackout": {"outage refuse", "outage 503", "hook never made"},
    "everything": {"hook double", "hook forge", "outage refuse"},
}


def textdesk_faults(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `textdesk faults ARGUMENTS`."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as errors:
        code = main(["faults", *arguments])
    return code, out.getvalue(), errors.getvalue()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    names = sorted(built_in(), key=lambda name: name != "storm")  # the one that takes longest begins first
    out = once(tmp_path_factory, "faults", lambda: textdesk_faults(*names, "--json", "--consumers", str(CONSUMERS))[1])
    return {line["scenario"]: line for line in map(json.loads, out.splitlines())}


@pytest.mark.parametrize("name", built_in())
def test_nothing_doubled_and_nothing_lost(played: dict[str, Any], name: str) -> None:
    result = played[name]
    assert DONE[name] <= result["faults"].keys(), "it has not gone wrong enough to show anything"
    assert result["handed_over"] >= 2 * CONSUMERS and result["sent"] >= CONSUMERS
    assert (result["doubled"], result["lost"], result["untrue"], result["unsettled"]) == (0, 0, 0, 0), result["wrongs"]
    assert result["faults"].get("forged call taken", 0) == 0


def test_the_table_and_the_exit_code(tmp_path: Path) -> None:
    scenario = tmp_path / "mine.toml"
    scenario.write_text('[[hooks]]\nwhat = "double"\n')
    code, out, _ = textdesk_faults(str(scenario), "--consumers", "1")
    head, row = out.splitlines()
    assert code == 0
    assert head.split()[:3] == ["SCENARIO", "HANDED", "OVER"]
    assert (row.split()[0], row.split()[-1]) == ("mine", "good")


def test_without_a_name_the_scenarios_are_listed() -> None:
    code, out, errors = textdesk_faults("--json")
    assert (code, errors) == (0, "")
    assert [json.loads(line)["scenario"] for line in out.splitlines()] == built_in()
    assert len(textdesk_faults()[1].splitlines()) == len(built_in()) + 1


@pytest.mark.parametrize("arguments", [["nothing"], ["calm", "--consumers", "0"], ["calm", "--consumers", "501"]])
def test_wrong_usage(arguments: list[str]) -> None:
    code, out, errors = textdesk_faults(*arguments)
    assert (code, out) == (64, "")
    assert errors.splitlines()[-1].startswith("textdesk: ")
