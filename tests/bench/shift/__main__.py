"""`python -m tests.bench.shift`: two hours of three people who answer by keys, without and with what spares keys.

Without: every answer is typed, and each conversation closed with outcome and tag by hand. With: saved replies, and
macros that close. Consumers are the same. Core, vendors and desks are real processes, and every key goes through a
terminal; only the time between keys is counted and not spent, by the keystroke-level model: see `people.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import statistics
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from tests.bench.processes import commit
from tests.bench.shift.people import Person
from tests.bench.shift.plan import SHIFT_S, THANKS_AFTER_S, Question, Visit, saved, visits
from tests.kit.running import Desk, Town, town
from tests.kit.screen import desk_process

NAMES = ("ann", "ben", "cleo")
ROUTING = 'outcomes = ["solved", "not solved"]'


class Shift:
    """One run of it: what consumers text at which second, and who answers."""

    def __init__(self, here: Town, watcher: Desk, people: list[Person], plan: list[Visit]) -> None:
        self.waits_s: list[float] = []
        self.thanks = 0
        self._here = here
        self._watcher = watcher
        self._people = people
        self._asked: dict[str, tuple[float, list[Question]]] = {}  # since when, and what is asked now and later
        self._texts = [(one.at_s, one.consumer, one.questions[0].text) for one in plan]
        self._plan = {one.consumer: one for one in plan}
        heapq.heapify(self._texts)

    async def run(self) -> None:
        """Whoever is free first does the next thing; texts come in their order between them."""
        while True:
            one = min(self._people, key=lambda person: person.now_s)
            await self._deliver(one.now_s)
            await self._are_level()
            if not one.needs_nothing:
                await self._do_next(one)
            elif self._texts:
                one.now_s = max(one.now_s, self._texts[0][0])
            elif all(person.needs_nothing for person in self._people):
                return
            else:
                one.now_s += 1

    async def _deliver(self, until_s: float) -> None:
        while self._texts and self._texts[0][0] <= until_s:
            at_s, consumer, text = heapq.heappop(self._texts)
            if consumer not in self._asked:
                self._asked[consumer] = (at_s, list(self._plan[consumer].questions))
            else:
                self._asked[consumer] = (at_s, self._asked[consumer][1])
            await self._here.text(text, sender=consumer)  # the hook is answered: the text is stored

    async def _are_level(self) -> None:
        """Every desk has drawn what it was told: what it says of itself changes no more."""
        before = None
        while before != (before := [person.screen.text for person in self._people]):
            await asyncio.sleep(0.15)

    async def _do_next(self, one: Person) -> None:
        await one.next_one()
        await self._are_level()
        if not (consumer := one.consumer):
            return  # a colleague was quicker
        at_s, questions = self._asked[consumer]
        if not questions:
            await one.close_thanks()
            self.thanks += 1
            return
        await one.answer(questions.pop(0))
        self.waits_s.append(one.now_s - at_s)
        if questions:
            heapq.heappush(self._texts, (one.now_s + 30, consumer, questions[0].text))
        elif self._plan[consumer].says_thanks:
            heapq.heappush(self._texts, (one.now_s + THANKS_AFTER_S, consumer, "Thank you!"))


async def played(plan: list[Visit], *, with_tools: bool) -> list[str]:
    """A row of the table."""
    with tempfile.TemporaryDirectory(prefix="shift-") as name:
        folder = Path(name)
        async with AsyncExitStack() as stack:
            here = await stack.enter_async_context(town(folder / "t", routing=ROUTING))
            watcher = await stack.enter_async_context(Desk(here.core, role="tool"))
            for reply in saved():
                put = {"type": "put_saved_reply", "is_shared": True, **msgspec.to_builtins(reply)}
                await watcher.ask(put)
            people = []
            for agent in NAMES:
                arguments = ("--socket", str(here.core.data / "desk.sock"), "--agent", agent)
                desk = desk_process(*arguments, state=folder / agent, columns=120, rows=36)
                people.append(Person(agent, await stack.enter_async_context(desk), with_tools=with_tools))
            for person in people:
                await person.screen.shows(f"{person.name} ● online", "linked")
            shift = Shift(here, watcher, people, plan)
            await shift.run()
            waits = sorted(shift.waits_s)
            keys, answers = sum(person.keys for person in people), sum(person.answered for person in people)
            return [
                "with saved replies and macros" if with_tools else "without",
                *(str(len(plan)), str(answers), str(keys), f"{keys / answers:.1f}"),
                *(f"{statistics.median(waits):.0f}", f"{waits[int(len(waits) * 0.95)]:.0f}", f"{waits[-1]:.0f}"),
                f"{max(person.now_s for person in people) / 60:.0f}",
            ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.shift", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=SHIFT_S / 3600)
    options = parser.parse_args()
    plan = [one for one in visits(options.seed) if one.at_s < options.hours * 3600]
    print("way | conversations | answers | keys | keys an answer | wait s, median | 95 % | longest | ends at min")
    for with_tools in (False, True):
        print(" | ".join(asyncio.run(played(plan, with_tools=with_tools))), flush=True)
    print(f"commit {commit()}", file=sys.stderr)


if __name__ == "__main__":
    main()
