"""The simulated world: accounts, lines and consumers."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from connector.lab.people.consumer import ConsumerProfile
from connector.lab.people.stories import STORIES
from connector.lab.vendors.accounts import OpenMarketAccount, TwilioAccount, TwilioLine
from connector.lab.vendors.send_behaviour import NumberRule


class World(Struct, frozen=True, forbid_unknown_fields=True):
    """`special`: rules of numbers in effect from the start."""

    twilio: TwilioAccount
    openmarket: OpenMarketAccount
    people: tuple[ConsumerProfile, ...] = ()
    special: tuple[NumberRule, ...] = ()

    def __post_init__(self) -> None:
        lines = {line.number for line in self.twilio.lines} | {self.openmarket.short_code}
        for person in self.people:
            if person.line not in lines:
                raise ValueError(f"{person.name} texts to {person.line}, which is no line of this world")
            if person.story not in STORIES:
                raise ValueError(f"{person.name} has the story {person.story!r}; known are {', '.join(STORIES)}")


def load(path: Path) -> World:
    """A world from a TOML file. Raises ValueError with one sentence that names the file."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=World)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise ValueError(f"The world file {path} cannot be used: {error}") from error


_ORDERS, _BOOKINGS, _SHORT_CODE = "+14155550100", "+14155550101", "55501"

# Numbers from ranges reserved for fiction: 555-01xx (NANPA) and 07700 900xxx (Ofcom).
DEMO = World(
    twilio=TwilioAccount(
        name="main",
        sid="AC00000000000000000000000000000001",
        auth_token="simulated-auth-token",
        api_key="SK00000000000000000000000000000002",
        api_secret="simulated-api-secret",
        lines=(
            TwilioLine("PN00000000000000000000000000000003", _ORDERS, "Orders and deliveries"),
            TwilioLine("PN00000000000000000000000000000004", _BOOKINGS, "Bookings"),
        ),
    ),
    openmarket=OpenMarketAccount(
        name="short",
        account_id="000-000-000-00005",
        password="simulated-password",
        short_code=_SHORT_CODE,
        hook_user="openmarket",
        hook_password="simulated-hook-password",
    ),
    people=(
        ConsumerProfile(
            "+14155550111", "Maya", _ORDERS, "late parcel", "Maya Lindqvist", attributes={"order": "A-1184"}
        ),
        ConsumerProfile("+14155550112", "Lukas", _SHORT_CODE, "opening hours", "Lukas Weber", "de"),
        ConsumerProfile("+12125550113", "Aisha", _BOOKINGS, "booking change"),
        ConsumerProfile("+447700900114", "George", _SHORT_CODE, "letter", "George Whitfield", "en-GB"),
        ConsumerProfile(
            *("+13125550115", "Priya", _ORDERS, "broken mug", "Priya Raman"),
            attributes={"order": "A-1177", "VIP": "yes"},
            notes="Buys for her café: mugs and plates, twice a year.",
        ),
        ConsumerProfile(
            *("+14155550116", "Renée", _SHORT_CODE, "gift note", "Renée Dubois", "fr"),
            attributes={"VIP": "yes"},
            notes="Prefers to be texted in the morning.\nHer daughter collects for her.",
        ),
        ConsumerProfile("+12065550117", "Sam", _BOOKINGS, "odd confirmation", "Sam Okafor"),
        ConsumerProfile("+16175550118", "Carmen", _ORDERS, "new address", "Carmen Ortiz", "es", {"order": "A-1190"}),
        ConsumerProfile("+447700900119", "Mr Oduya", _SHORT_CODE, "safe place", "Oduya, Samuel"),
        ConsumerProfile("+17185550120", "Hannah", _BOOKINGS, "gift card", "Hannah Feld"),
        ConsumerProfile("+15035550121", "Tom", _ORDERS, "refund"),
        ConsumerProfile("+13035550122", "Jonas", _ORDERS, "had enough", "Jonas Feld", attributes={"order": "A-1162"}),
    ),
    special=(
        NumberRule(number="+14155550190", receipts="undelivered:30003"),
        NumberRule(number="+14155550191", receipts="undelivered:30005"),
        NumberRule(number="+14155550192", receipts="failed:30008"),
        NumberRule(number="+14155550193", send="reject:21614"),
        NumberRule(number="+14155550194", receipts="none"),
    ),
)
