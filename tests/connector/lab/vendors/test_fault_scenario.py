"""Scenario files: those that come with the laboratory, one's own, and invalid ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.lab.vendors.fault_scenario import FaultScenario, VendorOutage, built_in, load


def test_every_scenario_has_a_description() -> None:
    assert {"calm", "stutter", "storm", "silence", "torn", "forger", "blackout", "everything"} <= set(built_in())
    for name in built_in():
        assert load(name).about.endswith(".")


def test_a_scenario_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('about = "Mine."\nseed = 5\n[[outages]]\nhow = "503"\nfrom_s = 1\nfor_s = 2.5\n')
    assert load(str(path)) == FaultScenario(
        about="Mine.", seed=5, outages=(VendorOutage(how="503", from_s=1, for_s=2.5),)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[hooks]]\nwhat = 'twice'", "twice"),
        ("[[hooks]]\nwhat = 'double'\nchance = 2", "chance"),
        ("[[hooks]]\nwhat = 'double'\nat = [0]", "at"),
        ("[[hooks]]\nwhat = 'double'\nafter_s = [-1, 2]", "after_s"),
        ("[[sends]]\nsend = 'perhaps'", "perhaps"),
        ("[[sends]]\nprovider = 'carrier'", "carrier"),
        ("[[outages]]\nhow = 'refuse'\nfrom_s = 1\nfor_s = 1\nprovider = 'twilio'", "share one port"),
        ("[[outage]]", "outage"),
        ("hooks = ", "Invalid value"),
    ],
)
def test_an_invalid_scenario_is_explained(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=str(path)) as wrong:
        load(str(path))
    assert said in str(wrong.value)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"^nothing is neither a scenario nor a file; the scenarios are .*calm.*\.$"):
        load("nothing")
