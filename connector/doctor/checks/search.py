"""Whether messages can be searched: the index is there, whole, and has them all."""

from __future__ import annotations

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green
from connector.services.search import indexing
from connector.store.search import IndexState, IndexTrouble

_WAIT = "Nothing: the core goes on with it beside all other work."


async def check(evidence: Evidence) -> list[Finding]:
    return [] if evidence.stored.index is None else [judge(evidence.stored.index)]


def judge(index: IndexState) -> Finding:
    if index.trouble is IndexTrouble.DAMAGED:
        words = "The index for search is damaged, so nothing can be searched; all else works."
        return amber(words, "An administrator has it made anew: textdesk search --rebuild")
    if index.trouble is IndexTrouble.UNSUPPORTED:
        words = "SQLite was built without FTS5, so nothing can be searched; all else works."
        return amber(words, "Install a Python whose SQLite has it, or use PostgreSQL.")
    if words := indexing.not_yet(index):
        return amber(words, _WAIT)
    return green("All messages can be searched.")
