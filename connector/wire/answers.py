"""Answers to requests that took effect. The others are refused."""

from msgspec import Struct

from connector.wire.board import AgentOnBoardView, NotHandedOnView, SkillOnBoardView
from connector.wire.contacts import ContactView, PersonView, WrongLine
from connector.wire.saved_replies import NumberedWords, SavedReplyView
from connector.wire.views import (
    AgentDefinitionView,
    AgentTargetView,
    AlertView,
    AuditEntryView,
    ConsentEntryView,
    ConversationView,
    DraftView,
    HitView,
    HookView,
    LineTrafficView,
    MentionView,
    MessageView,
    OnCallView,
    PartView,
    PersonHitView,
    PresenceSpanView,
    ReportRowView,
    ScheduledView,
    ScorePartView,
    SkillTargetView,
    VerdictView,
    WebhookView,
)


class Done(Struct, frozen=True, tag_field="type", tag="done"):
    """The request took effect."""

    not_told: list[str] = []  # agents whom a note of it names with @, and who do not see the conversation


class Written(Struct, frozen=True, tag_field="type", tag="written"):
    """The reply or note is committed; a reply's status follows in events."""

    message_id: str
    not_told: list[str] = []  # agents whom a note of it names with @, and who do not see the conversation


class ConsentRecorded(Struct, frozen=True, tag_field="type", tag="consent_recorded"):
    """`consumer`: the address it is recorded for, in its canonical form."""

    consumer: str
    opted_out: bool


class Started(Struct, frozen=True, tag_field="type", tag="started"):
    """`consumer`: the address the text goes to, in its canonical form; it may be another of the same phone."""

    conversation_id: str
    message_id: str
    consumer: str = ""


class Transferred(Struct, frozen=True, tag_field="type", tag="transferred"):
    """`words` say who owns it, at whom it rings, or how it waits."""

    words: str
    not_told: list[str] = []  # agents whom a note of it names with @, and who do not see the conversation


class Targets(Struct, frozen=True, tag_field="type", tag="targets"):
    skills: list[SkillTargetView]
    agents: list[AgentTargetView]


class Explained(Struct, frozen=True, tag_field="type", tag="explained"):
    place: int | None  # in its queue, from 1; None when it is not queued
    reason: str  # why it is in its state
    score: list[ScorePartView]
    agents: list[VerdictView]  # the best first
    next: list[str]  # timers to come, and what would change them, in words
    consent: ConsentEntryView | None = None  # of its consumer; None where they never opted out or in
    likely_opt_out: str = ""  # as in the view of its conversation


class PresenceSpans(Struct, frozen=True, tag_field="type", tag="presence_spans"):
    spans: list[PresenceSpanView]


class PictureStored(Struct, frozen=True, tag_field="type", tag="picture_kept"):
    picture_id: str
    content_type: str  # as its bytes say


class Picture(Struct, frozen=True, tag_field="type", tag="picture"):
    content_type: str
    data: bytes  # base64 in JSON


class Report(Struct, frozen=True, tag_field="type", tag="report"):
    by: str
    since: int  # when its first day begins, by the brand's clock
    until: int  # when the day after its last one begins
    zone: str  # of that clock; empty: the core's own
    is_own: bool  # of the asker's own work only
    rows: list[ReportRowView]  # in the order of time; else the busiest first
    total: ReportRowView
    left_out: int = 0  # rows
    # From when on it is known how long consumers waited, and of which skill and entry point a reply is, where that is
    # later than `since`.
    counted_since: int | None = None


class Recovered(Struct, frozen=True, tag_field="type", tag="recovered"):
    looked_at: int
    taken_in: int  # messages that were missing


class Reloaded(Struct, frozen=True, tag_field="type", tag="reloaded"):
    """What has changed, such as "anna: skills, token". Keys are named and no values; all lists are empty when nothing
    has changed."""

    file: str
    agents: list[str]
    skills: list[str]
    lines: list[str]
    accounts: list[str]
    settings: list[str]  # by section of the file
    warnings: list[str] = []  # sentences: what is to be mended of its numbers


class Traffic(Struct, frozen=True, tag_field="type", tag="traffic"):
    lines: list[LineTrafficView]


class History(Struct, frozen=True, tag_field="type", tag="history"):
    messages: list[MessageView]  # oldest first
    more: bool  # whether there are older ones
    ends: str = ""  # with the oldest: after how long messages are erased, in words, where it is about so old
    person: PersonView | None = None  # with the latest messages: of the conversation's consumer
    newer: bool = False  # whether there are newer ones
    scheduled: list[ScheduledView] = []  # with the latest messages: what waits for its moment in this conversation


class Overflow(Struct, frozen=True, tag_field="type", tag="overflow"):
    text: str  # empty when the whole message is shown


class ConversationPage(Struct, frozen=True, tag_field="type", tag="conversations"):
    conversations: list[ConversationView]  # newest first
    more: bool  # whether there are older ones


class FoundConversation(Struct, frozen=True, tag_field="type", tag="found_conversation"):
    conversation: ConversationView


class SearchHits(Struct, frozen=True, tag_field="type", tag="search_hits"):
    """`more`: the `before` of the next page, empty: there is none. A page may have few hits, or none, and there is
    more: what one question looks through is bounded."""

    hits: list[HitView]  # the latest first
    more: str = ""
    people: list[PersonHitView] = []  # with the first page
    understood: list[str] = []  # the qualifiers, in words
    looked_back_to: int | None = None  # where the bound was reached: the moment up to which it was looked
    not_yet: str = ""  # which messages cannot be searched yet, in words; empty: all can


class SearchState(Struct, frozen=True, tag_field="type", tag="search_state"):
    indexed: int  # messages
    total: int
    words: str = ""  # how far it is, or what is wrong; empty: all messages can be searched
    trouble: str = ""  # damaged, unsupported


class Loads(Struct, frozen=True, tag_field="type", tag="loads"):
    assigned: dict[str, int]  # by agent


class Board(Struct, frozen=True, tag_field="type", tag="board"):
    agents: list[AgentOnBoardView]  # by id
    skills: list[SkillOnBoardView]  # by name


class HandedOn(Struct, frozen=True, tag_field="type", tag="handed_on"):
    moved: list[str]  # ids of conversations
    refused: list[NotHandedOnView] = []  # these are still theirs
    more: bool = False  # there are more than one request hands on: ask again
    not_told: list[str] = []  # agents whom the note names with @, and who do not see all of them


class HandOnUndone(Struct, frozen=True, tag_field="type", tag="hand_on_undone"):
    moved: list[str]  # ids of conversations that are theirs again
    refused: list[NotHandedOnView] = []  # these are not, and why
    presence: str = ""  # of the agent, who is on duty again: online, back_soon, away
    reason: str = ""  # of being away


class Scheduled(Struct, frozen=True, tag_field="type", tag="scheduled"):
    """The reply is stored, and sent at its moment."""

    scheduled_id: str


class ScheduledReplies(Struct, frozen=True, tag_field="type", tag="scheduled_replies"):
    scheduled: list[ScheduledView]


class Tags(Struct, frozen=True, tag_field="type", tag="tags"):
    tags: list[str]


class FoundMentions(Struct, frozen=True, tag_field="type", tag="mentions"):
    """The newest first."""

    mentions: list[MentionView]
    conversations: list[ConversationView]  # in which they are


class DraftSaved(Struct, frozen=True, tag_field="type", tag="draft_saved"):
    version: str  # of the draft as it is by now; empty: there is none


class Drafts(Struct, frozen=True, tag_field="type", tag="drafts"):
    drafts: list[DraftView]
    position: int = 0  # of the latest fact as they were read


class SavedReplies(Struct, frozen=True, tag_field="type", tag="saved_replies"):
    replies: list[SavedReplyView]  # by id
    more: bool  # whether there are further ones
    position: int = 0  # of the latest fact as they were read


class SavedReplySaved(Struct, frozen=True, tag_field="type", tag="saved_reply_saved"):
    """`notes`: what may be a mistake in it, in words."""

    saved_reply_id: str
    version: str
    notes: list[str] = []


class SavedRepliesImported(Struct, frozen=True, tag_field="type", tag="saved_replies_imported"):
    """What was stored, or would be where `is_done` is false."""

    is_done: bool
    added: int
    changed: int
    unchanged: int
    wrong: list[NumberedWords] = []  # those that cannot be stored, and why
    notes: list[NumberedWords] = []  # what may be a mistake


class PersonFound(Struct, frozen=True, tag_field="type", tag="person_found"):
    person: PersonView


class ContactSaved(Struct, frozen=True, tag_field="type", tag="contact_saved"):
    version: str  # of the contact as it is by now; empty: nothing is recorded any more


class ContactsStaged(Struct, frozen=True, tag_field="type", tag="contacts_staged"):
    """Of the lines of one request: those that are wrong, and what the others would do."""

    wrong: list[WrongLine]
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    emptied: int = 0  # of the changed ones: those that lose a name, a language, an attribute or notes


class ContactsImported(Struct, frozen=True, tag_field="type", tag="contacts_imported"):
    added: int
    changed: int
    unchanged: int


class Contacts(Struct, frozen=True, tag_field="type", tag="contacts"):
    contacts: list[ContactView]
    more: bool  # whether there are further ones


class Unmasked(Struct, frozen=True, tag_field="type", tag="unmasked"):
    text: str  # all of it, as it was written
    part: PartView | None = None  # which segment of a longer text it is


class AuditPage(Struct, frozen=True, tag_field="type", tag="audit_page"):
    entries: list[AuditEntryView]  # the latest first
    before: int | None = None  # what the next page is asked for with; None: there is none


class AuditVerified(Struct, frozen=True, tag_field="type", tag="audit_verified"):
    """`last` and `hash`: the last entry of the page that is right; the next page is asked for with them."""

    last: int
    hash: str
    more: bool
    broken: int | None = None  # number of the first entry that is not what was stored
    words: str = ""  # how that is known


class AgentPage(Struct, frozen=True, tag_field="type", tag="agents"):
    agents: list[AgentDefinitionView]  # by name
    more: bool  # whether there are further ones


class AgentSaved(Struct, frozen=True, tag_field="type", tag="agent_saved"):
    """`notes`: what the change led to, and what may be a mistake in it, in words."""

    agent: AgentDefinitionView
    notes: list[str] = []


class TokenIssued(Struct, frozen=True, tag_field="type", tag="token_issued"):
    """`token` is answered once, and empty when the request is repeated: the core stores only its digest."""

    agent: str
    token: str
    token_id: str


class Alerts(Struct, frozen=True, tag_field="type", tag="alerts"):
    alerts: list[AlertView]  # the latest `limits.ALERTS`, in the order in which they were raised
    on_call: list[OnCallView] = []  # by skill; none: nobody is, and nothing raises an alert
    webhook: WebhookView | None = None  # None: there is none


class Urgent(Struct, frozen=True, tag_field="type", tag="urgent"):
    conversations: list[ConversationView]  # the most urgent first
    more: bool  # whether there are further ones


class Acknowledged(Struct, frozen=True, tag_field="type", tag="acknowledged"):
    alerts: list[AlertView]  # those that were named; of all that waited, those that this has acknowledged


class HookPage(Struct, frozen=True, tag_field="type", tag="hooks"):
    hooks: list[HookView]  # newest first


class Erased(Struct, frozen=True, tag_field="type", tag="erased"):
    conversation_ids: list[str]


class Forgotten(Struct, frozen=True, tag_field="type", tag="forgotten"):
    """How far the erasure of a consumer is, or (preview) what it would erase."""

    consumer: str  # the address, in its canonical form
    is_done: bool
    words: str  # what is being done, or what it came to
    erased: dict[str, int] = {}  # by kind
    stored: dict[str, int] = {}  # what stays, or (preview) what is there
    searched: list[str] = []  # places that were searched for the number and the texts, byte by byte
    found: list[str] = []  # what deletion has left in free space of files, in words
    others: list[str] = []  # where the same is in rows of other people, or in what came since
    out_of_reach: list[str] = []  # copies that the core cannot erase, and what to do
    was_known: bool = True  # whether anything was stored, or had been erased before


Answer = (
    Done
    | Written
    | ConsentRecorded
    | Started
    | Transferred
    | Targets
    | Explained
    | PresenceSpans
    | PictureStored
    | Picture
    | Traffic
    | Report
    | Recovered
    | Reloaded
    | History
    | Overflow
    | ConversationPage
    | FoundConversation
    | SearchHits
    | SearchState
    | Loads
    | Board
    | HandedOn
    | HandOnUndone
    | Tags
    | Scheduled
    | ScheduledReplies
    | DraftSaved
    | Drafts
    | FoundMentions
    | SavedReplies
    | SavedReplySaved
    | SavedRepliesImported
    | Alerts
    | Urgent
    | Acknowledged
    | PersonFound
    | ContactSaved
    | Contacts
    | ContactsStaged
    | ContactsImported
    | AgentPage
    | AgentSaved
    | TokenIssued
    | HookPage
    | Unmasked
    | AuditPage
    | AuditVerified
    | Erased
    | Forgotten
)
