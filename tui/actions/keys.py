"""The table of actions and their keys, which bindings, footer, help page and command palette read.

An action that is one request about a conversation is a row here and the function in `tui.actions` that makes the
request. Any other is a row and the `action_…` method of the screen or widget where its keys work.

Keys are named as terminals can tell them apart everywhere: no alt+enter, shift+enter, ctrl+enter, ctrl+h, ctrl+i,
ctrl+m or alt+digit, which arrive as other keys in the classic encoding.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from enum import StrEnum
from typing import NamedTuple

from connector.wire.views import ConversationView
from tui.actions import conversation, unsettled
from tui.model.conversations import with_article
from tui.model.state import Model


class Context(StrEnum):
    """Where the keys of an action work. An inner context may not use a key of one around it."""

    EVERYWHERE = "everywhere"
    DESK = "desk"  # the main screen, except while writing
    LIST = "list"
    TRANSCRIPT = "transcript"
    COMPOSE = "compose"
    FILTER = "filter"
    PAGE = "page"  # help, providers, hooks
    PROVIDERS = "providers"
    QUARANTINE = "quarantine"
    PICTURE = "picture"
    DIALOG = "dialog"
    SIGN_OFF = "sign-off"
    PALETTE = "palette"


AROUND: dict[Context, tuple[Context, ...]] = {
    Context.EVERYWHERE: (),
    Context.DESK: (Context.EVERYWHERE,),
    Context.LIST: (Context.DESK, Context.EVERYWHERE),
    Context.TRANSCRIPT: (Context.DESK, Context.EVERYWHERE),
    Context.COMPOSE: (Context.EVERYWHERE,),
    Context.FILTER: (Context.EVERYWHERE,),
    Context.PAGE: (Context.EVERYWHERE,),
    Context.PROVIDERS: (Context.PAGE, Context.EVERYWHERE),
    Context.QUARANTINE: (Context.PAGE, Context.EVERYWHERE),
    Context.PICTURE: (Context.EVERYWHERE,),
    Context.DIALOG: (),
    Context.SIGN_OFF: (Context.DIALOG,),
    Context.PALETTE: (),
}

TITLES: dict[Context, str] = {
    Context.EVERYWHERE: "Everywhere",
    Context.DESK: "Conversations",
    Context.LIST: "In the list",
    Context.TRANSCRIPT: "In the transcript",
    Context.COMPOSE: "While writing",
    Context.FILTER: "In the filter",
    Context.PAGE: "On a page like this",
    Context.PROVIDERS: "On the providers page",
    Context.QUARANTINE: "On the page of hooks",
    Context.PICTURE: "On a picture",
    Context.DIALOG: "In a dialog",
    Context.SIGN_OFF: "In the dialog of leaving",
    Context.PALETTE: "Among the commands",
}


class Action(NamedTuple):
    id: str
    label: str
    """At most 14 characters, for the footer."""
    help: str
    """One sentence."""
    keys: dict[Context, tuple[str, ...]]
    footer: tuple[Context, ...] = ()
    """Where the footer names it; the table's order is the footer's."""
    palette: bool = True
    request: Callable[[Model, ConversationView | None], conversation.Intent] | None = None
    """What it asks of the core about the conversation in question."""
    doubt: Callable[[Model, ConversationView], str | None] | None = None
    """Why the agent has to confirm it with a second press, if they have to."""
    role: str = "agent"
    """The lowest role that may use it: agent, lead or administrator. Each role includes those before it."""


_E, _D, _L, _T, _C, _F, _P, _A, _H, _I, _Q, _S, _O = Context

ACTIONS: tuple[Action, ...] = (
    Action(
        "send",
        "send",
        "Send the reply; leads: once more, where a limit refuses it.",
        {_C: ("enter",)},
        (_C,),
        palette=False,
    ),
    Action("newline", "new line", "Start a new line in the reply.", {_C: ("ctrl+j",)}, (_C,), palette=False),
    Action(
        "external_editor",
        "editor",
        "Write the reply in your own editor ($VISUAL or $EDITOR); it comes back as the draft.",
        {_C: ("ctrl+e",)},
    ),
    Action(
        "other_draft",
        "other draft",
        "Put what another desk of yours has written here before your own.",
        {_C: ("f9",)},
    ),
    Action(
        "emoji",
        "emoji",
        "Find an emoji by its name; typing : and two letters offers them too.",
        {_C: ("f8",)},
    ),
    Action(
        "plain_letters",
        "plain letters",
        "Replace look-alike characters that force UCS-2 by plain ones.",
        {_C: ("ctrl+g",)},
        (_C,),
    ),
    Action("open", "open", "Open the conversation under the cursor.", {_L: ("enter",)}, (_L,), palette=False),
    Action("apply_filter", "keep", "Go to the filtered list.", {_F: ("enter", "down")}, (_F,), palette=False),
    Action(
        "resend",
        "send again",
        "Send a reply again that did not arrive; asks once more where it may have arrived.",
        {_D: ("S",), _C: ("ctrl+s",)},
        (_L, _T, _C),
        request=unsettled.resend,
        doubt=unsettled.resend_doubt,
    ),
    Action(
        "is_opt_out",
        "opted out",
        "Record that the text that reads like an opt-out is one.",
        {_D: ("Y",)},
        (_L, _T),
        request=unsettled.is_opt_out,
    ),
    Action(
        "is_no_opt_out",
        "no opt-out",
        "Say that the text that reads like an opt-out is none, so that replies can be sent.",
        {_D: ("I",)},
        (_L, _T),
        request=unsettled.is_no_opt_out,
    ),
    Action("write", "write", "Write in the shown conversation.", {_T: ("enter", "r", "i")}, (_T,)),
    Action(
        "toggle_parts", "parts", "Show the segments of a long text as one, or each on its own.", {_T: ("v",)}, (_T,)
    ),
    Action(
        "beside",
        "two beside",
        "From 160 columns: leave this conversation in its pane and open the next one beside it; again: only one.",
        {_D: ("vertical_line",), _C: ("f7",)},
    ),
    Action(
        "other_pane",
        "other pane",
        "With two conversations beside each other: go to the other one, which the keys then act on.",
        {_D: ("f6",), _C: ("f6",)},
    ),
    Action(
        "next_need",
        "next",
        "Go round all that need you, yours and the queue's: overdue, ringing, not sent, due soon, waiting.",
        {_D: ("n",), _C: ("ctrl+n",)},
        (_L, _T, _C),
    ),
    Action("previous_need", "previous", "The same the other way round.", {_D: ("N",)}),
    Action("accept", "accept", "Take the conversation from the queue, or as it rings.", {_D: ("a",)}, (_L, _T)),
    Action(
        "decline",
        "decline",
        "Pass on what is ringing you; asks once more.",
        {_D: ("d",)},
        (_L, _T),
        request=conversation.decline,
        doubt=conversation.decline_doubt,
    ),
    Action(
        "undo",
        "undo",
        "Undo the reply sent last, while it has not left; or reopen what you closed last.",
        {_D: ("u",), _C: ("ctrl+t",)},
        (_L, _T, _C),
    ),
    Action(
        "close",
        "close",
        "End the conversation; asks once more when they wait for an answer.",
        {_D: ("x",)},
        (_L, _T),
        request=conversation.close,
        doubt=conversation.close_doubt,
    ),
    Action("transfer", "transfer", "Transfer the conversation to a skill or an agent.", {_D: ("t",)}, (_L, _T)),
    Action(
        "give_back",
        "give back",
        "Give the conversation back to the queue.",
        {_D: ("b",)},
        (_L, _T),
        request=conversation.give_back,
    ),
    Action("set_due", "due", "Say when an answer is due, or put it off.", {_D: ("s",)}, (_L, _T)),
    Action("note", "note", "Write a note that only colleagues see.", {_D: ("m",)}, (_L, _T)),
    Action(
        "wrap_up",
        "outcome",
        "Close with outcome, note and tags; after closing, record them.",
        {_D: ("X",)},
        (_L, _T),
    ),
    Action(
        "reopen", "reopen", "Go on with a closed conversation.", {_D: ("R",)}, (_L, _T), request=conversation.reopen
    ),
    Action(
        "join",
        "join/leave",
        "For leads: write beside the owner, or stop doing so.",
        {_D: ("J",)},
        (_L, _T),
        request=conversation.join_or_leave,
        role="lead",
    ),
    Action(
        "take_over",
        "take over",
        "For leads: make a colleague's conversation yours.",
        {_D: ("O",)},
        (_L, _T),
        request=conversation.take_over,
        doubt=conversation.take_over_doubt,
        role="lead",
    ),
    Action(
        "explain", "why", "Explain why the conversation is where it is, and what comes next.", {_D: ("w",)}, (_L, _T)
    ),
    Action(
        "give_back_with_note",
        "back with note",
        "Give it back to the queue, with a note for its next owner.",
        {_D: ("B",)},
    ),
    Action(
        "mark_unread",
        "unread",
        "Have a conversation of yours or of the queue count as unread again.",
        {_D: ("U",)},
        request=conversation.mark_unread,
    ),
    Action("start_conversation", "text first", "Text a consumer first, from one of our lines.", {_D: ("c",)}, (_L,)),
    Action(
        "consent",
        "consent",
        "Record what the consumer said elsewhere: that they want no texts, or want them again.",
        {_D: ("C",)},
    ),
    Action("read_rest", "read the rest", "Read the end of a text of more than 5,000 characters.", {_T: ("e",)}, (_T,)),
    Action(
        "unmask",
        "unmask",
        "For leads: read what is masked in the last such message in sight; the audit records it.",
        {_T: ("M",)},
        (_T,),
        role="lead",
    ),
    Action("view_picture", "picture", "Look at the last picture in sight.", {_T: ("o",)}, (_T,)),
    Action("attach", "attach", "Send a picture along, from a file or an https address.", {_C: ("ctrl+o",)}, (_C,)),
    Action("detach", "take away", "Take the last attached picture away again.", {_C: ("ctrl+r",)}, (_C,)),
    Action("confirm", "ok", "Take what is written in the dialog.", {_Q: ("enter",)}, (_Q, _S), palette=False),
    Action("leave_close", "close", "Close the conversation under the cursor.", {_S: ("x",)}, (_S,), palette=False),
    Action("leave_give_back", "give back", "Give it back to the queue.", {_S: ("b",)}, (_S,), palette=False),
    Action("leave_keep", "keep", "Keep it, and be reminded when it is due.", {_S: ("s",)}, (_S,), palette=False),
    Action("leave_transfer", "transfer", "Transfer it before you leave.", {_S: ("t",)}, (_S,), palette=False),
    Action(
        "leave_alike", "all alike", "Choose for all what is chosen for this one.", {_S: ("a",)}, (_S,), palette=False
    ),
    Action("filter", "filter", "Show only the rows that hold these words.", {_D: ("slash",)}, (_L,)),
    Action("scope_mine", "mine", "List your conversations.", {_D: ("1",)}),
    Action("scope_queue", "queue", "List the conversations of the queue.", {_D: ("2",)}),
    Action("scope_all", "all", "List all conversations.", {_D: ("3",)}),
    Action(
        "presence",
        "online/away",
        "Come online, go away, with or without a reason, or be back soon: only agents online are given new work.",
        {_D: ("p",)},
    ),
    Action(
        "up",
        "up",
        "One up.",
        dict.fromkeys((_L, _T, _P), ("up", "k")) | dict.fromkeys((_Q, _O), ("up",)),
        palette=False,
    ),
    Action(
        "down",
        "down",
        "One down.",
        dict.fromkeys((_L, _T, _P), ("down", "j")) | dict.fromkeys((_Q, _O), ("down",)),
        palette=False,
    ),
    Action("run", "run", "Run the command under the cursor.", {_O: ("enter",)}, (_O,), palette=False),
    Action(
        "half_up",
        "half page up",
        "Half a page up.",
        dict.fromkeys((_L, _T, _P), ("ctrl+u", "pageup")) | {_C: ("pageup",)},
        palette=False,
    ),
    Action(
        "half_down",
        "half page down",
        "Half a page down.",
        dict.fromkeys((_L, _T, _P), ("ctrl+d", "pagedown")) | {_C: ("pagedown",)},
        palette=False,
    ),
    Action(
        "first",
        "first",
        "To the first; in a transcript, to the oldest message loaded.",
        dict.fromkeys((_L, _T, _P), ("g", "home")),
        palette=False,
    ),
    Action("last", "last", "To the last.", dict.fromkeys((_L, _T, _P), ("G", "end")), palette=False),
    Action(
        "activate",
        "activate",
        "Let the account under the cursor send and take new work.",
        {_A: ("a",)},
        (_A,),
        role="administrator",
    ),
    Action(
        "drain",
        "drain",
        "Let the account send what is written and take no more.",
        {_A: ("d",)},
        (_A,),
        role="administrator",
    ),
    Action(
        "switch_off",
        "off",
        "Let the account send nothing; what comes in is kept.",
        {_A: ("o",)},
        (_A,),
        role="administrator",
    ),
    Action("test_text", "test text", "Send a text from the line under the cursor.", {_A: ("t",)}, (_A,)),
    Action("quarantine", "hooks", "List hooks that became no message.", {_A: ("h",)}, (_A,), role="administrator"),
    Action("release", "release", "Take the hook as if it were genuine.", {_H: ("r",)}, (_H,), role="administrator"),
    Action("older_picture", "older", "The picture before this one.", {_I: ("left", "k")}, (_I,), palette=False),
    Action("newer_picture", "newer", "The picture after this one.", {_I: ("right", "j")}, (_I,), palette=False),
    Action("save_picture", "save", "Save the picture to a file.", {_I: ("s",)}, (_I,)),
    Action("open_picture", "open outside", "Open the picture with the system's viewer.", {_I: ("x",)}, (_I,)),
    Action(
        "back",
        "back",
        "One step back; a draft is kept.",
        {_E: ("escape",), _Q: ("escape",), _O: ("escape",)},
        (_T, _C, _F, _P, _A, _H, _I, _Q, _S, _O),
    ),
    Action("go_list", "list", "Go to the list of conversations.", {_E: ("f2",)}),
    Action("go_transcript", "transcript", "Go to the transcript of the open conversation.", {_E: ("f3",)}),
    Action("go_providers", "providers", "Show how each provider account is doing.", {_E: ("f4",)}),
    Action("go_team", "team", "Show which agents are online, since when, and what they have.", {_E: ("f5",)}),
    Action("next_pane", "next pane", "Go to the next pane.", {_E: ("tab",)}, palette=False),
    Action("previous_pane", "previous pane", "Go to the previous pane.", {_E: ("shift+tab",)}, palette=False),
    Action(
        "palette",
        "commands",
        "Find any command by its words.",
        {_E: ("ctrl+p",)},
        (_L, _T, _C, _P, _A, _I),
        palette=False,
    ),
    Action(
        "help", "help", "Show all keys.", {_E: ("f1",), _D: ("question_mark",), _P: ("question_mark",)}, (_L, _T, _C)
    ),
    Action("redraw", "redraw", "Draw the screen again.", {_E: ("ctrl+l",)}),
    Action(
        "quit",
        "quit",
        "Leave the desk; drafts are kept, and you decide about your conversations. Twice leaves at once.",
        dict.fromkeys((_E, _Q, _O), ("ctrl+q",)),
        (_L, _P, _A),
    ),
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

_SHOWN = {
    "escape": "esc",
    "slash": "/",
    "question_mark": "?",
    "vertical_line": "|",
    "up": "↑",
    "down": "↓",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "left": "←",
    "right": "→",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


def shown(key: str) -> str:
    """A key as people write it: ctrl+q as ^q."""
    return "^" + key[5:] if key.startswith("ctrl+") else _SHOWN.get(key, key)


def key_for(action: Action, context: Context) -> str:
    """The first key that works in a context, as people write it; empty when there is none."""
    for place in (context, *AROUND[context]):
        if place in action.keys:
            return shown(action.keys[place][0])
    return ""


def not_for(model: Model) -> set[str]:
    """Ids of the actions that need a higher role than this agent's."""
    return {action.id for action in ACTIONS if not model.agents.includes(action.role)}


def refusal(model: Model, action: Action) -> str | None:
    """Why this agent's role does not allow an action."""
    if model.agents.includes(action.role):
        return None
    mine = with_article(model.agents.role or "agent")
    return f"{action.help} This is for {action.role}s; you are {mine}."


def footer(context: Context, disabled: Container[str] = ()) -> list[tuple[str, str]]:
    """(key, label) pairs, most useful first, without the actions that would be refused now."""
    return [
        (key_for(action, context), action.label)
        for action in ACTIONS
        if context in action.footer and action.id not in disabled
    ]


def help_sections(
    first: Context = Context.EVERYWHERE, hidden: Container[str] = ()
) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """(title, (keys, sentence) pairs) for the help screen and the manual; what works in `first` comes first. `hidden`:
    ids of actions to leave out."""
    for context in dict.fromkeys((first, *AROUND[first], *Context)):
        actions = [action for action in ACTIONS if context in action.keys and action.id not in hidden]
        yield TITLES[context], [(" ".join(map(shown, action.keys[context])), action.help) for action in actions]


def found(text: str, places: Iterable[Context], hidden: Container[str] = ()) -> list[Action]:
    """The palette's commands of these contexts that hold every word typed, best first, without those `hidden` by id.

    A label that begins so, then a word of a label, then the beginning of a sentence; by label among equals.
    """
    words = text.casefold().split()
    allowed = set(places)
    hits = [
        action
        for action in ACTIONS
        if action.palette
        and action.id not in hidden
        and allowed.intersection(action.keys)
        and all(word in f"{action.label} {action.help}".casefold() for word in words)
    ]
    start = text.strip().casefold()

    def rank(action: Action) -> tuple[bool, bool, bool, str]:
        label = action.label.casefold()
        in_label = any(word.startswith(start) for word in label.replace("/", " ").split())
        return not label.startswith(start), not in_label, not action.help.casefold().startswith(start), label

    return sorted(hits, key=rank)
