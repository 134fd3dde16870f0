"""A morning's work at a scripted core: conversations that need the agent for every reason, and one of all else."""

from __future__ import annotations

import io
from typing import Any

from msgspec.structs import replace
from PIL import Image

from connector.wire import answers, events
from connector.wire.answers import Explained, Targets
from connector.wire.contacts import ContactView
from connector.wire.saved_replies import ReplyActions, SavedReplyContent
from connector.wire.views import (
    AgentTargetView,
    AgentView,
    AlertStepView,
    HookView,
    LineTrafficView,
    MessageView,
    OnCallView,
    PartView,
    PictureView,
    ReportRowView,
    ScorePartView,
    SkillTargetView,
    VerdictView,
    WebhookView,
)
from tests.kit.fake_core import LINE
from tests.kit.memory_core import MemoryCore
from tests.kit.views import account, alert, traffic

NOW = 1_790_000_000_000  # 21 September 2026, 14:13 UTC
MINUTE = 60_000
SHORT = "12345"
_LONG = (
    "I am sorry about that! The new shade leaves today and is with you on Wednesday, between nine and one. You need "
    "not send the old one back; please keep the box until the carrier has had a look at it, as they may ask for a "
    "picture of the label. Your order is 88213, the parcel is 1Z 999 AA1 01 2345 6784."
)


def _label() -> bytes:
    """A small picture: a white label on a brown box."""
    box, data = Image.new("RGB", (48, 24), (150, 111, 51)), io.BytesIO()
    box.paste((255, 255, 255), (12, 6, 36, 18))
    box.save(data, "PNG")
    return data.getvalue()


REPLIES = (
    SavedReplyContent(title="Opening hours", category="Shop", shortcut="hours", text="Hi {first_name|there}, 9 to 6."),
    SavedReplyContent(
        title="Refund is on its way",
        category="Refunds",
        shortcut="refund",
        text="Your refund has left us today. It takes three working days, and comes back to the card you paid with.",
        then=ReplyActions(["refund"], "solved", closes=True),
    ),
    SavedReplyContent(
        title="We look into it", category="Orders", shortcut="look", text="You hear from me by {answer_by}."
    ),
    SavedReplyContent(title="Gift cards", category="Shop", language="en", text="They are “good” – for three years."),
)


def empty() -> MemoryCore:
    """No conversations, and two accounts that are well."""
    core = MemoryCore(NOW)
    core.accounts = [
        account("main", words="Hooks and sends both worked within the last 5 minutes.", median_send_ms=400),
        account("shorty", "openmarket", words="Hooks and sends both worked within the last 5 minutes."),
    ]
    core.lines = [replace(core.lines[0], undo_s=5), core.lines[1]]
    core.agents["ann"] = replace(core.agents["ann"], name="Anna Kovács", since=NOW - 190 * MINUTE)
    return core


def ill() -> MemoryCore:
    """One of three accounts is down, another warns; the conversations are those of the morning."""
    core = morning()
    core.traffic = [_traffic("main", LINE, has_failures=True), core.traffic[1]]
    core.accounts = [
        account(
            "main",
            state="down",
            words="The provider refuses the credentials (401): 7 replies wait. Check the account's token.",
            failed=3,
            queue_depth=7,
            oldest_queued_at=NOW - 6 * MINUTE,
            held=7,
        ),
        account(
            "shorty",
            "openmarket",
            "warning",
            "3 hooks were refused: the shared secret does not match.",
            refused_hooks=3,
            uncertain=1,
        ),
        account("gateway", "generic", words="Hooks and sends both worked within the last 5 minutes."),
    ]
    return core


def morning() -> MemoryCore:
    core = empty()
    core.role = "administrator"
    core.outcomes = ["solved", "refund", "no answer"]
    core.agents["ben"] = AgentView("ben", "Ben", "online", 3, 4, since=NOW - 95 * MINUTE, skills=["support", "orders"])
    core.agents["cem"] = AgentView("cem", "Cem Yılmaz", "away", 1, 4, "lunch", NOW - 20 * MINUTE, ["orders"])
    core.agents["dot"] = AgentView("dot", "Dorothea", "offline", 0, 12, since=NOW - 900 * MINUTE)
    for one in REPLIES:
        core.save_reply("ben", one)
    core.facts.clear()
    _mine(core)
    _queue(core)
    _others(core)
    core.traffic = [
        _traffic("main", LINE, last_inbound_at=NOW - MINUTE, last_reply_at=NOW - 2 * MINUTE),
        _traffic("shorty", SHORT, skill="orders"),
    ]
    core.hooks = [
        _hook("H1", 10, "refused", "The shared secret is not ours.", '{"mobileOriginate": {"content": "hello"}}'),
        _hook("H2", 35, "unreadable", "There is no sender in it.", "Body=hello&To=%2B15550199"),
        _hook("H3", 3000, "unroutable", "No line has the number +15550000.", "From=%2B15550142&To=%2B15550000"),
    ]
    core.explained = _explained()
    core.report = _report()
    core.targets = _targets()
    return core


def with_alerts() -> MemoryCore:
    """The morning, and three alerts: one asks the agent, one another agent, and one is looked after."""
    core = morning()
    asked = [
        AlertStepView(NOW - 7 * MINUTE, ["cem"], "on_call", untexted=["cem: has no phone"]),
        AlertStepView(NOW - 2 * MINUTE, ["ann"], "next", texted=["ann"]),
    ]
    core.alerts = {
        "L1": alert(id="L1", count=4, at=NOW - 8 * MINUTE, steps=asked, next=["dot"], next_at=NOW + 3 * MINUTE),
        "L2": alert("dot", id="L2", kind="account_down", account="shorty", skill="", at=NOW - MINUTE),
        "L3": alert(
            "ben", id="L3", skill="billing", count=2, at=NOW - 40 * MINUTE,
            acknowledged_by="ben", acknowledged_at=NOW - 31 * MINUTE,
        ),
    }  # fmt: skip
    rota = OnCallView("orders", ["cem", "ann"], ["dot"], is_gap=False, until=NOW + 106 * MINUTE)
    core.on_call = [rota, replace(rota, skill="billing", people=[], is_gap=True), replace(rota, skill="support")]
    core.webhook = WebhookView(5, NOW - 7 * MINUTE, "HTTP 503", NOW - 60 * MINUTE, None)
    return core


def _opened(core: MemoryCore, ago: int, consumer: str, text: str, owner: str | None = "ann", **fields: Any) -> str:
    """A conversation that began so many minutes ago; its id."""
    core.go_to(NOW - ago * MINUTE)
    line = fields.pop("line", LINE)
    view = core.conversations[core.receive(consumer, text, owner=owner, line=line).conversation_id]
    core.go_to(NOW)
    core.conversations[view.id] = replace(view, **fields)
    return view.id


def _reply(core: MemoryCore, conversation_id: str, ago: int, text: str, status: str, **more: Any) -> MessageView:
    core.go_to(NOW - ago * MINUTE)
    message = core.write(conversation_id, text)
    core.move(message, status, **more)
    core.go_to(NOW)
    return core.messages[-1]


def _mine(core: MemoryCore) -> None:
    _opened(
        core, 18, "+442079460900", "Dear sir or madam, I bought one of your kettles.",
        due_at=NOW - 3 * MINUTE, due_told="overdue", shown="020 7946 0900", unread=2,
    )  # fmt: skip
    _opened(
        core, 9, "+15550114", "And is there somewhere to park?",
        due_at=NOW + 4 * MINUTE, due_told="soon", shown="(555) 0114", name="Samira Okafor",
    )  # fmt: skip
    _known(core, "+442079460900", language="en-GB", attributes={"order": "A-17", "VIP": "yes"}, notes="Rings back.")
    _opened(
        core, 0, "+33199001234", "Bonjour, are you open on Sunday?", None,
        state="ringing", rings=["ann"], ring_until=NOW + 27_000, shown="01 99 00 12 34", skill="orders",
    )  # fmt: skip
    failed = _opened(core, 14, "+15550113", "Is my refund on its way?")
    core.fail(_reply(core, failed, 4, "It was paid on Friday.", "failed"), "undelivered", "The number is not known.")
    unsure = _opened(core, 30, "+15550117", "Can you ring me?")
    core.fail(_reply(core, unsure, 6, "We ring you at three.", "sending"), "uncertain", "")
    _lamp(core)
    answered = _opened(core, 44, "TESCO", "Delivery note 4711 is ready", line=SHORT)
    _reply(core, answered, 41, "Thank you, we have it.", "delivered")
    _opened(core, 50, "+15550118", "STOP asking me for a survey", likely_opt_out="M1", shown="(555) 0118")
    _opened(
        core, 75, "+15550119", "ok thanks",
        state="wrap_up", wrap_up_until=NOW + 70_000, waiting_since=None, unread=0,
    )  # fmt: skip


def _known(core: MemoryCore, consumer: str, **fields: Any) -> None:
    """What ben has recorded of a consumer yesterday."""
    contact = ContactView(consumer, version="V1", changed_at=NOW - 1500 * MINUTE, changed_by="ben", **fields)
    core.contacts[consumer] = contact


def _lamp(core: MemoryCore) -> None:
    """One long conversation with everything that a transcript shows."""
    consumer = "+15550142"
    first = _opened(core, 1500, consumer, "Do you deliver to Malmö?", "ben", shown="(555) 0142")
    _reply(core, first, 1490, "Yes, within three days.", "delivered")
    core.change(first, events.ConversationClosed, state="closed", closed_at=NOW - 1480 * MINUTE, waiting_since=None)
    parts = (
        "Hello, I ordered three lamps last week and one came with a broken shade. The box was dented on the side",
        "when the driver gave it to me, and he said I should write to you. I have kept the box and can send pictures",
        "if you need them. Can I have a new shade?",
    )
    for number, text in enumerate(parts, 1):
        core.receive(consumer, text, owner="ann", at=NOW - 34 * MINUTE, part=PartView(7, 3, number))
    lamp = core.messages[-1].conversation_id
    _reply(core, lamp, 32, "A picture of the shade and of the label would help us with the carrier.", "delivered")
    pictures = [
        PictureView("kept", "image/png", "kept", 48_211, None),
        PictureView("late", "image/jpeg", "waiting", None, None),
        PictureView("gone", "image/jpeg", "failed", None, "The provider says 404: it is gone."),
    ]
    core.pictures["kept"] = answers.Picture("image/png", _label())
    core.receive(consumer, "Here they are 📷 thanks", at=NOW - 31 * MINUTE, pictures=pictures)
    core.go_to(NOW - 30 * MINUTE)
    core.note(lamp, "Second time this month: offer the voucher.", "ben")
    _reply(core, lamp, 29, _LONG, "delivered")
    _reply(core, lamp, 28, "It comes with DHL.", "sent")
    masked = core.receive(
        consumer, "My card is ████████████4242, order https://shop.example/o/88213", at=NOW - 26 * MINUTE
    )
    core.messages[-1] = replace(masked, masked=["card"])
    _reply(
        core, lamp, 25, "Thank you, please never send card numbers.", "undelivered",
        code="30005", words="The number is not known to the carrier.",
    )  # fmt: skip
    _reply(core, lamp, 24, "Are you there?", "accepted")
    _reply(core, lamp, 23, "The voucher is LAMP-10.", "uncertain")
    core.receive(consumer, "Great, thank you so much! \u202egnp.exe [bold]שלום[/] \x1b[31m", at=NOW - 12 * MINUTE)
    core.conversations[lamp] = replace(
        core.conversations[lamp], shown="(555) 0142", tags=["kettle", "VIP"], due_at=NOW + 31 * MINUTE
    )


def _queue(core: MemoryCore) -> None:
    for number, (ago, text) in enumerate(
        ((22, "Was charged twice"), (8, "Könnt ihr Freitag?"), (3, "👍 and the key?"))
    ):
        _opened(
            core, ago, f"+1555020{number}", text, None,
            skill=("orders", "support", "billing")[number], rank=number, shown=f"(555) 020{number}", moves=2 * number,
            returned_by="ben" if number == 1 else None,
        )  # fmt: skip


def _others(core: MemoryCore) -> None:
    for number, owner in enumerate(("ben", "ben", "ben", "cem")):
        late = {"due_at": NOW - 8 * MINUTE, "due_told": "overdue"} if owner == "cem" else {}
        one = _opened(core, 60 + number, f"+1555030{number}", "Where is my parcel?", owner, **late)
        if number == 0:
            core.change(one, events.ConversationClosed, state="closed", closed_at=NOW - MINUTE, waiting_since=None)


def _hook(name: str, ago: int, state: str, reason: str, body: str) -> HookView:
    return HookView(name, NOW - ago * MINUTE, "shorty", "/hooks/openmarket/shorty/inbound", state, reason, body)


def _traffic(account_name: str, line: str, *, has_failures: bool = False, **fields: Any) -> LineTrafficView:
    """Of the hour before."""
    found = traffic(account_name, line, queue_depth=0, **fields)
    buckets = [
        replace(each, at=each.at - 60 * MINUTE, failed=each.failed if has_failures else 0) for each in found.buckets
    ]
    return replace(found, buckets=buckets, codes=found.codes if has_failures else [])


def _report() -> dict[str, list[ReportRowView]]:
    """The work of four agents until now, busiest at eleven."""

    def row(key: str, name: str, replies: int, waited_s: int, late: int, failed: int, **more: Any) -> ReportRowView:
        delivered, segments = replies - failed, replies + replies // 3
        return ReportRowView(
            key, name, answers=replies - replies // 8, median_s=waited_s, p90_s=5 * waited_s, late=late,
            replies=replies, delivered=delivered, failed=failed, segments=segments,
            cost={"USD": f"{79 * segments / 10_000:.4f}"} if segments else {}, **more,
        )  # fmt: skip

    busy = (0, 0, 0, 0, 0, 0, 0, 0, 9, 21, 34, 41, 28, 17, 4)
    hours = [
        row(f"{hour:02}", f"{hour:02}:00", many, 20 + 3 * many, max(0, many - 30), many // 17, texts=many + many // 2)
        for hour, many in enumerate((*busy, *([0] * (24 - len(busy)))))
    ]
    agents = [
        row("ben", "Ben", 58, 70, 9, 2, closed=31, online_ms=360 * MINUTE, transfers=3),
        row("ann", "Anna Kovács", 51, 95, 11, 3, closed=24, online_ms=390 * MINUTE),
        row("cem", "Cem", 45, 130, 2, 1, closed=20, online_ms=240 * MINUTE),
        ReportRowView("", "no agent", texts=231, opened=96, closed=2, cost={"USD": "1.8249"}),
    ]
    total = row("", "all", 154, 90, 22, 6, texts=231, opened=96, closed=77, online_ms=990 * MINUTE)
    return {"hour": hours, "agent": agents, "total": [total]}


def _explained() -> Explained:
    return answers.Explained(
        None,
        "Least loaded of the agents with the skill support: it rang you, and you accepted.",
        [ScorePartView("it came", NOW - 34 * MINUTE), ScorePartView("the skill support is urgent", -5 * MINUTE)],
        [
            VerdictView("ann", True, "has it, 7 of 4 places are taken"),
            VerdictView("ben", False, "3 of 4 places are taken"),
            VerdictView("cem", False, "away: lunch"),
        ],
        ["An answer is due at 14:44.", "If nothing is written until tomorrow 14:13, it is closed."],
    )


def _targets() -> Targets:
    return Targets(
        [
            SkillTargetView("billing", False, 0, 0, 1, None, None, "closed until tomorrow 9:00"),
            SkillTargetView("orders", True, 2, 1, 1, 240, "orders", "1 place free, 1 waits"),
            SkillTargetView("support", True, 2, 1, 1, 60, "support", "1 place free, 1 waits"),
        ],
        [
            AgentTargetView("ben", "Ben", "online", 3, 4, True, "3 of 4 places are taken"),
            AgentTargetView("cem", "Cem Yılmaz", "away", 1, 4, False, "away: lunch"),
        ],
    )
