"""What a scenario says of a night of on call: how those of the rota answer, and when the webhook's receiver is down."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

_Span = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]


class PersonOnCall(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An agent of the rota. `answers`: texts "ack" back, acknowledges at the desk, or does neither. `asleep`: hears
    nothing then. `works_s`: how long they stay at the desk afterwards."""

    agent: str
    phone: str = ""
    answers: Literal["text", "desk", "never"] = "text"
    after_s: Annotated[int, Meta(ge=1)] = 60
    asleep: tuple[_Span, ...] = ()
    works_s: Annotated[int, Meta(ge=0)] = 1800


class WebhookReceiver(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What takes the events of alerts. As it comes back after an outage it takes one event and does not say so."""

    down: tuple[_Span, ...] = ()
