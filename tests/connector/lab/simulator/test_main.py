"""The command, as a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.connector.lab.harness import CONSUMER, LINE, PATIENCE_S
from tests.kit.vendor_server import closed_port

COMMAND = [sys.executable, "-m", "connector.lab.simulator"]


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout and process.stderr
    try:
        ready = json.loads(process.stdout.readline())
        assert ready.keys() == {"ready", "url", "control"}
        yield process, ready["url"]
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def get(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False, timeout=PATIENCE_S)


def post(url: str, /, **fields: str) -> httpx.Response:
    return httpx.post(url, json=fields, trust_env=False, timeout=PATIENCE_S)


def log(url: str) -> list[str]:
    return [message["body"] for message in get(f"{url}/sim/log").json()["messages"]]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.slow
def test_a_signal_stops_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with started("--data", str(tmp_path), "--script", "none") as (process, url):
        text = {"from": CONSUMER, "to": LINE, "text": "hello"}
        assert post(f"{url}/sim/text", **text).json()["statuses"] == [None]
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 0
        assert process.stdout and process.stdout.read() == ""
        assert process.stderr and process.stderr.read() == ""
    with started("--data", str(tmp_path), "--script", "none") as (_, url):
        assert log(url) == ["hello"]


def test_it_stops_with_its_parent_even_while_a_request_is_held(tmp_path: Path) -> None:
    with started("--data", str(tmp_path), "--with-parent") as (process, url):
        assert post(f"{url}/sim/behaviour", number="*", send="timeout").status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(
                f"{url}/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json",
                data={"To": CONSUMER, "From": LINE, "Body": "hello"},
                auth=("AC00000000000000000000000000000001", "simulated-auth-token"),
                timeout=httpx.Timeout(PATIENCE_S, read=0.2),
                trust_env=False,
            )
        assert process.stdin
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0
        assert process.stderr and process.stderr.read() == ""


def test_a_damaged_log_is_reported_and_kept(tmp_path: Path) -> None:
    (tmp_path / "simulator.json").write_text("{")
    with started("--data", str(tmp_path), "--script", "none") as (process, _):
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
        (aside,) = tmp_path.glob("simulator.json.corrupt-*")
        assert process.stderr and aside.name in process.stderr.read()


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([*COMMAND, "--data", str(tmp_path), "--port", port], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == ""
    assert port in done.stderr and len(done.stderr.splitlines()) == 1


def test_an_invalid_world_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--data", str(tmp_path), "--world", str(tmp_path / "none.toml")], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "none.toml" in done.stderr and len(done.stderr.splitlines()) == 1


def test_faults_by_name(tmp_path: Path) -> None:
    arguments = ("--data", str(tmp_path), "--script", "none", "--faults", "forger", "--seed", "3")
    with closed_port() as core, started(*arguments) as (_, url):
        assert post(f"{url}/sim/core", url=core).status_code == 200
        for number in range(8):
            text = {"from": CONSUMER, "to": LINE, "text": f"text {number}"}
            assert post(f"{url}/sim/text", **text).json()["statuses"] == [None]
        done = get(f"{url}/sim/faults").json()["done"]
        assert 0 < done["hook forge"] < 8


def test_unknown_faults_are_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, "--data", str(tmp_path), "--faults", "none"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "none is neither a scenario nor a file" in done.stderr and len(done.stderr.splitlines()) == 1
