from __future__ import annotations

import ast
import unicodedata
from pathlib import Path

from tui.actions.keys import DEFAULT_NAMES, Context
from tui.draw.help_page import SECTIONS, help_page
from tui.draw.ideas import IDEAS
from tui.draw.signs import SIGNS
from tui.model.state import Agents, Model

ROOT = Path(__file__).parents[3] / "tui"
EXPLAINS = ("signs.py", "ideas.py", "help_page.py")
FRAMES = set("─╭╮╰╯▀▂▃▅▆▇")
"""Lines, pixels, and the other heights of a bar."""
MODEL = Model(agents=Agents(role="administrator"), keys=DEFAULT_NAMES)


def drawn_signs() -> set[str]:
    """The symbols in the texts of drawing code, without punctuation."""
    found: set[str] = set()
    for path in (path for folder in ("draw", "widgets", "screens") for path in (ROOT / folder).rglob("*.py")):
        if path.name in EXPLAINS:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                found |= set(filter(is_sign, node.value))
    return found - FRAMES


def is_sign(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char) in ("So", "Sm", "Po")


def texts(words: str = "", width: int = 76) -> list[str]:
    return ["".join(text for text, _ in line) for line in help_page(MODEL, Context.TRANSCRIPT, width, words).lines]


def words_of(lines: list[str]) -> list[str]:
    return " ".join(lines).replace("─", "").split()


def test_the_signs_explained_are_those_that_are_drawn() -> None:
    examples = "".join(sign.example for signs in SIGNS.values() for sign in signs)
    assert drawn_signs() == set(filter(is_sign, examples)) - FRAMES


def test_the_manual_lists_every_sign() -> None:
    manual = (ROOT.parent / "docs" / "keys.md").read_text(encoding="utf-8")
    for sign in (sign for signs in SIGNS.values() for sign in signs):
        assert f"| `{sign.example}` | {sign.meaning} |" in manual


def test_each_sign_and_each_idea_is_on_the_page_as_a_whole_at_any_width() -> None:
    lines = texts(width=198)
    for sign in (sign for signs in SIGNS.values() for sign in signs):
        assert any(sign.example in line and sign.meaning in line for line in lines), sign
    for name, sentence in (idea for ideas in IDEAS.values() for idea in ideas):
        assert any(name in line and sentence in line for line in lines), name
    for width in (78, 38):
        narrow = texts(width=width)
        assert words_of(narrow) == words_of(lines)
        assert max(map(len, narrow)) <= width


def test_sections_begin_where_the_page_says() -> None:
    lines, found = texts(), help_page(MODEL, Context.TRANSCRIPT, 76)
    assert [lines[start].split()[0] for start in found.starts] == list(SECTIONS)
    assert "In the transcript" in lines[1]


def test_a_filter_finds_keys_and_ideas_at_once_and_keys_by_other_words_for_them() -> None:
    found = "\n".join(texts("clear"))
    assert "Throw away what is written here" in found and "discard, one esc away" in found
    assert "Show who the consumer is" in "\n".join(texts("customer"))


def test_a_filter_leaves_the_entries_that_hold_all_its_words() -> None:
    lines = texts("opt-out nothing")
    assert any("likely opt-out" in line for line in lines)
    assert not any("capacity" in line for line in lines)
    assert any("due soon" in line for line in texts("signs ▲"))
    assert texts("no such thing at all") == ["", "  Nothing here holds these words."]
