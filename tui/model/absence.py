"""What came, became due and was moved while the desk had no link or its terminal did not answer, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from connector.base.counted import count
from connector.sms.text import one_line
from connector.wire.views import ConversationView
from tui.model.attention import Need
from tui.model.conversations import agent_name
from tui.model.state import Model

SILENCE_BEGINS = "This terminal does not answer: you are offline and get no conversations until it does. Press any key."
_MOST_NAMED = 2  # colleagues


class Absence(Struct, frozen=True):
    """Since when, and what the agent had then: the conversations that needed them, with why, and their open ones."""

    since: int
    needs: Mapping[str, Need]
    mine: frozenset[str]

    def words(self, model: Model, needs: Mapping[str, Need], mine: frozenset[str]) -> str:
        """`3 came, 2 became overdue, Ben has one of yours`; `needs` and `mine` as they are now; empty: nothing."""
        late = [one for one in _late(needs) if self.needs.get(one) is not Need.OVERDUE]
        came = len(needs.keys() - self.needs.keys() - {*late})
        given = len(mine - self.mine)
        said = [f"{came:,} came"] if came else []
        said += [f"{len(late):,} became overdue"] if late else []
        said += [f"{given:,} more {'is' if given == 1 else 'are'} yours"] if given else []
        said += self._moved(model, mine)
        return ", ".join(said)

    def _moved(self, model: Model, mine: frozenset[str]) -> list[str]:
        """Where those went that were the agent's."""
        gone = Counter(_where(model.conversations.by_id.get(one)) for one in sorted(self.mine - mine))
        if not gone:
            return []
        colleagues = [(who, number) for who, number in gone.most_common() if who not in _PLACES]
        said = [
            f"{one_line(agent_name(model, who), 20)} has {_some(number)}" for who, number in colleagues[:_MOST_NAMED]
        ]
        if rest := sum(number for _, number in colleagues[_MOST_NAMED:]):
            said.append(f"others have {_some(rest)}")
        return [*said, *(f"{_some(gone[place])} {words}" for place, words in _PLACES.items() if gone[place])]


# Where a conversation can be that no colleague has; no agent has such a name.
_PLACES = {"\n queue": "went to the queue", "\n closed": "closed", "\n unseen": "out of your sight"}


def _where(view: ConversationView | None) -> str:
    if view is None:
        return "\n unseen"
    if view.state == "closed":
        return "\n closed"
    return view.agent or "\n queue"


def _some(number: int) -> str:
    return "one of yours" if number == 1 else f"{number:,} of yours"


def _late(needs: Mapping[str, Need]) -> list[str]:
    return [one for one, why in needs.items() if why is Need.OVERDUE]


def after_silence(absence: Absence, words: str, now: int) -> str:
    said = f"This terminal did not answer for {duration(now - absence.since)}: you were offline."
    return f"{said} Meanwhile: {words}." if words else said


def after_lost_link(absence: Absence, back: str, words: str, now: int) -> str:
    """`back`: what is said of the events that were caught up."""
    return f"{back}. While you were gone ({duration(now - absence.since)}): {words}."


def duration(ms: int) -> str:
    minutes, seconds = divmod(max(0, ms) // 1000, 60)
    if minutes >= 120:
        return count(minutes // 60, "hour")
    return f"{minutes} min" if minutes else f"{seconds} s"
