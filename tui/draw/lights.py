"""Provider accounts that are not well, open alerts and a lost link, in words short enough for a bar that is always
there."""

from __future__ import annotations

from connector.base.counted import count
from connector.sms.text import cells, one_line
from connector.wire.views import AccountView
from tui.draw.format import Line, light, line_width
from tui.model import alerts
from tui.model.state import LinkPhase, Model

NO_ACCOUNT = "No account is connected yet: run `textdesk setup twilio`, or try `textdesk demo`."
_BY_STATE = {"down": 0, "warning": 1}
_NOT_ILL = ("ok", "unknown")
_LEAST_FOR_WORDS = 24  # cells: below that a reason says nothing
_LEAST_FOR_ILL = 12
_MOST_NAME = 16
_GAP = ("   ", "")


def by_trouble(accounts: tuple[AccountView, ...]) -> list[AccountView]:
    """All accounts, those that are down first, then those with warnings."""
    return sorted(accounts, key=lambda account: _BY_STATE.get(account.state, 2))


def ill_accounts(model: Model, room: int) -> Line:
    """The worst account with as much of its reason as fits into `room` cells, and how many more; empty when all are
    well."""
    ill = [account for account in by_trouble(model.providers.accounts) if account.state not in _NOT_ILL]
    if not ill:
        return []
    sign, role = light(ill[0].state)
    name = f"{sign[:1]} {one_line(ill[0].account, _MOST_NAME)}"
    more = f" +{len(ill) - 1}" if len(ill) > 1 else ""
    left = room - cells(name) - len(more) - 1
    words = f": {one_line(ill[0].words, left - 1)}" if left >= _LEAST_FOR_WORDS and ill[0].words else ""
    return [(name, role), (f"{words}{more}", role)]


def open_alerts(model: Model) -> Line:
    """How many alerts wait for somebody, or for this agent: `▲ 2 alerts`, `▲ 1 alert asks you`."""
    waiting, mine = alerts.waiting(model), alerts.asking_me(model)
    if mine:
        return [(f"▲ {count(len(mine), 'alert')} {'asks' if len(mine) == 1 else 'ask'} you", "strong you")]
    return [(f"▲ {count(len(waiting), 'alert')}", "warn")] if waiting else []


def trouble(model: Model, room: int) -> Line:
    """A link that is lost or silent, else open alerts and the accounts that are not well: for pages, which have no
    status bar."""
    if model.connection.phase is LinkPhase.LINKED:
        told = open_alerts(model)
        left = room - line_width(told) - len(_GAP[0])
        ill = ill_accounts(model, left) if not told or left >= _LEAST_FOR_ILL else []
        return [*told, *([_GAP] if told and ill else []), *ill]
    if model.connection.phase is LinkPhase.STARTING:
        return [("connecting…", "warn")]
    what = "the core does not answer" if model.connection.phase is LinkPhase.SILENT else "link lost"
    return [(one_line(f"✗ {what}: this is how it was before", room), "bad")]
