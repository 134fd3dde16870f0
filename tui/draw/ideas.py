"""The ideas behind the desk, one sentence or two each, in the words of the glossary."""

from __future__ import annotations

IDEAS: dict[str, tuple[tuple[str, str], ...]] = {
    "How a conversation comes to you": (
        ("queue", "Conversations that wait for an agent with the skill of their line, the most urgent first."),
        ("ring", "One is offered to you, or to several, for a limited time; then it goes on to others."),
        ("accept, decline", "Take what rings or waits, which makes it yours; or pass on what rings you."),
        ("places, capacity", "How many conversations you are given: 3 of 4 leaves one place. You may accept more."),
        ("presence", "Only agents online are given new work; away or back soon, you keep what you have."),
        ("hold", "Without a desk you keep your conversations for a while; then they go back to the queue."),
    ),
    "What you do with it": (
        ("preview, open", "The right pane shows what the cursor is on and marks nothing read until you open it."),
        ("round", "Going through all that need you, yours and the queue's, most urgent first."),
        ("count", "A number before a move says how often; before the keys for first and last, which row of the list."),
        ("due, overdue", "When an answer is expected, by the rules or by a reminder you set; soon, it warns you."),
        ("beside", "Two conversations next to each other, each with its draft; keys act on the active one."),
        ("give back, transfer", "Return it to the queue; or give it to a skill or to another agent."),
        ("wrap-up", "A short time after closing to record outcome, note and tags. It still takes up a place."),
        ("join, take over", "A lead writes beside the owner, who keeps it; or makes it their own."),
    ),
    "What happens to a text": (
        ("segment", "A long text is sent and billed as several SMS; the meter above the text counts them."),
        ("GSM-7, UCS-2", "One character outside GSM-7 makes the whole text UCS-2, whose segments hold less than half."),
        ("undo", "A reply waits some seconds before it leaves; until then it can be undone."),
        ("uncertain", "It is unknown whether a reply was sent. The core asks the provider and never sends it twice."),
        ("send again", "What did not arrive comes back to an agent, who sends it again or answers otherwise."),
        ("draft", "What you have written and not sent. Another desk of yours finds it; where both have changed it, "
                  "neither is lost, and one key joins them."),
        ("clear a draft", "^u takes away the line up to the caret, ^k the rest; discard, one esc away, takes all, "
                          "and the same again brings it back."),
    ),
    "What protects people": (
        ("opt-out", "Who said stop is not texted by anyone, under any spelling of their number."),
        ("likely opt-out", "A text that reads like an opt-out: nothing is sent to them until you have decided."),
        ("masked", "Card numbers and the like are covered in every text. A lead can read them; the audit records it."),
        ("quarantine", "Hooks of a provider that became no message, say because they are not genuine."),
    ),
    "When something is down": (
        ("silent line", "Your terminal neither takes nor answers anything: you count as offline until it does."),
        ("link lost", "The desk shows how it was before; what you send waits and goes out once the link is back."),
    ),
}  # fmt: skip
"""By what they are about."""
