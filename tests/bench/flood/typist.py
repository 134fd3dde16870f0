"""An agent who types: `python -m tests.bench.flood.typist SOCKET STATE --seconds S`.

A real desk on a terminal, the first conversation open, a key every 100 to 200 ms. Prints one JSON object with a row for
each key: when it was pressed by the performance counter, and the ms until the screen showed it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from functools import partial
from pathlib import Path

from tests.bench.desk import LETTERS, begin_typing, has_list, holds, take_back
from tests.bench.processes import CLIENT
from tests.bench.terminal import Terminal, on_terminal


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("socket", type=Path)
    parser.add_argument("state", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    arguments = ("-m", "tui", "--socket", str(options.socket), "--agent", "ann")
    with on_terminal(*arguments, environment={"TEXTDESK_STATE": str(options.state)}, where=CLIENT) as desk:
        desk.until(has_list, "the list")
        desk.settle()
        desk.press("\r")
        desk.until(lambda text: "1,600" in text, "the compose pane's meter")
        print(json.dumps({"rows": _typed(desk, options.seconds)}))


def _typed(desk: Terminal, seconds: float) -> list[tuple[float, float]]:
    rows = list[tuple[float, float]]()
    began = time.perf_counter()
    while time.perf_counter() < began + seconds:
        begin_typing(desk)
        for count in range(1, len(LETTERS) + 1):
            pressed_at = desk.press(LETTERS[count - 1])
            shown_at = desk.until(partial(holds, LETTERS[:count]), f"{LETTERS[count - 1]!r} typed")
            rows.append((pressed_at, (shown_at - pressed_at) * 1000))
            desk.rest(random.uniform(0.1, 0.2))
        take_back(desk)
    return rows


if __name__ == "__main__":
    main()
