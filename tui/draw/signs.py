"""What the signs on the screen mean, each as it is drawn. A sign that is drawn anywhere stands here."""

from __future__ import annotations

from typing import NamedTuple


class Sign(NamedTuple):
    example: str
    role: str
    meaning: str


SIGNS: dict[str, tuple[Sign, ...]] = {
    "At the left of a row": (
        Sign("▌", "you", "the cursor: keys act on this one"),
        Sign("!3m", "strong bad", "overdue: an answer was due three minutes ago"),
        Sign("36s", "strong ring", "it rings you for so many seconds more; in amber, your wrap-up lasts so long"),
        Sign("!36s", "strong bad", "it rings for so many seconds more, and is overdue as well"),
        Sign("✗ 4m", "strong bad", "not sent: a reply did not arrive and waits for your decision"),
        Sign("? 4m", "strong you", "not sure: it is unknown whether a reply was sent, or a text reads like an opt-out"),
        Sign("▲4m", "strong you", "due soon: an answer is due in four minutes"),
        Sign("z 2h", "muted", "snoozed: it is back in two hours, or once they write"),
        Sign("*", "strong", "marked: the keys act on all that are"),
        Sign("9m", "", "they have waited nine minutes for an answer; amber after five, red after fifteen"),
    ),
    "In the rest of a row": (
        Sign("2 new", "you", "texts that you have not read yet"),
        Sign("@", "you", "a colleague mentions you in a note there, and you have not opened it since"),
        Sign("back", "you", "its snooze is over, or a later reply was not sent, and you have not opened it yet"),
        Sign("sends 17:30", "muted", "a reply is sent at 17:30, unless they write before"),
        Sign("→", "muted", "the last text is ours"),
        Sign("(3 parts)", "muted", "the last text came in three segments"),
        Sign("▸Mine 4", "on", "the list that is shown, and how many it has"),
        Sign("All ~120", "muted", "about so many: colleagues' and closed ones are only counted until you list them"),
    ),
    "Below a reply": (
        Sign("undo 5 s", "you", "it can be undone for five seconds more"),
        Sign("·", "muted", "to be sent: the core has it, the provider not yet"),
        Sign("✓", "muted", "sent: the provider or the carrier has it"),
        Sign("✓✓", "good", "delivered, as the carrier reports"),
        Sign("✗", "bad", "failed: it will not arrive; the reason is beside it"),
        Sign("?", "you", "uncertain: the provider is asked whether it has it, and nothing is sent twice"),
        Sign("↶", "muted", "undone before it left; the consumer never saw it"),
    ),
    "In a transcript": (
        Sign("note · Ben", "note-ground strong", "a note: only colleagues see it"),
        Sign(
            "lead's note", "note-ground strong", "one that a lead has written about a conversation that is not theirs"
        ),
        Sign("••••", "muted", "masked: a card number or the like; which, is said below the text"),
        Sign("[1]", "faint", "a link, address or number that can be copied"),
        Sign("3 parts joined", "faint", "three segments, shown as one text"),
        Sign("2/3", "faint", "the second of three segments, each shown on its own"),
        Sign("↓ 2 new", "you", "messages that came in below what is in sight"),
    ),
    "Agents, accounts and the link": (
        Sign("●", "good", "an agent who is online; an account that is well"),
        Sign("○", "warn", "an agent who is away; an account of which nothing is known yet"),
        Sign("▲", "warn", "an account with a warning; at the top, alerts that wait for somebody to acknowledge them"),
        Sign("✗", "bad", "an account that is down; the link to the core is lost"),
        Sign(
            "2.5 of 4",
            "",
            "of an agent's four places: quiet conversations take less; amber: all; red: the agent is not there",
        ),
        Sign("▁▄█", "ring", "texts in, five minutes a bar"),
        Sign("▔▀█", "good", "replies out, on the same scale, hanging from the line"),
        Sign("7 ×", "bad", "how often an error came"),
        Sign("✓ ✗", "", "on the page that explains a place: who could take a conversation, and who not"),
        Sign("+2m −5m", "accent", "there: what moves it back in the queue, and what moves it forward"),
    ),
    "At the bottom": (
        Sign("!", "bad", "why something cannot be done, or an alarm"),
        Sign("·", "strong", "something that has just been done"),
        Sign("…", "muted", "more than there is room for, or something that is still loading"),
    ),
}
"""By the place where they are drawn."""
