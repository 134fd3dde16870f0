"""Two desks of one agent and a core that stores their drafts: in whatever order things happen, no text is lost and none
comes back that was sent."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import ReplyActions
from connector.wire.sent_text import digest, without_sent
from connector.wire.views import AgentView, DraftView
from tests.kit.rounds import rounds
from tests.kit.views import conversation, reply
from tui.actions.keys import DEFAULT_NAMES
from tui.model import draft_sync, fold
from tui.model.compose import set_draft, set_macro
from tui.model.erased import erased
from tui.model.pending import asked
from tui.model.state import DraftSync, Macro, Model

ANN = AgentView("ann", "Ann", "online", 0, 4)
CONVERSATION = "C1"


class Core:
    """The drafts of one agent in the core, and the replies that it took. What happens has a position."""

    def __init__(self) -> None:
        self.draft: DraftView | None = None
        self.sent: list[str] = []
        self.refuses_replies = False
        self.position = 1
        self.numbers = itertools.count(1)
        self.answers: dict[str, frames.FromCore] = {}

    def answer(self, request_id: str, body: requests.Request) -> frames.FromCore:
        if request_id not in self.answers:
            found = self.carry_out(body)
            self.answers[request_id] = (
                frames.Refusal(request_id, found, "")
                if isinstance(found, str)
                else frames.AnswerFrame(request_id, found)
            )
        return self.answers[request_id]

    def carry_out(self, body: requests.Request) -> Any:
        match body:
            case requests.Reply():
                return self.reply(body)
            case requests.SaveDraft(text=text) if text == (self.draft.text if self.draft else ""):
                return answers.DraftSaved(self.draft.version if self.draft else "")
            case requests.SaveDraft(based_on=based_on) if based_on != (self.draft.version if self.draft else ""):
                return RefusalCode.NEWER_DRAFT
            case requests.SaveDraft(text=text):
                return answers.DraftSaved(self.put(text))
        return answers.Drafts([self.draft] if self.draft else [], self.position)

    def reply(self, body: requests.Reply) -> Any:
        if self.refuses_replies:
            return RefusalCode.TOO_MANY_SENDS
        self.sent.append(body.text)
        message = reply(id=f"M{next(self.numbers)}", text=body.text)
        self.tell(events.ReplyWritten(conversation=conversation(), message=message))
        if self.draft is not None:
            rest = without_sent(self.draft.text, body.text, body.made_from)
            if rest != self.draft.text:
                self.put(rest)
        return answers.Written(message.id)

    def put(self, text: str) -> str:
        version = f"V{next(self.numbers)}" if text else ""
        self.draft = DraftView(CONVERSATION, text, version, 1) if text else None
        self.tell(events.DraftChanged(CONVERSATION, version))
        return version

    def tell(self, event: events.Event) -> None:
        self.position += 1
        for desk in DESKS:
            desk.events.append(frames.EventFrame(self.position, 1, event))


class Desk:
    """A desk, and its wires: requests, answers and events come in their order, each of the three when it likes."""

    def __init__(self, core: Core, name: str) -> None:
        self.core, self.name = core, name
        self.model = Model(keys=DEFAULT_NAMES)
        self.asked: list[tuple[str, requests.Request]] = []
        self.answers: list[frames.FromCore] = []
        self.events: list[frames.FromCore] = []
        self.numbers = itertools.count(1)
        self.connect()

    def connect(self) -> None:
        """Again, perhaps: what was on its way is lost, and what was asked is asked again."""
        self.events = [
            frames.Welcome(agent=ANN, resumed=False, lines=[], reply_limit=1600),
            frames.SnapshotFrame(position=self.core.position, more=False, agents=[ANN], conversations=[]),
        ]
        self.answers = []
        pending = sorted(self.model.pending.values(), key=lambda one: int(one.id[1:]))
        self.asked = [(one.id, one.body) for one in pending]

    def take(self) -> None:
        """The core takes what was asked, and the desk what comes."""
        while self.carry_out() or self.hear(self.answers) or self.hear(self.events):
            pass

    def carry_out(self) -> bool:
        if not self.asked or self.model.connection.position is None:
            return False
        self.answers.append(self.core.answer(*self.asked.pop(0)))
        return True

    def hear(self, coming: list[frames.FromCore]) -> bool:
        if not coming:
            return False
        self.model = fold.fold(self.model, coming.pop(0), 1)
        if wanted := draft_sync.to_fetch(self.model):
            self.ask(wanted)
        return True

    def save(self) -> bool:
        wanted = list(draft_sync.to_save(self.model))
        for one in wanted:
            self.ask(one)
        return bool(wanted)

    def send(self) -> None:
        if self.text:
            made_from = draft_sync.made_from(self.model, CONVERSATION)
            self.ask(requests.Reply(CONVERSATION, self.text, made_from=made_from))

    def ask(self, body: requests.Request) -> None:
        request_id = f"{self.name}{next(self.numbers)}"
        self.model = asked(self.model, request_id, body, 1)
        self.asked.append((request_id, body))

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
    core = Core()
    DESKS[:] = [Desk(core, "a"), Desk(core, "b")]
    settle()
    return DESKS


def settle() -> None:
    """Until nothing is on its way and nothing is left to save."""
    for _ in range(20):
        for desk in DESKS:
            desk.take()
            desk.save()
        if not any(desk.asked or desk.answers or desk.events for desk in DESKS):
            return
    raise AssertionError("It does not end.")


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
    assert (other.text, other.core.draft) == ("", None)


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
    one.hear(one.events)
    one.hear(one.events)
    (pending,) = [each for each in one.model.pending.values() if isinstance(each.body, requests.GetDrafts)]
    one.model = fold.fold(one.model, frames.Refusal(pending.id, RefusalCode.UNKNOWN_REQUEST, ""), 1)
    one.write("more")
    assert draft_sync.to_fetch(one.model) is None and not list(draft_sync.to_save(one.model))


def test_what_one_desk_sends_is_a_draft_at_none_and_what_the_other_added_stays_there() -> None:
    one, other = two_desks()
    one.write("We are on it.")
    settle()
    other.write("We are on it. Is that all?")
    one.send()
    settle()
    assert (one.text, other.text) == ("Is that all?", "Is that all?")
    assert one.core.sent == ["We are on it."]


def test_what_is_done_with_a_draft_is_not_done_with_what_stays_of_it() -> None:
    one, other = two_desks()
    one.write("Your refund has left.")
    settle()
    macro = Macro(("R1",), ReplyActions(closes=True))
    other.write("Your refund has left. Is that all?")
    other.model = replace(other.model, compose=set_macro(other.model.compose, CONVERSATION, macro))
    one.send()
    settle()
    assert (other.text, [*other.model.compose.macros]) == ("Is that all?", [])


@pytest.mark.parametrize("order", ["saved before it was sent", "saved after it was sent"])
def test_it_is_so_where_what_was_added_is_being_saved(order: str) -> None:
    one, other = two_desks()
    one.write("We are on it.")
    settle()
    other.write("We are on it. Is that all?")
    other.save()
    one.send()
    for desk in (other, one) if order == "saved before it was sent" else (one, other):
        desk.carry_out()
    while other.hear(other.answers) or other.carry_out():  # answers can come before the events of what they tell
        assert other.text in ("We are on it. Is that all?", "Is that all?")
        other.save()
        assert other.core.draft is None or other.core.draft.text != "We are on it. Is that all?"
    settle()
    assert (one.text, other.text) == ("Is that all?", "Is that all?")


@pytest.mark.parametrize("sent", ["It is fixed", "It is mended", "Fixed"])
@pytest.mark.parametrize("added", ["", " Is that all?"])
@pytest.mark.parametrize("is_saved", [True, False])
def test_what_was_deleted_before_it_was_sent_is_a_draft_at_no_desk(sent: str, added: str, is_saved: bool) -> None:
    one, other = two_desks()
    one.write("It is fixed you moron.")
    settle()
    other.write(f"{other.text}{added}")
    if is_saved:
        other.save()
        other.carry_out()
    one.write(sent)
    one.send()
    one.write("Next")
    settle()
    assert one.model.notices.current is None or added
    assert one.core.sent == [sent]
    assert {*one.texts, *other.texts} - {""} == {"Next", *([added.strip()] if added else [])}


def test_what_is_being_saved_as_it_is_sent_without_its_end_does_not_come_back() -> None:
    one, other = two_desks()
    one.write("It is fixed you moron")
    one.save()
    one.write("It is mended")
    one.send()
    assert one.carry_out() and one.carry_out() and one.core.draft is None
    settle()
    assert (one.text, other.text, one.core.draft, one.core.sent) == ("", "", None, ["It is mended"])


def test_a_masked_reply_of_another_desk_is_no_draft_from_then_on_and_one_like_it_stays() -> None:
    one, _ = two_desks()
    one.write("Your card 4111 1111")
    settle()
    shown = reply(text="Your card \u2588\u2588\u2588\u2588 \u2588\u2588\u2588\u2588")
    assert draft_sync.sent_elsewhere(one.model, shown, 9).compose.drafts.get(CONVERSATION) is None
    one.write("Your card 4000 0000 is blocked")
    assert draft_sync.sent_elsewhere(one.model, shown, 9).compose.drafts == one.model.compose.drafts


@pytest.mark.parametrize(
    ("draft", "left"),
    [("ok", ""), ("o", ""), ("ok then", "then"), ("ok, then", ", then"), ("okay", "okay"), ("so ok", "so ok")],
)
def test_a_draft_loses_what_was_sent_where_a_word_ends(draft: str, left: str) -> None:
    assert without_sent(draft, "ok", [digest("ok")]) == left


@pytest.mark.parametrize(("draft", "left"), [("ok", ""), ("o", ""), ("ok then", ""), ("okay", "okay"), ("no", "no")])
def test_of_a_desk_that_does_not_say_what_it_sent_no_end_comes_back(draft: str, left: str) -> None:
    assert without_sent(draft, "ok", []) == left


def test_an_emoji_that_goes_on_is_another_one() -> None:
    assert without_sent("\N{WOMAN}\u200d\N{ROCKET}", "\N{WOMAN}", []) == "\N{WOMAN}\u200d\N{ROCKET}"


STEPS = st.tuples(
    st.sampled_from(["carry out", "answer", "event", "save", "write", "send", "refuse", "connect", "join"]),
    st.integers(0, 1),
)


@settings(max_examples=rounds(400), deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_in_any_order_no_text_is_lost_and_no_sent_one_comes_back(steps: list[tuple[str, int]]) -> None:
    """Of two desks that add to what they show and send it."""
    desks = two_desks()
    for number, (step, which) in enumerate(steps):
        carry_out(desks[which], step, f"w{number}.")
    settle()
    drafts, sent = {text for desk in desks for text in desk.texts if text}, desks[0].core.sent
    found = " ".join([*drafts, *sent])
    assert [number for number, step in enumerate(steps) if step[0] == "write" and f"w{number}." not in found] == []
    assert [(draft, one) for draft in drafts for one in sent if without_sent(draft, one, [digest(one)]) != draft] == []


def carry_out(desk: Desk, step: str, word: str) -> None:
    match step:
        case "take":
            desk.take()
        case "carry out":
            desk.carry_out()
        case "answer":
            desk.hear(desk.answers)
        case "event":
            desk.hear(desk.events)
        case "save":
            desk.save()
        case "write":
            desk.write(f"{desk.text} {word}".lstrip())
        case "send":
            desk.send()
        case "refuse":
            desk.core.refuses_replies = not desk.core.refuses_replies
        case "connect":
            desk.connect()
        case "join":
            desk.join()


WRITES = st.tuples(
    st.sampled_from(["take", "take", "carry out", "answer", "event", "save", "save", "write", "write", "send"]),
    st.integers(0, 1),
)
DELETES = st.tuples(st.sampled_from(["delete", "replace"]), st.just(0))


@example([], ("delete", 0), [("take", 0), ("write", 0), ("save", 0), ("write", 1)])
@settings(max_examples=rounds(160), deadline=None)
@given(st.lists(WRITES | DELETES, max_size=12), DELETES, st.lists(WRITES | DELETES, max_size=12))
def test_in_any_order_nothing_comes_back_that_was_deleted_before_sending(
    before: list[tuple[str, int]], last: tuple[str, int], since: list[tuple[str, int]]
) -> None:
    """Of two desks that add to what they show and send it; at the first one, words are deleted as well."""
    desks = one, other = two_desks()
    one.write("a. b. c. d.")
    settle()
    written, deleted, gone = {"a.", "b.", "c.", "d."}, set[str](), set[str]()
    for number, (step, which) in enumerate([*before, last, ("send", 0), *since]):
        word, words = f"w{number}.", one.text.split()
        if step == "write" or (step == "replace" and words):
            written.add(word)
        if step == "send" and which == 0 and words:
            gone |= deleted
        if step == "delete" and len(words) > 1:
            deleted.add(words.pop())
            one.write(" ".join(words))
        elif step == "replace" and words:
            deleted.add(words.pop())
            one.write(" ".join([*words, word]))
        else:
            carry_out(desks[which], step, word)
    settle()
    drafts = {word for text in (*one.texts, *other.texts) for word in text.split()}
    assert drafts & gone == set()
    assert written - deleted - drafts - set(" ".join(one.core.sent).split()) == set()
