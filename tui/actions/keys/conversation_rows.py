"""Rows of the key table: writing, and what is done with the shown conversation."""

from __future__ import annotations

from tui.actions import conversation, unsettled
from tui.actions.keys.action import Action
from tui.actions.keys.contexts import Context

_E, _D, _L, _T, _C, _F, _P, _A, _M, _H, _I, _Q, _S, _O, _Y = Context

ROWS: tuple[Action, ...] = (
    Action(
        "send",
        "send",
        "Send the reply; leads: once more, where a limit refuses it.",
        {_C: ("enter",)},
        palette=False,
    ),
    Action(
        "newline", "new line", "Start a new line in the reply, as alt+enter does.", {_C: ("ctrl+j",)}, palette=False
    ),
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
    ),
    Action("open", "open", "Open the conversation under the cursor.", {_L: ("enter",)}, palette=False),
    Action("apply_filter", "keep", "Go to the filtered list.", {_F: ("enter", "down")}, palette=False),
    Action(
        "resend",
        "send again",
        "Send a reply again that did not arrive; asks once more where it may have arrived.",
        {_D: ("S",), _C: ("ctrl+s",)},
        request=unsettled.resend,
        doubt=unsettled.resend_doubt,
    ),
    Action(
        "is_opt_out",
        "opted out",
        "Record that the text that reads like an opt-out is one.",
        {_D: ("Y",)},
        request=unsettled.is_opt_out,
    ),
    Action(
        "is_no_opt_out",
        "no opt-out",
        "Say that the text that reads like an opt-out is none, so that replies can be sent.",
        {_D: ("I",)},
        request=unsettled.is_no_opt_out,
    ),
    Action("write", "write", "Write in the shown conversation.", {_T: ("enter", "r", "i")}),
    Action("toggle_parts", "parts", "Show the segments of a long text as one, or each on its own.", {_T: ("v",)}),
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
        {_D: ("n", "ctrl+n"), _C: ("ctrl+n",)},
    ),
    Action("previous_need", "previous", "The same the other way round.", {_D: ("N",)}),
    Action("accept", "accept", "Take the conversation from the queue, or as it rings.", {_D: ("a",)}),
    Action(
        "decline",
        "decline",
        "Pass on what is ringing you; asks once more.",
        {_D: ("d",)},
        request=conversation.decline,
        doubt=conversation.decline_doubt,
    ),
    Action(
        "undo",
        "undo",
        "Undo the reply sent last, from anywhere while it has not left; or reopen what you closed.",
        {_D: ("u",), _C: ("ctrl+t",)},
    ),
    Action(
        "close",
        "close",
        "End the conversation; asks once more when they wait for an answer.",
        {_D: ("x",)},
        request=conversation.close,
        doubt=conversation.close_doubt,
    ),
    Action("transfer", "transfer", "Transfer the conversation to a skill or an agent.", {_D: ("t",)}),
    Action(
        "give_back",
        "give back",
        "Give the conversation back to the queue; asks once more.",
        {_D: ("b",)},
        request=conversation.give_back,
        doubt=conversation.give_back_doubt,
    ),
    Action("set_due", "due", "Say when an answer is due, or put it off.", {_D: ("s",)}),
    Action("note", "note", "Write a note that only colleagues see.", {_D: ("m",)}),
    Action(
        "wrap_up",
        "outcome",
        "Close with outcome, note and tags; in a wrap-up, record them.",
        {_D: ("X",)},
    ),
    Action("reopen", "reopen", "Go on with a closed conversation.", {_D: ("R",)}, request=conversation.reopen),
    Action(
        "join",
        "join/leave",
        "For leads: write beside the owner, or stop doing so.",
        {_D: ("J",)},
        request=conversation.join_or_leave,
        role="lead",
    ),
    Action(
        "take_over",
        "take over",
        "For leads: make a colleague's conversation yours.",
        {_D: ("O",)},
        request=conversation.take_over,
        doubt=conversation.take_over_doubt,
        role="lead",
    ),
    Action("explain", "why", "Explain why the conversation is where it is, and what comes next.", {_D: ("w",)}),
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
    Action("start_conversation", "text first", "Text a consumer first, from one of our lines.", {_D: ("c",)}),
    Action(
        "consent",
        "consent",
        "Record what the consumer said elsewhere: that they want no texts, or want them again.",
        {_D: ("C",)},
    ),
    Action("read_rest", "read the rest", "Read the end of a text of more than 5,000 characters.", {_T: ("e",)}),
    Action(
        "unmask",
        "unmask",
        "For leads: read what is masked in the last such message in sight; the audit records it.",
        {_T: ("M",)},
        role="lead",
    ),
    Action("view_picture", "picture", "Look at the last picture in sight.", {_T: ("o",)}),
    Action(
        "copy_message",
        "copy",
        "Copy the text of the last message in sight; ctrl+c copies what is selected with the mouse.",
        {_D: ("y",)},
    ),
    Action(
        "links",
        "links",
        "List the links and numbers of the transcript, [1] and so on, and the consumer's number; enter copies one.",
        {_D: ("l",)},
    ),
    Action("copy_transcript", "copy all", "Copy the transcript, as far as it is loaded.", {_D: ("T",)}),
    Action("attach", "attach", "Send a picture along, from a file or an https address.", {_C: ("ctrl+o",)}),
    Action("detach", "take away", "Take the last attached picture away again.", {_C: ("ctrl+r",)}),
)
