"""What the controller of a desk does with drafts and the pictures attached to them, until they are sent."""

from __future__ import annotations

from msgspec.structs import replace

from connector.wire import requests
from connector.wire.saved_replies import SavedReplyView
from connector.wire.views import ConversationView
from tui.actions import sending_doubts
from tui.desk_state import DeskState
from tui.model import compose, draft_sync, over_limit, saved_replies
from tui.model.conversations import open_conversation
from tui.model.state import Attachment, ComposeState, Macro, Sending
from tui.model.whole_transcript import WholeTranscript


class DeskDrafts(DeskState):
    _led_to: str | None = None
    """The conversation that `next_need` opened, until another is opened."""

    def is_sent_as_meant(self, body: Sending, shortcut: str | None) -> bool:
        """Whether a text goes to whom the agent means, as far as keys can tell, or that has been confirmed."""
        view = open_conversation(self.model)
        if view is None or over_limit.overridden(self.model, body) is not body:
            return True
        doubt = sending_doubts.doubt(self.model, view, body, is_led=self._led_to == view.id, shortcut=shortcut)
        return doubt is None or self.is_confirmed(f"send {view.id}", doubt)

    def set_draft(self, conversation_id: str, text: str) -> None:
        self._compose(compose.set_draft(self.model.compose, conversation_id, text))

    def take_edited(self, conversation_id: str, before: str, after: str) -> None:
        """A draft comes back from an editor outside of the desk."""
        self._compose(compose.edited_elsewhere(self.model.compose, conversation_id, before, after))

    def attach(self, conversation_id: str, name: str, data: bytes) -> None:
        """Send a picture to the core, for the next reply there."""
        body = requests.PutPicture(data)
        request_id = self.begin(body)
        self._compose(
            compose.attach(self.model.compose, conversation_id, Attachment(name, len(data), None, request_id))
        )
        self._ask(request_id, body)

    def saved_on_disk(self, *, is_done: bool) -> None:
        """What the agent has written was saved on disk, or could not be."""
        self.model = replace(self.model, compose=replace(self.model.compose, is_on_disk=is_done))

    def save_drafts(self) -> None:
        """Have the core store what the agent has written, for their other desks."""
        for one in [*draft_sync.to_save(self.model)]:
            self.ask(one)

    def join_draft(self, view: ConversationView | None) -> None:
        """Put what another desk of the agent has written before what is written here."""
        if view is None or view.id not in self.model.compose.elsewhere:
            self.say("No other desk of yours has another draft here.", is_error=True)
            return
        self.model = draft_sync.join(self.model, view.id)
        self.clear_notice()

    def discard_draft(self, view: ConversationView | None) -> None:
        """Throw away what is written there, or bring back what was thrown away last."""
        drafts, gone = self.model.compose, self.model.compose.discarded
        key = self.model.keys.name("discard")
        if view is not None and (drafts.drafts.get(view.id) or drafts.attachments.get(view.id)):
            self._compose(compose.discard(drafts, view.id))
            self.say(f"Your draft is thrown away. {key} brings it back." if key else "Your draft is thrown away.")
        elif view is not None and gone is not None and gone.conversation_id == view.id:
            self._compose(compose.bring_back(drafts, gone))
            self.say("Your draft is back.")
        else:
            self.say("Nothing is written here.", is_error=True)

    def attach_address(self, conversation_id: str, address: str) -> None:
        """Attach a picture that is on the web already."""
        self._compose(compose.attach(self.model.compose, conversation_id, Attachment(address, None, address, None)))

    def detach(self, conversation_id: str) -> None:
        """Remove what goes along: what is done with the reply, then the last attachment."""
        macro = self.model.compose.macros.get(conversation_id)
        if macro is not None and macro.then:
            self._compose(compose.set_macro(self.model.compose, conversation_id, Macro(macro.saved_reply_ids)))
            return
        pictures = self.model.compose.attachments.get(conversation_id, ())
        self._compose(compose.set_attachments(self.model.compose, conversation_id, pictures[:-1]))

    def want_saved_replies(self) -> None:
        """They are looked for: ask for what is not here."""
        self.model = saved_replies.want(self.model)
        self.fetch_missing()

    def fetch_missing(self) -> None:
        """Ask for the drafts, the saved replies and the messages that are wanted and not here."""
        for wanted in (draft_sync.to_fetch(self.model), saved_replies.to_fetch(self.model)):
            if wanted is not None:
                self.ask(wanted)
        if self.model.connection.is_complete and not self.model.mentions.is_known:
            self.ask_once(requests.GetMentions())
        whole = self.model.fetched.whole
        if whole is not None and (page := whole.next_page()) is not None:
            self.ask_once(page)

    def gather_transcript(self, conversation_id: str) -> None:
        """Ask for all messages, from the latest on."""
        whole = WholeTranscript(conversation_id)
        self.model = replace(self.model, fetched=replace(self.model.fetched, whole=whole))
        self.fetch_missing()

    def gathered_transcript(self) -> WholeTranscript | None:
        """The messages that were asked for, once, when all are here."""
        whole = self.model.fetched.whole
        if whole is None or not whole.is_complete:
            return None
        self.model = replace(self.model, fetched=replace(self.model.fetched, whole=None))
        return whole

    def use_saved_reply(self, conversation_id: str, reply: SavedReplyView) -> None:
        """Its text is part of the draft by now: what it does is done as that is sent."""
        macro = saved_replies.with_macro(self.model.compose.macros.get(conversation_id), reply)
        self._compose(compose.set_macro(self.model.compose, conversation_id, macro))

    def _compose(self, changed: ComposeState) -> None:
        if changed is not self.model.compose:
            self.model = replace(self.model, compose=changed)
