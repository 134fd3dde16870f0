from __future__ import annotations

from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, events, frames, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import PictureView
from tests.kit.models import attached
from tests.kit.views import AT, conversation, fact, hello, message, snapshot, welcome
from tui.model import compose, pending, transcripts
from tui.model.fold import fold
from tui.model.state import Attachment, ComposeState, Model, ShownPicture

WAITING = PictureView("P1", "image/jpeg", "waiting", None, None)
KEPT = PictureView("P1", "image/png", "kept", 912, None)
OTHER = PictureView("P2", "image/gif", "waiting", None, None)


def folded(state: Model, *came: frames.FromCore) -> Model:
    for frame in came:
        state = fold(state, frame, AT)
    return state


def opened() -> Model:
    state = folded(Model(), hello(5), welcome(), snapshot(conversation(), position=5))
    state = pending.asked(transcripts.show(state, "C1"), "h", requests.GetHistory("C1"), AT)
    return folded(state, frames.AnswerFrame("h", answers.History([message(pictures=[WAITING, OTHER])], more=False)))


def pictures_of(state: Model) -> tuple[Attachment, ...]:
    return state.compose.attachments.get("C1", ())


def handing_over() -> Model:
    state = pending.asked(opened(), "p", requests.PutPicture(b"abc"), AT)
    return attached(state, "C1", Attachment("a.png", 3, None, "p"))


def test_a_fetched_picture_takes_the_place_of_the_one_awaited() -> None:
    state = folded(opened(), fact(6, events.PictureMoved("C1", "M1", KEPT)))
    assert state.transcript is not None
    assert state.transcript.messages[0].pictures == [KEPT, OTHER]


def test_one_of_a_message_that_is_not_shown_changes_nothing() -> None:
    state = opened()
    assert folded(state, fact(6, events.PictureMoved("C1", "M77", KEPT))).transcript == state.transcript


def test_after_a_restart_drafts_have_their_pictures_but_interrupted_uploads() -> None:
    here, on_its_way = Attachment("a.png", 3, "P1", None), Attachment("b.png", 3, None, None)
    stored, lost = compose.from_disk({"C1": "look"}, {"C1": (here, on_its_way), "C2": (on_its_way,)})
    assert dict(stored.attachments) == {"C1": (here,)}
    assert dict(stored.drafts) == {"C1": "look"}
    assert lost == ["b.png", "b.png"]
    assert compose.from_disk({}, {"C1": (here,)}) == (ComposeState(attachments=Map({"C1": (here,)})), [])


def test_a_picture_can_go_once_the_core_has_it() -> None:
    assert pictures_of(handing_over()) == (Attachment("a.png", 3, None, "p"),)
    state = folded(handing_over(), frames.AnswerFrame("p", answers.PictureStored("P9", "image/png")))
    assert pictures_of(state) == (Attachment("a.png", 3, "P9", None),)


def test_what_the_core_does_not_take_is_not_attached_and_it_says_why() -> None:
    state = folded(handing_over(), frames.Refusal("p", RefusalCode.BAD_PICTURE, "This is no picture."))
    assert pictures_of(state) == ()
    assert state.notices.current is not None and state.notices.current.words == "This is no picture."


def test_a_reply_takes_its_pictures_along_and_a_refusal_brings_them_back() -> None:
    state = attached(opened(), "C1", Attachment("https://a/b.png", None, "https://a/b.png", None))
    state = pending.asked(state, "r", requests.Reply("C1", "look", ["https://a/b.png", "P9"]), AT)
    assert pictures_of(state) == ()
    state = folded(state, frames.Refusal("r", RefusalCode.OPTED_OUT, "They have opted out."))
    assert [picture.reference for picture in pictures_of(state)] == ["https://a/b.png", "P9"]
    assert state.compose.drafts["C1"] == "look"


def test_only_the_shown_picture_is_stored() -> None:
    state = pending.asked(opened(), "g", requests.GetPicture("P1"), AT)
    state = replace(state, fetched=replace(state.fetched, picture=ShownPicture("P2")))
    state = folded(state, frames.AnswerFrame("g", answers.Picture("image/png", b"abc")))
    assert state.fetched.picture is not None and (state.fetched.picture.id, state.fetched.picture.data) == ("P2", None)
    state = pending.asked(state, "g2", requests.GetPicture("P2"), AT)
    state = folded(state, frames.Refusal("g2", RefusalCode.UNKNOWN_PICTURE, "It is gone."))
    assert state.fetched.picture is not None and state.fetched.picture.refusal == "It is gone."


def test_a_text_undone_is_not_doubled_in_the_draft_of_another_desk_that_goes_on_from_it() -> None:
    for newer, whole in (("Hi", "Hi"), ("Hi there", "Hi there"), ("Hint", "Hi\nHint")):
        restored = compose.restore_draft(ComposeState(drafts=Map({"C1": newer})), "C1", "Hi")
        assert restored.drafts["C1"] == whole
