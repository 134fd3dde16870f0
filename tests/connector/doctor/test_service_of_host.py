"""Root's doctor beside a service of the host: which core it is about has to be said."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

import pytest

from connector.client.core_address import HostService
from connector.console.failure import CommandFailed
from connector.doctor.service_of_host import demand_named
from tests.kit.second_user import needs_root


class Host:
    def __init__(self, folder: Path) -> None:
        self.own = folder / "own"
        self.service = HostService(folder / "run" / "textdesk" / "desk.sock", "no-such-group")

    def ask(self, environ: dict[str, str] | None = None, **given: Path) -> None:
        demand_named(Namespace(command="doctor", json=False, **given), self.own, environ or {}, self.service)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    (here := tmp_path / "here").mkdir()
    monkeypatch.chdir(here)
    return Host(tmp_path)


@needs_root
@pytest.mark.parametrize(("owner", "named"), [(1, "sudo -u daemon textdesk"), (0, "sudo -u no-such-group textdesk")])
def test_a_stopped_service_is_not_taken_for_a_core_of_root(host: Host, owner: int, named: str) -> None:
    host.ask()
    host.service.socket.parent.mkdir(parents=True)
    os.chown(host.service.socket.parent, owner, owner)
    with pytest.raises(CommandFailed, match=r"does not run \(systemctl status textdesk\).*systemctl cat") as refused:
        host.ask()
    assert refused.value.exit_code == os.EX_NOPERM and f"{named} doctor --config" in str(refused.value)


@needs_root
def test_what_root_names_or_has_is_looked_at(host: Host, tmp_path: Path) -> None:
    host.service.socket.parent.mkdir(parents=True)
    host.ask(data=tmp_path)
    host.ask(config=tmp_path / "textdesk.toml")
    host.ask({"TEXTDESK_DATA": str(tmp_path)})
    host.own.mkdir()
    (host.own / "textdesk.toml").touch()
    host.ask()


@needs_root
def test_the_group_of_a_team_shows_a_service_whose_folder_is_missing(host: Host) -> None:
    host.service = HostService(host.service.socket, "daemon")
    with pytest.raises(CommandFailed, match="sudo -u daemon textdesk doctor"):
        host.ask()
