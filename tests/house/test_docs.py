"""The protocol's page names everything the protocol has, and the README every key and every verb."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import pytest

from connector.cli.run_verb import VERBS
from connector.config import file as config
from connector.config import hours, masking, on_call, relay, rules, settings
from connector.domain.retention import Retention
from connector.providers.generic.settings import GenericSettings
from connector.providers.registry import PROVIDERS
from connector.providers.settings import NumberSettings
from connector.wire import answers, events, frames, requests, views
from connector.wire.refusals import RefusalCode

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tags(union: object) -> list[str]:
    return [one.__struct_config__.tag for one in typing.get_args(union)]


@pytest.mark.parametrize(
    "word",
    [
        *tags(events.Event),
        *tags(requests.Request),
        *tags(answers.Answer),
        *tags(frames.FromCore),
        *tags(frames.FromDesk),
    ],
)
def test_every_kind_and_type_is_documented(word: str) -> None:
    assert f"`{word}`" in PAGE or f'"{word}"' in PAGE


@pytest.mark.parametrize(
    "shape",
    [
        views.ConversationView,
        views.MessageView,
        views.PartView,
        views.AgentView,
        views.LineView,
        views.AccountView,
        views.HookView,
        views.PictureView,
        views.AlertView,
        views.AlertStepView,
        views.OnCallView,
        views.LineTrafficView,
        views.TrafficBucket,
        views.ErrorCodeView,
        views.SkillTargetView,
        views.AgentTargetView,
        views.ScorePartView,
        views.VerdictView,
        views.PresenceSpanView,
        requests.SignOffChoice,
        *typing.get_args(frames.FromCore),
        *typing.get_args(frames.FromDesk),
        *typing.get_args(events.Event),
        *typing.get_args(requests.Request),
        *typing.get_args(answers.Answer),
    ],
)
def test_every_field_is_documented(shape: type) -> None:
    for field in shape.__struct_fields__:  # type: ignore[attr-defined]
        assert f"`{field}`" in PAGE or f'"{field}"' in PAGE, field


def test_every_refusal_and_close_code_is_documented() -> None:
    codes = set(RefusalCode)
    closes = {str(value) for name, value in vars(frames).items() if name.startswith("CLOSE_")}
    assert len(codes) > 10
    for code in codes | closes:
        assert code in PAGE


@pytest.mark.parametrize(
    "section",
    [
        settings.CoreSettings,
        settings.HookSettings,
        settings.DeskSettings,
        settings.AgentSettings,
        settings.SendingSettings,
        rules.RoutingSettings,
        hours.HoursSettings,
        rules.SkillSettings,
        Retention,
        masking.MaskingSettings,
        masking.PatternSettings,
        on_call.OnCallSettings,
        on_call.ShiftSettings,
        on_call.AlertWebhookSettings,
        relay.RelaySettings,
        relay.KannelSettings,
        NumberSettings,
        *(provider.Settings for provider in PROVIDERS.values()),
    ],
)
def test_every_key_of_the_configuration_is_in_the_readme(section: type) -> None:
    for key in section.__struct_fields__:  # type: ignore[attr-defined]
        assert f"`{key}`" in README, key


def test_every_verb_is_in_the_readme() -> None:
    for verb in VERBS:
        assert f"`{verb}" in README or f"textdesk {verb} " in README, verb


def test_the_configuration_for_kannel_is_taken(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "kannel" / "textdesk.toml").read_text(encoding="utf-8")
    for name in re.findall(r'file = "([^"]+)"', text):
        (tmp_path / name).write_text("a secret\n")
    (tmp_path / "textdesk.toml").write_text(text)
    found = config.load(tmp_path / "textdesk.toml")
    assert found.relay is not None and found.relay.account in found.accounts
    account = found.accounts[found.relay.account]
    assert isinstance(account, GenericSettings)
    assert account.public_url == found.relay.core_url and account.send_url == f"http://{found.relay.listen}/send"


def test_the_readmes_configurations_are_taken(tmp_path: Path) -> None:
    found = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert len(found) >= 2
    for number, text in enumerate(found):
        file = tmp_path / f"{number}.toml"
        file.write_text(text.replace("AC…", f"AC{0:032x}"))
        config.load(file, {"TWILIO_AUTH_TOKEN": "token"})
