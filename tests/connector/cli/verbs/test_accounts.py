"""Verbs for accounts, quarantine and pictures, and `decline`, against a real core with simulated vendors."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.kit.commands import started, textdesk
from tests.kit.running import CONSUMER, Desk, Town, twilio_text
from tests.kit.running import town as running_town
from tests.kit.staff import STAFF


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with running_town(tmp_path / "town") as made:
        yield made


@pytest.mark.slow
async def test_accounts_are_listed_and_switched(town: Town) -> None:
    data = ("--data", str(town.core.data))
    listed = await textdesk("account", *data)
    assert [line.split()[:2] for line in listed.out.splitlines()[1:]] == [["main", "twilio"], ["short", "openmarket"]]
    assert (await textdesk("account", "main", "draining", *data)).out.startswith("main is draining: it sends what")
    [main] = (await textdesk("account", "main", "--json", *data)).lines
    assert (main["account"], main["mode"]) == ("main", "draining")
    assert (await textdesk("account", "main", "active", "--json", *data)).lines == [
        {"account": "main", "mode": "active"}
    ]
    unknown = await textdesk("account", "maine", *data)
    assert (unknown.code, unknown.err) == (
        os.EX_USAGE,
        "textdesk: There is no account maine that you may see: did you mean main?\n",
    )


@pytest.mark.slow
async def test_a_hook_is_released_from_quarantine(town: Town) -> None:
    data = ("--data", str(town.core.data))
    assert (await textdesk("hooks", *data)).out == "No hook is in quarantine.\n"
    fields = twilio_text("SM" + "c" * 32, "signed with\x1b[31m the new token")
    assert (await town.hook("/hooks/twilio/main/inbound", fields, token="new")).status_code == 403
    listed = (await textdesk("hooks", *data)).out
    assert "\x1b" not in listed
    [hook] = (await textdesk("hooks", "--json", *data)).lines
    assert (hook["state"], f"textdesk release {hook['id']}" in listed) == ("refused", True)
    assert (await textdesk("release", hook["id"], *data)).out == f"Hook {hook['id']} was processed.\n"
    assert "the new token" in (await textdesk("show", CONSUMER, *data)).out
    again = await textdesk("release", hook["id"], "--json", *data)
    assert (again.code, again.lines[0]["refused"]) == (1, "bad_request")
    assert (await textdesk("hooks", "--limit", "0", *data)).code == os.EX_USAGE


@pytest.mark.slow
async def test_a_picture_is_saved_and_sent_on(town: Town, tmp_path: Path) -> None:
    data = ("--data", str(town.core.data))
    async with Desk(town.core, agent="ann") as desk:
        await town.text("look", media=1)
        await desk.told_of("picture_moved")
    [message] = (await textdesk("show", CONSUMER, "--json", *data)).lines
    [picture] = message["pictures"]
    assert f"textdesk picture {picture['id']} > FILE" in (await textdesk("show", CONSUMER, *data)).out

    file = tmp_path / "parcel.png"
    saved = await textdesk("picture", picture["id"], "--file", str(file), *data)
    assert (saved.code, saved.out) == (0, f"{file}: image/png, {file.stat().st_size:,} bytes.\n")
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_mode & 0o777 == 0o600
    again = await textdesk("picture", picture["id"], "--file", str(file), *data)
    assert (again.code, "is there already" in again.err) == (os.EX_CANTCREAT, True)
    assert (await textdesk("picture", picture["id"], "--json", *data)).code == os.EX_USAGE
    assert (await textdesk("picture", "x.9", *data)).code == 1
    async with started("picture", picture["id"], *data) as process:
        assert (await process.communicate())[0] == file.read_bytes()

    sent = await textdesk("send", CONSUMER, "--picture", str(file), "--json", *data, "--agent", "ann")
    assert sent.code == 0, sent.err
    *_, reply = (await textdesk("show", CONSUMER, "--json", *data)).lines
    assert (reply["text"], len(reply["pictures"])) == ("", 1)
    missing = await textdesk("send", CONSUMER, "--picture", str(tmp_path / "none"), *data)
    assert (missing.code, "cannot be read" in missing.err) == (os.EX_NOINPUT, True)
    no_picture = tmp_path / "text.png"
    no_picture.write_text("%!PS")
    assert (await textdesk("send", CONSUMER, "x", "--picture", str(no_picture), "--json", *data)).lines[0][
        "refused"
    ] == "bad_picture"


@pytest.mark.slow
async def test_declining_what_rings(tmp_path: Path) -> None:
    async with running_town(tmp_path / "town", more=STAFF) as town, Desk(town.core, agent="bob"):
        data = ("--data", str(town.core.data))
        await town.text("hello")
        assert (await textdesk("take-over", CONSUMER, *data, "--agent", "ann")).code == 0
        assert (await textdesk("transfer", CONSUMER, "--to", "bob", *data, "--agent", "ann")).code == 0
        declined = await textdesk("decline", CONSUMER, *data, "--agent", "bob")
        assert declined.out.endswith("rings at you no more.\n"), declined.err
        again = await textdesk("decline", CONSUMER, "--json", *data, "--agent", "bob")
        assert (again.code, again.lines[0]["refused"]) == (1, "not_ringing")
