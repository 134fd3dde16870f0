"""Two desks of one agent and a core that stores their drafts: in whatever order things happen, no text is lost."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import AgentView, DraftView
from tests.kit.rounds import rounds
from tui.model import draft_sync, fold
from tui.model.compose import set_draft
from tui.model.erased import erased
from tui.model.pending import asked
from tui.model.state import DraftSync, Model

ANN = AgentView("ann", "Ann", "online", 0, 4)
CONVERSATION = "C1"


class Store:
    """The drafts of one agent in the core."""

    def __init__(self) -> None:
        self.draft: DraftView | None = None
        self.numbers = itertools.count(1)

    def carry_out(self, body: requests.Request) -> answers.Answer | str:
        match body:
            case requests.SaveDraft(text=text) if text == (self.draft.text if self.draft else ""):
                return answers.DraftSaved(self.draft.version if self.draft else "")
            case requests.SaveDraft(based_on=based_on) if self.draft is not None and self.draft.version != based_on:
                return RefusalCode.NEWER_DRAFT
            case requests.SaveDraft(text=text):
                version = f"V{next(self.numbers)}" if text else ""
                self.draft = DraftView(CONVERSATION, text, version, 1) if text else None
                return answers.DraftSaved(version)
        return answers.Drafts([self.draft] if self.draft else [])


class Desk:
    """A desk, and the wires to and from its core, whose content it takes when it likes."""

    def __init__(self, store: Store, name: str) -> None:
        self.store, self.name = store, name
        self.model = Model()
        self.coming: list[frames.FromCore] = []
        self.numbers = itertools.count(1)
        self.connect()

    def connect(self) -> None:
        self.coming = [
            frames.Welcome(agent=ANN, resumed=False, lines=[], reply_limit=1600),
            frames.SnapshotFrame(position=1, more=False, agents=[ANN], conversations=[]),
            *(self._answer(one.id, one.body) for one in self.model.pending.values()),  # which are repeated
        ]

    def take(self, limit: int = 1000) -> None:
        for _ in range(min(limit, len(self.coming))):
            self.model = fold.fold(self.model, self.coming.pop(0), 1)
        if wanted := draft_sync.to_fetch(self.model):
            self.ask(wanted)

    def save(self) -> bool:
        wanted = list(draft_sync.to_save(self.model))
        for one in wanted:
            self.ask(one)
        return bool(wanted)

    def ask(self, body: requests.Request) -> None:
        request_id = f"{self.name}{next(self.numbers)}"
        self.model = asked(self.model, request_id, body, 1)
        before = self.store.draft
        self.coming.append(self._answer(request_id, body))
        if self.store.draft is not before:
            version = self.store.draft.version if self.store.draft else ""
            for desk in DESKS:
                desk.coming.append(frames.EventFrame(2, 1, events.DraftChanged(CONVERSATION, version)))

    def _answer(self, request_id: str, body: requests.Request) -> frames.FromCore:
        found = self.store.carry_out(body)
        return (
            frames.Refusal(request_id, found, "") if isinstance(found, str) else frames.AnswerFrame(request_id, found)
        )

    def write(self, text: str) -> None:
        self.model = replace(self.model, compose=set_draft(self.model.compose, CONVERSATION, text))

    def join(self) -> None:
        self.model = draft_sync.join(self.model, CONVERSATION)

    @property
    def text(self) -> str:
        return self.model.compose.drafts.get(CONVERSATION, "")

    @property
    def texts(self) -> set[str]:
        """All that the agent finds at this desk."""
        other = self.model.compose.elsewhere.get(CONVERSATION)
        return {self.text, other.text if other else ""}


DESKS: list[Desk] = []


def two_desks() -> list[Desk]:
    store = Store()
    DESKS[:] = [Desk(store, "a"), Desk(store, "b")]
    settle()
    return DESKS


def settle() -> None:
    """Until nothing is on its way and nothing is left to save."""
    for _ in range(20):
        for desk in DESKS:
            desk.take()
            desk.save()
    assert not any(desk.coming or desk.save() for desk in DESKS)


def test_the_draft_of_one_desk_is_shown_at_the_other_and_goes_once_it_is_sent() -> None:
    one, other = two_desks()
    one.write("half a tho")
    settle()
    assert other.text == "half a tho"
    other.write("half a thought")
    settle()
    assert one.text == "half a thought"
    one.write("")  # sent
    settle()
    assert (other.text, other.store.draft) == ("", None)


def test_where_both_have_written_both_are_offered_and_can_be_joined() -> None:
    one, other = two_desks()
    one.write("from the one")
    other.write("from the other")
    one.save()
    settle()
    assert (one.text, other.text) == ("from the one", "from the other")
    assert other.texts == {"from the one", "from the other"}
    assert other.model.notices.current is not None and "F9" in other.model.notices.current.words
    other.join()
    settle()
    assert one.text == other.text == "from the one\nfrom the other"
    assert not other.model.compose.elsewhere


def test_what_was_sent_elsewhere_while_a_desk_was_away_is_no_draft_any_more() -> None:
    one, other = two_desks()
    one.write("on its way")
    settle()
    saved = one.model.compose.sync.saved
    other.write("")
    settle()
    one.model = Model(
        compose=replace(one.model.compose, drafts=one.model.compose.drafts.set(CONVERSATION, "on its way"))
    )
    one.model = replace(one.model, compose=replace(one.model.compose, sync=DraftSync(saved=saved)))  # started again
    one.connect()
    settle()
    assert one.text == ""


def test_an_erased_conversation_leaves_nothing_and_an_older_core_is_asked_once() -> None:
    one, other = two_desks()
    one.write("Dear Ms Miller")
    other.write("Dear Mr Miller")
    settle()
    other.model = erased(other.model, [CONVERSATION])
    assert (other.texts, dict(other.model.compose.sync.saved)) == ({""}, {})
    one.connect()
    one.take(2)
    (pending,) = [each for each in one.model.pending.values() if isinstance(each.body, requests.GetDrafts)]
    one.model = fold.fold(one.model, frames.Refusal(pending.id, RefusalCode.UNKNOWN_REQUEST, ""), 1)
    one.write("more")
    assert draft_sync.to_fetch(one.model) is None and not list(draft_sync.to_save(one.model))


STEPS = st.one_of(
    st.tuples(st.sampled_from(["take", "save", "write", "connect", "join"]), st.integers(0, 1), st.integers(1, 3))
)


@settings(max_examples=rounds(300), deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_no_text_is_lost_in_any_order(steps: list[tuple[str, int, int]]) -> None:
    """Of two desks that only add to what they show, all that was added is found in the end."""
    desks = two_desks()
    for number, (step, which, count) in enumerate(steps):
        desk = desks[which]
        match step:
            case "take":
                desk.take(count)
            case "save":
                desk.save()
            case "write":
                desk.write(f"{desk.text} w{number}")
            case "connect":
                desk.connect()
            case "join":
                desk.join()
    settle()
    found = " ".join(one for desk in desks for one in desk.texts)
    assert [number for number, step in enumerate(steps) if step[0] == "write" and f"w{number}" not in found] == []
