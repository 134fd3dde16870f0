"""Rows of the key table: moving, lists, dialogs and pages."""

from __future__ import annotations

from tui.actions.keys.action import Action
from tui.actions.keys.contexts import Context

_E, _D, _L, _T, _C, _F, _P, _A, _M, _H, _I, _Q, _S, _O = Context

ROWS: tuple[Action, ...] = (
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
    Action(
        "colleague",
        "conversations",
        "List what the agent under the cursor has.",
        {_M: ("enter",)},
        (_M,),
        palette=False,
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
        (_T, _C, _F, _P, _A, _M, _H, _I, _Q, _S, _O),
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
    Action(
        "theme",
        "theme",
        "Show the desk in the next theme: dark, light, high contrast, 16 colours, none.",
        {_E: ("f12",)},
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
