"""Whether the audit is protected and unchanged: its triggers, and the hashes of its last entries."""

from __future__ import annotations

from pathlib import Path

from connector.base.data_directory import CannotStart, hash_key
from connector.base.secret import Secret
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.doctor.store_evidence import StoreEvidence
from connector.domain.audit import FIRST_HASH, ChainBreak, first_break
from connector.domain.pseudonyms import Pseudonyms

_VERIFY = "`textdesk audit verify --head` with a head from the core's log says which entries are as they were stored"


async def check(evidence: Evidence) -> list[Finding]:
    if not evidence.stored.is_current:
        return []
    key = evidence.config.core.hash_key if evidence.config is not None else None
    if key is None:
        key = stored_key(evidence.data)
    return judge(evidence.stored, None if key is None else Pseudonyms(key))


def stored_key(data: Path) -> Secret | None:
    """The key in a data directory; None where it is missing or damaged, or cannot be read."""
    try:
        # Asked first: a core makes the key that is missing, the doctor changes nothing.
        return Secret(hash_key(data)) if (data / "hash.key").exists() else None
    except (OSError, CannotStart):
        return None


def judge(stored: StoreEvidence, pseudonyms: Pseudonyms | None) -> list[Finding]:
    """`pseudonyms`: with the key of the core; None: it cannot be read, or is damaged."""
    found = []
    if stored.missing_triggers:
        words = f"The audit is not protected: the database has no trigger {', '.join(stored.missing_triggers)}."
        found.append(red(words, f"They were dropped by hand. {_VERIFY}; restore the triggers from a backup."))
    if pseudonyms is None:
        if stored.audit:
            words = "The last entries of the audit were not verified, as hash.key cannot be read here, or is damaged."
            found.append(amber(words, "Run doctor as the core's user, or `textdesk audit verify`."))
        return found
    if (broken := _broken(stored, pseudonyms)) is not None:
        found.append(red(f"The audit was changed: {broken.words}.", f"{_VERIFY}."))
    last = stored.audit[-1].number if stored.audit else 0
    words = f"Its triggers are there, and its last {len(stored.audit):,} entries, up to {last:,}, as they were stored."
    return found or [green(words)]


def _broken(stored: StoreEvidence, pseudonyms: Pseudonyms) -> ChainBreak | None:
    if not stored.audit or stored.audit[0].number <= 1:
        return first_break(stored.audit, 0, FIRST_HASH, pseudonyms)[2]
    first, *others = stored.audit  # what comes before it is not looked at
    if first.entry is None:
        return ChainBreak(first.number, f"entry {first.number} cannot be read any more")
    return first_break(others, first.number, first.entry.hash, pseudonyms)[2]
