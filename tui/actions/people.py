"""The card of a person: what the agent may record there, and the request it becomes."""

from __future__ import annotations

from collections.abc import Mapping

from connector.wire import contacts, limits
from connector.wire.contacts import ContactView
from connector.wire.views import ConversationView
from tui.actions.conversation import Intent
from tui.model.conversations import is_new
from tui.model.state import Model

FIELDS = ("name", "language", "attributes", "notes")
LABELS = {"name": "Name", "language": "Language", "attributes": "Attributes, one a line", "notes": "Notes"}


def card(model: Model, view: ConversationView | None) -> Intent:
    """What the card shows."""
    if view is None:
        return "There is no conversation here."
    if is_new(view.id):
        return "Nothing has been sent here yet: the card comes with the first text."
    return contacts.GetContact(view.id)


def texts_of(contact: ContactView) -> dict[str, str]:
    """What a card shows, by field."""
    attributes = "\n".join(f"{name}: {value}" for name, value in contact.attributes.items())
    return {"name": contact.name, "language": contact.language, "attributes": attributes, "notes": contact.notes}


def saved(view: ConversationView, base: ContactView, texts: Mapping[str, str]) -> contacts.SetContact | str | None:
    """The request for what differs from what the card was filled with; None where nothing does; why not, in words."""
    before = texts_of(base)
    changed = {field: texts[field] for field in FIELDS if texts[field].strip() != before[field].strip()}
    if not changed:
        return None
    attributes = None
    if "attributes" in changed:
        read = _attributes(texts["attributes"])
        if isinstance(read, str):
            return read
        attributes = read
    return contacts.SetContact(
        conversation_id=view.id,
        based_on=base.version,
        name=changed.get("name"),
        language=changed.get("language"),
        attributes=attributes,
        notes=changed.get("notes"),
    )


def _attributes(text: str) -> dict[str, str] | str:
    """By name; a line without a colon is one that says yes. Why not, in words."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.split("\n"))):
        name, colon, value = line.partition(":")
        if not name.strip():
            return "An attribute has a name before its colon, such as order: A-17."
        if name.strip().casefold() in map(str.casefold, found):
            return f"The attribute {name.strip()} is there twice."
        found[name.strip()] = value.strip() if colon else "yes"
    if len(found) > limits.ATTRIBUTE_COUNT:
        return f"A contact has at most {limits.ATTRIBUTE_COUNT} attributes."
    return found


def theirs(base: ContactView, now: ContactView, texts: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Where another agent has changed the contact while this one wrote: the texts with their changes in the fields that
    were left alone here; and the fields that both have changed."""
    was, said = texts_of(base), texts_of(now)
    merged, both = dict(texts), []
    for field in FIELDS:
        if said[field] == was[field]:
            continue
        if texts[field].strip() in (was[field].strip(), said[field].strip()):
            merged[field] = said[field]
        else:
            both.append(field)
    return merged, both
