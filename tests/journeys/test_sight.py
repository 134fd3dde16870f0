"""What the verbs of agents show who serve one account and skill of a core with several, from sign-in on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.kit.commands import Done, next_line, started, textdesk
from tests.kit.ports import free_port
from tests.kit.running import BOOKINGS, CONSUMER, ORDERS, SHORT_CODE, Town, town

AGENTS = """
[desks]
listen = "127.0.0.1:{port}"

[agents.ann]
skills = ["orders"]
accounts = ["main"]
token = "ann's token, of enough characters"

[agents.bob]
skills = ["orders", "bookings"]
accounts = ["short"]
token = "bob's token, of enough characters"

[agents.lea]
skills = ["orders"]
accounts = ["main"]
lead = true
token = "lea's token, of enough characters"
"""


class Terminal:
    """`textdesk` as an agent by their token, over TCP."""

    def __init__(self, made: Town, port: int, name: str) -> None:
        file = made.core.folder / f"{name}.token"
        file.write_text(f"{name}'s token, of enough characters")
        file.chmod(0o600)
        self.there = ("--url", f"ws://127.0.0.1:{port}", "--token-file", str(file))

    async def __call__(self, *arguments: str) -> Done:
        return await textdesk(*arguments, *self.there)


@pytest.mark.slow
async def test_the_verbs_of_an_agent_of_one_account(tmp_path: Path) -> None:
    port = free_port()
    async with town(tmp_path / "town", more=AGENTS.format(port=port)) as made:
        ann, bob, lea = (Terminal(made, port, name) for name in ("ann", "bob", "lea"))
        await made.text("about my order")
        await made.text("about the shop", line=SHORT_CODE)
        await made.text("a table for two", line=BOOKINGS)
        [seen] = (await ann("queue", "--all", "--json")).lines
        assert (seen["line"], seen["last_text"]) == (ORDERS, "about my order")
        [hidden] = (await bob("queue", "--all", "--json")).lines
        assert hidden["line"] == SHORT_CODE

        async with started("watch", "--json", *ann.there) as watching:
            assert (await next_line(watching))["type"] == "watching"
            await made.text("another from the shop", line=SHORT_CODE)
            await made.text("another order")
            line = json.dumps(await next_line(watching))
            assert "another order" in line and "shop" not in line

        past = (await ann("show", seen["id"], "--json")).lines
        assert [one["text"] for one in past] == ["about my order", "another order"]
        none = hidden["id"][:-1] + ("0" if hidden["id"][-1] != "0" else "1")
        for verb in ("show", "why", "accept"):
            of_hidden, of_none = await ann(verb, hidden["id"]), await ann(verb, none)
            assert of_hidden.code == of_none.code == 1
            assert of_hidden.err.replace(hidden["id"], "ID") == of_none.err.replace(none, "ID")
        assert {one["id"] for one in (await ann("agents", "--json")).lines} >= {"ann", "lea"}
        assert "bob" not in (await ann("agents", "--json")).out
        assert "bob" not in (await ann("why", seen["id"], "--json")).out
        assert {one["agent"] for one in (await ann("targets", seen["id"], "--json")).lines if "agent" in one} == {
            "ann",
            "lea",
        }

        taken = await ann("accept", seen["id"])
        assert taken.code == 0
        denied = await ann("take-over", seen["id"], "--json")
        assert (denied.code, json.loads(denied.out)["refused"]) == (77, "not_allowed")
        assert (await lea("take-over", seen["id"])).code == 0

        foreign = await ann("start", "+18765550123", "You have won", "--line", ORDERS, "--json")
        assert json.loads(foreign.out)["refused"] == "country_not_allowed"
        mistyped = await ann("start", "+49151123345678", "Hello", "--line", ORDERS)
        assert mistyped.code != 0 and "Did you mean" in mistyped.err and "--confirmed" in mistyped.err
        sent = await lea("start", "+18765550123", "Hello", "--line", ORDERS, "--override", "--json")
        assert sent.code == 0, sent.out
        assert len(await made.vendor_log("+18765550123")) == 1
        elsewhere = await ann("start", CONSUMER, "Hello", "--line", SHORT_CODE, "--json")
        assert json.loads(elsewhere.out)["refused"] == "unknown_line"
