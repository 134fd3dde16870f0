"""Values in events and answers. Times are milliseconds since 1970-01-01 UTC; fields may be added at any time."""

from msgspec import Struct

from connector.wire.limits import REPLY_LENGTH


class PartView(Struct, frozen=True):
    """Which segment of a longer text a message is, where the provider delivers segments."""

    reference: int
    total: int
    number: int
    wide: bool = False  # the reference has 16 bits; it never equals one of 8
    head: str = ""  # octets (hexadecimal) of a split character at the start, U+FFFD in the text
    tail: str = ""  # and at the end: with the `head` of the next segment they are one character
    charset: str = ""  # of these octets


class ConversationView(Struct, frozen=True):
    """A conversation."""

    id: str
    version: int  # grows with every change
    state: str  # queued, ringing, assigned, wrap_up, closed
    account: str
    line: str  # our number: E.164, short code or name
    consumer: str  # theirs
    skill: str
    agent: str | None  # the owner, when assigned
    opened_at: int
    last_at: int
    queued_at: int | None
    waiting_since: int | None  # when the oldest unanswered message of the consumer came
    closed_at: int | None
    last_seq: int
    unread: int  # inbound texts; segments of one text count once
    last_text: str  # the beginning of the latest text, of its first segment that has arrived
    last_direction: str  # inbound, reply
    opted_out: bool  # the consumer may not be texted
    reason: str  # why it is in this state
    entry_point: str = (
        "text_in"  # how it came about: text_in, follow_up (an agent texted first), or the line's own word
    )
    due_at: int | None = None  # when an answer is due
    due_by: str = "response"  # response, first_contact, manual (set by an agent)
    due_told: str = ""  # the latest alarm: soon, overdue
    reminder_at: int | None = None  # the due time an agent set
    rings: list[str] = []  # the agents it rings at
    ring_until: int | None = None
    returned_by: str | None = None  # the agent who gave it back
    handed_by: str | None = None  # the agent who transferred it, until it is assigned
    moves: int = 0  # how often it was given back or transferred
    joined: list[str] = []  # leads who may write alongside the owner
    closes_at: int | None = None  # when it closes automatically, unless a message comes before
    wrap_up_until: int | None = None
    outcome: str = ""
    tags: list[str] = []
    closed_by: str | None = None
    rank: int = 0  # order in the queue, lowest first
    last_part: PartView | None = None  # the segment `last_text` is from
    person: str = ""  # identity of the consumer, shared by all addresses of one phone; empty: `consumer`
    shown: str = ""  # the consumer's number as people of the line's country write it; empty: `consumer`
    unsent: int = 0  # replies that did not arrive, or may not have, and wait for an agent's decision
    unsent_status: str = ""  # the status of the latest of them; without any `uncertain` while a reply is looked up
    likely_opt_out: str = ""  # id of the message that reads like an opt-out; nothing is sent until an agent has decided
    snoozed_until: int | None = None  # its owner has put it away until then, or until the consumer writes
    # snooze: it is back since then; held_back: a reply was not sent at its moment; and its owner has not opened it yet.
    back_from: str = ""
    scheduled_at: int | None = None  # when the next of its replies is sent that wait for their moment
    name: str = ""  # of the consumer's contact


class AlertStepView(Struct, frozen=True):
    """Somebody was asked about an alert."""

    at: int
    people: list[str]
    asked_as: str  # on_call, next (those before have not acknowledged), lead, gap (the rota has nobody: the leads)
    texted: list[str] = []  # those of them who were sent a text
    untexted: list[str] = []  # why each of the others was not, in words


class AlertView(Struct, frozen=True):
    """Something that calls for those who are on call."""

    id: str
    kind: str  # overdue (answers of one skill and account), account_down
    account: str
    skill: str  # empty: of all skills of the account
    count: int  # conversations
    raised_at: int
    since: int  # when the first answer was due, or the account went down
    steps: list[AlertStepView] = []  # the latest
    next_at: int | None = None  # when the next is asked, unless somebody acknowledges it
    next: list[str] = []  # who that is, should the rota stay as it is
    acknowledged_by: str | None = None
    acknowledged_at: int | None = None
    ended_at: int | None = None


class WebhookView(Struct, frozen=True):
    """What waits to be posted to the webhook of `[on_call]`."""

    waiting: int
    oldest_at: int | None
    words: str  # why the oldest was not taken at its last try; empty: it has not been tried, or nothing waits
    answered_at: int | None  # when one was last taken
    given_up_at: int | None  # when one was last given up: after three days, or as too many waited


class OnCallView(Struct, frozen=True):
    """Who is on call for a skill now."""

    skill: str
    people: list[str]  # in the order in which they are asked
    leads: list[str]  # asked after them, without those who are among them
    is_gap: bool  # the rota has nobody for now, and the leads are asked at once
    until: int | None  # when others are; None: not within two weeks


class PictureView(Struct, frozen=True):
    """A picture or file of a message."""

    id: str
    content_type: str  # declared by the provider; once stored, detected from its bytes
    state: str  # waiting (to be fetched), kept, failed
    size: int | None  # bytes, once stored
    words: str | None  # why it failed


class MessageView(Struct, frozen=True):
    """A message. `seq` orders those of one conversation, `id` all of one consumer."""

    id: str
    conversation_id: str
    seq: int
    direction: str  # inbound, reply, note (between agents, never sent)
    line: str
    consumer: str
    text: str
    at: int
    status: (
        str  # received; queued, sending, accepted, sent, delivered, undelivered, failed, expired, uncertain, withdrawn
    )
    status_at: int
    author: str | None  # the agent who wrote a reply
    code: str | None  # the provider's error code
    words: str | None  # that code in words
    encoding: str  # GSM-7 or UCS-2
    segments: int
    overflow: int  # code points beyond `limits.INBOUND_LENGTH`, which the core stores
    part: PartView | None
    pictures: list[PictureView] = []
    is_recovered: bool = False  # found in the provider's message list; its hook never arrived
    raw_status: str | None = None  # the provider's status, when it is not one we know
    person: str = ""  # identity of the consumer, shared by all addresses of one phone; empty: `consumer`
    resends: str | None = None  # the reply that this one sends again
    resent_as: str | None = None  # the reply that sent this one again
    is_unsettled: bool = False  # it did not arrive, or may not have, and waits for an agent's decision
    masked: list[str] = []  # names of the rules that masked parts of `text`


class HitView(Struct, frozen=True):
    """A message that was found, and its conversation; or the conversation alone."""

    message_id: str  # empty: the conversation was found, by its qualifiers
    conversation_id: str
    at: int
    direction: str
    status: str
    author: str | None
    line: str
    consumer: str
    skill: str
    state: str  # of the conversation
    agent: str | None  # its owner
    text: str  # a part of the message's text, masked as everywhere
    offset: int = 0  # where that part begins, in code points
    marks: list[tuple[int, int]] = []  # what was found: ranges within the part, in code points
    is_cut: bool = False  # the message goes on after it
    shown: str = ""  # the consumer's number as people of the line's country write it; empty: `consumer`
    name: str = ""  # of the consumer's contact


class PersonHitView(Struct, frozen=True):
    """A person who was found by number or name, and the latest of their conversations that the asker may see."""

    consumer: str
    conversation_id: str  # empty: there is none
    state: str
    line: str
    agent: str | None
    last_at: int
    shown: str = ""  # the number as people of the line's country write it; empty: `consumer`
    name: str = ""  # of their contact


class ScheduledView(Struct, frozen=True):
    """A reply that is to be sent at a moment, unless more is said before."""

    id: str
    conversation_id: str
    author: str
    text: str
    send_at: int
    at: int  # when it was written


class ConsentEntryView(Struct, frozen=True):
    """The latest entry of the ledger for a consumer."""

    opted_out: bool
    at: int
    consumer: str  # the address it was recorded for
    rule: str  # why it counts: keyword STOP, recorded by ann
    evidence: str  # what the consumer wrote, or what the agent who recorded it knows
    author: str | None = None  # that agent


class AuditEntryView(Struct, frozen=True):
    """An entry of the audit."""

    number: int
    at: int
    actor: str  # the agent; empty: the core
    action: str
    subject: str  # what it was done to: the id of a conversation or message, an account, an agent
    person: str  # keyed hash of the consumer; empty without one
    details: str  # a JSON object
    hash: str


class AgentView(Struct, frozen=True):
    id: str
    name: str
    presence: str  # online, back_soon, away; offline without a desk
    assigned: int  # conversations they own
    capacity: int
    reason: str = ""  # of being away
    since: int = 0  # when that began
    skills: list[str] = []  # none: every skill
    is_disabled: bool = False
    off_duty_by: str = ""  # who has ended their shift, they or a lead; empty: they are not off duty
    is_lead: bool = False  # or an administrator


class DraftView(Struct, frozen=True):
    """What an agent has written in a conversation and not sent, as it was typed. Only their own desks are sent it."""

    conversation_id: str
    text: str
    version: str  # another one after each change
    at: int


class MentionView(Struct, frozen=True):
    """Where an agent is named in a note, and by whom. Only their own desks are sent it."""

    conversation_id: str
    message_id: str
    by: str
    at: int


class TokenView(Struct, frozen=True):
    """A token of an agent, without the token."""

    id: str  # the beginning of its SHA-256
    issued_at: int
    is_provisioned: bool = False  # it stands in the configuration


class SignedInView(Struct, frozen=True):
    """A connected desk of an agent. `source`: the address it came from, empty over the Unix socket."""

    at: int
    way: str  # `token ID`, or `OS user NAME`
    source: str = ""


class AgentDefinitionView(Struct, frozen=True):
    """An agent as administrators see them."""

    id: str
    name: str
    skills: list[str]  # none: every skill
    capacity: int
    role: str  # agent, lead, administrator
    sees: str  # skills, account, all
    accounts: list[str]  # none: all
    os_user: str  # empty: the one of their name
    is_disabled: bool
    is_provisioned: bool  # defined by the configuration, and changed there
    tokens: list[TokenView] = []
    signed_in: list[SignedInView] = []
    phone: str = ""  # their own, to which alerts are texted


class LineView(Struct, frozen=True):
    address: str
    account: str
    skill: str
    undo_s: int = 0  # how long a reply or a close in this skill can be undone
    # The most that its provider takes in one reply, in its own unit; the welcome's `reply_limit` holds beside it.
    reply_limit: int = REPLY_LENGTH
    reply_unit: str = "code_points"  # or utf16_units
    may_start: bool = True  # whether the asker may text a consumer first from it
    price: str = ""  # of a segment sent, today: "0.0079 USD"; empty: not known
    prices: dict[str, str] = {}  # the same for consumers of other countries, by "+" and calling code
    zone: str = ""  # time zone of its skill's hours, as Europe/Berlin; empty: unknown
    region: str = ""  # its country (ISO 3166); empty: unknown


class SkillTargetView(Struct, frozen=True):
    """Outcome of a transfer to a skill."""

    skill: str
    is_open: bool  # within its working hours
    online: int
    free: float  # places
    waiting: int  # conversations in its queue
    wait_s: int | None  # estimated wait of one more, by the queue's speed in the last hour; None: unknown
    goes_to: str | None  # itself or its fallback; None: the transfer would be refused
    words: str


class AgentTargetView(Struct, frozen=True):
    """Outcome of a transfer to an agent."""

    agent: str
    name: str
    presence: str
    load: float  # in places
    capacity: int
    can_take: bool
    words: str


class ScorePartView(Struct, frozen=True):
    """One part of a rank. The first is a moment, the others move it."""

    words: str
    ms: int


class VerdictView(Struct, frozen=True):
    """Whether an agent fits one conversation, and why."""

    agent: str
    fits: bool
    words: str


class PresenceSpanView(Struct, frozen=True):
    """A period an agent spent in one state."""

    agent: str
    state: str  # a presence, or offline
    reason: str
    from_at: int
    until_at: int | None


class AccountView(Struct, frozen=True):
    """State of one provider account, from its real traffic."""

    account: str
    provider: str  # twilio, openmarket
    state: str  # ok, warning, down, unknown
    words: str  # the worst reason
    last_hook_at: int | None
    last_send_at: int | None
    failed: int  # replies of the last hour that failed, were undelivered or expired: the sum of its lines' buckets
    queue_depth: int  # replies waiting to be sent
    oldest_queued_at: int | None  # when the one that waits longest could first have left
    refused_hooks: int  # hooks of the last hour that were not genuine
    unread_hooks: int  # hooks of the last hour that were unreadable or for an unknown line
    joins_parts: bool  # the provider delivers a long text as one message
    mode: str = "active"  # active; draining: sends what is written, accepts no more; off: sends nothing
    uncertain: int = 0  # replies of the last day whose status is uncertain
    recovered: int = 0  # messages of the last day whose hook never arrived
    balance: str | None = None
    most_pictures: int = 0  # in one reply
    reasons: list[str] = []  # all reasons, the worst first
    unsent: int = 0  # replies that did not arrive, or may not have, and wait for an agent's decision
    held: int = 0  # replies that wait because the provider takes nothing from the account until it is mended
    median_send_ms: int | None = None  # how long the provider took to accept one of the last hour's latest 50 replies
    replies_wait: str = ""  # why its replies are not sent now, in few words; empty: they are


class HookView(Struct, frozen=True):
    """A quarantined hook."""

    id: str
    at: int
    account: str
    path: str
    state: str  # refused, watched, unreadable, unroutable, unused
    reason: str
    body: str  # its beginning; bytes that are not UTF-8 are replacement characters


class TrafficBucket(Struct, frozen=True):
    """Five minutes of a line's traffic."""

    at: int  # when they begin
    inbound: int
    accepted: int  # replies the provider accepted
    delivered: int
    failed: int  # replies that failed, were undelivered or expired
    replies: int = 0  # those that the provider accepted, and those that failed before


class ErrorCodeView(Struct, frozen=True):
    """Failures of the last hour with one error code."""

    code: str | None
    words: str | None
    count: int


class LineTrafficView(Struct, frozen=True):
    """A line's traffic in the last hour, and its outbox."""

    account: str
    line: str
    skill: str
    segments_per_s: float  # its pace
    buckets: list[TrafficBucket]  # oldest first
    codes: list[ErrorCodeView]  # the most frequent first
    queue_depth: int
    oldest_queued_at: int | None  # when the reply that waits longest could first have left
    last_inbound_at: int | None
    last_reply_at: int | None
    state: str = "unknown"  # ok, warning, down; unknown: no traffic
    words: str = ""  # the worst reason
    reasons: list[str] = []  # all reasons, the worst first


class ReportRowView(Struct, frozen=True):
    """What was counted for one agent, line, day and so on. Replies count as they are now: one that was lost is no
    answer, and one that was undone is none at all."""

    key: str  # id, name or number; of a day the moment it begins, of an hour its two digits; empty: of nobody
    name: str  # the same for people
    texts: int = 0  # from consumers; segments of one text count once
    text_segments: int = 0
    text_pictures: int = 0
    opened: int = 0  # conversations
    closed: int = 0
    open_ms: int = 0  # how long the closed ones were open
    answers: int = 0  # replies to consumers who waited
    answer_ms: int = 0  # how long these had waited
    median_s: int | None = None  # about how long half of these had waited at most; None without answers
    p90_s: int | None = None  # the same of nine in ten
    late: int = 0  # answers after their due time
    first_answers: int = 0  # to the text that opened the conversation
    first_ms: int = 0
    replies: int = 0
    delivered: int = 0
    failed: int = 0  # failed, undelivered or expired
    segments: int = 0  # of the replies that the provider has taken
    pictures: int = 0
    billed_replies: int = 0  # of which the provider says how many segments it bills
    billed: int = 0  # these segments
    predicted: int = 0  # the same ones as Textdesk counts them
    billed_otherwise: int = 0  # how many of these replies differ
    transfers: int = 0
    give_backs: int = 0
    take_overs: int = 0
    online_ms: int = 0  # by agent and by time
    cost: dict[str, str] = {}  # of all segments, as they are billed where that is known: exact, by currency
    unpriced: int = 0  # segments that have no price
