"""A morning's work for a scripted core, to look at the desk with.

`python -m tests.kit.fake_morning --socket PATH [--conversations N]`, then `python -m tui --socket PATH` in another
terminal.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import random
from pathlib import Path

from connector.wire import answers, events
from connector.wire.views import HookView, MessageView, PartView, PictureView
from tests.kit.fake_core import LINE, FakeCore
from tests.kit.views import account, traffic

_SAYINGS = (
    "Hi, my parcel was due yesterday and has not come. Can you look?",
    "ok thanks",
    "Is the shop open on Sunday?",
    "I was charged twice for order 88213, please check. The bank says both went through and I cannot reach anybody.",
    "Könnt ihr den Termin auf Freitag legen?",
    "👍",
    "STOP asking me for a survey",
    "Running 10 min late, sorry!",
    "[bold red]not markup[/] \x1b[31mnot red\x1b[0m \u202egnp.exe",
)


def fill(core: FakeCore, conversations: int, seed: int = 7) -> None:
    """A morning's work: some with ann, some in the queue, most with others or closed."""
    chance = random.Random(seed)
    now = core.now()
    for number in range(conversations):
        consumer = f"+1555{chance.randrange(10**7):07d}"
        owner = "ann" if number < 6 else None if number < 18 else "ben"
        line = "12345" if number % 5 == 3 else LINE
        began = now - chance.randrange(60_000, 5_400_000) - number * 20
        core.receive(consumer, chance.choice(_SAYINGS), line=line, owner=owner, at=began)
        view = next(reversed(core.conversations.values())) if number < 200 else None
        if view is not None and owner and chance.random() < 0.5:
            message = core.write(view.id, "We are looking into it, one moment please.", owner, began + 40_000)
            core.move(message, "delivered")
        elif view is not None and owner == "ben" and chance.random() < 0.3:
            core.change(view.id, events.ConversationClosed, state="closed", closed_at=now, waiting_since=None, unread=0)
    core.facts.clear()
    core.floor = core.position


def script(core: FakeCore) -> None:
    """One long conversation with everything a transcript can show."""
    now, consumer = core.now(), "+15550142"
    at = now - 86_400_000
    core.receive(consumer, "Do you deliver to Malmö?", owner="ann", at=at)
    view = next(reversed(core.conversations.values()))
    core.move(core.write(view.id, "Yes, within three days.", "ben", at + 60_000), "delivered")
    core.change(view.id, events.ConversationClosed, state="closed", closed_at=at + 300_000, waiting_since=None)
    at = now - 900_000
    core.receive(
        consumer,
        "Hello, I ordered three lamps last week and one of them came with a broken shade. The box "
        "was dented on the side",
        line="12345",
        owner="ann",
        at=at,
        part=PartView(7, 3, 1),
    )
    core.receive(
        consumer,
        "when the driver gave it to me, and he said I should write to you. I have kept the box and can send pictures",
        line="12345",
        owner="ann",
        at=at + 900,
        part=PartView(7, 3, 2),
    )
    core.receive(
        consumer,
        "if you need them. Can I have a new shade?",
        line="12345",
        owner="ann",
        at=at + 1700,
        part=PartView(7, 3, 3),
    )
    view = next(reversed(core.conversations.values()))
    core.move(
        core.write(
            view.id,
            "I am sorry about that! A picture of the shade and of the label on the box would help us with the carrier.",
            at=at + 120_000,
        ),
        "delivered",
    )
    core.receive(consumer, "", line="12345", at=at + 200_000, pictures=script_pictures(core))
    core.receive(consumer, "Here they are 📷 thanks", line="12345", at=at + 220_000)
    core.move(
        core.write(view.id, "Thank you. The new shade leaves today.", at=at + 400_000),
        "undelivered",
        code="30005",
        words="The number is not known to the carrier. Check it with the consumer.",
    )
    core.move(
        core.write(view.id, "It comes with DHL, and you need not send the old one back.", at=at + 420_000), "sent"
    )
    core.receive(consumer, "great, thank you so much!", line="12345", at=now - 130_000)


def script_pictures(core: FakeCore) -> list[PictureView]:
    """One of each state; the one that is kept can be shown."""
    from PIL import Image

    grey = Image.linear_gradient("L").resize((800, 600))
    data = io.BytesIO()
    Image.merge("RGB", (grey, grey.rotate(180), grey.rotate(90).resize((800, 600)))).save(data, "PNG")
    core.pictures["kept"] = answers.Picture("image/png", data.getvalue())
    return [
        PictureView("kept", "image/png", "kept", len(data.getvalue()), None),
        PictureView("late", "image/jpeg", "waiting", None, None),
        PictureView("gone", "image/jpeg", "failed", None, "The provider says 404: it is gone."),
    ]


async def _run(options: argparse.Namespace) -> None:
    core = FakeCore(options.socket)
    fill(core, options.conversations)
    script(core)
    now = core.now()
    core.accounts = [
        account(
            "main",
            words="Hooks and sends both worked within the last 5 minutes.",
            last_hook_at=now - 40_000,
            last_send_at=now - 70_000,
        ),
        account(
            "shorty",
            "openmarket",
            "warning",
            "3 hooks were refused: the shared secret does not match.",
            last_hook_at=now - 600_000,
            queue_depth=2,
            oldest_queued_at=now - 240_000,
            failed=1,
            refused_hooks=3,
        ),
    ]
    core.traffic = [
        traffic("main", LINE, last_inbound_at=now - 30_000, last_reply_at=now - 70_000),
        traffic("shorty", "12345", segments_per_s=100.0, oldest_queued_at=now - 240_000, codes=[]),
    ]
    core.hooks = [
        HookView(
            "H1",
            now - 600_000,
            "shorty",
            "/hooks/openmarket/shorty/inbound",
            "refused",
            "The shared secret is not ours.",
            '{"mobileOriginate": {"content": "hello"}}',
        ),
        HookView(
            "H2",
            now - 90_000_000,
            "main",
            "/hooks/twilio/main/inbound",
            "unroutable",
            "+15550777 is no line of this account.",
            "From=%2B15550142&To=%2B15550777&Body=hi",
        ),
    ]
    loop = asyncio.get_running_loop()

    def travel(message: MessageView) -> None:
        for delay, status in ((0.3, "sending"), (0.8, "accepted"), (1.5, "sent"), (3, "delivered")):
            loop.call_later(delay, core.move, message, status)

    core.after_reply = travel
    async with core:
        while True:
            await asyncio.sleep(options.every)
            if options.every < 1000:
                core.receive(f"+1555{random.randrange(10**7):07d}", random.choice(_SAYINGS))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--conversations", type=int, default=60)
    parser.add_argument("--every", type=float, default=20.0, help="seconds between new texts; 1000 or more: none")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
