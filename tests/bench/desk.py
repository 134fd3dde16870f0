"""What an agent feels at the desk: the first paint, a letter typed, the cursor moved; beside bare Textual apps."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from tests.bench.figures import Figure, percentile
from tests.bench.floor_app import ROWS
from tests.bench.hooks import HOOK
from tests.bench.processes import CLIENT, SERVER, on_processor, told
from tests.bench.terminal import LINES, Line, Terminal, on_terminal
from tests.kit.running import Core, town

_DOWN, _BACKSPACE = "\x1b[B", "\x7f"
_RARE, LETTERS = "zqj", "abcdefghijklmnopqrstuvwx"  # no spaces: an empty cell looks like one
_GAP_S = 1 / 15  # between keys: a quick typist
_STEPS = 30
Round = tuple[float, float, float]  # p50 and p95 in ms, bytes a key
Moves = tuple[float, float, float, float, float]  # as a round; bytes in the page, and scrolled


async def paint(rounds: int, folder: Path) -> list[Figure]:
    """From the start of the program to the outlines, to the first frame of the toolkit, and to the one with the list;
    bytes written by then."""
    ours, bare = list[tuple[float, ...]](), list[tuple[float, ...]]()
    async with core_with(folder, conversations=50) as core:
        with on_processor(CLIENT):
            for _ in range(rounds + 1):
                with desk_of(core, folder) as terminal:
                    ours.append(_painted(terminal, lambda text: "Queue" in text, has_list))
                with bare_app("static") as terminal:
                    bare.append(_painted(terminal, *[lambda text: "floor" in text] * 2))
    of = "Textual with one Static"
    names = (
        *(("outlines", "ms"), ("first frame of the toolkit", "ms"), ("list of 50 on the screen", "ms")),
        ("bytes to paint", "bytes"),
    )
    return [_figure(f"desk: {name}", unit, of, ours[1:], bare[1:], index) for index, (name, unit) in enumerate(names)]


async def compose(rounds: int, folder: Path) -> list[Figure]:
    """A letter typed in the compose pane, with a transcript open above it."""
    async with core_with(folder, conversations=50, texts_each=10) as core:
        with on_processor(CLIENT), ExitStack() as stack:
            desk = stack.enter_context(desk_of(core, folder))
            desk.until(has_list, "the list")
            desk.settle()
            desk.press("\r")
            desk.until(lambda text: "1,600" in text, "the compose pane's meter")
            floor = stack.enter_context(bare_app("area"))
            floor.until(lambda text: "floor" in text, "the text area")
            ours, bare = [], []
            for _ in range(rounds + 1):
                ours.append(typed(desk))
                bare.append(typed(floor))
    return key_figures("letter in the compose pane", "Textual with one TextArea", ours[1:], bare[1:])


async def cursor(rounds: int, folder: Path) -> list[Figure]:
    """The cursor one down in a queue of 10,000, from the end of the first page on; scrolling is in it."""
    async with core_with(folder, conversations=ROWS) as core:
        with on_processor(CLIENT), ExitStack() as stack:
            desk = stack.enter_context(desk_of(core, folder))
            desk.until(lambda text: "linked" in text and has_list(text), "the list")
            desk.press("\x1b[C")
            desk.until(lambda text: re.search(r"▸Queue 9,9\d\d", text) is not None, "the queue")
            floor = stack.enter_context(bare_app("list"))
            floor.until(lambda text: f"1 of {ROWS:,}" in text, "the list")
            past_first_page(desk)
            past_first_page(floor)
            ours, bare = [], []
            for _ in range(rounds + 1):
                ours.append(moved(desk))
                bare.append(moved(floor))
    what, of = f"cursor down, {ROWS:,} rows", "Textual's OptionList"
    sizes = [
        _figure(f"{what}, {which}", "bytes", of, ours[1:], bare[1:], index)
        for index, which in ((3, "in the page"), (4, "scrolled"))
    ]
    return [*key_figures(what, of, [each[:3] for each in ours[1:]], [each[:3] for each in bare[1:]]), *sizes]


def _painted(terminal: Terminal, *conditions: Callable[[str], bool]) -> tuple[float, ...]:
    times = [terminal.until(condition, "the first paint") for condition in conditions]
    assert terminal.first_shown_at is not None
    return *((at - terminal.started_at) * 1000 for at in (terminal.first_shown_at, *times)), terminal.bytes


def typed(terminal: Terminal) -> Round:
    """p50 and p95 in ms from key to screen, and bytes a key. What was typed is taken back."""
    begin_typing(terminal)
    before, times = terminal.bytes, list[float]()
    for count in range(1, len(LETTERS) + 1):
        times.append(pressed(terminal, LETTERS[count - 1], partial(holds, LETTERS[:count])))
    each = (terminal.bytes - before) / len(LETTERS)
    take_back(terminal)
    return percentile(times, 0.5), percentile(times, 0.95), each


def begin_typing(terminal: Terminal) -> None:
    """Type what is nowhere else on the screen, so that the first letter can be found behind it."""
    terminal.settle()
    terminal.press(_RARE)
    terminal.until(lambda text: _RARE in text, f"{_RARE} typed")


def take_back(terminal: Terminal) -> None:
    terminal.press(_BACKSPACE * (len(_RARE) + len(LETTERS)))
    terminal.until(lambda text: _RARE not in text, "the letters to be gone")


def past_first_page(terminal: Terminal) -> None:
    """Go down until the list scrolls."""
    terminal.settle()
    first = _consumers(terminal.text)[0]
    for _ in range(LINES):
        terminal.press(_DOWN)
        terminal.settle(0.1)
        if _consumers(terminal.text)[0] != first:
            return
    raise RuntimeError(f"{LINES} keys down do not scroll:\n{terminal.text}")


def moved(terminal: Terminal) -> Moves:
    """As `typed`, for the cursor moved down; and the bytes of a move in the page, and of the longest that scrolls."""
    terminal.settle()
    times, sizes = list[float](), list[int]()
    for _ in range(_STEPS):
        before = terminal.bytes
        times.append(pressed(terminal, _DOWN, partial(_has_moved, _cursor(terminal.text))))
        sizes.append(terminal.bytes - before)
    each = sum(sizes) / _STEPS
    return percentile(times, 0.5), percentile(times, 0.95), each, percentile(sizes, 0.5), max(sizes)


def _consumers(text: str) -> list[str]:
    """In the rows in sight, as the desk and the bare list write them."""
    lists = "\n".join(line.partition("│")[0] for line in text.splitlines())  # beside it is the conversation
    found: list[str] = re.findall(r"\(415\) \d{3}-\d{4}|\+1415\d{7}", lists)
    return found


def _cursor(text: str) -> str:
    """The consumer at the desk's cursor; the bare list shows its cursor by colour, but scrolls with every key."""
    at_cursor = _consumers("".join(line for line in text.splitlines() if "▌" in line))
    return (at_cursor or _consumers(text)[-1:])[0]


def _has_moved(before: str, text: str) -> bool:
    return _cursor(text) != before


def is_at(row: int, text: str) -> bool:
    return f"row {row:,} " in text or f" {row:,} of " in f" {text}"


def holds(letters: str, text: str) -> bool:
    """Whether these letters have been typed and are shown."""
    return _RARE + letters in text


def pressed(terminal: Terminal, key: str, is_shown: Callable[[str], bool]) -> float:
    """Milliseconds from the key to the frame that shows it; then the rest of an uneven pause."""
    pressed_at = terminal.press(key)
    took_s = terminal.until(is_shown, f"what {key!r} does") - pressed_at
    terminal.rest(_GAP_S * random.uniform(0.6, 1.4))
    return took_s * 1000


def has_list(text: str) -> bool:
    """The rows, with the cursor on the first one."""
    return "1 of " in text and re.search(r"^▌.*(\(415\) |\+1415)", text, re.MULTILINE) is not None


@asynccontextmanager
async def core_with(folder: Path, *, conversations: int, texts_each: int = 1) -> AsyncIterator[Core]:
    async with AsyncExitStack() as stack:
        with on_processor(SERVER):
            core = (await stack.enter_async_context(town(folder / "town"))).core
        count = str(conversations * texts_each)
        await told("tests.bench.load", core.url + HOOK, count, "0", "64", "--texts-each", str(texts_each))
        yield core


@contextmanager
def desk_of(core: Core, folder: Path, line: Line = nullcontext, **environment: str) -> Iterator[Terminal]:
    """Ann's desk at this core."""
    arguments = ("-m", "tui", "--socket", str(core.data / "desk.sock"), "--agent", "ann")
    environment = {"TEXTDESK_STATE": str(folder / "state")} | environment
    with on_terminal(*arguments, environment=environment, line=line) as terminal:
        yield terminal


@contextmanager
def bare_app(kind: str) -> Iterator[Terminal]:
    with on_terminal("-m", "tests.bench.floor_app", kind, environment={}) as terminal:
        yield terminal


def key_figures(what: str, of: str, ours: list[Round], bare: list[Round]) -> list[Figure]:
    """Figures of keys; `of`: what the floor is."""
    names = ((f"{what} p50", "ms"), (f"{what} p95", "ms"), (f"{what}, written", "bytes"))
    return [_figure(name, unit, of, ours, bare, index) for index, (name, unit) in enumerate(names)]


def _figure(
    name: str, unit: str, of: str, ours: Sequence[Sequence[float]], bare: Sequence[Sequence[float]], index: int
) -> Figure:
    return Figure(name, unit, tuple(one[index] for one in ours), tuple(one[index] for one in bare), of)
