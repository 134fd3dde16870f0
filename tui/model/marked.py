"""Marked conversations, and what is done with all of them at once, as values of the model."""

from __future__ import annotations

from collections.abc import Mapping

from immutables import Map
from msgspec import Struct

from connector.wire import requests

MOST_MARKED = 500


class Marks(Struct, frozen=True):
    """Conversations that the agent has marked, each with the list in which they did."""

    scopes: Map[str, str] = Map()  # by id
    last: str | None = None  # the one that was marked last, where a range begins

    def __len__(self) -> int:
        return len(self.scopes)

    def __contains__(self, conversation_id: object) -> bool:
        return conversation_id in self.scopes


class Task(Struct, frozen=True):
    """What is asked for one of several conversations, one request after the other, and what undoes it."""

    conversation_id: str
    name: str  # of its consumer
    steps: tuple[requests.Request, ...]
    undo: tuple[requests.Request, ...] = ()


class NotDone(Struct, frozen=True):
    """Why one of several conversations is as it was; `name`: of its consumer."""

    conversation_id: str
    name: str
    words: str


class BulkRun(Struct, frozen=True):
    """What the agent has asked for several conversations at once: the one that runs, or else the last one."""

    verb: str  # the id of the action; see `tui.actions.bulk`
    total: int
    waiting: tuple[Task, ...]
    asked: Map[str, Task] = Map()  # by the id of the request
    done: tuple[Task, ...] = ()
    refused: tuple[NotDone, ...] = ()
    not_told: tuple[str, ...] = ()  # names of agents whom a note of it mentions, and who do not see where it is
    undo: tuple[requests.Request, ...] = ()  # what undoes all of it at once; none: each task has its own
    is_undo: bool = False
    is_stopped: bool = False  # by the agent, before all were asked for
    ended_at: int | None = None  # by the core's clock
    is_explained: bool = False  # the agent has looked at the reasons of what was refused

    @property
    def runs(self) -> bool:
        return bool(self.waiting or self.asked)

    @property
    def worked_on(self) -> Mapping[str, Task]:
        """Those not answered yet, by conversation."""
        return {one.conversation_id: one for one in (*self.waiting, *self.asked.values())}
