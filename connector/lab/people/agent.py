"""A scripted agent at a desk of its own: accepts queued conversations, replies after a pause, closes at the end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from connector.client.errors import RequestRefused
from connector.client.link import EventsMissed, Link
from connector.lab.people.agent_replies import answer
from connector.wire import events, frames, requests
from connector.wire.views import ConversationView

_ACCEPT, _REPLY, _CLOSE, _NOTE, _DECIDE = "accept", "reply", "close", "note", "decide"
_THINKING_S = {_ACCEPT: (0.5, 1.5), _REPLY: (1.0, 3.0), _CLOSE: (1.0, 2.0), _NOTE: (0.5, 1.5), _DECIDE: (1.0, 2.0)}
_OUTCOME = "solved"


class ScriptedAgent:
    """`pace` scales all pauses, 1 is real time. `on_event` gets every event, in order."""

    def __init__(
        self, link: Link, chance: random.Random, pace: float, on_event: Callable[[frames.EventFrame], None]
    ) -> None:
        self._link = link
        self._chance = chance
        self._pace = pace
        self._on_event = on_event
        self._me = link.agent.id if link.agent else ""
        self._open: dict[str, ConversationView] = {}
        self._replies: dict[str, int] = {}
        self._plans: dict[str, tuple[float, str]] = {}

    async def work(self, seconds: float, *, write: bool = True) -> None:
        """Work for so many seconds; without `write`, only receive events."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while (now := clock()) < end:
            due, conversation = min(((at, key) for key, (at, _) in self._plans.items()), default=(end, ""))
            if write and conversation and due <= now:
                await self._carry_out(conversation)
                continue
            try:
                async with asyncio.timeout(max(0.0, min(due if write else end, end) - now)):
                    self._receive(await self._link.next_event())
            except TimeoutError:
                continue

    def _receive(self, event: frames.EventFrame | EventsMissed) -> None:
        if isinstance(event, EventsMissed):
            for view in event.state.conversations:
                self._see(view)
            return
        self._on_event(event)
        match event.body:
            case events.ConsentChanged(opted_out=True, conversation_id=str(conversation)):
                if conversation in self._open:
                    self._plan(conversation, _CLOSE)
            case (
                events.MessageReceived(conversation=view)
                | events.ConversationQueued(conversation=view)
                | events.ConversationRang(conversation=view)
                | events.WrapUpBegan(conversation=view)
                | events.ConversationAssigned(conversation=view)
                | events.ReplyWritten(conversation=view)
                | events.ConversationClosed(conversation=view)
            ):
                self._see(view)
            case _:
                pass

    def _see(self, view: ConversationView) -> None:
        if view.state == "closed":
            self._open.pop(view.id, None)
            self._plans.pop(view.id, None)
            return
        self._open[view.id] = view
        if view.state == "queued" or self._me in view.rings:
            self._plan(view.id, _ACCEPT)
        elif view.state == "wrap_up":
            self._plan(view.id, _NOTE)
        elif view.agent == self._me and view.opted_out:
            self._plan(view.id, _CLOSE)
        elif view.agent == self._me and view.likely_opt_out:
            self._plan(view.id, _DECIDE)
        elif view.agent == self._me and view.waiting_since is not None:
            self._plan(view.id, _REPLY)

    def _plan(self, conversation: str, what: str) -> None:
        """Plan an action after a pause; it replaces the one planned for this conversation before."""
        thinking_s = self._chance.uniform(*_THINKING_S[what]) * self._pace
        self._plans[conversation] = (asyncio.get_running_loop().time() + thinking_s, what)

    async def _carry_out(self, conversation: str) -> None:
        _, what = self._plans.pop(conversation)
        try:
            if what == _ACCEPT:
                await self._link.ask(requests.Accept(conversation))
            elif what == _CLOSE:
                await self._link.ask(requests.Close(conversation))
            elif what == _DECIDE:
                await self._link.ask(requests.DecideOptOut(conversation, is_opt_out=True))
            elif what == _NOTE:
                await self._link.ask(requests.WrapUp(conversation, _OUTCOME))
            else:
                await self._reply(conversation)
        except RequestRefused:
            return  # the conversation has changed since; an event will say how

    async def _reply(self, conversation: str) -> None:
        replies = self._replies.get(conversation, 0)
        text, is_last = answer(self._open[conversation].last_text, replies, self._chance)
        await self._link.ask(requests.Reply(conversation, text))
        self._replies[conversation] = replies + 1
        if is_last:
            self._plan(conversation, _CLOSE)
