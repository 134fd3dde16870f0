"""The saved replies of the demo's shop: they fit what its scripted consumers ask."""

from __future__ import annotations

from connector.client.core_address import CoreAddress
from connector.client.link import Link
from connector.wire.saved_replies import ImportSavedReplies, ReplyActions, SavedReplyContent

REPLIES = (
    SavedReplyContent(
        title="Order number, please",
        category="Orders",
        shortcut="order",
        text="Hi {first_name|there}, {agent} here. What is the order number? It is on top of the mail.",
    ),
    SavedReplyContent(
        title="Parcel is on its way",
        category="Orders",
        shortcut="parcel",
        text="Good news, {first_name|and thanks for waiting}: your parcel left the depot this morning and comes "
        "tomorrow between 9 and 13.",
    ),
    SavedReplyContent(
        title="We look into it",
        category="Orders",
        shortcut="look",
        text="Sorry about that! I ask the carrier right now, and you hear from me by {answer_by}. {agent}",
        then=ReplyActions(["carrier asked"], due_s=2 * 3600),
    ),
    SavedReplyContent(
        title="Another address",
        category="Orders",
        shortcut="address",
        text="Done: it goes to the new address now. The driver rings at your name, and texts {number} before.",
    ),
    SavedReplyContent(
        title="Left in a safe place",
        category="Orders",
        shortcut="safe",
        text="Noted for the driver:\n1. the neighbour, if somebody opens\n2. else the place that you named.",
    ),
    SavedReplyContent(
        title="Opening hours",
        category="Shop",
        shortcut="hours",
        text="Hi {first_name|there}, we are open Monday to Saturday from 9 to 18 and on Sunday from 11 to 16. Parking "
        "is behind the bakery.",
    ),
    SavedReplyContent(
        title="Refund is on its way",
        category="Refunds",
        shortcut="refund",
        text="Your refund has left us today, {first_name|and thank you for your patience}. It takes three working "
        "days, and comes back to the card you paid with.",
        then=ReplyActions(["refund"], "solved", closes=True),
    ),
    SavedReplyContent(
        title="A new one comes",
        category="Refunds",
        shortcut="new",
        text="Oh no! A new one leaves today, wrapped twice. You need not send the broken one back.",
        then=ReplyActions(["broken"]),
    ),
    SavedReplyContent(
        title="Class moved",
        category="Classes",
        shortcut="class",
        text="The class is moved for you, {first_name|and nothing to pay}. Aprons are here.",
    ),
    SavedReplyContent(
        title="Gift cards",
        category="Classes",
        shortcut="gift",
        text="You can use as many gift cards as you like for one class – and they are “good” for three years.",
    ),
    SavedReplyContent(
        title="Workshop repairs",
        category="Shop",
        shortcut="repair",
        text="Dear {name|customer}, our workshop mends what we have sold. Bring it in any morning but Thursday, with "
        "the receipt if you have it; small repairs are free.",
    ),
    SavedReplyContent(
        title="Thanks and goodbye",
        category="Shop",
        shortcut="bye",
        text="You are welcome, {first_name|any time}! {agent}",
        then=ReplyActions(outcome="solved", closes=True),
    ),
)


async def share(core: CoreAddress) -> None:
    """Store them in a core that has just started. Raises ClientError."""
    async with Link(core) as link:
        await link.ask(ImportSavedReplies([*REPLIES], is_shared=True))
