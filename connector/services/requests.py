"""What agents ask for: one use case a request. A request that took effect is answered the same ever after."""

from __future__ import annotations

import msgspec

from connector.domain import transitions
from connector.domain.account import AccountMode
from connector.domain.conversation import Conversation
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
from connector.services import save, views
from connector.services.accounts import traffic
from connector.services.conversations import closing, notes, ownership
from connector.services.conversations.due import set_due
from connector.services.routing import explain, presence, transfer
from connector.services.sending.reply import reply, take_back
from connector.services.sending.start import start
from connector.services.settings import BrandSettings
from connector.store.ports import Reading, Transaction
from connector.store.values import HookState
from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode

_answer: msgspec.json.Decoder[answers.Answer] = msgspec.json.Decoder(answers.Answer)

Question = (
    requests.GetHistory
    | requests.GetHooks
    | requests.GetTraffic
    | requests.GetTargets
    | requests.Explain
    | requests.GetPresence
)
# About one conversation.
ToOne = (
    requests.Accept
    | requests.Decline
    | requests.Reply
    | requests.WriteNote
    | requests.GiveBack
    | requests.Transfer
    | requests.TakeOver
    | requests.Join
    | requests.Leave
    | requests.SetDue
    | requests.Close
    | requests.WrapUp
    | requests.Reopen
    | requests.MarkRead
)
Command = (
    ToOne | requests.Start | requests.UndoReply | requests.SignOff | requests.SetPresence | requests.SetAccountMode
)


class DeskRequests:
    def __init__(self, brand: BrandSettings) -> None:
        self._brand = brand

    def carry_out(self, tx: Transaction, agent: str, request_id: str, command: Command, now: int) -> answers.Answer:
        """Do it once. Raises Refused, which leaves no trace, so that a corrected request may follow."""
        key = f"{agent}/{request_id}"
        if (before := tx.requests.answer(key)) is not None:
            return _answer.decode(before)
        answer = self._do(tx, agent, command, now)
        tx.requests.remember(key, agent, now, msgspec.json.encode(answer))
        return answer

    def _do(self, tx: Transaction, agent: str, command: Command, now: int) -> answers.Answer:
        brand = self._brand
        match command:
            case requests.SetPresence():
                presence.set_presence(tx, brand, agent, command.presence, command.reason, now)
            case requests.SignOff():
                presence.go_off_duty(tx, brand, agent, command.leaving, now)
            case requests.SetAccountMode():
                set_account_mode(tx, brand, command, now)
            case requests.UndoReply():
                take_back(tx, brand, command.message_id, agent, now)
            case requests.Start():
                return start(tx, brand, command, agent, now)
            case _:
                return self._do_to(tx, save.known(tx, command.conversation_id), agent, command, now)
        return answers.Done()

    def _do_to(
        self, tx: Transaction, conversation: Conversation, agent: str, command: ToOne, now: int
    ) -> answers.Answer:
        brand = self._brand
        match command:
            case requests.Reply():
                return reply(tx, brand, conversation, agent, command, now)
            case requests.WriteNote():
                return answers.Written(notes.written(tx, brand, conversation, agent, command.text, now)[1].id)
            case requests.Transfer():
                return transfer.hand_over(tx, brand, conversation, agent, command, now)
            case requests.Accept():
                ownership.accept(tx, brand, conversation, agent, now)
            case requests.Decline():
                ownership.decline(tx, brand, conversation, agent, now)
            case requests.GiveBack():
                ownership.give_back(tx, brand, conversation, agent, command.note, now)
            case requests.TakeOver():
                ownership.take_over(tx, brand, conversation, agent, now)
            case requests.Join():
                ownership.join(tx, brand, conversation, agent, now)
            case requests.Leave():
                ownership.leave(tx, brand, conversation, agent, now)
            case requests.SetDue():
                set_due(tx, brand, conversation, agent, command.due_at, keep=command.keep, now=now)
            case requests.Close():
                verdict = closing.ClosingDetails(brand, command.outcome, command.note, command.tags)
                closing.close(tx, brand, conversation, agent, verdict, now)
            case requests.WrapUp():
                verdict = closing.ClosingDetails(brand, command.outcome, command.note, command.tags)
                closing.wrap_up(tx, brand, conversation, agent, verdict, now)
            case requests.Reopen():
                closing.reopen(tx, brand, conversation, agent, now)
            case requests.MarkRead():
                _mark_read(tx, brand, conversation, agent, now)
        return answers.Done()


def look_up(reading: Reading, question: Question, brand: BrandSettings, now: int) -> answers.Answer:
    """Answer a question about what is stored. Raises Refused."""
    match question:
        case requests.GetTraffic():
            return answers.Traffic(traffic.views(reading, brand.lines, now))
        case requests.GetPresence():
            return explain.presence_spans(reading, question)
        case requests.GetHooks():
            limit = max(1, min(question.limit, limits.PAGE_SIZE))
            states = (HookState.REFUSED, HookState.WATCHED, HookState.UNREADABLE, HookState.UNROUTABLE)
            return answers.HookPage([views.hook_view(hook) for hook in reading.hooks(states, limit)])
    conversation = reading.conversation(question.conversation_id)
    if conversation is None:
        raise save.unknown(question.conversation_id)
    match question:
        case requests.GetTargets():
            return explain.targets(reading, brand.rules, conversation, now)
        case requests.Explain():
            return explain.explain(reading, brand.rules, conversation, now)
    limit = max(1, min(question.limit, limits.PAGE_SIZE))
    found = reading.history(conversation.consumer, question.before, limit + 1)
    page = found[-limit:]
    return answers.History([views.message_view(message) for message in page], more=len(found) > limit)


def set_account_mode(tx: Transaction, brand: BrandSettings, command: requests.SetAccountMode, now: int) -> None:
    if command.account not in {line.account for line in brand.lines.values()}:
        raise Refused(RefusalCode.BAD_REQUEST, f"There is no account {command.account[:64]}.")
    if command.mode not in set(AccountMode):
        raise Refused(RefusalCode.BAD_REQUEST, "mode is active, draining or off")
    tx.accounts.set_mode(command.account, AccountMode(command.mode))
    tx.work.make_due(command.account, now)


def _mark_read(tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, now: int) -> None:
    require_owner(conversation, agent)
    if conversation.unread == 0:
        return
    seen = save.update(tx, brand.rules, transitions.read(conversation))
    tx.facts.append([save.fact(tx, brand.rules, seen, events.ConversationRead, now)])
