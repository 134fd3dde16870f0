"""What leads and administrators ask of the core about accounts, agents, the audit and erasure."""

from typing import Annotated

from msgspec import Meta, Struct

from connector.wire import limits
from connector.wire.field_types import Key, Moment, Number

CORE = "core"  # who has done what no agent did, in lists of the audit and in questions about it


class ReleaseHook(Struct, frozen=True, tag_field="type", tag="release_hook"):
    """Process a quarantined hook as if it were genuine. For administrators. Answered with Done; refused with
    not_allowed, unknown_hook, bad_request."""

    hook_id: Key


class SetAccountMode(Struct, frozen=True, tag_field="type", tag="set_account_mode"):
    """active, draining or off; see AccountView.mode. For administrators. Answered with Done."""

    account: Key
    mode: Key


class Recover(Struct, frozen=True, tag_field="type", tag="recover"):
    """Go through the provider's message list for hooks that never arrived since this moment. For administrators.
    Answered with Recovered at the end; refused with cannot_recover."""

    account: Key
    since: Moment


class Reload(Struct, frozen=True, tag_field="type", tag="reload"):
    """Take over the file of the configuration as it is now, wholly or not at all. For administrators. Answered with
    Reloaded; refused with cannot_reload."""


class GetAgents(Struct, frozen=True, tag_field="type", tag="get_agents"):
    """The agents with names above `after`, with their rights, tokens and where they are signed in. For administrators.
    Answered with AgentPage: the first `limit` by name, at most `limits.AGENTS_PAGE`."""

    after: Key = ""
    limit: Number = limits.AGENTS_PAGE


class AddAgent(Struct, frozen=True, tag_field="type", tag="add_agent"):
    """Add an agent to the store. For administrators. Answered with AgentSaved; refused with agent_exists, also for a
    name that differs by case alone."""

    agent: Key  # the name they sign in by
    name: str = ""  # that people read; empty: the same
    skills: list[Key] = []  # none: every skill
    capacity: Number | None = None  # None: that of the configuration
    role: Key = "agent"  # agent, lead, administrator
    sees: Key = "skills"  # skills, account, all
    accounts: list[Key] = []  # none: all
    os_user: Key = ""  # the user of the core's host who signs in as this agent; empty: the one of this name
    phone: Key = ""  # their own, to which alerts are texted; in any spelling


class SetAgent(Struct, frozen=True, tag_field="type", tag="set_agent"):
    """Change an agent of the store; what is null stays. For administrators. Answered with AgentSaved; refused with
    unknown_agent, provisioned (the configuration defines them), own_agent (who gives up being an administrator)."""

    agent: Key
    name: str | None = None
    skills: list[Key] | None = None
    capacity: Number | None = None
    role: Key | None = None
    sees: Key | None = None
    accounts: list[Key] | None = None
    os_user: Key | None = None
    phone: Key | None = None  # empty: none any more


class DisableAgent(Struct, frozen=True, tag_field="type", tag="disable_agent"):
    """Have an agent sign in no more. Their connections are closed, and their conversations go to others. For
    administrators. Answered with AgentSaved; refused with unknown_agent, provisioned, own_agent."""

    agent: Key


class EnableAgent(Struct, frozen=True, tag_field="type", tag="enable_agent"):
    """Let an agent sign in again, with the tokens that were not revoked. For administrators. Answered with AgentSaved;
    refused with unknown_agent."""

    agent: Key


class IssueToken(Struct, frozen=True, tag_field="type", tag="issue_token"):
    """A new token for an agent, beside those they have. For administrators. Answered with TokenIssued, a repeated
    request without the token: revoke it then, and issue another. Refused with unknown_agent, agent_disabled."""

    agent: Key


class RevokeToken(Struct, frozen=True, tag_field="type", tag="revoke_token"):
    """Revoke a token, named by its id or the beginning of that. Connections it has signed in are closed. For
    administrators. Answered with Done; refused with unknown_token, provisioned."""

    token: Key


class GetHooks(Struct, frozen=True, tag_field="type", tag="get_hooks"):
    """Quarantined hooks, for administrators.

    Answered with HookPage: the newest `limit`, at most `limits.PAGE_SIZE`.
    """

    limit: Number = limits.DEFAULT_PAGE_SIZE


class Unmask(Struct, frozen=True, tag_field="type", tag="unmask"):
    """The text of a message without masks, for leads and administrators; it is recorded in the audit. Answered with
    Unmasked; refused with unknown_message, not_allowed."""

    message_id: Key


class GetAudit(Struct, frozen=True, tag_field="type", tag="get_audit"):
    """Entries of the audit, the latest first, before the one numbered `before`, for administrators; it is recorded.

    Answered with AuditPage: at most `limits.AUDIT_PAGE`. Refused with bad_request (unknown agent or action, no number).
    """

    # Who did it, or as whom a sign-in was refused; CORE, where no agent has this name, or "": the core itself.
    agent: Key | None = None
    action: Key | None = None
    since: Moment = 0
    number: Key | None = None  # of a consumer, in any spelling
    before: Number | None = None
    limit: Number = limits.DEFAULT_PAGE_SIZE


class VerifyAudit(Struct, frozen=True, tag_field="type", tag="verify_audit"):
    """Verify the entries of the audit after the one numbered `after`, which has the hash `hash`; 0 and "": from the
    first. For administrators. Answered with AuditVerified."""

    after: Number = 0
    hash: Key = ""
    limit: Number = limits.AUDIT_PAGE


class RebuildSearch(Struct, frozen=True, tag_field="type", tag="rebuild_search"):
    """Make the index for search anew, also where it is damaged. For administrators. It goes on in the core, and
    searches say how far it is. Answered with SearchState."""


class GetSearchState(Struct, frozen=True, tag_field="type", tag="get_search_state"):
    """How far the index for search is. Answered with SearchState."""


class GetErased(Struct, frozen=True, tag_field="type", tag="get_erased"):
    """Which of these conversations were erased, for a desk that has drafts of conversations it does not see. Answered
    with Erased."""

    conversation_ids: Annotated[list[Key], Meta(max_length=limits.PAGE_SIZE)]


class Forget(Struct, frozen=True, tag_field="type", tag="forget"):
    """Erase what is stored of a consumer. For administrators. It goes on in the core; answered with Forgotten after a
    moment, so that it is asked again until `is_done`. With `is_preview` nothing is erased. Refused with bad_request: no
    number, or one of our lines."""

    number: Key  # in any spelling
    is_preview: bool = False
    rewrite: bool = False  # have the database's files written anew, where deleted bytes may be left in them
