"""The tables and indexes that a database has at each revision.

They tell a database of ours from one that only names the same revision. Like the migrations they never change once
landed: a new migration comes with a new shape.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Shape(Struct, frozen=True):
    """Tables with the names of their columns, and the names of indexes."""

    columns: Mapping[str, frozenset[str]]
    indexes: frozenset[str]


_COLUMNS_0001 = {
    "stream": "id name position floor",
    "facts": "position at kind conversation_id body",
    "hooks": "id at account path url headers body state reason",
    "conversations": (
        "id account line consumer skill state opened_at last_at agent queued_at waiting_since closed_at "
        "last_seq unread last_text last_direction last_part returned_by reason version entry_point due_at "
        "due_by due_told reminder_at is_reminder_kept idle_since light_at light assigned_at rings ring_until "
        "tried handed_by moves joined outcome tags closed_by wrap_up_until rank timer_at"
    ),
    "messages": (
        "id conversation_id account line consumer seq direction text at status status_at overflow author ref "
        "code words encoding segments part media is_recovered raw_status"
    ),
    "message_refs": "account ref message_id",
    "attempts": "message_id number account started_at ended_at outcome code words",
    "receipts": "account at status raw_status ref message_id code words part parts key number",
    "agents": "id name skills capacity presence presence_at assigned_at presence_reason came_at",
    "presence_spans": "agent state reason from_at until_at number",
    "desks": "id agent node lease_until",
    "consent": "id at account line consumer kind rule evidence message_id",
    "work": "id kind subject account lane ordinal due_at tries rank node ready_at since",
    "marks": "name at",
    "account_modes": "account mode",
    "uploads": "id at agent token digest content_type size expires_at",
    "requests": "id agent at answer",
}
_INDEXES_0001 = """
    attempts_by_start consent_by_consumer conversations_closed conversations_given conversations_held
    conversations_open conversations_past conversations_queued conversations_ringing conversations_timers
    hooks_by_account hooks_by_time hooks_set_aside messages_by_consumer messages_by_time messages_recovered
    messages_uncertain presence_spans_by_agent receipts_by_message receipts_by_ref requests_by_time work_in_lane
    work_ranked work_ready
"""
_0001 = Shape(
    columns={table: frozenset(columns.split()) for table, columns in _COLUMNS_0001.items()},
    indexes=frozenset(_INDEXES_0001.split()),
)
_0002 = Shape(columns=_0001.columns, indexes=_0001.indexes | {"messages_with_pictures"})
_COLUMNS_0003 = {"counters": "span at account line kind status code words count last_at position"}
_0003 = Shape(
    columns={**_0002.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0003.items()}},
    indexes=_0002.indexes | {"counters_changed"},
)
_COLUMNS_0004 = {"hooks": f"{_COLUMNS_0001['hooks']} budget size", "hook_budgets": "name size"}
_0004 = Shape(
    columns={**_0003.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0004.items()}},
    indexes=_0003.indexes | {"hooks_by_budget", "work_by_subject", "presence_spans_by_end"},
)
_COLUMNS_0005 = {
    "stream": f"{_COLUMNS_0001['stream']} latest_id",
    "conversations": f"{_COLUMNS_0001['conversations']} person shown unsent unsent_status unsent_at again_at",
    "messages": f"{_COLUMNS_0001['messages']} person resends resent_as is_unsettled settled_by",
    "consent": f"{_COLUMNS_0001['consent']} person author",
    "receipts": f"{_COLUMNS_0001['receipts']} opted_out",
    "likely_opt_outs": "person at account line consumer message_id words",
}
_0005 = Shape(
    columns={**_0004.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0005.items()}},
    indexes=_0004.indexes - {"consent_by_consumer", "messages_by_consumer"}
    | {"consent_by_person", "messages_by_person", "messages_unsettled", "messages_settled"},
)
_COLUMNS_0006 = {
    "agents": f"{_COLUMNS_0001['agents']} role sees accounts os_user is_disabled is_provisioned",
    "agent_tokens": "digest agent at is_provisioned",
    "agent_sends": "agent hour sends new_numbers",
    "desks": f"{_COLUMNS_0001['desks']} signed_in_at way source",
    "facts": f"{_COLUMNS_0001['facts']} visibility visibility_before",
    "audit": "number at actor action subject person details hash",
    "erased_conversations": "id at",
}
_0006 = Shape(
    columns={**_0005.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0006.items()}},
    indexes=_0005.indexes
    | {"agent_tokens_by_agent", "agents_by_os_user", "audit_by_actor", "audit_by_person"}
    | {"conversations_by_state", "conversations_joined", "conversations_queued_at"}
    | {"conversations_by_end"},
)
_COLUMNS_0007 = {
    "desks": f"{_COLUMNS_0006['desks']} is_silent",
    "drafts": "agent conversation_id text version at",
}
_0007 = Shape(
    columns={**_0006.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0007.items()}},
    indexes=_0006.indexes | {"drafts_by_conversation"},
)
_COLUMNS_0008 = {
    "saved_replies": (
        "id owner title category text shortcut skills language tags outcome due_s closes version changed_at changed_by"
    ),
    "saved_reply_uses": "saved_reply_id agent uses used_at",
    "reply_actions": "message_id at tags outcome outcome_before reminder_at kept_reminder_at has_closed",
}
_0008 = Shape(
    columns={**_0007.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0008.items()}},
    indexes=_0007.indexes | {"saved_replies_by_owner", "saved_replies_by_shortcut", "reply_actions_by_time"},
)
_COLUMNS_0009 = {
    "conversations": f"{_COLUMNS_0005['conversations']} name",
    "contacts": "person consumer version changed_at changed_by name language attributes notes found_by",
}
_0009 = Shape(
    columns={**_0008.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0009.items()}},
    indexes=_0008.indexes | {"contacts_by_name"},
)
_COLUMNS_0010 = {
    "agents": f"{_COLUMNS_0006['agents']} phone",
    "alerts": (
        "id kind account skill raised_at since count covers_after seen_at next_at rounds asked steps acknowledged_by "
        "acknowledged_at ended_at"
    ),
    "webhook_events": "id at body words",
}
_0010 = Shape(
    columns={**_0009.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0010.items()}},
    indexes=_0009.indexes | {"alerts_open", "alerts_waiting", "alerts_ended", "conversations_overdue"},
)
_COLUMNS_0011 = {
    "tallies": (
        "kind span at account line country skill agent entry_point outcome texts text_segments text_pictures opened "
        "closed open_ms answers answer_ms late first_answers first_ms replies delivered failed segments pictures "
        "billed_replies billed predicted billed_otherwise transfers give_backs take_overs online_ms "
        + " ".join(f"wait_{number}" for number in range(20))
    ),
    "messages": f"{_COLUMNS_0005['messages']} skill entry_point waited_ms is_late is_first billed",
    "conversations": f"{_COLUMNS_0009['conversations']} tally",
}
_0011 = Shape(
    columns={**_0010.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0011.items()}},
    indexes=_0010.indexes,
)
_COLUMNS_0012 = {
    "contact_imports": "id agent at applied_at",
    "staged_contacts": (
        "import_id person line is_wrong is_changed based_on consumer name language attributes notes found_by"
    ),
}
_0012 = Shape(
    columns={**_0011.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0012.items()}},
    indexes=_0011.indexes,
)
_0013 = Shape(columns=_0012.columns, indexes=_0012.indexes | {"conversations_unsent", "conversations_soon"})
_COLUMNS_0014 = {
    "conversations": f"{_COLUMNS_0011['conversations']} snoozed_until back_at back_from",
}
_0014 = Shape(
    columns={**_0013.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0014.items()}},
    indexes=_0013.indexes,
)
_COLUMNS_0015 = {
    "search_state": "id version message_id number total trouble purge",
    "search_documents": "number message_id",
}
_0015 = Shape(
    columns={**_0014.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0015.items()}},
    indexes=_0014.indexes | {"search_documents_by_message", "conversations_tagged", "conversations_with_outcome"},
)
_COLUMNS_0016 = {
    "conversations": f"{_COLUMNS_0014['conversations']} scheduled_at",
    "scheduled_replies": "id conversation_id author text send_at seen at",
}
_0016 = Shape(
    columns={**_0015.columns, **{table: frozenset(columns.split()) for table, columns in _COLUMNS_0016.items()}},
    indexes=_0015.indexes | {"scheduled_replies_by_conversation", "scheduled_replies_by_author"},
)
_0017 = Shape(
    columns={**_0016.columns, "mentions": frozenset(["message_id", "agent", "conversation_id", "author", "at"])},
    indexes=_0016.indexes | {"mentions_by_agent"},
)
_0018 = Shape(
    columns={**_0017.columns, "agents": _0017.columns["agents"] | {"off_duty_by"}},
    indexes=_0017.indexes,
)
_0019 = Shape(columns=_0018.columns, indexes=_0018.indexes | {"messages_never_received"})
_0020 = Shape(
    columns={**_0019.columns, "search_documents": _0019.columns["search_documents"] | {"conversation_id"}},
    indexes=_0019.indexes,
)

SHAPES = {
    "0001": _0001,
    "0002": _0002,
    "0003": _0003,
    "0004": _0004,
    "0005": _0005,
    "0006": _0006,
    "0007": _0007,
    "0008": _0008,
    "0009": _0009,
    "0010": _0010,
    "0011": _0011,
    "0012": _0012,
    "0013": _0013,
    "0014": _0014,
    "0015": _0015,
    "0016": _0016,
    "0017": _0017,
    "0018": _0018,
    "0019": _0019,
    "0020": _0020,
}
# Revisions that some builds gave to tables which are those of another one.
BUILT_AS = {"0003": "0004"}
HEAD = "0020"  # the newest revision in `versions`
