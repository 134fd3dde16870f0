"""Finding the core of a demo that this user has running."""

from __future__ import annotations

import socket
from argparse import Namespace
from contextlib import closing
from pathlib import Path

import pytest

from connector.client import running_demo
from connector.client.core_address import CoreAddress, HostService, find


def demo(folder: Path, name: str) -> socket.socket:
    """The socket of a core of a demo, which listens until it is closed."""
    data = folder / f"textdesk-demo-{name}" / "data"
    data.mkdir(parents=True)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(data / "desk.sock"))
    listening.listen()
    return listening


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path fits into the address of a socket."""
    return tmp_path_factory.mktemp("t")


def test_the_demo_that_listens_is_found(short: Path) -> None:
    environ = {"TMPDIR": str(short)}
    assert running_demo.find(environ) == []
    with closing(demo(short, "ended")):
        pass
    assert running_demo.find(environ) == []
    with closing(demo(short, "one")), closing(demo(short, "two")):
        assert {data.parent.name for data in running_demo.find(environ)} == {"textdesk-demo-one", "textdesk-demo-two"}


def test_it_is_for_verbs_of_who_has_no_core(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(short / "share"))
    monkeypatch.chdir(short)
    environ = {"TMPDIR": str(short), "XDG_CONFIG_HOME": str(short / "config")}
    own, host = short / "share" / "textdesk", HostService(short / "run" / "desk.sock", "no-such-group")

    def found(*, with_demo: bool = True) -> CoreAddress:
        return find(Namespace(command="queue"), environ, host, with_demo=with_demo)

    with closing(demo(short, "one")):
        data = short / "textdesk-demo-one" / "data"
        assert found() == CoreAddress(data, aside=f"This is the demo that is running: --data {data}")
        assert found(with_demo=False) == CoreAddress(own)
        own.mkdir(parents=True)
        (own / "textdesk.toml").touch()
        assert found() == CoreAddress(own), "texts to real consumers never go to a demo"
