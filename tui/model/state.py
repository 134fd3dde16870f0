"""The state of a desk as one frozen value, in parts. Times are milliseconds since 1970-01-01 UTC."""

from __future__ import annotations

from enum import StrEnum

from immutables import Map
from msgspec import Struct

from connector.wire import answers, events, requests
from connector.wire.contacts import ContactView, PersonView
from connector.wire.limits import REPLY_LENGTH
from connector.wire.saved_replies import ReplyActions, SavedReplyView
from connector.wire.views import (
    AccountView,
    AgentView,
    AlertView,
    ConversationView,
    DraftView,
    HookView,
    LineTrafficView,
    LineView,
    MessageView,
    ScheduledView,
)
from tui.model.key_names import KeyNames
from tui.model.marked import BulkRun, Marks
from tui.model.mentions import UnreadMentions
from tui.model.packed_rows import PackedRows
from tui.model.search import TypedSearch
from tui.model.whole_transcript import WholeTranscript

Sending = requests.Reply | requests.Start
"""A request that sends a text, and so must neither be lost nor made twice."""

Limited = Sending | requests.Resend
"""A request that limits of sending hold for."""

ConversationEvent = (
    events.MessageReceived
    | events.ReplyWritten
    | events.NoteWritten
    | events.ReplyUndone
    | events.SendFailed
    | events.SendArrived
    | events.ConversationQueued
    | events.ConversationRang
    | events.ConversationAssigned
    | events.ConversationTransferred
    | events.ConversationTakenOver
    | events.ConversationJoined
    | events.ConversationLeft
    | events.DueSet
    | events.DueSoon
    | events.Overdue
    | events.WrapUpBegan
    | events.ConversationReopened
    | events.ConversationRead
    | events.ConversationUnread
    | events.TagsSet
    | events.ReplyScheduled
    | events.ScheduleEnded
    | events.ConversationSnoozed
    | events.SnoozeEnded
    | events.ConversationUpdated
    | events.ConversationClosed
    | events.SendFailed
)
"""An event with a conversation as it stands after it."""


class LinkPhase(StrEnum):
    STARTING = "starting"  # no connection yet, and none before
    LINKED = "linked"
    SILENT = "silent"  # there is a connection, and the core does not answer
    LOST = "lost"
    AWAITING = "awaiting"  # lost, and a service has to be started again
    REFUSED = "refused"  # lost, and another attempt most likely ends the same way: the words say why
    SHUT_OUT = "shut_out"  # the core does not let this agent in any more: nothing of their conversations is shown


class Connection(Struct, frozen=True):
    """The link to the core, and how far the desk has followed it."""

    phase: LinkPhase = LinkPhase.STARTING
    words: str = ""  # why there is no link, or what is being done about it
    clock_ahead_ms: int = 0  # the core's clock minus ours
    position: int | None = None  # of the last event
    hello_at: int = 0  # the core's time at its hello
    rights: str | None = None  # of the agent, as the welcome had them
    sends_own_first: bool = False  # the first frame of a snapshot has all of the agent's own conversations
    news: str = ""  # what has changed with the rights, to be said once the desk is up to date
    is_quiet: bool = False  # the core asked for this connection, so it is not spoken of
    catch_up_to: int | None = None  # the core's position at its hello, while the events up to it are awaited
    caught_up: int = 0  # how many of them have come
    is_complete: bool = False  # a whole snapshot is here
    in_snapshot: bool = False  # some of its frames are here, more will come
    is_resync: bool = False  # that snapshot replaces an earlier state

    @property
    def has_lists(self) -> bool:
        """The agent's own conversations and the first of the queue are here."""
        return self.is_complete or (self.in_snapshot and self.sends_own_first)


class Settings(Struct, frozen=True):
    """What the core has configured for desks."""

    reply_limit: int = REPLY_LENGTH
    away_reasons: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


class PendingSignOff(Struct, frozen=True):
    """A sign-off this desk has asked for."""

    is_done: bool = False
    refusal: str | None = None


class Agents(Struct, frozen=True):
    """All agents, and the one who works at this desk."""

    me: AgentView | None = None
    role: str = ""  # agent, lead, administrator; empty: an older core does not say
    by_id: Map[str, AgentView] = Map()
    sign_off: PendingSignOff | None = None

    def includes(self, role: str) -> bool:
        """Whether this agent's role is this one or includes it. What an older core does not say it decides itself."""
        if role == "agent":
            return True
        return self.role == "administrator" or self.role == role or (self.role == "" and role == "administrator")

    @property
    def is_lead(self) -> bool:
        return self.includes("lead")


class Providers(Struct, frozen=True):
    """The provider accounts and our lines."""

    accounts: tuple[AccountView, ...] = ()
    lines: tuple[LineView, ...] = ()


class Conversations(Struct, frozen=True):
    """The conversations, and what this desk has done with some of them."""

    by_id: PackedRows = PackedRows()
    gone: ConversationView | None = None  # was shown when it went out of the agent's sight; as it was then
    unconfirmed: str | None = None  # the shown one, as it was before a snapshot whose frames have not had it yet
    new: ConversationView | None = None  # stands for the conversation that our first text will open
    opened_by_new: str | None = None  # the id of that one, until its event is here
    last_closed: str | None = None  # by this desk: what undo reopens
    moves_asked: frozenset[str] = frozenset()  # this desk has asked for their next move, so it raises no alarm
    lapsed: frozenset[str] = frozenset()  # assigned to this agent, but the hold has expired


class Others(Struct, frozen=True):
    """Colleagues' conversations and closed ones: those that a snapshot leaves out, to be loaded when they are wanted.

    An answer may be older than events that came before it: what they said of conversations that are not here is stored
    until the page that was under way then is here.
    """

    is_complete: bool = True  # all of them are among the conversations
    left_out: int = 0  # those that are not; a few more or less, by what became of them since the snapshot
    before: str | None = None  # the oldest that was loaded
    is_refused: bool = False  # the core gave no page
    hidden: frozenset[str] = frozenset()
    consents: Map[str, bool] = Map()  # by address or person


class FoundPlace(Struct, frozen=True):
    """Where a search has found something in a transcript."""

    message_id: str
    marks: tuple[tuple[int, int], ...] = ()  # ranges of the message's text, in code points


class Transcript(Struct, frozen=True):
    """The messages with one consumer, oldest first, as far as they are loaded: up to the latest one, unless
    `has_newer`."""

    conversation_id: str
    person: str  # see `conversations.person`
    messages: tuple[MessageView, ...] = ()
    has_older: bool = False  # the core has older messages
    ends: str = ""  # why it may have none any more, in words
    is_loading: bool = True
    is_stale: bool = False  # there may be gaps: the next history answer replaces it
    is_refused: bool = False  # the core gave no messages; they are asked for when the conversation is opened again
    read_refused: int | None = None  # version of the conversation that the core did not mark as read
    scheduled: tuple[ScheduledView, ...] = ()  # what waits for its moment in the conversation
    about: PersonView | None = None  # the consumer, as the latest messages came with them
    is_about_stale: bool = False  # their contact has changed since
    has_newer: bool = False  # the core has newer ones: these are around a place that was gone to
    around: str = ""  # the message to load them around
    meanwhile: tuple[MessageView, ...] = ()  # the latest that came while messages are to be loaded
    found: FoundPlace | None = None
    past: str = ""  # an earlier conversation with them, by which a new one's messages are asked for

    @property
    def asked_as(self) -> str:
        """The conversation that its messages are asked for by."""
        return self.past or self.conversation_id


class Writing(Struct, frozen=True):
    """Who else is writing in a conversation, as far as the core knows: it passes."""

    conversation_id: str
    agents: tuple[str, ...]
    until: int  # by the core's clock


class Panes(Struct, frozen=True):
    """The two panes for conversations, 0 left and 1 right. With one conversation only the active one is shown."""

    other: Transcript | None = None  # of the conversation in the pane that is not active
    active: int = 0  # the pane that keys act on
    follower: int = 0  # the pane that shows what the list's cursor is on


class Attachment(Struct, frozen=True):
    """A picture that goes with the next reply."""

    name: str  # for people
    size: int | None  # bytes; None for an address, which the provider fetches
    reference: str | None  # what a reply names it by; None until the core has stored it
    request_id: str | None  # of the upload


class OverLimit(Struct, frozen=True):
    """A text that a limit of sending has refused, and that this agent may send all the same."""

    body: Limited
    words: str  # of the notice that asks


class SavedDraft(Struct, frozen=True):
    """A draft as the core has it: its version, and by what its text is known again."""

    version: str
    digest: str


class FetchedDrafts(Struct, frozen=True):
    """An answer with drafts, as they were after events that are not here yet."""

    answer: answers.Drafts
    request: requests.GetDrafts


class SentReply(Struct, frozen=True):
    """The text that this desk sent last, while it has not left."""

    message_id: str
    conversation_id: str
    at: int  # by the core's clock


class DraftSync(Struct, frozen=True):
    """What is known of the drafts that the core stores; by conversation."""

    saved: Map[str, SavedDraft] = Map()  # those that the texts here are made from
    stale: Map[str, int] = Map()  # changed by another desk, at this position, and to be fetched
    sent: frozenset[str] = frozenset()  # of these another desk may have sent what is a draft here
    ahead: FetchedDrafts | None = None
    refused: Map[str, str] = Map()  # texts that the core does not take
    is_known: bool = False  # all have been fetched since the desk connected
    is_given_up: bool = False  # an older core stores none


class Macro(Struct, frozen=True):
    """What a text that is being written was made of, and what is done as it is sent."""

    saved_reply_ids: tuple[str, ...] = ()
    then: ReplyActions = ReplyActions()


class FetchedReplies(Struct, frozen=True):
    """Saved replies, once they were wanted."""

    by_id: Map[str, SavedReplyView] = Map()
    is_wanted: bool = False
    after: str | None = ""  # they are fetched up to this id; None: all are
    arriving: Map[str, SavedReplyView] = Map()  # pages of them, until the last one is here
    stale: Map[str, int] = Map()  # changed at this position, and to be fetched again
    since: int = 0  # many changed at this position: pages that were read before it are not taken
    refusal: str = ""  # why there are none


class Discarded(Struct, frozen=True):
    """A draft that the agent has thrown away, with what went along."""

    conversation_id: str
    text: str
    pictures: tuple[Attachment, ...]
    macro: Macro | None


class ComposeState(Struct, frozen=True):
    """What the agent has written and not sent; all but `undoing`, `typed`, `sent_macros`, `sent`, `discarded`,
    `over_limit` and `is_on_disk` by conversation."""

    drafts: Map[str, str] = Map()
    attachments: Map[str, tuple[Attachment, ...]] = Map()
    macros: Map[str, Macro] = Map()  # of drafts that saved replies are part of
    notes: Map[str, str] = Map()  # refused by the core
    undoing: Map[str, tuple[str, str]] = Map()  # replies being undone, by message: conversation and text
    typed: tuple[tuple[str, str], ...] = ()  # replies written here of late, as they were typed: message and text
    sent_macros: tuple[tuple[str, Macro], ...] = ()  # of replies written here of late: message and macro
    sent: SentReply | None = None
    discarded: Discarded | None = None  # the last one
    doubts: Map[str, str] = Map()  # the core's, about the number of a first text
    confirmed: frozenset[str] = frozenset()  # first texts whose number the agent has confirmed
    over_limit: OverLimit | None = None  # the last one
    elsewhere: Map[str, DraftView] = Map()  # of other desks of the agent, where this one has changed its own, too
    sync: DraftSync = DraftSync()
    is_on_disk: bool = True  # the last save of it did not fail


class ShownPicture(Struct, frozen=True):
    """The picture of the picture screen."""

    id: str
    data: bytes | None = None
    refusal: str | None = None


class TransferTargets(Struct, frozen=True):
    """The skills and agents a conversation can be transferred to."""

    conversation_id: str
    answer: answers.Targets | None = None
    refusal: str | None = None


class Explanation(Struct, frozen=True):
    """Why a conversation is where it is."""

    conversation_id: str
    answer: answers.Explained | None = None
    refusal: str | None = None


class OverflowText(Struct, frozen=True):
    """The end of an over-long text."""

    message_id: str
    text: str | None = None
    refusal: str | None = None


class UnmaskedText(Struct, frozen=True):
    """A masked message as it was written, for as long as its dialog is open."""

    text: str | None = None
    refusal: str | None = None


class StoredReply(Struct, frozen=True):
    """What the core has answered to the saved reply that was put last; `refusal` says why it was not stored."""

    refusal: str | None = None


class CardRequest(Struct, frozen=True):
    """What came of a change of a contact that this desk asked for."""

    conversation_id: str
    is_saved: bool = False
    refusal: str | None = None
    is_newer: bool = False  # another agent has changed it meanwhile


class FoundContacts(Struct, frozen=True):
    """Whom the core has found by some words."""

    words: str
    contacts: tuple[ContactView, ...] = ()
    more: bool = False


class FetchedReport(Struct, frozen=True):
    """An answer with a report, or why there is none."""

    answer: answers.Report | None = None
    refusal: str = ""


class PageData(Struct, frozen=True):
    """What pages and dialogs have asked for. None: not asked, or no answer yet."""

    hooks: tuple[HookView, ...] | None = None
    traffic: tuple[LineTrafficView, ...] | None = None
    picture: ShownPicture | None = None
    targets: TransferTargets | None = None
    explanation: Explanation | None = None
    overflow: OverflowText | None = None
    unmasked: Map[str, UnmaskedText] = Map()  # by message
    card: CardRequest | None = None
    found: FoundContacts | None = None
    reports: Map[str, FetchedReport] = Map()  # by `tui.model.reports.key_of`
    board: answers.Board | None = None
    board_refusal: str = ""  # why there is none
    scheduled: tuple[ScheduledView, ...] | None = None  # the agent's own, of all conversations
    tags: tuple[str, ...] = ()  # used of late, as they were when they were asked for last
    stored_reply: StoredReply | None = None
    on_call: answers.Alerts | None = None
    urgent: answers.Urgent | None = None
    whole: WholeTranscript | None = None


class Notice(Struct, frozen=True):
    """One sentence for the agent."""

    words: str
    is_error: bool = False
    is_local: bool = False  # about what is on the screen: over when the agent goes elsewhere
    asks_again: bool = False  # asks for the same key once more: over with any other key
    is_news: bool = False  # no key has asked for it: it waits while something else is to be read
    about: tuple[str, int] | None = None  # the conversation that news are about, and its version then
    is_of_unsent: bool = False  # about a text that was not sent: over with the next one that is
    closed: str = ""  # the conversation whose end it is about: over once that is open again
    is_of_return: bool = False  # the link is there again, and with it all that happened meanwhile


class Burst(Struct, frozen=True):
    """Alarms that came right after each other, which are told as one."""

    begun_at: int  # by the core's clock, as is `last_at`
    last_at: int
    kinds: Map[str, str]  # by what they are about: the kind of the latest
    notice: Notice
    has_rung: bool


class Notices(Struct, frozen=True):
    current: Notice | None = None
    held: Notice | None = None  # news that come after the current one
    alarm_count: int = 0  # bursts of alarms with a bell since the start
    burst: Burst | None = None  # the latest


class PendingRequest(Struct, frozen=True):
    """A request the core has not answered. `message_id` once its reply is in the transcript."""

    id: str
    body: requests.Request
    asked_at: int
    message_id: str | None = None
    is_undone: bool = False  # the agent has undone this text: the core is asked to as soon as it names the message


class Model(Struct, frozen=True):
    """`shown`, the conversation in the right pane, is what all actions are about, and where the list's cursor is. It is
    a preview until the agent has entered it."""

    connection: Connection = Connection()
    settings: Settings = Settings()
    agents: Agents = Agents()
    providers: Providers = Providers()
    conversations: Conversations = Conversations()
    others: Others = Others()
    mentions: UnreadMentions = UnreadMentions()
    transcript: Transcript | None = None  # of the shown conversation
    is_entered: bool = False  # the agent has opened it: it counts as read, and takes keys
    panes: Panes = Panes()
    writing: Writing | None = None
    alerts: Map[str, AlertView] = Map()  # those that have not ended, by id
    recent: tuple[Transcript, ...] = ()  # of those shown before, the latest last
    compose: ComposeState = ComposeState()
    saved_replies: FetchedReplies = FetchedReplies()
    fetched: PageData = PageData()
    search: TypedSearch = TypedSearch()
    marks: Marks = Marks()
    bulk: BulkRun | None = None  # what is done with the marked ones
    notices: Notices = Notices()
    pending: Map[str, PendingRequest] = Map()  # by request id
    keys: KeyNames = KeyNames()

    @property
    def shown(self) -> str | None:
        """Id of the conversation in the right pane."""
        return None if self.transcript is None else self.transcript.conversation_id
