"""Which actions cannot be done now with the shown conversation, and why, for the command palette."""

from __future__ import annotations

from connector.sms.segments import plain
from connector.wire.views import ConversationView
from tui.actions import bulk, conversation, keys, people, undo, unsettled
from tui.actions.tags import set_tags
from tui.actions.writing import cannot_attach
from tui.model import compose
from tui.model.alerts import waiting
from tui.model.conversations import is_new
from tui.model.listing import Listing
from tui.model.marked import BulkRun
from tui.model.panes import is_split
from tui.model.state import Model

_NOTHING_HERE = "There is no conversation here."


def reasons(model: Model, view: ConversationView | None, listing: Listing, draft: str, now: int) -> dict[str, str]:
    """One sentence for each action that cannot be done, by its id; those that the role does not allow are left out."""
    intents: dict[str, conversation.Intent | undo.HeldUndo | BulkRun | None] = {
        action.id: action.request(model, view) for action in keys.ACTIONS if action.request is not None
    }
    intents |= {
        "accept": conversation.accept(model, view),
        "undo": undo.undo(model, now),
        "transfer": conversation.transfer(model, view),
        "give_back_with_note": conversation.give_back(model, view),
        "note": conversation.note(model, view),
        "person": people.card(model, view),
        "set_due": conversation.set_due(model, view),
        "snooze": conversation.snooze(model, view),
        "tags": set_tags(model, view),
        "wrap_up": conversation.close(model, view),
        "explain": conversation.explain(model, view),
        "read_rest": unsettled.read_rest(model),
        "attach": cannot_attach(model, view),
        "consent": _NOTHING_HERE if view is None or is_new(view.id) else None,
    }
    found = {action_id: intent for action_id, intent in intents.items() if isinstance(intent, str)}
    if model.marks:
        found = {action_id: words for action_id, words in found.items() if not bulk.is_bulk(action_id)}
    return found | _of_the_draft(model, view, draft) | _of_the_transcript(model) | _of_places(model, view, listing)


def _of_the_draft(model: Model, view: ConversationView | None, draft: str) -> dict[str, str]:
    found = {} if view is not None else dict.fromkeys(("write", "emoji", "external_editor"), _NOTHING_HERE)
    if plain(draft) == draft:
        found["plain_letters"] = "There is no look-alike character to replace."
    if view is None or view.id not in model.compose.attachments:
        found["detach"] = "No picture goes with the reply."
    if view is None or view.id not in model.compose.elsewhere:
        found["other_draft"] = "No other desk of yours has another draft here."
    if view is None or not compose.can_discard(model.compose, view.id, draft):
        found["discard"] = "Nothing is written here."
    return found


def _of_the_transcript(model: Model) -> dict[str, str]:
    found: dict[str, str] = {}
    loaded = model.transcript.messages if model.transcript else ()
    if not loaded:
        found |= dict.fromkeys(("copy_message", "copy_transcript", "links"), "No message is in sight here.")
    if model.transcript is None or is_new(model.transcript.conversation_id):
        found["write_transcript"] = _NOTHING_HERE
    if not any(picture.state == "kept" for message in loaded for picture in message.pictures):
        found["view_picture"] = "No message here has a picture that can be shown."
    if not any(message.masked for message in loaded):
        found["unmask"] = "Nothing is masked here."
    if model.transcript is None or model.transcript.found is None:
        found |= dict.fromkeys(("hit_above", "hit_below"), "This transcript was not opened from a hit of the search.")
    if not any(message.part for message in loaded):
        found["toggle_parts"] = "No text here came in segments."
    return found


def _of_places(model: Model, view: ConversationView | None, listing: Listing) -> dict[str, str]:
    found = {} if view is not None else dict.fromkeys(("go_transcript", "beside"), _NOTHING_HERE)
    nothing = "Nothing else needs you now." if listing.needs else "Nothing needs you now."
    if listing.next_need(model.shown if model.is_entered else None) is None:
        found["next_need"] = nothing
    if listing.need_before(model.conversations.by_id.get(model.shown or "")) is None:
        found["previous_need"] = nothing
    if not waiting(model):
        found["acknowledge"] = "There is no alert that waits for somebody."
    if not is_split(model):
        found["other_pane"] = "There is one conversation."
    if not any(line.may_start for line in model.providers.lines):
        found["start_conversation"] = "There is no line that you may text a consumer first from."
    return found
