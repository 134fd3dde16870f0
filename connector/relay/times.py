"""How long a relay waits for what."""

from __future__ import annotations

from msgspec import Struct


class RelayTimes(Struct, frozen=True):
    """In seconds. The core waits 20 s for an answer, which is longer than place, ping and call together."""

    place_s: float = 4.0  # for one of the few calls of smsbox
    ping_s: float = 3.0
    ping_after_s: float = 1.0  # without an answer for so long, smsbox is asked before it gets a text
    call_s: float = 8.0
    answer_within_s: float = 12.0  # what is not handed over by then is handed over after the answer to the core
    resume_every_s: float = 3.0
    shortest_wait_s: float = 0.5  # between two tries to reach the core; it doubles
    longest_wait_s: float = 30.0


TIMES = RelayTimes()
