"""The tours through the screens of the desk, each of which takes some of the shots."""

from __future__ import annotations

from connector.wire import frames
from tests.tui.snapshots.morning import empty, ill, morning, with_alerts
from tests.tui.snapshots.stage import SIZES, Stage, Tour

LAMP, OVERDUE, RINGING, FAILED, UNSURE = "+15550142", "+442079460900", "+33199001234", "+15550113", "+15550117"
QUEUED, COLLEAGUES = "+15550200", "+15550301"


async def _empty(stage: Stage) -> None:
    await stage.shot("empty", "nothing needs you")
    await stage.press("f1")
    await stage.shot("help")
    await stage.press("escape", "f4")
    await stage.shot("providers-without-traffic")


async def _lists(stage: Stage) -> None:
    await stage.shot("mine", "overdue")
    await stage.press("right")
    await stage.shot("queue", "▸Queue")
    await stage.press("right")
    await stage.shot("all", "▸All 1")
    await stage.press("slash", *"parcel", "enter")
    await stage.shot("filtered", "/parcel")
    await stage.press("escape", "left", "left", "ctrl+p")
    await stage.shot("palette")
    await stage.press("escape", "f12")
    await stage.shot("next-theme", "Theme:")


async def _conversation(stage: Stage) -> None:
    await stage.open(LAMP)
    await stage.shot("conversation", "VIP", "Great, thank you")
    await stage.press("escape", "g")
    await stage.shot("conversation-beginning", "Malmö")
    await stage.press("v")
    await stage.shot("segments", "1/3")
    await stage.press("w")
    await stage.shot("why", "Least loaded")
    await stage.press("escape", "l")
    await stage.shot("links", "shop.example")
    await stage.press("escape", "o")
    await stage.shot("picture", "▀▀▀")
    await stage.press("escape", "G", "M")
    await stage.shot("unmask", "Read what is masked")
    await stage.press("enter")
    await stage.shot("unmasked", "clear text")


async def _others(stage: Stage) -> None:
    await stage.open(RINGING)
    await stage.shot("ringing", "enter accepts")
    await stage.open(FAILED)
    await stage.shot("not-sent", "send again")
    await stage.open(UNSURE)
    await stage.shot("not-sure", "not sure")
    await stage.open(QUEUED)
    await stage.shot("queued", "enter accepts")


async def _writing(stage: Stage) -> None:
    await stage.open(LAMP)
    await stage.press("colon", *"tada")
    await stage.shot("emoji", "enter inserts")
    await stage.press("escape", "ctrl+u")
    await stage.desk.paste("Thank you. " * 140)
    await stage.shot("long-text", "1,540 of 1,600")
    await stage.desk.paste("Your new shade – 😀 – is on its way, with an extra one. Please keep it.")
    await stage.shot("too-long", "too many")


async def _replies(stage: Stage) -> None:
    await stage.open(LAMP)
    await stage.press("semicolon", *"ref")
    await stage.shot("reply-offered", "tab inserts")
    await stage.press("escape", "ctrl+u", "ctrl+y")
    await stage.shot("reply-finder", "1 of 4")
    await stage.press(*"refund", "enter")
    await stage.shot("macro", "then: tag refund")
    await stage.press("ctrl+p", *"manage", "enter")
    await stage.shot("replies", "Opening hours")
    await stage.press("a")
    await stage.shot("reply-dialog", "A new saved reply")


async def _dialogs(stage: Stage) -> None:
    await stage.open(OVERDUE)
    await stage.press("escape")
    for key, name, words in (
        ("X", "outcome", "Tags"),
        ("t", "transfer", "1 place free"),
        ("p", "presence", "lunch"),
        ("C", "consent", "no more texts"),
        ("c", "first-text", "From"),
        ("m", "note", "note"),
        ("P", "person", "Attributes"),
        ("s", "due", "due"),
    ):
        await stage.press(key)
        await stage.shot(name, words)
        await stage.press("escape")
    await stage.press("x")
    await stage.shot("confirm", "Press the key again")
    await stage.press("ctrl+q")
    await stage.shot("leaving", "You have")


async def _pages(stage: Stage) -> None:
    await stage.press("f4")
    await stage.shot("providers", "All well")
    await stage.press("h")
    await stage.shot("hooks", "secret")
    await stage.press("escape", "f5")
    await stage.shot("team", "Dorothea")
    await stage.press("escape", "%")
    await stage.shot("reports", "Anna Kovács")


async def _on_call(stage: Stage) -> None:
    await stage.press("!")
    await stage.shot("on-call", "orders: 4 overdue", "asks you", "need somebody")
    await stage.press("slash", *"orders", "enter")
    await stage.shot("on-call-filtered", "5 events wait")


async def _ill(stage: Stage) -> None:
    await stage.shot("ill", "main")
    await stage.press("f4")
    await stage.shot("providers-ill", "main")
    await stage.press("escape")
    await stage.open(LAMP)
    await stage.shot("ill-conversation", "main")


async def _small(stage: Stage) -> None:
    await stage.shot("small-list")
    await stage.press("x")
    await stage.shot("small-notice")
    await stage.press("f5")
    await stage.shot("small-team")
    await stage.press("escape")
    await stage.open(LAMP)
    await stage.shot("small-conversation")
    await stage.press("escape", "t")
    await stage.shot("small-transfer", "Transfer")


async def _two(stage: Stage) -> None:
    await stage.open(LAMP)
    await stage.press("f7")
    await stage.desk.until(lambda: any("0900" in row[:30] and "13:55" in row[:50] for row in stage.desk.rows), "read")
    await stage.shot("two-panes", "other pane")


async def _lost(stage: Stage) -> None:
    await stage.open(OVERDUE)
    stage.core.go_away()
    await stage.shot("link-lost", "link lost")


async def _shut_out(stage: Stage) -> None:
    stage.core.refuses_desks = "Your agent was disabled by an administrator."
    stage.core.close(frames.CLOSE_NOT_SIGNED_IN, stage.core.refuses_desks)
    await stage.shot("shut-out", "disabled")


async def _themes(stage: Stage) -> None:
    """Three screens in each theme."""
    await stage.open(LAMP)
    await stage.in_themes("conversation", "Great, thank you")
    await stage.press("escape", "X")
    await stage.in_themes("outcome", "Tags")
    await stage.press("escape", "f4")
    await stage.in_themes("providers", "30005")


THEMES = Tour("themes", ill, _themes, ((100, 24),))

TOURS = (
    Tour("empty", empty, _empty),
    Tour("lists", morning, _lists),
    Tour("conversation", morning, _conversation),
    Tour("others", morning, _others),
    Tour("writing", morning, _writing),
    Tour("replies", morning, _replies),
    Tour("dialogs", morning, _dialogs, SIZES[:2]),  # wider, they are as wide as before
    Tour("pages", morning, _pages),
    Tour("on-call", with_alerts, _on_call),
    Tour("ill", ill, _ill, (*SIZES, (40, 10))),
    Tour("small", morning, _small, ((40, 10),)),
    Tour("two", morning, _two, ((160, 36), (200, 50))),
    Tour("lost", morning, _lost, ((80, 24), (120, 36))),
    Tour("shut-out", morning, _shut_out, ((80, 24), (120, 36))),
)
