"""Refusal codes: why the core did not carry out a request."""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """Code of a refusal, for programs. Each comes with words for a person and, where named, with details.

    A newer core may send codes that are not listed here.
    """

    NOT_OWNER = "not_owner"  # details: agent
    NOT_QUEUED = "not_queued"  # taken by another agent, or closed; details: state, agent
    NOT_RINGING = "not_ringing"  # it is not ringing at this agent
    HOLD_OVER = "hold_over"  # the agent was disconnected for too long; accept it again
    STALE = "stale"  # messages arrived after `seen`; the refusal carries them; details: last_seq
    WOULD_STRAND = "would_strand"  # no online agent could take it
    UNKNOWN_SKILL = "unknown_skill"
    UNKNOWN_AGENT = "unknown_agent"
    UNKNOWN_MESSAGE = "unknown_message"
    ALREADY_OPEN = "already_open"  # details: conversation_id
    TOO_LATE = "too_late"  # already sent, or closed too long ago
    LEFT_BEHIND = "left_behind"  # details: count, conversation_id of the first
    CLOSED = "closed"
    UNKNOWN_CONVERSATION = "unknown_conversation"
    MAY_HAVE_ARRIVED = "may_have_arrived"  # details: message_id; the words say what is known
    EMPTY = "empty"
    TOO_LONG = "too_long"  # details: limit, length
    OPTED_OUT = "opted_out"
    ERASED = "erased"  # the consumer was erased after the text was written
    LIKELY_OPT_OUT = "likely_opt_out"  # an agent decides first whether the consumer has opted out; details: message_id
    BAD_REQUEST = "bad_request"  # malformed, or makes no sense
    UNKNOWN_REQUEST = "unknown_request"  # a type or kind that this core does not know
    TOO_MANY_REQUESTS = "too_many_requests"  # a bound of the agent is reached; details: retry_after_ms
    UNKNOWN_LINE = "unknown_line"
    UNKNOWN_PICTURE = "unknown_picture"
    UNKNOWN_HOOK = "unknown_hook"
    BAD_PICTURE = "bad_picture"  # not a picture, or too large; details: limit
    TOO_MANY_PICTURES = "too_many_pictures"  # details: limit
    ACCOUNT_OFF = "account_off"  # its account is draining or off
    CANNOT_ANSWER = "cannot_answer"  # an alphanumeric sender cannot be texted
    CANNOT_RECOVER = "cannot_recover"  # the provider has no message list, or did not answer
    CANNOT_RELOAD = "cannot_reload"  # the configuration cannot be taken over; nothing was changed; details: cause
    NOT_ALLOWED = "not_allowed"  # for administrators or leads
    COUNTRY_NOT_ALLOWED = "country_not_allowed"  # its consumers are not texted first; details: country, may_override
    TOO_MANY_NEW_NUMBERS = "too_many_new_numbers"  # a limit of the agent; details: limit, hours, free_at, may_override
    TOO_MANY_SENDS = "too_many_sends"  # the same
    DOUBTFUL_NUMBER = "doubtful_number"  # looks wrong or costs much; `confirmed` sends; details: suggestion
    AGENT_EXISTS = "agent_exists"  # details: agent
    AGENT_DISABLED = "agent_disabled"
    PROVISIONED = "provisioned"  # the configuration defines it; the words name file and section
    OWN_AGENT = "own_agent"  # an administrator does not lock themselves out
    UNKNOWN_TOKEN = "unknown_token"
    UNKNOWN_ALERT = "unknown_alert"
    NEWER_CONTACT = "newer_contact"  # another agent has changed it; details: version, agent, at
    WRONG_LINES = "wrong_lines"  # of an import; details: count
    UNKNOWN_CONTACT = "unknown_contact"
    NEWER_DRAFT = "newer_draft"  # another desk of the agent has changed it; details: version
    UNKNOWN_SAVED_REPLY = "unknown_saved_reply"
    NEWER_SAVED_REPLY = "newer_saved_reply"  # it was changed meanwhile; details: version
    SHORTCUT_TAKEN = "shortcut_taken"  # another saved reply has it; details: saved_reply_id
    SEARCH_UNAVAILABLE = "search_unavailable"  # the index cannot be used; details: cause (damaged, unsupported, slow)
    FAILED = "failed"  # an error in the core; nothing happened
    STORE_UNAVAILABLE = "store_unavailable"  # nothing was stored; ask again
