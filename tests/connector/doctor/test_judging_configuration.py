"""What the checks of the configuration make of what they see, as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.base.secret import Secret
from connector.doctor.checks import configuration, file_modes, on_call, secrets
from connector.doctor.checks.file_modes import FileMode
from tests.kit.findings import configured, says

ACCOUNT = """
[accounts.main]
provider = "openmarket"
account_id = "1"
password = "p"
public_url = "https://sms.example.com"
numbers = [{numbers}]
"""


WITHOUT_SECRETS_OF_OURS = ACCOUNT.format(numbers="")  # its password is the vendor's

GATEWAY = """
[accounts.own]
provider = "generic"
send_url = "https://gateway.example.com"
public_url = "https://sms.example.com"
numbers = []
{secrets}
"""


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        (ACCOUNT.format(numbers='{ address = "55501" }'), "green", "1 account, 1 number."),
        (ACCOUNT.format(numbers=""), "amber", "Add numbers"),
        ("", "amber", "no accounts"),
    ],
)
def test_configuration(text: str, state: str, words: str, tmp_path: Path) -> None:
    found = configuration.judge(tmp_path / "textdesk.toml", configured(tmp_path, text), "")
    assert says(found, state, words)


def test_a_missing_configuration(tmp_path: Path) -> None:
    assert says(configuration.judge(None, configured(tmp_path, ""), ""), "amber", "textdesk setup")
    assert says(configuration.judge(tmp_path, None, "x.toml: hooks.port: expected an integer."), "red", "hooks.port")


@pytest.mark.parametrize(
    ("place", "state"),
    [
        (FileMode("textdesk.toml", 0o600), "green"),
        (FileMode("textdesk.toml", 0o400), "green"),
        (FileMode("data/", 0o700), "green"),
        (FileMode("main.auth_token", 0o640), "amber"),
        (FileMode("main.auth_token", 0o644), "red"),
        (FileMode("main.auth_token", 0o602), "red"),
        (FileMode("data/", 0o755), "red"),
        (FileMode("textdesk.toml", 0o644, holds_secrets=False), "amber"),
    ],
)
def test_file_modes(place: FileMode, state: str) -> None:
    [found] = file_modes.judge([place, FileMode("fine", 0o600)])
    fix = "chmod 700 data/" if place.path == "data/" else f"chmod 600 {place.path}"
    assert says(found, state, *([fix] if state != "green" else []))


@pytest.mark.parametrize(
    ("raw", "files", "has_secret"),
    [
        ({}, [], False),
        ({"agents": {"anna": {"token": {"file": "anna.token"}}}}, ["anna.token"], False),
        ({"agents": {"anna": {"token": "x"}}}, [], True),
        ({"accounts": {"main": {"auth_token": {"env": "T"}, "public_url": "https://x"}}}, [], False),
        ({"accounts": {"main": {"password": "x", "hook_key": {"file": "k"}}}}, ["k"], True),
        ({"accounts": {"main": {"numbers": [{"address": "+1", "skill": "file"}]}}}, [], False),
    ],
)
def test_which_files_hold_secrets(raw: dict[str, object], files: list[str], has_secret: bool) -> None:
    assert file_modes.secrets_in(raw) == (files, has_secret)


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        (WITHOUT_SECRETS_OF_OURS, None),
        (WITHOUT_SECRETS_OF_OURS + '[agents.ann]\ntoken = "x"', ["agents.ann.token"]),
        (WITHOUT_SECRETS_OF_OURS + '[agents.ann]\ntoken = "fifteen-letters"', ["agents.ann.token"]),
        (WITHOUT_SECRETS_OF_OURS + '[agents.ann]\ntoken = "abababababababababab"', ["agents.ann.token"]),
        (WITHOUT_SECRETS_OF_OURS + '[agents.ann]\ntoken = "sixteen--letters"', []),
        (GATEWAY.format(secrets='secret = "s"'), ["accounts.own.secret"]),
        (
            GATEWAY.format(secrets='secret = "3c1ee92bd77a40f6"\nprevious_secret = "very"'),
            ["accounts.own.previous_secret"],
        ),
        (GATEWAY.format(secrets='secret = "3c1ee92bd77a40f6"'), []),
        (
            ACCOUNT.format(numbers="") + 'hook_user = "u"\nhook_password = "p"\nhook_key = "k"',
            ["accounts.main.hook_key", "accounts.main.hook_password"],
        ),
    ],
)
def test_secrets_that_can_be_guessed(text: str, weak: list[str] | None, tmp_path: Path) -> None:
    """`weak`: their keys; None: there is no secret of ours."""
    found = secrets.judge(secrets.made_up(configured(tmp_path, text)))
    if weak is None:
        assert found == []
        return
    [finding] = found
    assert says(finding, "amber" if weak else "green", *weak)
    assert not weak or finding.words.endswith(f": {', '.join(weak)}.")


def test_many_secrets_that_can_be_guessed() -> None:
    [finding] = secrets.judge({f"agents.a{number}.token": Secret("x") for number in range(8)})
    assert says(finding, "amber", "agents.a4.token and 3 more.")


SKILLED = (
    ACCOUNT.format(numbers='{ address = "55501", skill = "orders", skills = { follow_up = "aftercare" } }')
    + """
[routing]
fallback = "general"
[skills.general]
[skills.orders]
fallback = "seniors"
[agents.ann]
skills = ["orders", "aftercare", "general", "seniors"]
[agents.ben]
skills = [SKILLS]
"""
)


@pytest.mark.parametrize(
    ("skills", "words"),
    [
        ("", None),
        ('"orders"', None),
        ('"ordres"', ["skill ordres of agents.ben.", "Did you mean orders?", "[skills.ordres]"]),
        ('"zeppelins"', ["skill zeppelins of agents.ben.", "Correct it."]),
    ],
)
def test_skills_that_nothing_else_names(skills: str, words: list[str] | None, tmp_path: Path) -> None:
    found = configuration.judge_skills(configured(tmp_path, SKILLED.replace("SKILLS", skills)))
    assert len(found) == (words is not None)
    assert all(says(finding, "amber", *words) for finding in found if words is not None)


def test_a_skill_with_a_section_is_meant(tmp_path: Path) -> None:
    text = SKILLED.replace("SKILLS", '"ordres"') + "[skills.ordres]"
    assert configuration.judge_skills(configured(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("agents", "order"),
    [
        ('"lea", "ann"', "general: lea, ann, max."),
        ('"ann"', "general: ann, lea and max."),
        ('"lea", "max"', "general: lea, max."),
        ("", "general: lea and max."),
    ],
)
def test_who_is_on_call_is_listed_in_the_order_in_which_they_are_asked(agents: str, order: str, tmp_path: Path) -> None:
    text = (
        ACCOUNT.format(numbers='{ address = "55501" }')
        + '[on_call]\nzone = "UTC"\nlead = ["lea", "max"]\n[[on_call.shifts]]\n'
        + f'week = {{ "mon-sun" = ["00:00-24:00"] }}\nagents = [{agents}]\n'
    )
    first, *_ = on_call.judge_rota(configured(tmp_path, text), None, 0)
    assert says(first, "green", order)
