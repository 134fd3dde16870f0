"""`textdesk recover` where no account has a list of messages."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from pathlib import Path

import pytest

from connector.cli.verbs import recover
from connector.client.core_address import CoreAddress
from connector.client.link import Link
from tests.kit.door import PATIENCE_S, ask, open_door
from tests.kit.ports import free_port

ACCOUNT = """
[accounts.shop]
provider = "openmarket"
account_id = "1"
password = "p"
hook_key = "a-key-in-the-addresses-of-hooks-of-this-account"
public_url = "https://sms.example.com"
numbers = [{ address = "55501" }]
"""


async def test_all_accounts_that_have_a_list_were_gone_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with asyncio.timeout(PATIENCE_S), open_door(tmp_path, desks=f"[hooks]\nport = {free_port()}") as door:
        with (tmp_path / "textdesk.toml").open("a") as config:
            config.write(ACCOUNT)
        async with await door.signed_in("root") as admin:
            assert (await ask(admin, {"type": "reload"}))["kind"] == "answer"
        async with Link(CoreAddress(tmp_path, agent="root")) as link:
            assert await recover.run(link, Namespace(since="1h", account=None, json=False)) == 0
            assert "cannot list past texts" in capsys.readouterr().out
            assert await recover.run(link, Namespace(since="1h", account="shop", json=False)) == 1
