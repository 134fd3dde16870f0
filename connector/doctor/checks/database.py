"""Whether the database can be read, is of this version, and is sound."""

from __future__ import annotations

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.doctor.store_evidence import StoreEvidence
from connector.store.migrations.shapes import HEAD


async def check(evidence: Evidence) -> list[Finding]:
    if evidence.stored.engine != "PostgreSQL" and evidence.core.is_elsewhere:
        return []
    return [judge(evidence.stored, is_running=evidence.core.store is not None)]


def judge(stored: StoreEvidence, *, is_running: bool = False) -> Finding:
    """`is_running`: a core is running on this data directory, and its database cannot be missing."""
    if stored.trouble and is_running and not stored.is_there:
        return red(stored.trouble, "Stop the core before you put a saved copy in its place.")
    if stored.trouble:
        return red(stored.trouble, "Until then no text is taken in; providers offer it again only for a while.")
    if not stored.is_there and is_running:
        return red(
            "The database file of the running core was removed or moved.",
            "Do not stop the core before it is moved back, or saved as a copy: its log and its provider panel (F4) say"
            " how far that is.",
        )
    if not stored.is_there:
        return green("There is none yet; the core creates it at its first start.")
    if stored.revision is None:
        return green(f"{stored.engine} is reached and empty; the core creates its tables at its first start.")
    if stored.damage:
        return red(
            f"The {stored.engine} database is damaged: {stored.damage}.",
            "Stop the core, keep a copy of the file, and restore the latest backup.",
        )
    if stored.revision > HEAD:
        return red(
            f"The database is of a newer Textdesk (revision {stored.revision}, this one knows {HEAD}).",
            "Update this one.",
        )
    if stored.revision < HEAD:
        return amber(
            f"The database is of an older Textdesk (revision {stored.revision}, this one has {HEAD}).",
            "The next start of the core migrates it; make a backup first.",
        )
    if stored.damage is None:
        return green(f"{stored.engine}, revision {HEAD}; too large to be checked here.")
    sound = " and sound" if stored.engine == "SQLite" else ""
    return green(f"{stored.engine}, revision {HEAD}: reached{sound}.")
