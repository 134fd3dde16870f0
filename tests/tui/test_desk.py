from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.views import ConversationView
from tests.kit.rounds import rounds
from tests.kit.views import ANN, AT, BEN, conversation, fact, hello, welcome
from tui.desk import DeskController
from tui.model.listing import Listing, Scope
from tui.model.packed_rows import PackedRows
from tui.model.state import Attachment


def desk(attachments: dict[str, tuple[Attachment, ...]]) -> DeskController:
    asked: list[requests.Request] = []
    return DeskController(
        ask=lambda request_id, body: asked.append(body),
        new_id=lambda: "r1",
        now=lambda: AT,
        drafts={},
        attachments=attachments,
        unanswered=[],
    )


def test_after_a_restart_the_pictures_whose_upload_was_interrupted_are_named() -> None:
    notice = desk({"C1": (Attachment("b.png", 3, None, None),)}).model.notices.current
    assert notice is not None and notice.is_error and "attach it again: b.png." in notice.words
    assert desk({"C1": (Attachment("b.png", 3, "P1", None),)}).model.notices.current is None


def test_a_count_is_for_the_very_next_key_and_does_not_begin_with_zero() -> None:
    one = desk({})
    for key in "0120":
        one.key_pressed()
        one.add_digit(key)
    assert one.next_count == "120"
    one.key_pressed()
    assert one.count == 120 and one.next_count == ""
    one.key_pressed()
    assert one.count is None


class Scene:
    """A core with one desk that leaves colleagues' conversations out of its snapshot, and answers pages late."""

    def __init__(self) -> None:
        self.rows = {
            view.id: view for number in range(12) if (view := self._row(number, agent="ben" if number % 3 else "ann"))
        }
        self.hidden: set[str] = set()
        self.position = 5
        self.late: list[tuple[str, answers.ConversationPage]] = []
        self.desk = DeskController(
            ask=self._asked,
            new_id=map(str, itertools.count()).__next__,
            now=lambda: AT,
            drafts={},
            attachments={},
            unanswered=(),
        )

    def _row(self, number: int, **fields: Any) -> ConversationView:
        return conversation(id=f"C{number:02}", consumer=f"+155501{number:02}", **fields)

    @property
    def visible(self) -> dict[str, ConversationView]:
        return {name: view for name, view in self.rows.items() if name not in self.hidden}

    @property
    def under_way(self) -> int:
        return len(self.late)

    def _left_out(self) -> list[ConversationView]:
        return [view for view in self.visible.values() if view.agent == "ben"]

    def connect(self) -> None:
        own = [view for view in self.visible.values() if view.agent != "ben"]
        first = frames.SnapshotFrame(self.position, False, [ANN, BEN], own, {"ben": len(self._left_out())})
        self.late.clear()
        for request in self.desk.model.pending.values():  # the client repeats it
            self._asked(request.id, request.body)
        self.desk.take([hello(self.position), welcome(), first])

    def _asked(self, request_id: str, body: requests.Request) -> None:
        """The answer is what is so at this moment."""
        if isinstance(body, requests.GetConversations):
            found = sorted(self._left_out(), key=lambda view: view.id, reverse=True)
            found = [view for view in found if body.before is None or view.id < body.before]
            limit = min(body.limit, 3)
            self.late.append((request_id, answers.ConversationPage(found[:limit], len(found) > limit)))

    def answer(self) -> None:
        if self.late:
            request_id, page = self.late.pop(0)
            self.desk.take([frames.AnswerFrame(request_id, page)])

    def tell(self, body: events.Event) -> None:
        self.position += 1
        self.desk.take([fact(self.position, body)])

    def change(self, number: int, agent: str) -> None:
        old = self.rows.get(name := f"C{number:02}") or self._row(number)
        self.rows[name] = replace(old, version=old.version + 1, agent=agent)
        self.hidden.discard(name)
        self.tell(events.ConversationAssigned(self.rows[name]))

    def hide(self, number: int) -> None:
        if (name := f"C{number:02}") in self.visible:
            self.hidden.add(name)
            self.tell(events.ConversationHidden(name))

    def open(self, number: int) -> None:
        if (name := f"C{number:02}") in self.desk.model.conversations.by_id:
            self.desk.open(name)

    def opt_out(self, number: int) -> None:
        """No event is about the row itself, and its version stays."""
        if (name := f"C{number:02}") in self.rows:
            self.rows[name] = replace(self.rows[name], opted_out=True)
            self.tell(events.ConsentChanged(self.rows[name].consumer, True, "keyword STOP", None))


def test_pages_are_asked_for_while_the_list_of_all_is_shown_and_not_again_when_all_are_here() -> None:
    scene = Scene()
    scene.connect()
    assert scene.under_way == 0
    scene.desk.show_list(Scope.ALL)
    scene.desk.show_list(Scope.MINE)
    scene.answer()
    assert scene.under_way == 0, "the rest is not asked for"
    scene.desk.show_list(Scope.ALL)
    while scene.late:
        scene.answer()
    assert scene.desk.model.others.is_complete
    scene.desk.show_list(Scope.MINE)
    scene.desk.show_list(Scope.ALL)
    assert scene.under_way == 0
    scene.connect()
    assert scene.under_way == 1, "after another snapshot it is loaded anew"


_NUMBERS = st.integers(0, 15)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), _NUMBERS, st.sampled_from(["ann", "ben"])),
        st.tuples(st.sampled_from(["hide", "opt_out", "open"]), _NUMBERS),
        st.tuples(st.sampled_from(["answer", "answer", "connect"])),
        st.tuples(st.just("show"), st.sampled_from(Scope)),
    ),
    max_size=40,
)


@settings(max_examples=rounds(150))
@given(_STEPS)
def test_whatever_happens_while_pages_are_under_way_the_desk_ends_with_what_its_agent_may_see(
    steps: list[tuple[Any, ...]],
) -> None:
    scene = Scene()
    scene.connect()
    for name, *arguments in steps:
        if name == "show":
            scene.desk.show_list(*arguments)
        else:
            getattr(scene, name)(*arguments)
        rows = scene.desk.model.conversations.by_id
        assert set(rows) <= set(scene.visible), "nothing that the agent may not see"
        assert {name: view for name, view in scene.visible.items() if view.agent == "ann"}.items() <= dict(rows).items()
        assert scene.desk.listing.count(Scope.ALL) == len(rows)
    scene.desk.show_list(Scope.ALL)
    while scene.late:
        scene.answer()
    model = scene.desk.model
    assert model.others.is_complete and model.others.left_out == 0
    assert dict(model.conversations.by_id) == scene.visible
    afresh = Listing()
    afresh.refill(model.conversations.by_id, "ann")
    for scope in Scope:
        afresh.show(scope, "", PackedRows())
        scene.desk.show_list(scope)
        assert [afresh.at(row) for row in range(len(afresh))] == [
            scene.desk.listing.at(row) for row in range(len(scene.desk.listing))
        ]


def test_each_list_goes_back_to_the_conversation_its_cursor_was_on() -> None:
    scene = Scene()
    scene.connect()
    one = scene.desk
    one.go_to_row(2)
    at = one.model.shown
    for scope in (Scope.ALL, Scope.MINE):
        one.show_list(scope)
        one.go_back_to_row()
        assert one.row == (2 if scope is Scope.MINE else 0)
    assert one.model.shown == at and at is not None


def test_a_row_that_sinks_under_the_cursor_stays_until_the_cursor_goes_on() -> None:
    scene = Scene()
    scene.rows = {name: replace(view, waiting_since=AT) for name, view in scene.rows.items()}
    scene.connect()
    one = scene.desk
    one.go_to_row(1)
    before = [one.listing.at(row) for row in range(len(one.listing))]
    answered = replace(scene.rows[before[1]], version=9, waiting_since=None)
    scene.tell(events.ConversationUpdated(answered))
    assert [one.listing.at(row) for row in range(len(one.listing))] == before
    one.go_to_row(2)
    assert one.model.shown == before[2] and one.listing.row_of(answered) == len(before) - 1
