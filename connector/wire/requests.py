"""What a desk asks of the core; more is in `administration`, `board`, `contacts` and `saved_replies` beside this."""

from typing import Annotated

from msgspec import Meta, Struct

from connector.wire import administration, board, contacts, limits, saved_replies
from connector.wire.field_types import Key, Moment, Number, Url
from connector.wire.saved_replies import ReplyActions

SavedReplyIds = Annotated[list[Key], Meta(max_length=limits.SAVED_REPLIES_IN_TEXT)]


class Accept(Struct, frozen=True, tag_field="type", tag="accept"):
    """Own a conversation that is queued, rings at you, or whose owner's hold is over. Answered with Done; refused with
    not_queued."""

    conversation_id: Key


class Decline(Struct, frozen=True, tag_field="type", tag="decline"):
    """Pass on what rings at you. Answered with Done; refused with not_ringing."""

    conversation_id: Key


class Reply(Struct, frozen=True, tag_field="type", tag="reply"):
    """Send a text to the consumer, once for one request id. Answered with Written; refused with stale when `seen` is
    given and the consumer or a colleague has written since. With `accept`, a conversation that is free to accept is
    accepted first; when the reply is refused it is not."""

    conversation_id: Key
    text: str
    pictures: list[Url] = []  # URLs (https) or ids from PutPicture; at most what the account can send
    seen: Number | None = None  # `seq` of the last message the author has seen
    accept: bool = False
    override: bool = False  # of a lead: set limits of sending aside; see `connector.domain.sending_limits`
    made_from: list[Key] = []  # drafts that are stored, by `sent_text.digest`: the one known of, and one on its way
    saved_replies: SavedReplyIds = []  # ids of those that the text was made of, whose use is counted
    then: ReplyActions | None = None  # done with the reply, or refused with it


class ScheduleReply(Struct, frozen=True, tag_field="type", tag="schedule_reply"):
    """Send a text to the consumer at a moment, unless more is said before: then it is your draft again. Answered with
    Scheduled; refused like Reply, and with bad_request for a moment that is past."""

    conversation_id: Key
    text: str
    send_at: Moment
    seen: Number | None = None  # as in Reply, also at its moment
    accept: bool = False  # as in Reply
    made_from: list[Key] = []  # as in Reply
    saved_replies: SavedReplyIds = []  # as in Reply


class CancelScheduled(Struct, frozen=True, tag_field="type", tag="cancel_scheduled"):
    """Do not send a reply that waits for its moment: its text is its author's draft again. By its author, and by leads.
    Answered with Done; refused with unknown_message."""

    scheduled_id: Key


class GetScheduled(Struct, frozen=True, tag_field="type", tag="get_scheduled"):
    """Your replies that wait for their moment, the next one first. Answered with ScheduledReplies."""


class Resend(Struct, frozen=True, tag_field="type", tag="resend"):
    """Send a reply again that did not arrive, with its pictures, as a new message; once for each. Answered with
    Written; refused like Reply, with too_late when it is under way, delivered or was sent again, and with
    may_have_arrived when its end is unknown, unless `even_if_uncertain`."""

    message_id: Key
    seen: Number | None = None  # as in Reply
    even_if_uncertain: bool = False
    accept: bool = False  # as in Reply
    override: bool = False  # as in Reply


class UndoReply(Struct, frozen=True, tag_field="type", tag="take_back"):
    """Undo your reply before it is sent (see LineView.undo_s). Answered with Done; refused with too_late."""

    message_id: Key


class WriteNote(Struct, frozen=True, tag_field="type", tag="write_note"):
    """Write a note for colleagues, which is never sent and changes no due time. Agents whom it names with @, up to
    ten, are told if they see the conversation. Answered with Written."""

    conversation_id: Key
    text: str


class Transfer(Struct, frozen=True, tag_field="type", tag="transfer"):
    """Transfer a conversation to a skill, or to an agent at whom it then rings. Answered with Transferred; refused with
    unknown_skill, unknown_agent, would_strand."""

    conversation_id: Key
    skill: Key | None = None
    agent: Key | None = None
    note: str = ""


class GetTargets(Struct, frozen=True, tag_field="type", tag="get_targets"):
    """Skills and agents a conversation can be transferred to, with the outcome for each. Answered with Targets."""

    conversation_id: Key


class TakeOver(Struct, frozen=True, tag_field="type", tag="take_over"):
    """Own a colleague's conversation. For leads. Answered with Done; refused with not_allowed, and with not_owner where
    it has another owner than the one given."""

    conversation_id: Key
    owner: Key | None = None  # as the asker sees it, empty: nobody; null: not checked


class Join(Struct, frozen=True, tag_field="type", tag="join"):
    """Write alongside the owner. For leads. Answered with Done; refused with not_allowed."""

    conversation_id: Key


class Leave(Struct, frozen=True, tag_field="type", tag="leave"):
    """Stop writing alongside the owner. Answered with Done."""

    conversation_id: Key


class DecideOptOut(Struct, frozen=True, tag_field="type", tag="decide_opt_out"):
    """Decide whether the consumer's text that reads like an opt-out is one: if so they have opted out, else replies can
    be sent again. Answered with Done; refused with not_owner, too_late (it has been decided)."""

    conversation_id: Key
    is_opt_out: bool


class OptOut(Struct, frozen=True, tag_field="type", tag="opt_out"):
    """Record that a consumer does not want to be texted, on all lines. Answered with ConsentRecorded; refused with
    empty (without `because`), too_long, bad_request (no whole number, and never written)."""

    consumer: Key
    because: str  # the evidence: what the consumer said or wrote, where and when


class OptIn(Struct, frozen=True, tag_field="type", tag="opt_in"):
    """Record that a consumer may be texted again, on all lines. Answered and refused like OptOut."""

    consumer: Key
    because: str


class SetDue(Struct, frozen=True, tag_field="type", tag="set_due"):
    """Set when your answer is due, in place of the rules; `due_at` null: by the rules again. An answer clears it unless
    `keep`. Answered with Done."""

    conversation_id: Key
    due_at: Moment | None
    keep: bool = False


class Snooze(Struct, frozen=True, tag_field="type", tag="snooze"):
    """Put your conversation away until a moment or until its consumer writes; `until` null: it is awake again. Answered
    with Done."""

    conversation_id: Key
    until: Moment | None


class WrapUp(Struct, frozen=True, tag_field="type", tag="wrap_up"):
    """End the wrap-up of your conversation, with outcome, note and tags. Answered with Done."""

    conversation_id: Key
    outcome: str = ""
    note: str = ""
    tags: list[str] = []


class Reopen(Struct, frozen=True, tag_field="type", tag="reopen"):
    """Reopen a closed conversation, also to undo a close. Answered with Done; refused with too_late, or with
    already_open when the consumer has another open one."""

    conversation_id: Key


class SignOffChoice(Struct, frozen=True):
    """Choice for one conversation when its owner signs off."""

    conversation_id: Key
    choice: Key  # close, return, due
    due_at: Moment | None = None  # with due: they keep it, and an answer is due then


class SignOff(Struct, frozen=True, tag_field="type", tag="sign_off"):
    """Go off duty: routing assigns you nothing more. Answered with Done; refused with left_behind when `leaving` does
    not name each of your conversations."""

    leaving: list[SignOffChoice] = []


class Explain(Struct, frozen=True, tag_field="type", tag="explain"):
    """Why a conversation is in its state, and what happens next. Answered with Explained."""

    conversation_id: Key


class GetPresence(Struct, frozen=True, tag_field="type", tag="get_presence"):
    """Presence of one agent or all agents since a moment. Answered with PresenceSpans."""

    since: Moment
    agent: Key | None = None


class Start(Struct, frozen=True, tag_field="type", tag="start"):
    """Text a consumer first, from one of our lines. Opens a conversation that you own, or uses the open one if it is
    yours or queued. Answered with Started; refused like Reply, and with unknown_line, and with erased when the consumer
    was erased after `position`."""

    line: Key
    consumer: Key
    text: str
    is_test: bool = False  # sent after all other replies that wait on its line
    confirmed: bool = False  # the number is right, though it looks wrong or is of a costly kind
    override: bool = False  # as in Reply
    position: Number | None = None  # the last one the desk had when the text was written
    saved_replies: SavedReplyIds = []  # as in Reply
    then: ReplyActions | None = None  # as in Reply


class PutPicture(Struct, frozen=True, tag_field="type", tag="put_picture"):
    """Upload a picture for a reply. The core serves it to the provider for a day, at an unguessable URL. Answered with
    PictureStored; refused with bad_picture."""

    data: bytes  # base64 in JSON


class GetPicture(Struct, frozen=True, tag_field="type", tag="get_picture"):
    """The bytes of a stored picture. Answered with Picture; refused with unknown_picture."""

    picture_id: Key


class GetTraffic(Struct, frozen=True, tag_field="type", tag="get_traffic"):
    """Traffic of all lines in the last hour. Answered with Traffic."""


class GetReport(Struct, frozen=True, tag_field="type", tag="get_report"):
    """What was done in the days from that of `since` to that of `until` (null: today), as it was counted: of all that
    you lead, and of yourself. Answered with Report; refused with bad_request."""

    since: Moment
    by: Key = "agent"  # agent, skill, line, outcome, entry_point, day, hour (of the clock)
    until: Moment | None = None
    only: Annotated[dict[Key, Key], Meta(max_length=6)] = {}  # of one account, line, skill, agent, entry_point, outcome


class GiveBack(Struct, frozen=True, tag_field="type", tag="return_to_queue"):
    """Return a conversation to the queue; routing tries other agents first. `is_undo`: undoes that its asker has
    accepted it, which then counts as nothing. Answered with Done."""

    conversation_id: Key
    note: str = ""
    is_undo: bool = False


class Close(Struct, frozen=True, tag_field="type", tag="close"):
    """Close a conversation, or begin its wrap-up where the skill has one and outcome, note and tags are empty. Answered
    with Done. `accept` is as in Reply; `is_final`: no wrap-up begins."""

    conversation_id: Key
    outcome: str = ""
    note: str = ""
    tags: list[str] = []
    accept: bool = False
    is_final: bool = False


class MarkRead(Struct, frozen=True, tag_field="type", tag="mark_read"):
    """The owner has read the conversation. Answered with Done."""

    conversation_id: Key


class SeeMentions(Struct, frozen=True, tag_field="type", tag="see_mentions"):
    """You have opened a conversation in which notes mention you. Answered with Done."""

    conversation_id: Key


class GetMentions(Struct, frozen=True, tag_field="type", tag="get_mentions"):
    """Where notes mention you that you have not opened since. Answered with FoundMentions."""


class MarkUnread(Struct, frozen=True, tag_field="type", tag="mark_unread"):
    """Have a conversation of yours, or one in the queue, count as unread again. Answered with Done."""

    conversation_id: Key


class SetTags(Struct, frozen=True, tag_field="type", tag="set_tags"):
    """Add tags to a conversation and remove others, in whatever state it is. Answered with Done; refused with
    bad_request for too many, or too long ones."""

    conversation_id: Key
    add: list[str] = []
    remove: list[str] = []


class GetTags(Struct, frozen=True, tag_field="type", tag="get_tags"):
    """Tags that were used of late, those used most first. Answered with Tags."""


class SetPresence(Struct, frozen=True, tag_field="type", tag="set_presence"):
    """online, back_soon or away. Answered with Done."""

    presence: Key
    reason: Key = ""  # of being away: one of the welcome's `away_reasons`, or none


class GetHistory(Struct, frozen=True, tag_field="type", tag="get_history"):
    """Messages with this conversation's consumer, on all lines: the latest; or those next to a message: `before` it,
    `after` it (both exclusive), or `around` it, with the message itself. The first of these that is given counts.

    Answered with History: `limit` of them, at most `limits.PAGE_SIZE`.
    """

    conversation_id: Key
    before: Key | None = None
    limit: Number = limits.DEFAULT_PAGE_SIZE
    after: Key | None = None
    around: Key | None = None


class GetConversation(Struct, frozen=True, tag_field="type", tag="get_conversation"):
    """One conversation, open or closed. Answered with FoundConversation; refused with unknown_conversation."""

    conversation_id: Key


class Search(Struct, frozen=True, tag_field="type", tag="search"):
    """Messages and people, of open and closed conversations, the latest first. `text`: words, what is in quotes,
    numbers and qualifiers, as people type it (docs/protocol.md).

    Answered with SearchHits: `limit` of them, at most `limits.PAGE_SIZE`. Refused with bad_request (a qualifier that
    there is not, nothing to look for), too_long, search_unavailable.
    """

    text: str
    before: Key = ""  # `more` of the answer before; empty: from the latest
    limit: Number = limits.DEFAULT_PAGE_SIZE
    utc_offset_s: Number = 0  # of the asker's clock, by which days begin


class GetOverflow(Struct, frozen=True, tag_field="type", tag="get_overflow"):
    """What the consumer wrote beyond `limits.INBOUND_LENGTH` code points of a message. Answered with Overflow; refused
    with unknown_message."""

    message_id: Key


class GetConversations(Struct, frozen=True, tag_field="type", tag="get_conversations"):
    """Conversations that a snapshot without colleagues' left out, with ids below `before`.

    Answered with ConversationPage: the newest `limit`, at most `limits.CONVERSATIONS_PAGE`.
    """

    before: Key | None = None
    limit: Number = limits.CONVERSATIONS_PAGE


class GetLoads(Struct, frozen=True, tag_field="type", tag="get_loads"):
    """How many conversations each agent owns. Answered with Loads."""


class SaveDraft(Struct, frozen=True, tag_field="type", tag="save_draft"):
    """Store the draft of your reply in a conversation; an empty text removes it. Answered with DraftSaved; refused with
    newer_draft when another desk of yours has changed it since `based_on`, and with too_long."""

    conversation_id: Key
    text: str
    based_on: Key = ""  # `version` of the draft this text was made from; empty: of none


class GetDrafts(Struct, frozen=True, tag_field="type", tag="get_drafts"):
    """Your drafts in these conversations, or in all. Answered with Drafts."""

    conversation_ids: list[Key] | None = None


class GetAlerts(Struct, frozen=True, tag_field="type", tag="get_alerts"):
    """The alerts that are open, and those that have ended since a moment; and who is on call now. Answered with
    Alerts."""

    since: Moment | None = None


class GetUrgent(Struct, frozen=True, tag_field="type", tag="get_urgent"):
    """What needs somebody most, of all owners and skills that you see. Answered with Urgent: the first `limit`, at most
    `limits.URGENT`."""

    limit: Number = limits.URGENT


class Acknowledge(Struct, frozen=True, tag_field="type", tag="acknowledge"):
    """Look after these alerts, or all that wait for somebody and that you see, so that nobody else is asked. Answered
    with Acknowledged; refused with unknown_alert."""

    alert_ids: Annotated[list[Key], Meta(max_length=limits.PAGE_SIZE)] = []  # none: all


Request = (
    Accept
    | Decline
    | Reply
    | ScheduleReply
    | CancelScheduled
    | GetScheduled
    | Resend
    | UndoReply
    | WriteNote
    | Start
    | GiveBack
    | Transfer
    | GetTargets
    | TakeOver
    | Join
    | Leave
    | DecideOptOut
    | OptOut
    | OptIn
    | SetDue
    | Snooze
    | Close
    | WrapUp
    | Reopen
    | SignOff
    | Explain
    | GetPresence
    | MarkRead
    | MarkUnread
    | SeeMentions
    | GetMentions
    | SetTags
    | GetTags
    | SetPresence
    | administration.SetAccountMode
    | administration.ReleaseHook
    | administration.Recover
    | administration.Reload
    | PutPicture
    | GetPicture
    | GetHistory
    | GetConversation
    | Search
    | GetOverflow
    | GetConversations
    | GetLoads
    | board.GetBoard
    | board.HandOn
    | board.UndoHandOn
    | GetAlerts
    | GetUrgent
    | Acknowledge
    | SaveDraft
    | GetDrafts
    | saved_replies.GetSavedReplies
    | saved_replies.PutSavedReply
    | saved_replies.RemoveSavedReply
    | saved_replies.ImportSavedReplies
    | contacts.GetContact
    | contacts.SetContact
    | contacts.GetContactOf
    | contacts.SetContactOf
    | contacts.RemoveContact
    | contacts.FindContacts
    | contacts.GetContacts
    | contacts.StageContacts
    | contacts.ApplyContacts
    | contacts.DropContacts
    | administration.GetHooks
    | administration.GetAgents
    | administration.AddAgent
    | administration.SetAgent
    | administration.DisableAgent
    | administration.EnableAgent
    | administration.IssueToken
    | administration.RevokeToken
    | administration.GetErased
    | administration.Forget
    | GetTraffic
    | GetReport
    | administration.Unmask
    | administration.GetAudit
    | administration.VerifyAudit
    | administration.RebuildSearch
    | administration.GetSearchState
)
