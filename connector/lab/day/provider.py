"""The simulated day's provider: it accepts every reply at once, unless it is out of order."""

from __future__ import annotations

from connector.providers.values import Accepted, Capabilities, Outcome, Outgoing, TryLater


class SimulatedProvider:
    capabilities = Capabilities(joins_parts=True, can_look_up=False, own_opt_out=False)

    def __init__(self) -> None:
        self.is_out = False

    def pace(self, line: str) -> float:
        return 10.0

    def cannot_answer(self, consumer: str) -> str | None:
        return None

    def send(self, message: Outgoing) -> Outcome:
        if self.is_out:
            return TryLater("The provider does not answer.")
        return Accepted(ref=f"out-{message.message_id}")
