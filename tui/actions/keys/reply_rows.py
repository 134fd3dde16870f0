"""Rows of the key table: saved replies."""

from __future__ import annotations

from tui.actions.keys.action import Action
from tui.actions.keys.contexts import Context

_DESK, _COMPOSE, _FINDER, _PAGE = Context.DESK, Context.COMPOSE, Context.FINDER, Context.REPLIES

ROWS: tuple[Action, ...] = (
    Action(
        "saved_reply",
        "saved replies",
        "Find a saved reply by its words; typing ; and its shortcut, then tab, puts it in at once.",
        {_DESK: ("ctrl+y",), _COMPOSE: ("ctrl+y",)},
    ),
    Action(
        "insert_reply",
        "inserts",
        "Put the saved reply under the cursor into the text.",
        {_FINDER: ("enter",)},
        (_FINDER,),
        palette=False,
    ),
    Action(
        "change_reply",
        "change",
        "Change the saved reply under the cursor.",
        {_FINDER: ("ctrl+e",), _PAGE: ("enter",)},
        (_FINDER, _PAGE),
        palette=False,
    ),
    Action("save_reply", "save as reply", "Save what you have written as a saved reply.", {_COMPOSE: ()}),
    Action("go_replies", "manage replies", "List saved replies, to add, change and remove some.", {_DESK: ()}),
    Action("add_reply", "add", "Write a new saved reply.", {_PAGE: ("a",)}, (_PAGE,)),
    Action(
        "remove_reply", "remove", "Remove the saved reply under the cursor; asks once more.", {_PAGE: ("x",)}, (_PAGE,)
    ),
    Action(
        "redo",
        "redo",
        "Put back what undoing a change of the text (^z) took away. In tmux, whose key it is, press it twice.",
        {_COMPOSE: ("ctrl+b",)},
    ),
)
