"""How the core's answers move a run on: what is asked for several conversations at once."""

from __future__ import annotations

from collections.abc import Collection

from immutables import Map
from msgspec.structs import replace

from connector.wire import answers, frames
from connector.wire.board import HandOn, UndoHandOn
from tui.model.conversations import agent_name, consumer_name
from tui.model.marked import BulkRun, NotDone, Task
from tui.model.state import Model


def is_of_bulk(model: Model, frame: frames.AnswerFrame | frames.Refusal) -> bool:
    return model.bulk is not None and frame.id in model.bulk.asked


def begun(model: Model, request_id: str) -> Model:
    """The next request of the first task that waits is asked."""
    run = model.bulk
    if run is None:
        return model
    task, *waiting = run.waiting
    return replace(model, bulk=replace(run, waiting=tuple(waiting), asked=run.asked.set(request_id, task)))


def moved_on(model: Model, frame: frames.AnswerFrame | frames.Refusal, now: int) -> Model:
    """A conversation is asked about further, or done and marked no more; one that was refused stays marked. `now`: by
    the core's clock."""
    run = model.bulk
    if run is None:
        return model
    model = replace(model, pending=model.pending.delete(frame.id))
    task = run.asked[frame.id]
    run = replace(run, asked=run.asked.delete(frame.id), not_told=_not_told(model, run.not_told, frame))
    if isinstance(frame, frames.Refusal):
        moves = model.conversations.moves_asked - {task.conversation_id}
        model = replace(model, conversations=replace(model.conversations, moves_asked=moves))
        run = replace(run, refused=(*run.refused, _refusal(model, task, frame)))
    elif isinstance(frame.body, answers.HandOnUndone):
        run = _taken_back(model, run, frame.body)
    elif len(task.steps) > 1:
        run = replace(run, waiting=(replace(task, steps=task.steps[1:]), *run.waiting))
    else:
        model = unmarked(model, task.conversation_id)
        run = replace(run, done=(*run.done, task))
    return replace(model, bulk=_ended(run, now))


def handed_on(model: Model, done: answers.HandedOn, asked: HandOn, now: int) -> Model:
    """A shift has ended: what went on is named one by one, as marked conversations are, and undone at once."""
    if model.bulk is not None and model.bulk.runs:
        return model
    tasks = tuple(Task(one, _name(model, one), ()) for one in done.moved)
    refused = [NotDone(one.conversation_id, _name(model, one.conversation_id), one.words) for one in done.refused]
    if done.more:
        refused.append(NotDone("", "Others", "These are more than one request hands on: end the shift again."))
    run = BulkRun("hand_on", len(tasks) + len(refused), (), done=tasks, refused=tuple(refused), ended_at=now)
    not_told = tuple(agent_name(model, one) for one in done.not_told)
    return replace(model, bulk=replace(run, not_told=not_told, undo=(UndoHandOn(asked.shift_of, done.moved),)))


def _taken_back(model: Model, run: BulkRun, undone: answers.HandOnUndone) -> BulkRun:
    """The end of a shift was undone: what is theirs again, and what is not."""
    tasks = tuple(Task(one, _name(model, one), ()) for one in undone.moved)
    refused = [NotDone(one.conversation_id, _name(model, one.conversation_id), one.words) for one in undone.refused]
    return replace(run, total=len(tasks) + len(refused), done=tasks, refused=tuple(refused))


def _name(model: Model, conversation_id: str) -> str:
    view = model.conversations.by_id.get(conversation_id)
    return consumer_name(view) if view is not None else "A conversation"


def unmarked(model: Model, conversation_id: str) -> Model:
    marks = model.marks
    if conversation_id not in marks:
        return model
    return replace(model, marks=replace(marks, scopes=marks.scopes.delete(conversation_id)))


def stopped(model: Model, now: int) -> Model:
    """Nothing more is asked; what is asked already is awaited."""
    run = model.bulk
    if run is None or not run.waiting:
        return model
    return replace(model, bulk=_ended(replace(run, waiting=(), is_stopped=True), now))


def without(run: BulkRun | None, conversation_ids: Collection[str]) -> BulkRun | None:
    """Conversations are erased: neither asked about nor named any more."""
    if run is None:
        return None
    waiting, done = (
        tuple(one for one in tasks if one.conversation_id not in conversation_ids) for tasks in (run.waiting, run.done)
    )
    refused = tuple(one for one in run.refused if one.conversation_id not in conversation_ids)
    gone = len(run.waiting) - len(waiting) + len(run.done) - len(done) + len(run.refused) - len(refused)
    asked = {
        key: replace(task, name="") if task.conversation_id in conversation_ids else task
        for key, task in run.asked.items()
    }
    return replace(run, total=run.total - gone, waiting=waiting, asked=Map(asked), done=done, refused=refused)


def _not_told(model: Model, before: tuple[str, ...], frame: frames.AnswerFrame | frames.Refusal) -> tuple[str, ...]:
    """The names, with those of an answer."""
    body = frame.body if isinstance(frame, frames.AnswerFrame) else None
    if not isinstance(body, answers.Done | answers.Written | answers.Transferred):
        return before
    return tuple(dict.fromkeys((*before, *(agent_name(model, one) for one in body.not_told))))


def _ended(run: BulkRun, now: int) -> BulkRun:
    return run if run.runs else replace(run, ended_at=now)


def _refusal(model: Model, task: Task, frame: frames.Refusal) -> NotDone:
    view = model.conversations.by_id.get(task.conversation_id)
    agent, words = frame.details.get("agent"), frame.words
    if isinstance(agent, str) and words.startswith(f"{agent} "):
        words = agent_name(model, agent) + words.removeprefix(agent)
    return NotDone(task.conversation_id, task.conversation_id if view is None else consumer_name(view), words)
