"""An agent of the store, from being added to a revoked token, with a real core and the real command."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.kit.commands import PATIENCE_S, next_line, started, textdesk
from tests.kit.ports import free_port
from tests.kit.running import CONSUMER, town


async def test_an_agent_is_added_signs_in_by_token_and_is_out_once_it_is_revoked(tmp_path: Path) -> None:
    port = free_port()
    more = f'[desks]\nlisten = "127.0.0.1:{port}"\n[agents.old]\ntoken = "0123456789"\n'
    async with town(tmp_path / "town", more=more) as made:
        here = ("--data", str(made.core.data))
        added = await textdesk(
            "agent", "add", "anna", "--skills", "orders", "--os-user", "no-such-user", "--json", *here
        )
        assert added.lines[0]["skills"] == ["orders"]
        assert any("no OS user no-such-user" in words for words in added.lines[0]["notes"])
        issued = await textdesk("agent", "token", "anna", *here)
        token = issued.out.strip()
        assert token not in issued.err and "shown this once" in issued.err
        file = tmp_path / "anna.token"
        file.write_text(issued.out)
        there = ("--url", f"ws://127.0.0.1:{port}", "--token-file", str(file))

        async with started("watch", "--json", *there) as watch:
            assert (await next_line(watch))["type"] == "watching"
            await made.text("Where is my parcel?")
            assert (await textdesk("send", CONSUMER, "On its way.", "--no-wait", *there)).code == 0
            assert (await textdesk("agent", "list", *there)).code == 77, "she is no administrator"
            listed = {one["id"]: one for one in (await textdesk("agent", "list", "--json", *here)).lines}
            [of_anna] = listed["anna"]["tokens"]
            assert (await textdesk("agent", "revoke", of_anna["id"], *here)).code == 0
            async with asyncio.timeout(PATIENCE_S):
                _, words = await watch.communicate()
            assert (watch.returncode, "The token has been revoked" in words.decode()) == (77, True)
        refused = await textdesk("queue", *there)
        assert (refused.code, "not one of this core's" in refused.err) == (77, True)

        assert (await textdesk("agent", "disable", "anna", *here)).code == 0
        for verb in ("queue", "accept"):
            arguments = (CONSUMER,) if verb == "accept" else ()
            refused = await textdesk(verb, *arguments, "--agent", "anna", *here)
            assert (refused.code, "disabled" in refused.err) == (77, True)
        assert (await textdesk("queue", "--all", "--json", *here)).lines[0]["agent"] is None
        defined = await textdesk("agent", "disable", "old", *here)
        assert (defined.code, "[agents.old]" in defined.err) == (1, True)

        log = made.core.log.read_text()
        [plain] = [line for line in log.splitlines() if "stands in plain text" in line]
        assert "the token of old" in plain and "weak" in plain and "0123456789" not in log
        assert token not in log
