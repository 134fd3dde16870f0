"""What a desk asks of the core."""

from __future__ import annotations

from msgspec import Struct

from connector.wire import limits


class Accept(Struct, frozen=True, tag_field="type", tag="accept"):
    """Take a conversation that is queued, rings at you, or whose owner's hold is over. Answered with Done; refused with
    not_queued."""

    conversation_id: str


class Decline(Struct, frozen=True, tag_field="type", tag="decline"):
    """Let somebody else have what rings at you. Answered with Done; refused with not_ringing."""

    conversation_id: str


class Reply(Struct, frozen=True, tag_field="type", tag="reply"):
    """Send a text to the consumer. The request's id makes it happen once. Answered with Written; refused with stale
    when `seen` is given and the consumer or a colleague has written since."""

    conversation_id: str
    text: str
    pictures: list[str] = []  # addresses (https) or ids of PutPicture; at most what the account can send
    seen: int | None = None  # the `seq` of the last message the author has seen


class UndoReply(Struct, frozen=True, tag_field="type", tag="take_back"):
    """Undo a reply of yours that has not left yet (see LineView.undo_s). Answered with Done; refused with too_late."""

    message_id: str


class WriteNote(Struct, frozen=True, tag_field="type", tag="write_note"):
    """A note for colleagues in the transcript; never sent, changes no clock. Answered with Written."""

    conversation_id: str
    text: str


class Transfer(Struct, frozen=True, tag_field="type", tag="transfer"):
    """Hand it over: to a skill, or to an agent for whom it then rings. One of both. Answered with Transferred; refused
    with unknown_skill, unknown_agent, would_strand."""

    conversation_id: str
    skill: str | None = None
    agent: str | None = None
    note: str = ""


class GetTargets(Struct, frozen=True, tag_field="type", tag="get_targets"):
    """Where this conversation can be handed, and what would become of it. Answered with Targets."""

    conversation_id: str


class TakeOver(Struct, frozen=True, tag_field="type", tag="take_over"):
    """Make somebody else's conversation yours. For leads. Answered with Done; refused with not_allowed."""

    conversation_id: str


class Join(Struct, frozen=True, tag_field="type", tag="join"):
    """Write beside the owner. For leads. Answered with Done; refused with not_allowed."""

    conversation_id: str


class Leave(Struct, frozen=True, tag_field="type", tag="leave"):
    """No longer write beside the owner. Answered with Done."""

    conversation_id: str


class SetDue(Struct, frozen=True, tag_field="type", tag="set_due"):
    """When an answer of yours is due, whatever the rules say; `due_at` null: as the rules say. Answering clears it
    unless `keep`. Answered with Done."""

    conversation_id: str
    due_at: int | None
    keep: bool = False


class WrapUp(Struct, frozen=True, tag_field="type", tag="wrap_up"):
    """Note how a conversation of yours that is in wrap-up went, which ends it. Answered with Done."""

    conversation_id: str
    outcome: str = ""
    note: str = ""
    tags: list[str] = []


class Reopen(Struct, frozen=True, tag_field="type", tag="reopen"):
    """Go on with a closed conversation: undo a close, or take it up again. Answered with Done; refused with too_late,
    or with already_open when the consumer has another one by now."""

    conversation_id: str


class SignOffChoice(Struct, frozen=True):
    """What becomes of one conversation when its owner signs off."""

    conversation_id: str
    choice: str  # close, return, due
    due_at: int | None = None  # with due: it stays theirs, and an answer is due then


class SignOff(Struct, frozen=True, tag_field="type", tag="sign_off"):
    """Go off duty: nothing more is given to you, and each conversation of yours is dealt with. Answered with Done;
    refused with left_behind when one is not named."""

    leaving: list[SignOffChoice] = []


class Explain(Struct, frozen=True, tag_field="type", tag="explain"):
    """Why a conversation is where it is, and what comes next. Answered with Explained."""

    conversation_id: str


class GetPresence(Struct, frozen=True, tag_field="type", tag="get_presence"):
    """The states agents (one, or all) were in since a moment. Answered with PresenceSpans."""

    since: int
    agent: str | None = None


class Start(Struct, frozen=True, tag_field="type", tag="start"):
    """Text somebody first, from one of our lines. Opens a conversation that is yours, or uses the open one if it is
    yours or waits in the queue. Answered with Started; refused like Reply, and with unknown_line."""

    line: str
    consumer: str
    text: str
    is_test: bool = False  # it goes after everything else that waits on its line


class PutPicture(Struct, frozen=True, tag_field="type", tag="put_picture"):
    """Hand over a picture (at most 5 MB) for a reply. The core serves it to the provider for a day at an address nobody
    can guess. Answered with PictureStored; refused with bad_picture."""

    data: bytes  # base64 in JSON


class GetPicture(Struct, frozen=True, tag_field="type", tag="get_picture"):
    """The bytes of a picture that is kept. Answered with Picture; refused with unknown_picture."""

    picture_id: str


class ReleaseHook(Struct, frozen=True, tag_field="type", tag="release_hook"):
    """Take a call out of quarantine as if it had proven itself. For administrators. Answered with Done; refused with
    not_allowed, unknown_hook, bad_request."""

    hook_id: str


class SetAccountMode(Struct, frozen=True, tag_field="type", tag="set_account_mode"):
    """active, draining or off; see AccountView.mode. For administrators. Answered with Done."""

    account: str
    mode: str


class Recover(Struct, frozen=True, tag_field="type", tag="recover"):
    """Go through an account's list at its provider and take in what was missed since this moment. For administrators.
    Answered with Recovered once it is done; refused with cannot_recover."""

    account: str
    since: int


class GetTraffic(Struct, frozen=True, tag_field="type", tag="get_traffic"):
    """The last hour of every line. Answered with Traffic."""


class GiveBack(Struct, frozen=True, tag_field="type", tag="return_to_queue"):
    """Give the conversation back; somebody else is tried first. Answered with Done."""

    conversation_id: str
    note: str = ""


class Close(Struct, frozen=True, tag_field="type", tag="close"):
    """End the conversation, or begin its wrap-up where the skill has one and nothing else is said. Answered with
    Done."""

    conversation_id: str
    outcome: str = ""
    note: str = ""
    tags: list[str] = []


class MarkRead(Struct, frozen=True, tag_field="type", tag="mark_read"):
    """The owner has seen everything so far. Answered with Done."""

    conversation_id: str


class SetPresence(Struct, frozen=True, tag_field="type", tag="set_presence"):
    """online, back_soon or away. Answered with Done."""

    presence: str
    reason: str = ""  # of being away: one of the welcome's `away_reasons`, or none


class GetHistory(Struct, frozen=True, tag_field="type", tag="get_history"):
    """Messages with this conversation's consumer, on all lines, before the message id `before` (exclusive).

    Answered with History: the latest `limit` (at most 200) of them, oldest first.
    """

    conversation_id: str
    before: str | None = None
    limit: int = limits.DEFAULT_PAGE_SIZE


class GetHooks(Struct, frozen=True, tag_field="type", tag="get_hooks"):
    """Calls of vendors that became no message, for administrators.

    Answered with Hooks, newest first, at most `limit` (at most 200).
    """

    limit: int = limits.DEFAULT_PAGE_SIZE


Request = (
    Accept
    | Decline
    | Reply
    | UndoReply
    | WriteNote
    | Start
    | GiveBack
    | Transfer
    | GetTargets
    | TakeOver
    | Join
    | Leave
    | SetDue
    | Close
    | WrapUp
    | Reopen
    | SignOff
    | Explain
    | GetPresence
    | MarkRead
    | SetPresence
    | SetAccountMode
    | ReleaseHook
    | Recover
    | PutPicture
    | GetPicture
    | GetHistory
    | GetHooks
    | GetTraffic
)
