"""From an account at a provider to texts at a desk, as a new administrator does it."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from connector.config import file as config
from tests.kit import vendors as kit
from tests.kit.commands import Done, next_line, started, textdesk
from tests.kit.ports import free_port
from tests.kit.running import CONSUMER, Core, Desk
from tests.kit.terminal import on_terminal
from tests.kit.vendors import OPENMARKET, TWILIO, Vendors

ORDERS, BOOKINGS = (line.number for line in TWILIO.lines)
APPLICATION = "AP" + "0" * 32


@pytest.fixture
async def vendors(tmp_path: Path) -> AsyncIterator[Vendors]:
    async with kit.vendors(tmp_path / "vendors") as made:
        yield made


class Home:
    """Where Textdesk is set up: configuration, data and a token file."""

    def __init__(self, folder: Path, vendors: Vendors) -> None:
        self.config = folder / "textdesk.toml"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = folder / "data"
        self._token = folder / "token"
        self._token.write_text(TWILIO.auth_token + "\n")
        self._vendors = vendors

    async def setup(self, *more: str, token: Path | None = None) -> Done:
        return await textdesk(
            *("setup", "twilio", "--non-interactive", "--config", str(self.config), "--data", str(self.data)),
            *("--account-sid", TWILIO.sid, "--token-file", str(token or self._token)),
            *("--public-url", self.url, "--api-base", self._vendors.url, *more),
        )

    def hooks_port(self) -> None:
        """What an administrator adds by hand."""
        self.config.write_text(f"# by hand\n[hooks]\nport = {self.port}\n\n{self.config.read_text()}")

    @property
    def address(self) -> str:
        return f"{self.url}/hooks/twilio/main/inbound#rc=5&rp=ct,rt,5xx&rt=4000"


@pytest.fixture
def home(tmp_path: Path, vendors: Vendors) -> Home:
    return Home(tmp_path, vendors)


async def test_from_an_account_to_a_text_at_a_desk(home: Home, vendors: Vendors) -> None:
    looked = await home.setup("--skill", "orders", "--dry-run")
    assert looked.code == 0, looked.err
    assert not home.config.exists()
    assert (await vendors.number(ORDERS))["sms_url"] == ""

    done = await home.setup("--skill", "orders")
    assert done.code == 0, done.err
    assert looked.out.split("What will change")[1].split("\n\n")[0] in done.out, "what was shown is what is done"
    assert TWILIO.auth_token not in done.out + done.err + home.config.read_text()
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
    for address in (ORDERS, BOOKINGS):
        number = await vendors.number(address)
        assert (number["sms_url"], number["sms_fallback_url"]) == (home.address, home.address)
    assert [number.skill for number in config.load(home.config).accounts["main"].numbers] == ["orders", "orders"]

    home.hooks_port()
    before = home.config.read_text()
    again = await textdesk("setup", "twilio", "--non-interactive", "--config", str(home.config))
    assert again.code == 0, again.err
    assert "Nothing to change" in again.out
    assert home.config.read_text() == before

    arguments = ("--config", str(home.config), "--data", str(home.data))
    async with started("serve", *arguments) as core:
        await next_line(core)
        await vendors.arrange("text", **{"from": CONSUMER, "to": ORDERS, "text": "Is this open?"})
        waiting = await textdesk("queue", "--json", "--data", str(home.data))
        assert [line["last_text"] for line in waiting.lines] == ["Is this open?"]
        health = await textdesk("doctor", *arguments)
        assert health.code == 0, health.out
        assert not [line for line in health.out.splitlines() if line.startswith("red")]


async def test_a_test_text_comes_back(home: Home, vendors: Vendors) -> None:
    assert (await home.setup()).code == 0
    home.hooks_port()
    alone = await home.setup("--test-to", CONSUMER)
    assert (alone.code, "No core is running" in alone.err) == (os.EX_UNAVAILABLE, True)
    async with started("serve", "--config", str(home.config), "--data", str(home.data)) as core:
        await next_line(core)

        async def answer() -> None:
            async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(60):
                while True:
                    log = (await http.get(f"{vendors.url}/sim/log", params={"number": CONSUMER})).json()["messages"]
                    if any(message["status"] == "delivered" for message in log):
                        break
                    await asyncio.sleep(0.05)
            await vendors.arrange("text", **{"from": CONSUMER, "to": BOOKINGS, "text": "to another number"})
            await vendors.arrange("text", **{"from": CONSUMER, "to": ORDERS, "text": "I am \x1b[31mhere"})

        tested, _ = await asyncio.gather(home.setup("--test-to", CONSUMER), answer())
        assert tested.code == 0, tested.err
        assert "here” came back" in tested.out
        assert "\x1b" not in tested.out

        await vendors.arrange("text", **{"from": "+14155550135", "to": BOOKINGS, "text": "STOP"})
        stopped = await home.setup("--test-to", "+14155550135")
        assert (stopped.code, "has opted out, so no test text was sent" in stopped.err) == (1, True)

        written = ("opt-out", "+1 415 555 0136", "--because", "by phone", "--data", str(home.data))
        assert (await textdesk(*written)).code == 0
        forgotten = await home.setup("--test-to", "+14155550136")  # no conversation of theirs is listed
        assert (forgotten.code, "has opted out, so no test text was sent" in forgotten.err) == (1, True)

        await vendors.arrange("behaviour", number="+447700900134", receipts="undelivered:30005")
        lost = await home.setup("--test-to", "+447700900134")  # of a country that is not texted first
        assert (lost.code, "no longer in use" in lost.err) == (1, True)
        left = await textdesk("queue", "--all", "--json", "--data", str(home.data))
        assert [line["line"] for line in left.lines] == [BOOKINGS], "the tests' own conversations are closed"


async def test_a_service_or_application_is_changed_with_consent_only(home: Home, vendors: Vendors) -> None:
    await vendors.set_number(ORDERS, SmsApplicationSid=APPLICATION)
    service = await vendors.service(BOOKINGS, InboundRequestUrl="https://old.example.com/sms")

    async def inbound() -> str:
        return str((await vendors.twilio(f"/v1/Services/{service}"))["inbound_request_url"])

    left = await home.setup()
    assert left.code == 0, left.err
    assert APPLICATION in left.out
    assert "Messaging Service “Care”" in left.out
    assert (await vendors.number(ORDERS))["sms_application_sid"] == APPLICATION
    assert await inbound() == "https://old.example.com/sms"

    taken = await home.setup("--take-over")
    assert taken.code == 0, taken.err
    assert (await vendors.number(ORDERS))["sms_application_sid"] == ""
    assert await inbound() == home.address
    assert "Nothing to change" in (await home.setup("--take-over")).out


async def test_some_of_the_numbers(home: Home, vendors: Vendors) -> None:
    await vendors.arrange("line", number=BOOKINGS, sms=False)
    every = await home.setup()
    assert every.code == 0, every.err
    assert "cannot take texts" in every.out
    assert [number.address for number in config.load(home.config).accounts["main"].numbers] == [ORDERS]
    assert (await vendors.number(BOOKINGS))["sms_url"] == ""
    for said in (BOOKINGS, "2"):
        unable = await home.setup("--numbers", said)
        assert (unable.code, said in unable.err) == (os.EX_USAGE, True)

    await vendors.arrange("line", number=BOOKINGS)
    more = await home.setup("--numbers", "2", "--skill", "bookings")
    assert more.code == 0
    numbers = config.load(home.config).accounts["main"].numbers
    assert [(number.address, number.skill) for number in numbers] == [(ORDERS, "general"), (BOOKINGS, "bookings")]

    fewer = await home.setup("--numbers", "2", "--remove-numbers", ORDERS)
    assert fewer.code == 0
    assert f"{ORDERS} is not to be in the configuration and still sends its texts to us" in fewer.out
    numbers = config.load(home.config).accounts["main"].numbers
    assert [(number.address, number.skill) for number in numbers] == [(BOOKINGS, "bookings")]
    assert "Nothing to change" in (await home.setup()).out, "what was chosen stays chosen"


@pytest.mark.parametrize(
    ("what", "arranged", "code", "words"),
    [
        ("account", {"auth_token": "another"}, os.EX_NOPERM, "SID and token"),
        ("account", {"status": "suspended"}, os.EX_NOPERM, "suspended"),
        ("account", {"status": "suspended", "type": "Trial"}, os.EX_NOPERM, "The trial has ended"),
        ("account", {"status": "closed"}, os.EX_NOPERM, "closed"),
        ("door", {"how": "html"}, os.EX_UNAVAILABLE, "unknown form"),
        ("door", {"how": "503"}, os.EX_UNAVAILABLE, "503"),
        ("door", {"how": "refuse"}, os.EX_UNAVAILABLE, "could not be reached"),
    ],
)
async def test_an_account_that_does_not_work(
    what: str, arranged: dict[str, str], code: int, words: str, home: Home, vendors: Vendors
) -> None:
    await vendors.arrange(what, **arranged)
    done = await home.setup()
    assert done.code == code
    assert done.err.startswith("textdesk: ")
    assert done.err.count("\n") == 1
    assert words in done.err
    assert TWILIO.auth_token not in done.out + done.err
    assert not home.config.exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--public-url", "sms.example.com"], "--public-url"),
        (["--account-sid", "AC1"], "--account-sid"),
        (["--name", "../x"], "--name"),
        (["--numbers", "7"], "--numbers"),
        (["--test-to", "Anna"], "--test-to"),
        (["--token-env", "X"], "--token-env"),
    ],
)
async def test_wrong_usage(more: list[str], words: str, home: Home) -> None:
    done = await home.setup(*more)
    assert (done.code, words in done.err) == (os.EX_USAGE, True)


async def test_without_questions_every_flag_is_needed(home: Home) -> None:
    for flag in ("--account-sid", "--token-file"):
        said = ["--account-sid", TWILIO.sid] if flag == "--token-file" else []
        done = await textdesk("setup", "twilio", "--non-interactive", "--config", str(home.config), *said)
        assert (done.code, flag in done.err) == (os.EX_USAGE, True)
    asking = await textdesk("setup", "twilio")
    assert (asking.code, "--non-interactive" in asking.err) == (os.EX_USAGE, True)


async def test_questions_on_a_terminal(home: Home, vendors: Vendors) -> None:
    arguments = ("setup", "twilio", "--config", str(home.config), "--data", str(home.data), "--api-base", vendors.url)
    async with on_terminal(*arguments) as terminal:
        seen = 0

        async def answer(question: str, said: str) -> None:
            nonlocal seen
            await terminal.until(lambda shown: question.encode() in shown[seen:], question)
            seen = len(terminal.shown)
            terminal.press(said + "\r")

        await answer("Name of this account", "")
        await answer("Account SID", "AC12")
        await answer("Account SID", TWILIO.sid)
        await answer("Auth token", "not-the-token")
        await answer("Account SID", TWILIO.sid)
        await answer("Auth token", TWILIO.auth_token)
        await answer("Which of them", "2")
        await answer("Skill", "bookings")
        await answer("Public address", "not an address")
        await answer("Public address", home.url)
        await answer("Make these changes?", "y")
        await answer("A phone to send a test text to", "")
        assert await terminal.ended() == 0
        assert b"not-the-token" not in terminal.shown
        assert TWILIO.auth_token.encode() not in terminal.shown
    [number] = config.load(home.config).accounts["main"].numbers
    assert (number.address, number.skill) == (BOOKINGS, "bookings")
    assert (await vendors.number(BOOKINGS))["sms_url"] == home.address
    assert (await vendors.number(ORDERS))["sms_url"] == ""


async def test_a_secret_that_the_configuration_names_and_nobody_set_is_named(home: Home) -> None:
    assert (await home.setup()).code == 0
    text = home.config.read_text()
    home.config.write_text(text.replace('{file = "main.auth_token"}', '{env = "TEXTDESK_TEST_UNSET"}'))
    assert home.config.read_text() != text
    command = ("setup", "twilio", "--non-interactive", "--config", str(home.config))
    unset = await textdesk(*command)
    assert (unset.code, "auth_token: the environment variable TEXTDESK_TEST_UNSET is not set" in unset.err) == (
        64,
        True,
    )
    home.config.write_text(text.replace("main.auth_token", "nowhere"))
    missing = await textdesk(*command)
    assert (missing.code, "auth_token: the file nowhere cannot be read" in missing.err) == (64, True)


async def test_no_means_no(home: Home, vendors: Vendors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_TOKEN", TWILIO.auth_token)
    flags = ("--account-sid", TWILIO.sid, "--token-env", "OUR_TOKEN", "--public-url", home.url, "--numbers", "all")
    command = ("setup", "twilio", "--config", str(home.config), "--api-base", vendors.url, "--name", "main", *flags)
    async with on_terminal(*command, "--skill", "orders") as terminal:
        await terminal.until(lambda shown: b"Make these changes?" in shown, "the last question")
        terminal.press("\r")
        assert await terminal.ended() == 1
        assert b"Nothing was changed" in terminal.shown
    assert not home.config.exists()
    assert (await vendors.number(ORDERS))["sms_url"] == ""


async def test_openmarket(tmp_path: Path, vendors: Vendors) -> None:
    core = Core(tmp_path, vendors.url)
    password, wrong = tmp_path / "password", tmp_path / "wrong"
    password.write_text(OPENMARKET.password)
    wrong.write_text("not-this")
    path = tmp_path / "own.toml"

    async def setup(*more: str, secret: Path = password) -> Done:
        return await textdesk(
            *("setup", "openmarket", "--non-interactive", "--config", str(path), "--api-base", vendors.url),
            *("--status-base", vendors.url, "--account-id", OPENMARKET.account_id, "--password-file", str(secret)),
            *("--public-url", core.url, "--numbers", OPENMARKET.short_code, *more),
        )

    refused = await setup(secret=wrong)
    assert (refused.code, "id or password" in refused.err) == (os.EX_NOPERM, True)
    assert not path.exists()
    done = await setup("--skill", "orders")
    assert done.code == 0, done.err
    [address] = [line.strip() for line in done.out.splitlines() if "/openmarket/openmarket/inbound?key=" in line]
    assert len(address.partition("key=")[2]) >= 32
    again = await setup()
    assert "Nothing to change" in again.out
    assert address in again.out, "the key stays what it was"

    path.write_text(f"[hooks]\nport = {core.port}\n" + path.read_text())
    async with started("serve", "--config", str(path), "--data", str(core.data)) as process:
        await next_line(process)
        text = {
            "mobileOriginate": {
                "ticketId": "1",
                "source": {"address": CONSUMER.removeprefix("+")},
                "destination": {"address": OPENMARKET.short_code},
                "message": {"type": "text", "content": "hello"},
            }
        }
        async with Desk(core) as desk, httpx.AsyncClient(trust_env=False) as http:
            assert (await http.post(address.partition("?")[0], json=text)).status_code == 403
            assert (await http.post(address, json=text)).status_code == 200
            await desk.told_of("message_received", text="hello")
