"""What the core has erased is nowhere in the desk: rows, messages, drafts, pictures, texts without an answer."""

from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from connector.wire import administration, answers, events, frames, requests
from tests.kit.models import drafted
from tests.kit.views import AT, conversation, fact, hello, message, snapshot, welcome
from tui.model import compose, erased, pending, transcripts
from tui.model.fold import changed_rows, fold
from tui.model.marked import BulkRun, NotDone, Task
from tui.model.state import Attachment, Model

SECRET = "my secret"
ERASED = events.ConversationErased("C1")


def written() -> Model:
    """C1 is open, with a draft, a picture and a reply and a note on their way."""
    model = Model()
    for frame in (hello(5), welcome(), snapshot(conversation(id="C1", last_text=SECRET), position=5)):
        model = fold(model, frame, AT)
    model = pending.asked(transcripts.show(model, "C1"), "h", requests.GetHistory("C1"), AT)
    model = fold(model, frames.AnswerFrame("h", answers.History([message(text=SECRET)], more=False)), AT)
    model = pending.asked(model, "r", requests.Reply("C1", f"{SECRET} indeed"), AT)
    model = pending.asked(model, "n", requests.WriteNote("C1", f"{SECRET} noted"), AT)
    model = pending.asked(model, "l", requests.ScheduleReply("C1", f"{SECRET} later", AT + 1), AT)
    thrown_away = compose.discard(drafted(model, "C1", f"{SECRET} at first").compose, "C1")
    model = drafted(replace(model, compose=thrown_away), "C1", f"{SECRET} drafted")
    task, refused = Task("C1", SECRET, ()), NotDone("C1", SECRET, "no")
    run = BulkRun("close", 4, waiting=(task,), asked=Map({"b": task}), done=(task,), refused=(refused,))
    model = replace(model, bulk=run)
    picture = (Attachment(SECRET, 1, "U1", None),)
    return replace(model, compose=compose.set_attachments(model.compose, "C1", picture))


def test_nothing_of_it_is_left() -> None:
    model = written()
    assert SECRET in repr(model)
    assert list(changed_rows(model, fact(6, ERASED))) == ["C1"]
    model = fold(model, fact(6, ERASED), AT)
    assert SECRET not in repr(model)
    assert model.bulk is not None and (model.bulk.total, len(model.bulk.asked)) == (1, 1)
    assert model.transcript is None and model.connection.position == 6
    assert model.notices.current is not None and "erased" in model.notices.current.words


def test_an_event_in_the_place_of_one_that_was_erased_changes_nothing() -> None:
    model = written()
    after = fold(model, fact(6, events.ConversationErased("")), AT)
    assert after.conversations.by_id == model.conversations.by_id and after.compose == model.compose


def test_messages_of_an_earlier_conversation_leave_the_open_transcript() -> None:
    model = written()
    assert model.transcript is not None
    old = message(id="M0", conversation_id="C0", text="of long ago")
    model = replace(model, transcript=replace(model.transcript, messages=(old, *model.transcript.messages)))
    model = fold(model, fact(6, events.ConversationErased("C0")), AT)
    assert "of long ago" not in repr(model) and SECRET in repr(model)


def test_drafts_of_conversations_that_are_not_here_are_asked_about() -> None:
    model = drafted(drafted(written(), "C7", "old"), "start +1 +2", "first text")
    assert list(erased.unseen_drafts(model)) == ["C7"]
    model = pending.asked(model, "e", administration.GetErased(["C7"]), AT)
    model = fold(model, frames.AnswerFrame("e", answers.Erased(["C7"])), AT)
    assert "C7" not in model.compose.drafts and "C1" in model.compose.drafts
