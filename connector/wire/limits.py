"""Sizes and lengths of the protocol, each once. Texts are counted in code points."""

from __future__ import annotations

REPLY_LENGTH = 1600
INBOUND_LENGTH = 5000  # shown of a consumer's text; the rest is stored as its overflow
NOTE_LENGTH = 5000
PREVIEW_LENGTH = 160  # of ConversationView.last_text
WORD_LENGTH = 40  # of an outcome or a tag
TAG_COUNT = 10  # of one conversation
HOOK_BODY_LENGTH = 2000  # of HookView.body
ID_LENGTH = 64  # of a request's id, a desk's id and an agent's name

# Twilio's limit for the media of a message ("5 MB": twilio.com/docs/messaging/guides/accepted-mime-types), taken as the
# smaller of its two meanings.
PICTURE_BYTES = 5_000_000
FRAME_BYTES = 8 * 1024 * 1024  # a picture in base64 fits

PAGE_SIZE = 200  # messages or hooks in one answer
DEFAULT_PAGE_SIZE = 50
DUE_AHEAD_MS = 366 * 86_400_000  # the furthest moment `set_due` takes
CLOSED_LISTED_MS = 86_400_000  # conversations closed within this time are in the snapshot

TRAFFIC_BUCKET_MS = 300_000
TRAFFIC_BUCKETS = 12  # of each line, the newest unfinished

# The part of a rank that puts a conversation behind all whose consumers wait: later than any moment.
BEHIND_MS = 10**15
