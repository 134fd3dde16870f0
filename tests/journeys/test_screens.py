"""Two agents at their screens, a real core between them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.kit.running import BOOKINGS, Desk, town
from tests.kit.screen import desk_process
from tests.kit.slow_line import slow_line

WIDE: Any = {"columns": 120, "rows": 36}
RULES = """
[skills.orders]
undo_s = 20

[skills.bookings]
ring = "ring"
ring_s = 90
"""


async def test_handed_over_rung_accepted_warned_and_taken_back() -> None:
    with tempfile.TemporaryDirectory(prefix="screens") as name:
        folder = Path(name)
        async with town(folder / "t", more=RULES) as here, Desk(here.core, role="tool") as watcher:
            core, slow = here.core.data / "desk.sock", folder / "slow"
            async with (
                slow_line(slow, core) as line,
                desk_process("--socket", str(core), "--agent", "ann", state=folder / "ann") as ann,
                desk_process("--socket", str(slow), "--agent", "ben", state=folder / "ben", **WIDE) as ben,
            ):
                await ann.shows("ann ● online", "linked")
                await ben.shows("ben ● online", "linked")
                await here.text("Where is my parcel?")
                await ann.shows("Mine 1", "Where is my parcel?")

                # Handed to ben, with a note: it rings there, and a bell with it.
                ann.write(b"t")
                await ann.shows("skill bookings", "agent ben")
                ann.write(b"ben\t")
                await ann.until(lambda: "skill bookings" not in ann.text, "the agent alone")
                ann.write(b"knows the carrier")
                await ann.shows("knows the carrier")
                await ann.enter()
                await ann.shows("It is ringing ben")
                await ben.shows("ann transfers (415) 555-0133 to you", "1 ringing", "from ann")
                assert b"\x07" in ben.raw
                ben.write(b"n")
                await ben.shows("ringing you", "note · ann", "knows the carrier")
                await ben.enter()
                await ben.shows("yours", "0 of 1,600")

                # The consumer goes on writing while ben's answer is on its way.
                line.open.clear()
                await here.text("I have found it!")
                await watcher.told_of("message_received", text="I have found it!")
                ben.write(b"It left today.")
                await ben.shows("14 of 1,600")
                await ben.enter()
                await ben.shows("sending…")
                line.open.set()
                await ben.shows("Not sent: The consumer has written since you last looked.", "I have found it!")
                await ben.shows("14 of 1,600")

                # Read, and sent again; then taken back while that is possible.
                await ben.enter()
                await ben.shows("It left today.", "  undo ")
                ben.write(b"\x14")
                await ben.shows("↶ not sent", "Undone: it was not sent.", "14 of 1,600")
                sent = [each for each in await here.vendor_log() if each["direction"].startswith("outbound")]
                assert sent == []

                # What rings by the rules of its skill is taken by whoever it rings at.
                await here.text("May I book a table?", line=BOOKINGS, sender="+14155550177")
                await ann.shows("(415) 555-0177 is ringing you (bookings)")
                ann.write(b"n")
                await ann.shows("enter accepts")
                await ann.enter()
                await ann.shows("yours", "of 1,600")
