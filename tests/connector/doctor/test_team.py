"""What the doctor says of a team's group, folder and socket, and to one of its agents."""

from __future__ import annotations

import grp
from pathlib import Path

import pytest

from connector.doctor import of_agent
from connector.doctor.checks import file_modes
from connector.doctor.checks.file_modes import FileMode
from connector.doctor.checks.team import TeamPlace, TeamPlaces, judge_members, judge_places, members_of

GID, OTHER = 900, 901


def places(folder: int | None, bound: int | None, gid: int = GID, flaw: str = "") -> TeamPlaces:
    return TeamPlaces(TeamPlace("/run/t", folder, gid), TeamPlace("/run/t/desk.sock", bound, gid), flaw)


@pytest.mark.parametrize(
    ("seen", "state", "words"),
    [
        (places(0o710, 0o660), "green", "for the group team"),
        (places(None, None), "amber", "is missing"),
        (places(0o710, None), "red", "and the core runs"),
        (places(0o700, 0o660), "red", "/run/t is not for the group team (mode 0700), who are locked out"),
        (places(0o710, 0o600), "red", "desk.sock is not for the group"),
        (places(0o710, 0o660, OTHER), "red", "locked out"),
        (places(0o711, 0o660), "amber", "open to more"),
        (places(0o710, 0o666), "amber", "open to more"),
        (places(0o730, 0o660), "amber", "open to more"),
        (places(0o710, 0o660, flaw="/run: can be changed by every user"), "red", "/run: can be changed"),
    ],
)
def test_places(seen: TeamPlaces, state: str, words: str) -> None:
    found = judge_places(seen, GID, "team", "desk", is_running=True)
    assert {finding.severity for finding in found} == {state}
    assert words in found[0].words
    for finding in found:
        assert "700" not in finding.advice and "600" not in finding.advice, "no advice locks the team out"


def test_a_missing_folder_is_made_for_the_user_of_the_core() -> None:
    [found] = judge_places(places(None, None), GID, "team", "desk", is_running=False)
    assert "run: sudo install -d -o desk -g team -m 710 /run/t" in found.advice


def test_a_configuration_of_root_is_given_to_the_cores_user_before_its_group_loses_it() -> None:
    [found] = file_modes.judge([FileMode("/etc/textdesk.toml", 0o640, give_to="textdesk")])
    assert found.advice == "chown textdesk /etc/textdesk.toml && chmod 600 /etc/textdesk.toml"


def test_members() -> None:
    assert "usermod -aG team" in judge_members("team", [])[0].advice
    assert "anna, ben" in judge_members("team", ["anna", "ben"])[0].words
    of_others = grp.getgrnam("daemon").gr_gid
    assert "daemon" in members_of(of_others), "a group of the system is not empty: it is its user's own"


def test_an_agent_is_told_what_ssh_does_not_pass_on(tmp_path: Path) -> None:
    said = of_agent.judge_terminal({"TERM": "xterm-256color"})
    assert ["LANG" in said[0].advice, "COLORTERM" in said[1].advice] == [True, True]
    [fine] = of_agent.judge_terminal({"LANG": "C.UTF-8", "COLORTERM": "truecolor"})
    assert fine.severity == "green"
    [none] = of_agent.judge_terminal({}, is_there=False)
    assert none.severity == "green"
    [dumb] = of_agent.judge_terminal({"TERM": "dumb", "LANG": "C.UTF-8"})
    assert (dumb.severity, "TERM=dumb" in dumb.words) == ("amber", True)


def test_an_agents_token_is_their_own(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("x")
    token.chmod(0o640)
    assert "chmod 600" in of_agent.judge_token(token)[0].advice
    token.chmod(0o600)
    assert of_agent.judge_token(token)[0].severity == "green"
    assert of_agent.judge_token(None) == []
