"""`textdesk setup generic` with a gateway on loopback."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connector.config import file as config
from connector.providers.generic.settings import GenericSettings
from tests.kit.commands import Done, textdesk
from tests.kit.vendor_server import VendorServer, answer

PUBLIC = "http://127.0.0.1:8080"


@pytest.fixture
async def gateway() -> AsyncIterator[VendorServer]:
    server = VendorServer()
    server.behaviour = answer(404, '{"code": "unknown_id"}')
    async with server.running():
        yield server


async def setup(folder: Path, gateway: VendorServer, *more: str) -> Done:
    return await textdesk(
        *("setup", "generic", "--non-interactive", "--config", str(folder / "textdesk.toml")),
        *("--send-url", f"{gateway.url}/send", "--status-url", f"{gateway.url}/status"),
        *("--numbers", "12345", "--public-url", PUBLIC, *more),
    )


def account(folder: Path) -> GenericSettings:
    found = config.load(folder / "textdesk.toml").accounts["gateway"]
    assert isinstance(found, GenericSettings)
    return found


async def test_an_account_is_written_with_a_secret_that_is_made_up(tmp_path: Path, gateway: VendorServer) -> None:
    looked = await setup(tmp_path, gateway, "--dry-run")
    assert looked.code == 0 and not (tmp_path / "textdesk.toml").exists() and gateway.calls == []

    done = await setup(tmp_path, gateway, "--skill", "orders")
    assert done.code == 0, done.err
    written = account(tmp_path)
    assert (written.send_url, written.status_url) == (f"{gateway.url}/send", f"{gateway.url}/status")
    assert [(one.address, one.skill) for one in written.numbers] == [("12345", "orders")]
    assert len(written.secret.reveal()) == 64 and written.secret.reveal() not in done.out
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert "has the same secret" in done.out and "gateway.secret" in done.out
    for kind in ("inbound", "status"):
        assert f"{PUBLIC}/hooks/generic/gateway/{kind}" in done.out

    before = (tmp_path / "textdesk.toml").read_text()
    again = await setup(tmp_path, gateway)
    assert "Nothing to change" in again.out
    assert (tmp_path / "textdesk.toml").read_text() == before


async def test_what_comes_next_names_the_data_directory_and_is_right_for_a_team(
    tmp_path: Path, gateway: VendorServer
) -> None:
    config, data = tmp_path / "textdesk.toml", tmp_path / "data"
    own = await setup(tmp_path, gateway, "--data", str(data))
    for command in ("serve --config {} --data {}", "doctor --config {} --data {}"):
        assert f"\n    textdesk {command.format(config, data)}\n" in own.out
    assert f"\n    textdesk reload --data {data}\n" in own.out
    config.write_text(f'[desks]\ngroup = "textdesk"\n{config.read_text()}')
    team = await setup(tmp_path, gateway, "--data", str(data))
    assert "sudo systemctl start textdesk\n" in team.out and "sudo systemctl reload textdesk\n" in team.out
    assert f"textdesk doctor --config {config} --data {data}\n" in team.out
    assert "textdesk serve" not in team.out and "textdesk reload --" not in team.out


async def test_a_gateway_that_has_another_secret_is_a_note(tmp_path: Path, gateway: VendorServer) -> None:
    gateway.behaviour = answer(401, '{"code": "signature", "text": "another secret"}')
    (tmp_path / "given").write_text("the gateway's secret\n")
    done = await setup(tmp_path, gateway, "--secret-file", str(tmp_path / "given"))
    assert done.code == 0 and "another secret" in done.out
    assert account(tmp_path).secret.reveal() == "the gateway's secret"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--send-url", "http://gateway.example.com/send"), "must begin with https://"),
        (("--send-url", "gateway"), "must be an address"),
        (("--numbers", "x!"), "neither a number"),
    ],
)
async def test_what_cannot_be_used_is_refused(
    tmp_path: Path, gateway: VendorServer, more: tuple[str, str], words: str
) -> None:
    done = await setup(tmp_path, gateway, *more)
    assert done.code == 64 and words in done.err
    assert not (tmp_path / "textdesk.toml").exists()


async def test_without_a_status_url_it_says_what_that_costs(tmp_path: Path, gateway: VendorServer) -> None:
    done = await setup(tmp_path, gateway, "--status-url", "none")
    assert done.code == 0 and "comes back to an agent" in done.out
    assert account(tmp_path).status_url is None and gateway.calls == []


async def test_named_numbers_are_added_and_one_goes_only_when_that_is_said(
    tmp_path: Path, gateway: VendorServer
) -> None:
    await setup(tmp_path, gateway, "--skill", "orders")
    done = await setup(tmp_path, gateway, "--numbers", "+14155550101", "--skill", "returns")
    assert done.code == 0, done.err
    both = [("12345", "orders"), ("+14155550101", "returns")]
    assert [(one.address, one.skill) for one in account(tmp_path).numbers] == both

    for wrong in ("55501", "1", "+14155550101,12345"):  # one that is not there, a place, and one that is also named
        refused = await setup(tmp_path, gateway, "--remove-numbers", wrong)
        assert refused.code == 64 and "--remove-numbers" in refused.err
        assert [(one.address, one.skill) for one in account(tmp_path).numbers] == both

    removed = await setup(tmp_path, gateway, "--remove-numbers", "+1 415 555 0101")
    assert removed.code == 0 and "number +14155550101" in removed.out
    assert [one.address for one in account(tmp_path).numbers] == ["12345"]
