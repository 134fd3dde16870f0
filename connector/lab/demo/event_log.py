"""The events of a headless demo: one line each, and a summary."""

from __future__ import annotations

from collections import Counter
from typing import Any

from connector.console.event_lines import event_line
from connector.console.output import clock, json_line, write
from connector.wire import events, frames

_SHOWN = frozenset({"inbound", "queued", "assigned", "reply", "status", "consent", "closed"})
_FAILED = frozenset({"undelivered", "failed", "expired"})


class EventLog:
    """Prints and counts events."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._counts: Counter[str] = Counter()
        self._inbound: Counter[str] = Counter()
        self._replies: Counter[tuple[str, str]] = Counter()
        self._statuses: dict[str, str] = {}
        self._consumers: dict[str, str] = {}

    def take(self, frame: frames.EventFrame) -> None:
        """Count and print one event."""
        what, sentence = event_line(frame.body)
        if what not in _SHOWN:
            return
        match frame.body:
            case events.MessageReceived(message=message):
                self._inbound[message.consumer] += 1
            case events.ReplyWritten(message=message):
                self._replies[message.consumer, message.text] += 1
                self._statuses[message.id] = message.status
                self._consumers[message.id] = message.consumer
            case events.StatusMoved(message_id=message_id, status=status):
                self._statuses[message_id] = status
                sentence = f"{self._consumers.get(message_id, message_id)} {status}"
            case _:
                pass
        self._counts[what] += 1
        if self._as_json:
            write(json_line({"what": what, "at": frame.at, "position": frame.position, **_details(frame.body)}))
        else:
            write(f"{clock(frame.at)}  {what:<8}  {sentence}")

    def summary(self, vendor_log: list[dict[str, Any]]) -> dict[str, Any]:
        """The totals. `doubled` counts texts that the receiving side has more often than the sending side sent them."""
        handed: Counter[str] = Counter()
        arrived: Counter[tuple[str, str]] = Counter()
        for text in vendor_log:
            if text["direction"] == "inbound":
                handed[text["from"]] += len(text["hooks"])
            elif text["direction"] == "outbound-api":  # not Twilio's own answer to STOP
                arrived[text["to"], text["body"]] += 1
        statuses = Counter(self._statuses.values())
        failed = sum(statuses[status] for status in _FAILED)
        return {
            "what": "summary",
            "inbound": self._inbound.total(),
            "replies": self._replies.total(),
            "delivered": statuses["delivered"],
            "failed": failed,
            "pending": len(self._statuses) - statuses["delivered"] - failed,
            "closed": self._counts["closed"],
            "consent": self._counts["consent"],
            "doubled": (self._inbound - handed).total() + (arrived - self._replies).total(),
        }

    def print_summary(self, summary: dict[str, Any]) -> None:
        if self._as_json:
            write(json_line(summary))
        else:
            write(", ".join(f"{count} {name}" for name, count in summary.items() if name != "what") + ".")


def _details(event: events.Event) -> dict[str, Any]:
    match event:
        case events.MessageReceived(message=message) | events.ReplyWritten(message=message):
            return {
                "conversation_id": message.conversation_id,
                "message_id": message.id,
                "consumer": message.consumer,
                "line": message.line,
                "author": message.author,
                "text": message.text,
                "status": message.status,
            }
        case events.StatusMoved():
            return {
                "conversation_id": event.conversation_id,
                "message_id": event.message_id,
                "status": event.status,
                "words": event.words,
            }
        case events.ConsentChanged():
            return {"consumer": event.consumer, "opted_out": event.opted_out, "rule": event.rule}
        case (
            events.ConversationQueued(conversation=view)
            | events.ConversationAssigned(conversation=view)
            | events.ConversationClosed(conversation=view)
        ):
            return {"conversation_id": view.id, "consumer": view.consumer, "agent": view.agent, "reason": view.reason}
        case _:
            return {}
