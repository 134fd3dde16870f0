from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from connector.cli.main import main
from connector.cli.run_verb import VERBS, module_of
from tests.kit.commands import PATIENCE_S, ROOT, next_line, run, started, textdesk
from tests.kit.ports import free_port
from tests.kit.terminal import on_terminal

ACCOUNT = """
[hooks]
port = {port}
[accounts.main]
provider = "twilio"
account_sid = "AC00000000000000000000000000000001"
auth_token = "token"
public_url = "http://127.0.0.1:{port}"
api_base = "http://127.0.0.1:1"
numbers = [{{ address = "+14155550100" }}]
"""


def one_sentence(err: str) -> str:
    """Stderr, which must be one line of the command's own."""
    assert err.startswith("textdesk: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["qeue"], "queue"),
        (["send", "+14155550111"], "TEXT"),
        (["queue", "--colour"], "--colour"),
        (["queue", "--url", "http://127.0.0.1:1/"], "wss://"),
    ],
)
async def test_wrong_usage(arguments: list[str], words: str) -> None:
    done = await textdesk(*arguments)
    assert (done.code, done.out) == (os.EX_USAGE, "")
    assert words in one_sentence(done.err)


@pytest.mark.parametrize(
    ("arguments", "words"), [([], "textdesk queue"), (["demo"], "textdesk demo --headless --seconds 10 --json")]
)
async def test_without_a_terminal_the_error_names_alternatives(arguments: list[str], words: str) -> None:
    done = await run(*arguments)
    assert (done.code, done.out) == (os.EX_USAGE, "")
    assert words in one_sentence(done.err)


@pytest.mark.parametrize(
    "verb",
    [["queue"], ["show", "1"], ["send", "1", "hello"], ["close", "1"], ["watch"], ["agents"], ["due", "1", "2h"]],
)
async def test_without_a_core_a_verb_says_how_to_start_one(verb: list[str], tmp_path: Path) -> None:
    done = await textdesk(*verb, "--data", str(tmp_path), "--json")
    assert (done.code, done.out) == (os.EX_UNAVAILABLE, "")
    assert f"start one with `textdesk`, or with `textdesk serve --data {tmp_path}`" in one_sentence(done.err)
    (tmp_path / "service").touch()
    done = await textdesk(*verb, "--data", str(tmp_path), "--json")
    assert f"start one with `textdesk serve --data {tmp_path}`" in one_sentence(done.err)


async def test_the_core_address_may_precede_the_verb(tmp_path: Path) -> None:
    done = await textdesk("--data", str(tmp_path), "queue")
    assert str(tmp_path) in one_sentence(done.err)


async def test_a_missing_token_file_is_named(tmp_path: Path) -> None:
    done = await textdesk("queue", "--url", "ws://127.0.0.1:1/", "--token-file", str(tmp_path / "none"))
    assert done.code == os.EX_IOERR
    assert str(tmp_path / "none") in one_sentence(done.err)


async def test_a_text_that_is_not_utf_8_is_not_sent(tmp_path: Path) -> None:
    done = await textdesk("send", "1", os.fsdecode(b"caf\xe9"), "--data", str(tmp_path))
    assert done.code == os.EX_USAGE
    assert "UTF-8" in one_sentence(done.err)


@pytest.mark.parametrize("command", [[], ["serve"], *([verb] for verb in VERBS), ["segments"]])
def test_every_command_has_help_with_an_example(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*command, "--help"])
    assert end.value.code == 0
    assert "example" in capsys.readouterr().out


def test_every_verb_has_a_module() -> None:
    assert all(callable(module_of(verb).run) for verb in VERBS)


def test_every_command_is_listed_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.findall(r"^  ([a-z-]+)  +\S", capsys.readouterr().out.partition("options:")[0], re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert {*VERBS, "demo", "setup", "serve", "doctor", "faults", "simulate", "segments"} <= {*listed}


async def test_segments_reads_stdin() -> None:
    done = await textdesk("segments", stdin='{"text": "hello"}\n')
    assert done.code == 0
    assert done.lines[0]["segments"] == 1


async def test_a_closed_stdout_is_no_error() -> None:
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "connector", "segments"),
        stdin=asyncio.subprocess.PIPE,
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    os.close(writing)
    os.close(reading)
    async with asyncio.timeout(PATIENCE_S):
        _, errors = await process.communicate(b'{"text": "hello"}\n')
    assert (process.returncode, errors) == (0, b"")


_ELSEWHERE = ["--data", "d", "--config", "c.toml", "--agent", "ann", "--url", "wss://x", "--token-file", "t"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (_ELSEWHERE, ["--url=wss://x", "--agent=ann", "--token-file=t"]),
        (["--data", "d"], ["--data=d", "--config=textdesk.toml"]),
        (["--url", "wss://x, unix:/run/y"], ["--url=wss://x", "--url=unix:/run/y"]),
    ],
)
async def test_the_desk_replaces_the_process(command: list[str], expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "textdesk.toml").touch()
    (tmp_path / "t").write_text("token")
    (tmp_path / "tui").mkdir()
    (tmp_path / "tui" / "__init__.py").touch()
    (tmp_path / "tui" / "__main__.py").write_text(
        "import json, os, sys\nprint(json.dumps({'pid': os.getpid(), 'arguments': sys.argv[1:]}))\n"
    )
    async with on_terminal(*command, cwd=tmp_path, PYTHONPATH=str(ROOT)) as terminal:
        assert await terminal.ended() == 0
    said = json.loads(terminal.shown)
    assert said["pid"] == terminal.command
    assert said["arguments"] == expected


@pytest.mark.slow
@pytest.mark.parametrize("mode", [0o777, 0o1777])
async def test_a_runtime_directory_of_everybody_holds_no_socket(tmp_path: Path, mode: int) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run").chmod(mode)
    data = tmp_path / ("x" * 100)  # too long for a socket inside
    refused = await run("serve", "--data", str(data), XDG_RUNTIME_DIR=str(tmp_path / "run"))
    assert refused.code == os.EX_NOPERM
    assert f"textdesk: {tmp_path}/run: " in refused.err
    assert not [*(tmp_path / "run").iterdir()]


@pytest.mark.slow
async def test_serve_prints_when_it_is_ready_and_stops_on_sigterm(tmp_path: Path) -> None:
    config = tmp_path / "textdesk.toml"
    port = free_port()
    config.write_text(ACCOUNT.format(port=port))
    data = tmp_path / "data"
    async with started("serve", "--config", str(config), "--data", str(data), fresh=True) as core:
        assert await next_line(core) == {
            "ready": True,
            "config": str(config),
            "hooks": f"http://127.0.0.1:{port}",
            "desks": str(data / "desk.sock"),
        }
        assert (data / "desk.sock").stat().st_mode & 0o777 == 0o600
        assert data.stat().st_mode & 0o777 == 0o700

        assert [(data / name).stat().st_mode & 0o777 for name in ("node", "service")] == [0o600, 0o600]
        for _ in range(2):
            second = await textdesk("serve", "--data", str(data))
            assert (second.code, second.out) == (75, "")
            assert one_sentence(second.err).endswith(f"{data}: another core is running on this data directory.\n")
            (data / "core.lock").unlink()

        elsewhere = await run("serve", "--config", str(config), "--data", str(tmp_path / "other"))
        assert (elsewhere.code, elsewhere.out) == (os.EX_UNAVAILABLE, "")
        assert f"127.0.0.1:{port}" in elsewhere.err.splitlines()[-1]

        core.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            _, errors = await core.communicate()
        assert core.returncode == 0
        assert "Traceback" not in errors.decode()
    assert not (data / "desk.sock").exists()


@pytest.mark.slow
async def test_serve_finds_a_configuration_that_is_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "textdesk.toml").write_text("[agents.ann]\n")
    async with started("serve", "--data", str(tmp_path)) as core:
        assert (await next_line(core))["config"] == str(tmp_path / "textdesk.toml")
    monkeypatch.setenv("TEXTDESK_CONFIG", str(tmp_path / "none.toml"))
    missing = await textdesk("serve", "--data", str(tmp_path))
    assert missing.code == os.EX_CONFIG
    assert "none.toml: there is no such file" in one_sentence(missing.err)


@pytest.mark.slow
async def test_an_embedded_core_does_not_reserve_the_data_directory_for_a_service(tmp_path: Path) -> None:
    async with started("serve", "--embedded", "--data", str(tmp_path)) as core:
        assert (await next_line(core))["ready"] is True
        assert not (tmp_path / "service").exists()
        service = await textdesk("serve", "--data", str(tmp_path))
        assert service.code == 75
        assert "started by a desk: it ends some seconds after the last desk is left" in one_sentence(service.err)
    (tmp_path / "service").touch()
    embedded = await textdesk("serve", "--embedded", "--data", str(tmp_path))
    assert embedded.code == 75
    assert "kept by a service" in one_sentence(embedded.err)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[hooks]\nport = 'eighty'\n", "hooks.port"),
        (ACCOUNT.format(port=8080).replace("auth_token", "auth_tokn"), "accounts.main"),
        ("[hooks\n", "TOML"),
    ],
)
async def test_an_invalid_configuration_is_named(text: str, key: str, tmp_path: Path) -> None:
    config = tmp_path / "textdesk.toml"
    config.write_text(text)
    done = await textdesk("serve", "--config", str(config), "--data", str(tmp_path / "data"))
    assert (done.code, done.out) == (os.EX_CONFIG, "")
    assert str(config) in one_sentence(done.err)
    assert key in done.err


async def test_an_unusable_data_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = await textdesk("serve", "--data", str(tmp_path / "file" / "data"))
    assert (done.code, done.out) == (os.EX_IOERR, "")
    one_sentence(done.err)


async def test_a_lab_command_gets_its_arguments_unchanged(tmp_path: Path) -> None:
    listed = await run("--data", str(tmp_path), "faults", "--json", fresh=True)
    assert (listed.code, listed.err) == (0, "")
    assert "calm" in {line["scenario"] for line in listed.lines}
    helped = await run("demo", "--help")
    assert (helped.code, helped.err) == (0, "")
    assert helped.out.startswith("usage: textdesk demo ")
    wrong = await run("faults", "--consumers", "0", "--", "calm")
    assert (wrong.code, wrong.out) == (os.EX_USAGE, "")
    assert "--consumers" in one_sentence(wrong.err)


async def test_a_local_directory_does_not_shadow_our_packages(tmp_path: Path) -> None:
    """`python -m` would look there first; the installed command and the processes it starts do not."""
    script, here = tmp_path / "bin" / "textdesk", tmp_path / "here"
    script.parent.mkdir()
    script.write_text("import sys\nfrom connector.cli.main import main\nsys.exit(main())\n")
    for package in ("connector", "tui"):
        (here / package).mkdir(parents=True)
        (here / package / "__init__.py").write_text(f"raise SystemExit('the wrong {package}')\n")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(script), "faults"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    async with asyncio.timeout(PATIENCE_S):
        out, _ = await process.communicate()
    assert process.returncode == 0
    assert out.startswith(b"SCENARIO")
