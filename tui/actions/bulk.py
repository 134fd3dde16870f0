"""What is done with all marked conversations at once: one request for each, what undoes it, and the words about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from connector.base.counted import count
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions import conversation
from tui.actions.conversation import Intent
from tui.model.conversations import consumer_name, in_my_wrap_up, is_mine, rings_here
from tui.model.marked import BulkRun, NotDone, Task
from tui.model.state import Model

Ask = Callable[[Model, ConversationView], Intent]
"""The request about one of the conversations, or why there is none."""


class BulkWords(NamedTuple):
    """An action as it is asked about, as it goes on, and as it has ended; and the same undone."""

    asks: str
    goes_on: str
    done: str
    undone: str


VERBS: dict[str, BulkWords] = {
    "close": BulkWords("Close", "closing", "closed", "open again"),
    "give_back": BulkWords("Give back", "giving back", "given back", "yours again"),
    "transfer": BulkWords("Transfer", "transferring", "transferred", "yours again"),
    "tags": BulkWords("Tag", "tagging", "tagged", "tagged as before"),
    "set_due": BulkWords("Set when an answer is due in", "setting due", "put off", "due as before"),
    "snooze": BulkWords("Snooze", "snoozing", "snoozed", "as before"),
    "hand_on": BulkWords("Hand on", "handing on", "handed on", "theirs again"),
    "mark_unread": BulkWords("Mark as unread", "marking unread", "unread", "read"),
}
"""By the id of the action."""
UNDONE_ALONE = ("tags", "set_due", "snooze", "hand_on")
"""Actions that undo takes back when they were about one conversation, too."""
ALIKE = {"wrap_up": "close", "give_back_with_note": "give_back"}
"""Actions that do the same in another way."""


def is_bulk(action_id: str) -> bool:
    """Whether an action is about all marked conversations while there are any."""
    return ALIKE.get(action_id, action_id) in VERBS


def close(
    model: Model, view: ConversationView | None, outcome: str = "", note: str = "", tags: Sequence[str] = ()
) -> Intent:
    """Close it without a wrap-up, which for many at once would run out unused. What is to be had is accepted first."""
    if view is None:
        return conversation.close(model, view)
    if in_my_wrap_up(model, view):
        return requests.WrapUp(view.id, outcome, note, list(tags))
    is_lapsed = view.id in model.conversations.lapsed
    if view.state == "queued" or rings_here(model, view) or (is_mine(model, view) and is_lapsed):
        return requests.Close(view.id, outcome, note, list(tags), accept=True, is_final=True)
    intent = conversation.close(model, view)
    if isinstance(intent, str):
        return intent
    return requests.Close(view.id, outcome, note, list(tags), is_final=True)


def run_of(model: Model, action_id: str, views: Iterable[ConversationView], ask: Ask) -> BulkRun:
    """What is asked for these conversations; those that would be refused are so at once."""
    tasks, refused = [], []
    for view in views:
        intent = ask(model, view)
        if isinstance(intent, str):
            refused.append(NotDone(view.id, consumer_name(view), intent))
        else:
            tasks.append(Task(view.id, consumer_name(view), (intent,), _undone(model, view, intent)))
    total = len(tasks) + len(refused)
    return BulkRun(ALIKE.get(action_id, action_id), total, tuple(tasks), refused=tuple(refused))


def undo(model: Model, done: BulkRun) -> BulkRun:
    """What undoes a run, the last first; the end of a shift at once, as it was asked for."""
    if done.undo:
        return BulkRun(done.verb, 1, (Task("", "", done.undo),), is_undo=True)
    tasks, refused = [], []
    for task in reversed(done.done):
        if task.undo:
            tasks.append(Task(task.conversation_id, task.name, task.undo))
        else:
            refused.append(NotDone(task.conversation_id, task.name, "This cannot be undone."))
    return BulkRun(done.verb, len(done.done), tuple(tasks), refused=tuple(refused), is_undo=True)


def _undone(model: Model, view: ConversationView, body: requests.Request) -> tuple[requests.Request, ...]:
    """The requests that make a conversation as it was, as far as the rules allow."""
    one = view.id
    match body:
        case requests.Close(tags=tags, accept=accept):
            given_back = (requests.GiveBack(one, is_undo=True),) if accept and not is_mine(model, view) else ()
            return (requests.Reopen(one), *_without_tags(view, tags), *given_back)
        case requests.WrapUp(tags=tags):
            return requests.Reopen(one), *_without_tags(view, tags)
        case requests.GiveBack() | requests.Transfer():
            return (requests.Accept(one),)
        case requests.SetTags(add=add, remove=remove):
            had = {tag.casefold() for tag in view.tags}
            gone = [tag for tag in view.tags if tag.casefold() in {each.casefold() for each in remove}]
            return (requests.SetTags(one, gone, [tag for tag in add if tag.casefold() not in had]),)
        case requests.Snooze():
            return (requests.Snooze(one, view.snoozed_until),)
        case requests.SetDue():
            return (requests.SetDue(one, view.reminder_at),)
        case requests.MarkUnread() if is_mine(model, view) and not view.unread:
            return (requests.MarkRead(one),)
    return ()


def _without_tags(view: ConversationView, tags: Iterable[str]) -> tuple[requests.Request, ...]:
    """The request that removes the tags that a close has added, if there are any."""
    had = {tag.casefold() for tag in view.tags}
    added = [tag for tag in tags if tag.casefold() not in had]
    return (requests.SetTags(view.id, remove=added),) if added else ()


def doubt(model: Model, asked: BulkRun, views: Sequence[ConversationView], key: str) -> str:
    """`Close 30 conversations (3 wait for an answer, 2 are not yours)? Press x again.`"""
    by_id = {view.id: view for view in views}
    tasks = [by_id[task.conversation_id] for task in asked.waiting]
    waiting = sum(view.waiting_since is not None for view in tasks)
    scheduled = sum(view.scheduled_at is not None for view in tasks)
    drafts = sum(view.id in model.compose.drafts for view in tasks)
    queued = sum(isinstance(task.steps[0], requests.Close) and task.steps[0].accept for task in asked.waiting)
    parts = []
    if waiting and asked.verb in ("close", "give_back"):
        parts.append(f"{waiting:,} {_verb(waiting, 'waits', 'wait')} for an answer")
    if scheduled and asked.verb in ("close", "give_back"):
        parts.append(f"{scheduled:,} {_verb(scheduled, 'has', 'have')} a reply to be sent later")
    if drafts and asked.verb in ("close", "give_back"):
        parts.append(f"{drafts:,} {_verb(drafts, 'has', 'have')} a draft of yours")
    if queued:
        parts.append(f"{queued:,} {_verb(queued, 'is', 'are')} not yours yet")
    if left := len(asked.refused):
        parts.append(f"{left:,} cannot be, and {_verb(left, 'stays', 'stay')}")
    aside = f" ({', '.join(parts)})" if parts else ""
    return f"{VERBS[asked.verb].asks} {count(len(tasks), 'conversation')}{aside}? Press {key} again."


def nothing_possible(asked: BulkRun) -> str:
    """Why none of them can be asked for."""
    first = asked.refused[0]
    if asked.total == 1:
        return first.words
    others = f" The same or the like of {asked.total - 1:,} more." if asked.total > 1 else ""
    return f"{first.name}: {first.words}{others}"


def undo_doubt(done: BulkRun, key: str) -> str:
    verb = VERBS[done.verb]
    if done.undo and not done.done:
        return f"Undo the end of the shift? Press {key} again."
    if len(done.done) == 1:
        return f"Undo what was done last: {done.done[0].name} {verb.done}? Press {key} again."
    return f"Undo what was done with {count(len(done.done), 'conversation')} ({verb.done})? Press {key} again."


def done_words(done: BulkRun) -> str:
    """`28 closed`"""
    return "the end of the shift" if done.undo and not done.done else f"{len(done.done):,} {VERBS[done.verb].done}"


def progress(running: BulkRun) -> str:
    """`closing 18 of 30`"""
    ended = len(running.done) + len(running.refused)
    words = "undoing" if running.is_undo else VERBS[running.verb].goes_on
    return f"{words} {ended:,} of {running.total:,}"


def ended(run: BulkRun, why: str, undoes: str) -> str:
    """`28 closed, 2 refused and still marked: w says why. u undoes it.`"""
    verb = VERBS[run.verb]
    what = verb.undone if run.is_undo else verb.done
    words = f"{len(run.done):,} {what}"
    if run.is_undo and run.verb == "hand_on" and not run.total:
        words = "The shift goes on"
    if run.total == 1 and run.done:
        words = f"{run.done[0].name}: {what}"
    elif run.total == 1 and run.refused:
        words = f"{run.refused[0].name}: {run.refused[0].words.rstrip('.')}"
    elif run.refused:
        still = "" if run.is_undo else " and still theirs" if run.verb == "hand_on" else " and still marked"
        words += f", {len(run.refused):,} refused{still}: {why} says why"
    if run.is_stopped:
        words += f". Stopped: {run.total - len(run.done) - len(run.refused):,} are as they were"
    undo_words = f" {undoes} undoes it." if (run.done or run.undo) and not run.is_undo else ""
    return f"{words}.{_not_told(run)}{undo_words}"


def _not_told(run: BulkRun) -> str:
    if not run.not_told:
        return ""
    do, where = _verb(len(run.not_told), "does", "do"), "it" if run.total == 1 else "all of them"
    return f" {' and '.join(run.not_told)} {do} not see {where}, and {do} not get your note there."


def refusals_title(run: BulkRun) -> str:
    """`2 were not closed`"""
    words = "undone" if run.is_undo else VERBS[run.verb].done
    return f"{len(run.refused):,} {_verb(len(run.refused), 'was', 'were')} not {words}"


def _verb(number: int, one: str, several: str) -> str:
    return one if number == 1 else several
