"""The page that explains why a conversation is where it is."""

from __future__ import annotations

from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from connector.wire import limits
from connector.wire.answers import Explained
from connector.wire.views import ConversationView, ScorePartView, VerdictView
from tui.draw.format import Line, duration, fit, moment
from tui.model.conversations import agent_name, consumer_name, why_replies_wait
from tui.model.state import Model


def explanation_page(model: Model, conversation_id: str, now: int, width: int) -> list[Line]:
    """Its place in the queue, what happens next, the parts of its rank, and routing's verdict on each agent."""
    view, found = model.conversations.by_id.get(conversation_id), model.fetched.explanation
    if view is None or found is None or found.conversation_id != conversation_id:
        return [[], [("  Asking the core…", "muted")]]
    head: list[Line] = [
        [],
        [("  ", ""), (one_line(consumer_name(view), 20), "strong"), (f"  to {one_line(view.line, 20)}", "")],
    ]
    if found.refusal is not None:
        return [*head, [], *_text(found.refusal, width, "bad")]
    if found.answer is None:
        return [*head, [], [("  Asking the core…", "muted")]]
    why_here, waits = found.answer, why_replies_wait(model, view.account)
    return [
        *head,
        *_text(_place(view, why_here), width, "strong"),
        *_text(why_here.reason, width, "muted"),
        *(_text(f"Replies to them wait: {waits}", width, "warn") if waits else []),
        [],
        *_part("What happens next", _list(why_here.next, width)),
        *_part("What decides its place", [_score(part, index, now) for index, part in enumerate(why_here.score)]),
        *_part("Who could take it", [_verdict(model, one, width) for one in why_here.agents]),
    ]


def _place(view: ConversationView, found: Explained) -> str:
    if found.place is not None:
        return f"Number {found.place:,} in the queue of {view.skill}"
    words = {"assigned": "with an agent", "wrap_up": "in its wrap-up", "ringing": "ringing", "closed": "closed"}
    return f"{view.skill}, {words.get(view.state, view.state)}"


def _part(title: str, lines: list[Line]) -> list[Line]:
    return [[(f"  {title}", "strong")], *lines, []] if lines else []


def _list(texts: list[str], width: int) -> list[Line]:
    lines: list[Line] = []
    for text in texts:
        for number, line in enumerate(wrap(one_line(text, 400), width - 8)):
            lines.append([("    · " if number == 0 else "      ", "muted"), (line, "")])
    return lines


def _score(part: ScorePartView, index: int, now: int) -> Line:
    if index == 0:
        much = moment(part.ms, now)
    elif part.ms >= limits.BEHIND_MS:
        much = "behind"
    elif part.ms <= -limits.BEHIND_MS:
        much = "first"
    else:
        much = f"{'+' if part.ms >= 0 else '−'}{duration(abs(part.ms))}"
    return [(f"    {much:>12}  ", "accent"), (one_line(part.words, 60), "")]


def _verdict(model: Model, one: VerdictView, width: int) -> Line:
    sign, role = ("✓", "good") if one.fits else ("✗", "muted")
    name = fit(agent_name(model, one.agent), 14)
    return [(f"    {sign} ", role), (f"{name} ", "" if one.fits else "muted"), (one_line(one.words, width - 24), role)]


def _text(words: str, width: int, role: str) -> list[Line]:
    return [[(f"  {line}", role)] for line in wrap(one_line(words, 600), width - 4)]
