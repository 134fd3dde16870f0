"""Saved replies in the desk: fetched in pages whatever happens meanwhile, and found by what an agent types."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire import answers, events, frames
from connector.wire.saved_replies import GetSavedReplies, ReplyActions, SavedReplyView
from tests.kit.views import AT
from tui.model import fold, saved_replies
from tui.model.pending import asked
from tui.model.saved_reply_search import ReplySearch, typed_shortcut, with_shortcut
from tui.model.state import Connection, Macro, Model

DAY_MS = 86_400_000


def reply(title: str, **more: Any) -> SavedReplyView:
    usual: dict[str, Any] = {"id": title, "version": "1", "is_shared": True, "text": "Text", "changed_at": AT}
    return SavedReplyView(title=title, changed_by="lea", **(usual | more))


class Core:
    """The saved replies of a core, read page by page; each change has a position."""

    def __init__(self) -> None:
        self.position = 1
        self.replies = {f"R{number}": reply(f"R{number}") for number in range(6)}

    def answer(self, body: GetSavedReplies) -> answers.SavedReplies:
        known = sorted(self.replies.values(), key=lambda one: one.id)
        ids = body.saved_reply_ids
        found = [one for one in known if (one.id > body.after if ids is None else one.id in ids)]
        more = ids is None and len(found) > 2
        return answers.SavedReplies(found[:2] if more else found, more, self.position)

    def change(self, number: int) -> frames.EventFrame:
        self.position += 1
        name = f"R{number}"
        if name in self.replies and number % 2:
            del self.replies[name]
        else:
            self.replies[name] = reply(name, version=str(self.position))
        if number == 8:  # one of those before it, which no page that comes shows again
            self.replies["R0"] = reply("R0", version=str(self.position))
        ids = [] if number == 8 else [name]
        return frames.EventFrame(self.position, AT, events.SavedRepliesChanged(ids))


@given(st.lists(st.sampled_from(["ask", "answer", "event", "want", *range(9)]), max_size=60))
def test_in_whatever_order_all_of_them_are_here_in_the_end(steps: list[str | int]) -> None:
    core, numbers = Core(), itertools.count()
    model = saved_replies.want(Model(connection=Connection(is_complete=True, position=1)))
    events_to_come: list[frames.EventFrame] = []
    under_way: list[frames.FromCore] = []

    def ask(model: Model) -> Model:
        body = saved_replies.to_fetch(model)
        if body is None:
            return model
        id_ = str(next(numbers))
        under_way.append(frames.AnswerFrame(id_, core.answer(body)))
        return asked(model, id_, body, AT)

    def take(model: Model, *kinds: list[Any]) -> Model:
        """Answers and events come in any order among each other, each kind in its own."""
        for waiting in kinds:
            if waiting:
                model = fold.fold(model, waiting.pop(0), AT)
        return model

    for step in steps:
        if isinstance(step, int):
            events_to_come.append(core.change(step))
        elif step == "ask":
            model = ask(model)
        elif step in ("answer", "event"):
            model = take(model, under_way if step == "answer" else events_to_come)
        else:
            model = saved_replies.want(model)
    while events_to_come or under_way or saved_replies.to_fetch(saved_replies.want(model)) is not None:
        model = take(ask(saved_replies.want(model)), under_way, events_to_come)
    assert dict(saved_replies.known(model)) == core.replies


def found(typed: str, *replies: SavedReplyView, skill: str = "orders") -> list[str]:
    return [one.reply.title for one in ReplySearch().found({one.id: one for one in replies}, typed, skill, AT)]


REFUND = reply("Refund on its way", shortcut="money", category="Payments", text="It takes three days.")
HOURS = reply("Opening hours", shortcut="hours", text="Café: 9 to 6")
OTHER = reply("Bookings only", skills=["bookings"])


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("ref", ["Refund on its way"]),
        ("money", ["Refund on its way"]),
        ("pay ref", ["Refund on its way"]),
        ("three", ["Refund on its way"]),
        ("cafe", ["Opening hours"]),
        ("opnhrs", ["Opening hours"]),
        ("refnud", ["Refund on its way"]),
        ("way hours", []),
        ("bookings", []),
        ("", ["Opening hours", "Refund on its way"]),
    ],
)
def test_words_are_looked_for_in_all_of_it_and_slips_are_forgiven(typed: str, titles: list[str]) -> None:
    assert found(typed, REFUND, HOURS, OTHER) == titles


def test_what_an_agent_used_last_comes_first_then_what_is_of_the_skill_and_ones_own() -> None:
    lately, long_ago = reply("D", used_at=AT - DAY_MS), reply("C", used_at=AT - 90 * DAY_MS)
    of_skill, own, often = reply("F", skills=["orders"]), reply("E", is_shared=False), reply("B", uses=9)
    assert found("", often, long_ago, own, of_skill, lately) == ["D", "F", "E", "B", "C"]


def test_what_is_in_the_consumers_language_comes_first_where_it_is_known() -> None:
    german, other, any_ = reply("D", language="de-AT"), reply("E", language="en", used_at=AT), reply("F")
    replies = {one.id: one for one in (any_, other, german)}
    for language, titles in (("de", "DFE"), ("en-GB", "EFD"), ("", "EDF")):
        assert "".join(one.reply.title for one in ReplySearch().found(replies, "", "orders", AT, language)) == titles


def test_a_whole_shortcut_goes_before_its_beginning_and_ones_own_before_a_shared_one() -> None:
    shared, own, longer = (
        reply("A", shortcut="ho"),
        reply("B", shortcut="ho", is_shared=False),
        reply("C", shortcut="hot"),
    )
    offered = with_shortcut([longer, shared, own, OTHER], "ho", "orders", 3)
    assert [one.title for one in offered] == ["B", "A", "C"]
    assert [one.title for one in with_shortcut([longer, shared], "hot", "orders", 3)] == ["C"]


@pytest.mark.parametrize(
    ("before", "typed"),
    [(";ho", (0, "ho")), ("well ;HO-1", (5, "ho-1")), ("(;ho", (1, "ho")), (";", None), (";)", None), ("a;ho", None),
     (";ho ", None), ("; ho", None), (";_x", None)],
)  # fmt: skip
def test_what_only_looks_like_a_shortcut_is_none(before: str, typed: tuple[int, str] | None) -> None:
    assert typed_shortcut(before) == typed


def test_macros_in_one_text_are_done_together() -> None:
    first = saved_replies.with_macro(None, reply("A", then=ReplyActions(["a"], "solved", 60)))
    both = saved_replies.with_macro(first, reply("B", then=ReplyActions(["b", "a"], closes=True)))
    assert both == Macro(("A", "B"), ReplyActions(["a", "b"], "solved", closes=True))
    assert saved_replies.with_macro(first, reply("C", then=ReplyActions(due_s=120))).then.due_s == 120


def test_an_older_core_is_asked_once() -> None:
    model = saved_replies.want(Model(connection=Connection(is_complete=True)))
    body = saved_replies.to_fetch(model)
    assert body is not None
    model = fold.fold(asked(model, "1", body, AT), frames.Refusal("1", "unknown_request", "No such request."), AT)
    assert saved_replies.to_fetch(model) is None and "older than this desk" in model.saved_replies.refusal


def test_many_are_searched_as_one_types() -> None:
    chance, words = random.Random(1), ("order", "parcel", "refund", "open", "hours", "sunday", "shop", "thanks")
    many = {
        str(number): reply(
            " ".join(chance.choices(words, k=3)), id=str(number), text=" ".join(chance.choices(words, k=20))
        )
        for number in range(2000)
    }
    search = ReplySearch()
    assert len(search.found(many, "parc", "orders", AT)) == 60
    renamed = {**many, "7": replace(many["7"], title="Zebra", version="2")}
    assert [one.reply.id for one in search.found(renamed, "zebra", "orders", AT)] == ["7"]
