"""Sizes and lengths of the protocol, each once. Texts are counted in code points."""

from __future__ import annotations

REPLY_LENGTH = 1600
INBOUND_LENGTH = 5000  # shown of a consumer's text; the rest is stored as its overflow
NOTE_LENGTH = 5000
DRAFT_LENGTH = 16_000  # ten replies; a desk keeps a longer one to itself
DRAFTS_PER_AGENT = 500
SEARCH_LENGTH = 500  # of what is searched for
PREVIEW_LENGTH = 160  # of ConversationView.last_text
WORD_LENGTH = 40  # of an outcome or a tag
TAG_COUNT = 10  # of one conversation
SAVED_REPLY_LENGTH = 4000  # of its text with fields; filled, it has to fit into a reply
SAVED_REPLIES_OF_AGENT = 1000
SAVED_REPLIES_SHARED = 10_000
SAVED_REPLIES_PAGE = 200  # in one answer
SAVED_REPLIES_AT_ONCE = 1000  # in one import, whose request may be as large as a frame
SAVED_REPLIES_IN_TEXT = 10  # of which one reply is made
MENTIONS = 100  # in one answer
SCHEDULED_IN_CONVERSATION = 10  # replies that wait for their moment
SCHEDULED_OF_AGENT = 200
TAGS_OFFERED = 200  # in one answer
STATUS_WORDS_LENGTH = 500  # of MessageView.words
STATUS_CODE_LENGTH = 64  # of MessageView.code and raw_status
HOOK_BODY_LENGTH = 2000  # of HookView.body
CONTACT_NAME_LENGTH = 100
CONTACT_NOTES_LENGTH = 5000
ATTRIBUTE_COUNT = 20  # of one contact
ATTRIBUTE_NAME_LENGTH = 40
ATTRIBUTE_VALUE_LENGTH = 200
CONTACTS_FOUND = 50  # in one answer
CONTACTS_PAGE = 100  # of the longest ones: they fit a frame
CONTACTS_AT_ONCE = 200  # lines of an import in one request
CONTACTS_IMPORTED = 50_000  # lines of one import
PAST_CONVERSATIONS = 6  # of PersonView.latest
LANGUAGE_LENGTH = 35  # of a language tag: what RFC 5646 (4.4.1) asks every program to take
ID_LENGTH = 64  # of a request's id, a desk's id and an agent's name
KEY_LENGTH = 256  # of an id or name within a request
URL_LENGTH = 2048  # of a picture's URL

# Twilio's limit for the media of a message ("5 MB": twilio.com/docs/messaging/guides/accepted-mime-types), taken as the
# smaller of its two meanings.
PICTURE_BYTES = 5_000_000
FRAME_BYTES = 8 * 1024 * 1024  # a picture in base64 fits
REQUEST_BYTES = 256 * 1024  # of a request that uploads no picture
BATCH_BYTES = 256 * 1024  # events are put into one batch up to this size

# Before sign-in a connection is a stranger's.
SIGN_IN_BYTES = 4096  # of the sign-in frame
STRANGER_BYTES = 16 * 1024  # of all that comes before the welcome: HTTP request, sign-in and control frames
OPEN_WITHIN_S = 5.0  # the HTTP request
SIGN_IN_WITHIN_S = 10.0

# Of one agent, over all desks and scripts. A rate allows its burst at once; it is full again after BURST / RATE.
CONNECTIONS_PER_AGENT = 64
REQUESTS_PER_S = 200  # a held arrow key asks some 60 a second
REQUEST_BURST = 1000
REQUEST_UNIT_BYTES = 64 * 1024  # a larger request counts once more for each
SEARCH_REQUESTS = 5  # a search counts as so many
REQUEST_UNIT_CONVERSATIONS = 100  # a snapshot counts as a request for each
PICTURES_PER_HOUR = 100
PICTURE_BYTES_PER_HOUR = 200_000_000
NOTES_PER_HOUR = 600
UNANSWERED_BYTES = 8 * FRAME_BYTES  # of requests that have been sent and wait for their turn

CONVERSATIONS_PAGE = 500  # conversations in one frame or answer
PAGE_SIZE = 200  # messages or hooks in one answer
DEFAULT_PAGE_SIZE = 50
HANDED_ON = 200  # conversations that one request hands on
URGENT = 100  # conversations in one answer of the most urgent
ALERTS = 500  # in one answer
AUDIT_PAGE = 1000  # entries in one answer
AGENTS_PAGE = 500  # agents in one answer
TOKENS_PER_AGENT = 20
REPORT_ROWS = 500  # in one answer
PRESENCE_SPANS = 10_000  # in one answer: those of 100 agents in a week
BIGGEST_NUMBER = 2**63 - 1  # an integer of SQL has 64 bits
WITHOUT_NUL = r"^[^\x00]*\Z"
LATEST_MOMENT = 253_402_300_799_999  # the last millisecond of the year 9999
DUE_AHEAD_MS = 366 * 86_400_000  # the furthest moment `set_due` takes
WRITING_MS = 8_000  # how long it holds that an agent is writing, unless it is repeated
CLOSED_LISTED_MS = 86_400_000  # conversations closed within this time are in the snapshot

TRAFFIC_BUCKET_MS = 300_000
TRAFFIC_BUCKETS = 12  # of each line, the newest unfinished

# The part of a rank that puts a conversation behind all whose consumers wait: later than any moment.
BEHIND_MS = 10**15
