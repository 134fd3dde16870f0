"""The doctor as it is called, beside a real core, and beside everything that can be wrong."""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import sqlite3
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from connector.doctor.checks import clock, public_address, sign_in, webhooks
from tests.kit.commands import PATIENCE_S, Done, run, textdesk
from tests.kit.own_tls import own_tls
from tests.kit.ports import free_port
from tests.kit.running import Core, Town, town, twilio_text
from tests.kit.second_user import STRANGER, needs_root, public_folder
from tests.kit.terminal import on_terminal
from tests.kit.vendor_server import Behaviour, VendorServer, answer, break_off, hang_up, stay_silent
from tests.kit.vendors import TWILIO, Vendors, vendors

ACCOUNT = """
[hooks]
port = {port}
[accounts.main]
provider = "twilio"
account_sid = "{sid}"
auth_token = {{ file = "token" }}
public_url = "{public_url}"
api_base = "{api_base}"
numbers = [{{ address = "+14155550100" }}]
"""

GATEWAY = """
[accounts.own]
provider = "generic"
send_url = "{url}/send"
secret = "very"
public_url = "https://sms.example.com"
numbers = [{{ address = "55501" }}]
"""


class Patient:
    """A folder with a configuration and a data directory, and no core."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "textdesk.toml"
        self.data = folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def write(self, api_base: str, public_url: str | None = None) -> None:
        settings = {"sid": TWILIO.sid, "api_base": api_base, "public_url": public_url or self.url, "port": self.port}
        for path, text in ((self.config, ACCOUNT.format(**settings)), (self.folder / "token", TWILIO.auth_token)):
            path.write_text(text)
            path.chmod(0o600)

    async def seen(self) -> Seen:
        return await examined("--config", str(self.config), "--data", str(self.data))


class Seen:
    """What the doctor says, by check."""

    def __init__(self, done: Done) -> None:
        self.code = done.code
        self.lines = done.lines
        assert done.err == ""
        assert self.code == (1 if self.states() & {"red"} else 0)

    def states(self, check: str | None = None) -> set[str]:
        return {line["state"] for line in self.lines if check in (None, line["check"])}

    def said(self, check: str) -> str:
        return " ".join(f"{line['words']} {line['advice'] or ''}" for line in self.lines if line["check"] == check)


def give_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a server that never answers: waiting as long as for a slow one shows nothing more."""
    for check in (clock, public_address, sign_in, webhooks):
        monkeypatch.setattr(check, "ANSWER_S", 0.5)


async def examined(*arguments: str) -> Seen:
    return Seen(await textdesk("doctor", "--json", *arguments))


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(tmp_path)


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Town]:
    """A core with its providers, all of them working."""
    old = os.umask(0o077)
    try:
        async with town(tmp_path / "town") as made:
            for line in ("+14155550100", "+14155550101"):
                address = f"{made.core.url}/hooks/twilio/main/inbound#rc=5&rp=ct,rt,5xx&rt=4000"
                await Vendors(made.vendors, made.http).set_number(line, SmsUrl=address, SmsFallbackUrl=address)
            yield made
    finally:
        os.umask(old)


def where(core: Core) -> tuple[str, ...]:
    return ("--config", str(core.folder / "textdesk.toml"), "--data", str(core.data))


@pytest.mark.slow
async def test_beside_a_working_core(made: Town) -> None:
    await made.text("hello")
    await made.text("hello", line="55501")
    seen = await examined(*where(made.core))
    assert [line for line in seen.lines if line["state"] != "green"] == []
    assert {line["about"] for line in seen.lines if line["check"] == "sign-in"} == {"main", "short"}
    for check in (
        "core",
        "lights",
        "database",
        "clock",
        "webhooks",
        "public address",
        "signatures",
        "set aside",
        "hooks seen",
    ):
        assert seen.states(check) == {"green"}, check


@pytest.mark.slow
async def test_refused_hooks_and_what_they_were_signed_for(made: Town) -> None:
    fields = twilio_text("SM1", "hello")
    path = "/hooks/twilio/main/inbound"
    assert (await made.http.post(made.core.url + path, data=fields)).status_code == 403
    forged_only = await examined(*where(made.core))
    assert forged_only.states("signatures") == {"amber", "green"}
    assert "X-Twilio-Signature" in forged_only.said("signatures")

    made_up = {"X-Twilio-Signature": "made up"}
    assert (await made.http.post(made.core.url + path, data=fields, headers=made_up)).status_code == 403
    assert (await made.http.post(made.core.url + path, data=fields)).status_code == 403
    seen = await examined(*where(made.core))
    assert "1 names a number of yours and carries a signature" in seen.said("signatures")
    assert "The signature does not match" in seen.said("signatures"), "not why the latest stranger was refused"

    outside = f"https://127.0.0.1:{made.core.port}{path}"
    signature = RequestValidator(TWILIO.auth_token).compute_signature(outside, fields)
    refused = await made.http.post(made.core.url + path, data=fields, headers={"X-Twilio-Signature": signature})
    assert refused.status_code == 403
    for number in range(20):  # later forged hooks do not hide it
        forged = {"X-Twilio-Signature": signature, "User-Agent": f"another {number % 4}"}
        await made.http.post(made.core.url + path, data={**fields, "Body": f"forged {number}"}, headers=forged)
    seen = await examined(*where(made.core))
    assert seen.states("signatures") == {"red", "green"}
    assert f"public_url to https://127.0.0.1:{made.core.port}" in seen.said("signatures")
    assert "24 in the last day" in seen.said("signatures")
    assert "at least one of them is genuine" in seen.said("signatures"), "what is known of the others is nothing"


@pytest.mark.slow
async def test_a_number_that_is_not_configured(made: Town) -> None:
    taken = await made.hook("/hooks/twilio/main/inbound", twilio_text("SM1", "hello", line="+14155550177"))
    assert taken.status_code == 200
    seen = await examined(*where(made.core))
    assert seen.states("set aside") == {"amber"}
    assert "+14155550177" in seen.said("set aside")
    async with asyncio.timeout(PATIENCE_S):  # lights are looked at once a second
        while (seen := await examined(*where(made.core))).states("lights") == {"green"}:
            await asyncio.sleep(0)
    assert "main: 1 call could not be used" in seen.said("lights")


@pytest.mark.slow
async def test_error_codes_about_the_account(made: Town) -> None:
    await made.text("hello")
    await made.behave(number="+14155550133", receipts="undelivered:30034")
    sent = await textdesk("send", "+14155550133", "hi", "--data", str(made.core.data))
    assert sent.code == 0, sent.err
    async with asyncio.timeout(PATIENCE_S):
        while (seen := await examined(*where(made.core))).states("deliveries") == {"green"}:
            await asyncio.sleep(0)
    assert seen.states("deliveries") == {"red", "green"}
    assert "not registered for US 10DLC" in seen.said("deliveries")


@pytest.mark.slow
async def test_after_the_core_has_stopped(made: Town) -> None:
    await made.hook("/hooks/twilio/main/inbound", twilio_text("SM1", "hello", line="+14155550177"))
    await made.core.kill()
    seen = await examined(*where(made.core))
    assert seen.states("core") == {"red"}
    assert seen.states("database") == {"green"}
    assert seen.states("public address") == {"amber"}
    assert "+14155550177" in seen.said("set aside"), "the store is read without a core"


@pytest.mark.slow
async def test_another_core_at_the_public_address(made: Town, tmp_path: Path) -> None:
    config = made.core.folder / "textdesk.toml"
    other = tmp_path / "other"
    async with town(other) as theirs:
        config.write_text(
            config.read_text().replace(f'public_url = "{made.core.url}"', f'public_url = "{theirs.core.url}"')
        )
        seen = await examined(*where(made.core))
    assert seen.states("public address") == {"red"}
    assert "Another core" in seen.said("public address")


ELSEWHERE: list[tuple[Behaviour, str]] = [
    (answer(200, "<h1>hello</h1>", "text/html"), "Something other than a core"),
    (answer(200, '{"status": "ok", "reasons": []}'), "Something other than a core"),
    (answer(502, "<h1>Bad gateway</h1>", "text/html"), "does not reach the core"),
    (answer(308, location="https://www.example.com/health"), "https://www.example.com/health"),
    (hang_up, "cut"),
    (break_off, "cut"),
    (stay_silent, "no answer in time"),
]


@pytest.mark.slow
async def test_something_else_at_the_public_address(
    made: Town, subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = made.core.folder / "textdesk.toml"
    async with VendorServer().running() as server:
        config.write_text(config.read_text().replace(f'public_url = "{made.core.url}"', f'public_url = "{server.url}"'))
        for behaviour, words in ELSEWHERE:
            with subtests.test(words):
                server.behaviour = behaviour
                if behaviour is stay_silent:
                    give_up_soon(monkeypatch)
                seen = await examined(*where(made.core))
                assert seen.states("public address") == {"red"}
                assert words in seen.said("public address")


@pytest.mark.slow
async def test_a_certificate_that_is_not_trusted(made: Town, tmp_path: Path) -> None:
    config = made.core.folder / "textdesk.toml"
    async with served(answer_with("{}"), own_tls(tmp_path)) as url:
        config.write_text(config.read_text().replace(f'public_url = "{made.core.url}"', f'public_url = "{url}"'))
        seen = await examined(*where(made.core))
    assert seen.states("public address") == {"red"}
    assert "certificate" in seen.said("public address")


def answer_with(text: str, **headers: str) -> Any:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(text=text, content_type="application/json", headers=headers)

    return handle


@asynccontextmanager
async def served(handle: Any, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        scheme = "https" if tls else "http"
        yield f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (answer(200, "<h1>hello</h1>", "text/html"), "unknown form"),
        (answer(503, "<h1>Sorry</h1>", "text/html"), "HTTP 503"),
        (answer(401, '{"code": 20003, "message": "Authenticate"}'), "refused the sign-in"),
        (hang_up, "could not be reached"),
        (stay_silent, "did not answer in time"),
    ],
)
async def test_a_failing_provider(
    behaviour: Behaviour, words: str, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    if behaviour is stay_silent:
        give_up_soon(monkeypatch)
    async with VendorServer().running() as server:
        server.behaviour = behaviour
        patient.write(server.url)
        seen = await patient.seen()
    assert seen.states("sign-in") == {"red"}
    assert words in seen.said("sign-in")
    assert seen.states("webhooks") == {"amber"}
    assert seen.states("configuration") == seen.states("file modes") == {"green"}


@pytest.mark.parametrize(
    ("what", "arranged", "check", "state", "words"),
    [
        ("account", {"status": "suspended"}, "sign-in", "red", "suspended"),
        ("account", {"status": "suspended", "type": "Trial"}, "sign-in", "red", "suspended"),
        ("account", {"status": "closed"}, "sign-in", "red", "closed"),
        ("account", {"auth_token": "another"}, "sign-in", "red", "textdesk setup"),
        ("account", {"type": "Trial"}, "sign-in", "amber", "trial"),
        ("account", {"balance": "0.00"}, "sign-in", "red", "Add funds"),
        ("line", {"number": "+14155550100", "sms": False}, "webhooks", "red", "no SMS"),
        ("line", {"number": "+14155550100"}, "webhooks", "red", "texts nowhere"),
        ("door", {"how": "refuse"}, "sign-in", "red", "could not be reached"),
    ],
)
async def test_an_account_with_a_problem(
    what: str, arranged: dict[str, Any], check: str, state: str, words: str, patient: Patient, tmp_path: Path
) -> None:
    async with vendors(tmp_path / "vendors") as made:
        patient.write(made.url)
        await made.arrange(what, **arranged)
        seen = await patient.seen()
    assert seen.states(check) == {state}
    assert words in seen.said(check)


@pytest.mark.parametrize(("off_s", "state"), [(0, "green"), (60, "amber"), (-3600, "red"), (3600, "red")])
async def test_the_providers_clock_and_ours(off_s: int, state: str, patient: Patient) -> None:
    async with served(dated(off_s)) as url:
        patient.write(url)
        seen = await patient.seen()
    assert seen.states("clock") == {state}


def dated(off_s: int) -> Any:
    async def handle(request: web.Request) -> web.Response:
        return web.json_response({}, headers={"Date": formatdate(time.time() + off_s, usegmt=True)})

    return handle


async def test_a_malformed_date(patient: Patient) -> None:
    async with served(answer_with("{}", Date="yesterday")) as url:
        patient.write(url)
        assert (await patient.seen()).states("clock") == {"amber"}


async def test_a_generic_gateway(patient: Patient) -> None:
    async with VendorServer().running() as server:
        patient.config.write_text(GATEWAY.format(url=server.url))
        seen = await patient.seen()
    assert {line["about"] for line in seen.lines if line["check"] in ("sign-in", "opt-out")} == {"own"}
    assert seen.states("clock") == {"green"}
    assert "secret" not in seen.said("configuration")
    assert seen.states("file modes") == {"red"}, "a secret is in a file that every user may read"


async def test_before_anything_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    seen = await examined("--data", str(tmp_path / "data"))
    assert seen.code == 0
    assert "textdesk setup" in seen.said("configuration")
    assert not (tmp_path / "data").exists(), "it changes nothing"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[hooks\n", "TOML"),
        ("[hooks]\nport = 'eighty'\n", "hooks.port"),
        ("[agents.anna]\ntoken = { file = 'none' }\n", "none"),
        ("\xff", "TOML"),
    ],
)
async def test_a_configuration_that_cannot_be_used(text: str, words: str, patient: Patient) -> None:
    patient.config.write_bytes(text.encode("latin-1"))
    seen = await patient.seen()
    assert seen.states("configuration") == {"red"}
    assert words in seen.said("configuration")
    assert seen.states("data directory") == {"green"}


async def test_databases_with_a_problem(patient: Patient) -> None:
    patient.data.mkdir(mode=0o700)
    database = patient.data / "textdesk.db"
    database.write_bytes(b"this is not a database, whatever its name may say" * 100)
    assert (await patient.seen()).states("database") == {"red"}

    database.unlink()
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.close()
    newer = await patient.seen()
    assert newer.states("database") == {"red"}
    assert "newer" in newer.said("database")

    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE big (text TEXT)")
        connection.executemany("INSERT INTO big VALUES (?)", [("x" * 500,)] * 200)
    connection.close()
    raw = bytearray(database.read_bytes())
    raw[8192:12288] = b"\xff" * 4096
    database.write_bytes(raw)
    assert (await patient.seen()).states("database") == {"red"}


async def test_a_database_that_cannot_be_reached(patient: Patient) -> None:
    patient.config.write_text('[core]\ndatabase = "postgresql://nobody@127.0.0.1:1/none"\n')
    seen = await patient.seen()
    assert seen.states("database") == {"red"}
    assert "PostgreSQL" in seen.said("database")


@pytest.mark.slow
async def test_on_a_terminal_it_shows_which_checks_are_missing(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with VendorServer().running() as server:
        server.behaviour = answer(401, '{"code": 20003, "message": "Authenticate"}')
        patient.write(server.url)
        arguments = ("doctor", "--config", str(patient.config), "--data", str(patient.data))
        async with on_terminal(*arguments) as terminal:
            assert await terminal.ended() == 1
        assert b"looking at configuration" in terminal.shown
        assert b"\x1b[32mgreen" in terminal.shown
        last = terminal.shown.decode().splitlines()[-1].rpartition("\r")[2]
        assert "red" in last

        monkeypatch.setenv("NO_COLOR", "1")
        async with on_terminal(*arguments) as terminal:
            assert await terminal.ended() == 1
        assert b"\x1b[3" not in terminal.shown
        assert b"green" in terminal.shown

    piped = await textdesk(*arguments)
    assert "\x1b" not in piped.out
    assert "\r" not in piped.out
    assert piped.out.splitlines()[-1].endswith("red.")


async def test_outside_text_cannot_act_on_the_terminal(patient: Patient) -> None:
    async with VendorServer().running() as server:
        server.behaviour = answer(400, '{"code": 99999, "message": "\\u001b[2J\\u202eowned"}')
        patient.write(server.url)
        said = await textdesk("doctor", "--config", str(patient.config), "--data", str(patient.data))
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out


@pytest.mark.parametrize("secret", ["../private", "link", "{home}/private"])
async def test_a_configuration_from_elsewhere_sends_no_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    (tmp_path / "private").write_text("the content of a private file")
    patient = Patient(tmp_path / "downloaded")
    patient.folder.mkdir()
    (patient.folder / "link").symlink_to(tmp_path / "private")
    async with VendorServer().running() as attacker:
        patient.write(attacker.url)
        text = patient.config.read_text().replace('token"', f'{secret.format(home=tmp_path)}"')
        patient.config.write_text(text)
        monkeypatch.chdir(patient.folder)
        seen = await examined("--data", str(patient.data))
        assert seen.states("configuration") == {"red"}
        assert "is outside of" in seen.said("configuration")
        assert attacker.calls == []


@needs_root
@pytest.mark.parametrize("mode", [0o1777, 0o777])
async def test_a_configuration_that_another_user_left_in_this_folder_is_not_used(
    monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    with public_folder() as folder:
        patient = Patient(folder)
        async with VendorServer().running() as attacker:
            patient.write(attacker.url)
            os.chown(patient.config, STRANGER, STRANGER)
            folder.chmod(mode)
            monkeypatch.chdir(folder)
            for command in ("doctor", "setup", "serve"):
                arguments = ["twilio", "--non-interactive"] if command == "setup" else []
                done = await textdesk(command, *arguments, *(["--data", "data"] if command != "setup" else []))
                assert done.code == (1 if command == "doctor" else os.EX_CONFIG)
                said = done.out + done.err
                assert "textdesk.toml: belongs to" in said or "can be changed by every user" in said
            assert attacker.calls == []
            assert not patient.data.exists()


@needs_root
@pytest.mark.slow
async def test_root_is_sent_to_the_user_of_the_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = pwd.getpwnam("nobody")
    patient = Patient(tmp_path)
    patient.write("http://127.0.0.1:1")
    patient.data.mkdir()
    monkeypatch.setenv("TEXTDESK_DATA", str(tmp_path / "of-root"))
    as_nobody = "sudo -u nobody textdesk"
    os.chown(patient.data, nobody.pw_uid, nobody.pw_gid)
    data = await run("doctor", "--data", str(patient.data), "--config", str(patient.config), fresh=True)
    assert (data.code, data.out) == (os.EX_NOPERM, "")
    assert f"{as_nobody} doctor --data {patient.data} --config {patient.config}" in data.err
    os.chown(patient.config, nobody.pw_uid, nobody.pw_gid)
    config = await run("doctor", "--config", str(patient.config))
    assert (config.code, config.out) == (os.EX_NOPERM, "")
    assert f"{as_nobody} doctor --config {patient.config}" in config.err
    setup = await run("setup", "twilio", "--non-interactive", "--config", str(patient.config))
    assert (setup.code, setup.out) == (os.EX_NOPERM, "")
    assert f"{as_nobody} setup twilio --non-interactive --config {patient.config}" in setup.err


async def test_an_address_of_the_environment_is_the_one_that_root_asks_about_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTDESK_URL", f"unix:{tmp_path}/none/desk.sock")
    done = await textdesk("doctor", "--json")
    assert {line["check"] for line in done.lines} <= {"core", "token", "terminal"}
    assert f"{tmp_path}/none is missing" in done.lines[0]["words"]


@pytest.mark.slow
async def test_a_core_at_the_socket_of_its_team_is_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    more = f'[desks]\ngroup = "{group}"\nsocket = "{tmp_path}/team/desk.sock"\n'
    async with town(tmp_path / "town", more=more) as made:
        monkeypatch.setenv("TEXTDESK_DATA", str(tmp_path / "other"))
        seen = await examined("--config", str(made.core.folder / "textdesk.toml"))
    assert "Running" in seen.said("core") and "--data DIR" in seen.said("core")
    assert seen.said("database") == "" and seen.states("team") <= {"green", "amber"}
    assert f"{tmp_path}/other does not exist" in seen.said("data directory") and seen.code == 1


async def test_what_the_core_would_not_trust_is_named_with_the_command_that_mends_it(patient: Patient) -> None:
    patient.write("http://127.0.0.1:1")
    patient.data.mkdir(0o700)
    (patient.data / "node").touch()
    patient.data.chmod(0o777)
    seen = await examined("--config", str(patient.config), "--data", str(patient.data))
    assert f"{patient.data}: can be changed by every user of this machine; run: chmod" in seen.said("file modes")
    refused = await textdesk("serve", "--config", str(patient.config), "--data", str(patient.data))
    assert refused.code == os.EX_NOPERM
    assert f"run: chmod go-w {patient.data}." in refused.err
    patient.data.chmod(0o700)
    (patient.data / "node").chmod(0o666)
    assert f"chmod go-w {patient.data}/node" in (await patient.seen()).said("file modes")


async def test_what_is_mistyped_comes_with_what_may_be_meant(patient: Patient) -> None:
    patient.write("http://127.0.0.1:1")
    patient.data.mkdir(0o700)
    seen = await examined("--config", f"{patient.folder}/textdesk.tml", "--data", f"{patient.data}a")
    assert f"did you mean {patient.config}?" in seen.said("configuration")
    assert f"{patient.data}a does not exist (did you mean {patient.data}?)" in seen.said("data directory")
    assert seen.states("data directory") == {"amber"}
    assert "when the configuration is corrected" in seen.said("core") and "serve --" not in seen.said("core")


@needs_root
async def test_root_is_given_no_command_with_a_mistyped_directory(patient: Patient) -> None:
    patient.write("http://127.0.0.1:1")
    patient.data.mkdir(0o700)
    os.chown(patient.config, 1, 1)
    done = await textdesk("doctor", "--config", str(patient.config), "--data", f"{patient.data}a")
    assert done.code == os.EX_USAGE and f"did you mean {patient.data}?" in done.err and "sudo" not in done.err
