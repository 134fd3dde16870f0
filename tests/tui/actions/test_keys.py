from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from tui.actions import keys
from tui.actions.keys import ACTIONS, AROUND, DEFAULT_NAMES, Context
from tui.actions.keys.help import help_sections
from tui.actions.keys.search import found
from tui.app import DeskApp
from tui.draw.format import Line
from tui.draw.help_page import help_page
from tui.model.state import Agents, Model
from tui.screens.desk.screen import DeskScreen
from tui.screens.dialogs.dialog import Dialog
from tui.screens.dialogs.sign_off import SignOffDialog
from tui.screens.help_page import HelpPage
from tui.screens.on_call_page import OnCallPage
from tui.screens.pages import PageView
from tui.screens.palette import Palette
from tui.screens.picture import PictureScreen
from tui.screens.provider_pages import ProvidersPage, QuarantinePage
from tui.screens.replies_page import RepliesPage
from tui.screens.reports_page import ReportsPage
from tui.screens.search_page import Hits, SearchPage
from tui.screens.team_page import TeamPage
from tui.widgets.bindings import action_string
from tui.widgets.compose import ComposeArea
from tui.widgets.conversation_list import ConversationList
from tui.widgets.reply_finder import FinderInput
from tui.widgets.transcript import TranscriptView

# Where an action may be carried out, from the inside to the outside.
OWNERS: dict[Context, tuple[type, ...]] = {
    Context.EVERYWHERE: (DeskApp,),
    Context.DESK: (DeskScreen,),
    Context.LIST: (ConversationList, DeskScreen),
    Context.TRANSCRIPT: (TranscriptView, DeskScreen),
    Context.COMPOSE: (ComposeArea, DeskScreen),
    Context.FILTER: (DeskScreen,),
    Context.PAGE: (PageView,),
    Context.PROVIDERS: (ProvidersPage,),
    Context.TEAM: (TeamPage,),
    Context.QUARANTINE: (QuarantinePage,),
    Context.REPORTS: (ReportsPage,),
    Context.PICTURE: (PictureScreen,),
    Context.DIALOG: (Dialog,),
    Context.SIGN_OFF: (SignOffDialog,),
    Context.PALETTE: (Palette,),
    Context.HELP: (HelpPage,),
    Context.FINDER: (FinderInput, DeskScreen),
    Context.REPLIES: (RepliesPage,),
    Context.ON_CALL: (OnCallPage,),
    Context.SEARCH: (SearchPage,),
    Context.HITS: (Hits, SearchPage),
}

# In the classic encoding of terminals these arrive as other keys (enter, tab, backspace, letters with accents).
INDISTINCT = {"ctrl+h", "ctrl+i", "ctrl+m", "shift+enter", "ctrl+enter", "alt+enter", "alt+backspace"} | {
    f"alt+{digit}" for digit in range(10)
}


def test_ids_are_unique() -> None:
    assert len(keys.BY_ID) == len(ACTIONS)


@pytest.mark.parametrize("context", Context)
def test_no_key_means_two_things_in_one_place(context: Context) -> None:
    seen: dict[str, str] = {}
    for place in (context, *AROUND[context]):
        for action in ACTIONS:
            for key in action.keys.get(place, ()):
                # The same action may be bound again further out.
                assert seen.setdefault(key, action.id) == action.id, f"{key} in {context}"


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_key_a_short_label_and_a_sentence(action: keys.Action) -> None:
    assert action.keys and (action.palette or all(action.keys.values()))
    assert 0 < len(action.label) <= 15
    assert action.help.endswith(".") and action.help[0].isupper()
    assert all(keys.key_for(DEFAULT_NAMES, action.id, place) for place in action.footer)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_key_is_one_that_terminals_can_tell_apart(action: keys.Action) -> None:
    assert INDISTINCT.isdisjoint(key for pressed in action.keys.values() for key in pressed)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_is_carried_out_where_its_keys_work(action: keys.Action) -> None:
    method = "action_request" if action.request else f"action_{action.id}"
    for context in action.keys:
        owners = OWNERS[Context.EVERYWHERE if Context.EVERYWHERE in action.keys else context]
        assert any(inspect.isfunction(getattr(owner, method, None)) for owner in owners), context


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.request], ids=lambda action: action.id)
def test_an_action_that_is_one_request_has_no_method_of_its_own(action: keys.Action) -> None:
    assert not hasattr(DeskScreen, f"action_{action.id}")
    assert action_string(action) == f"screen.request('{action.id}')"


def test_the_palette_can_run_each_of_its_commands_from_the_desk_or_a_page() -> None:
    for action in ACTIONS:
        if action.palette:
            owner = DeskApp if Context.EVERYWHERE in action.keys else OWNERS[next(iter(action.keys))][-1]
            assert action.request or hasattr(owner, f"action_{action.id}"), action.id


def test_letters_are_never_bound_where_text_is_written() -> None:
    for context in (
        *(Context.COMPOSE, Context.FILTER, Context.PALETTE, Context.FINDER, Context.SEARCH),
        *AROUND[Context.COMPOSE],
    ):
        for action in ACTIONS:
            assert all(len(key) > 1 for key in action.keys.get(context, ())), action.id


@pytest.mark.parametrize(
    ("key", "text"), [("ctrl+q", "^q"), ("escape", "esc"), ("slash", "/"), ("f4", "F4"), ("G", "G"), ("up", "↑")]
)
def test_keys_are_shown_as_people_write_them(key: str, text: str) -> None:
    assert keys.shown(key) == text


def test_the_footer_names_what_works_and_leaves_out_what_is_pointless() -> None:
    page = {hint.key: hint for hint in keys.footer(DEFAULT_NAMES, Context.PROVIDERS)}
    assert page["a"].label == "activate"
    hints = keys.footer(DEFAULT_NAMES, Context.PROVIDERS, {"activate"})
    assert "activate" not in {hint.label for hint in hints}


def test_the_manual_lists_every_action_with_its_keys() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "keys.md").read_text()
    for context in Context:
        for action in ACTIONS:
            if context in action.keys:
                names = " ".join(f"`{key}`" for key in DEFAULT_NAMES.of(action.id, context))
                row = f"| `{action.id}` | {names.replace('`|`', '<code>&#124;</code>')} | {action.help} |"
                assert row in manual, f"docs/keys.md, {context}"


def test_the_help_screen_begins_with_the_place_it_was_asked_in_and_holds_every_action() -> None:
    sections = list(help_sections(DEFAULT_NAMES, Context.COMPOSE))
    assert sections[0][0] == keys.TITLES[Context.COMPOSE]
    assert len(sections) == len(Context)
    told = {row.sentence for _, rows in sections for row in rows}
    assert told == {action.help for action in ACTIONS}


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("agent", {"unmask", "join", "take_over", "activate", "drain", "switch_off", "quarantine", "release"}),
        ("lead", {"activate", "drain", "switch_off", "quarantine", "release"}),
        ("administrator", set()),
        ("", {"unmask", "join", "take_over"}),
    ],
)
def test_what_a_role_does_not_allow_is_named_nowhere(role: str, hidden: set[str]) -> None:
    """An older core does not say who administers: it decides itself."""
    model = Model(agents=Agents(role=role))
    not_for = keys.not_for(model)
    assert hidden <= not_for
    every = [action for action in ACTIONS if action.id in not_for]
    shown = text_of(help_page(model, Context.DESK, 200).lines)
    for action in every:
        assert action.help not in shown
        assert action not in [each.action for each in found("", tuple(Context), not_for)]
        labels = {hint.label for place in Context for hint in keys.footer(DEFAULT_NAMES, place, not_for)}
        assert action.label not in labels
    assert all(action.help in shown for action in ACTIONS if action.id not in not_for)


def test_a_key_that_the_role_does_not_allow_says_for_whom_it_is() -> None:
    agent, lead = Model(agents=Agents(role="agent")), Model(agents=Agents(role="lead"))
    words = keys.refusal(agent, keys.BY_ID["take_over"])
    assert words is not None and words.endswith("This is for leads; you are an agent.")
    words = keys.refusal(lead, keys.BY_ID["drain"])
    assert words is not None and words.endswith("This is for administrators; you are a lead.")
    assert keys.refusal(lead, keys.BY_ID["take_over"]) is None


def text_of(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)
