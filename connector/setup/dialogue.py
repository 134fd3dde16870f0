"""What the set-up of any company has in common."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import textwrap
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from connector.base.data_directory import data_dir
from connector.config import places
from connector.console.colours import Colours
from connector.console.failure import CommandFailed
from connector.console.output import plain, table
from connector.console.progress import ProgressLine
from connector.console.questions import FlagAnswers, Questions, TerminalQuestions
from connector.setup import public_url
from connector.setup.config_file import ConfigFile, Edit, checked_name
from connector.setup.config_text import ConfigChange
from connector.sms.text import cells


class Dialogue:
    """Where set-up asks, where it writes, and what the flags said."""

    def __init__(self, options: Namespace) -> None:
        self.options = options
        self.colours = Colours(sys.stdout)
        self.progress = ProgressLine(sys.stdout)
        self.asker: Questions = FlagAnswers() if options.non_interactive else _person()
        # Only a terminal has an edge; what is read by a program is not broken into lines.
        self._width = max(60, shutil.get_terminal_size().columns) if sys.stdout.isatty() else sys.maxsize
        data = getattr(options, "data", None) or data_dir(os.environ)
        found = places.find(getattr(options, "config", None), data, os.environ)
        self.config = ConfigFile(found or Path(places.FILE_NAME))

    def say(self, words: str = "") -> None:
        print(words, flush=True)

    def title(self, words: str) -> None:
        self.say(f"\n{self.colours.bold(words)}")

    def note(self, words: str) -> None:
        """Something to know before going on."""
        self._tell(self.colours.amber("note"), words)

    def done(self, words: str) -> None:
        self._tell(self.colours.green("done"), words)

    def _tell(self, word: str, words: str) -> None:
        lines = textwrap.wrap(plain(words), self._width - 9, break_on_hyphens=False)
        self.say(f"  {word}  " + "\n        ".join(lines))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Columns two blanks apart; on a terminal the last one ends where the line does."""
        first, *others = [(f"  {row[0]}", *row[1:]) for row in rows]
        for line in table(first, others):
            self.say(line)

    def changes(self, title: str, changes: Sequence[ConfigChange]) -> None:
        """What it is and what it will be, on one line where there is room."""
        self.say(f"  {self.colours.bold(plain(title))}")
        margin = 4 + max(len(change.what) for change in changes) + 2
        room = self._width - margin
        for change in changes:
            before, after = plain(change.before), plain(change.after)
            gap = " " if cells(before) + 3 + cells(after) <= room else "\n" + " " * (margin - 2)
            what = f"    {plain(change.what)}".ljust(margin)
            self.say(f"{what}{self.colours.faint(before)}{gap}{self.colours.faint('→')} {after}")

    def name(self, default: str) -> str:
        return self.asker.text(
            "Name of this account in the configuration",
            checked_name,
            flag="--name",
            given=self.options.name,
            default=default,
        )

    def public_url(self, known: Mapping[str, Any]) -> str:
        url = self.asker.text(
            "Public address of the core's hooks, such as https://sms.example.com",
            public_url.checked,
            flag="--public-url",
            given=self.options.public_url,
            default=known.get("public_url"),
        )
        if remark := public_url.remark(url):
            self.note(remark)
        return url

    def with_skill(self, addresses: Sequence[str], known: Mapping[str, Any]) -> list[dict[str, str]]:
        """These numbers as the configuration has them; a skill is asked for where there is a new one."""
        skills = {str(number["address"]): str(number.get("skill", "general")) for number in known.get("numbers", [])}
        given: str | None = self.options.skill
        if given is not None:
            skills = {}
        skill = "general"
        if any(address not in skills for address in addresses):
            skill = self.asker.text(
                "Skill that answers them", _checked_skill, flag="--skill", given=given, default="general"
            )
        return [{"address": address, "skill": skills.get(address, skill)} for address in addresses]

    def given_secret(self) -> str | None:
        """What the flags point at. Raises Failure when it is not there."""
        path: Path | None = self.options.secret_file
        name: str | None = self.options.secret_env
        if path is not None:
            try:
                said = path.read_text(encoding="utf-8").strip()
            except UnicodeDecodeError:
                said = ""
            if not said:
                raise CommandFailed(f"{path}: is not a text file with a secret.", os.EX_USAGE)
            return said
        if name is not None:
            said = os.environ.get(name, "").strip()
            if not said:
                raise CommandFailed(f"The environment variable {name} is not set.", os.EX_USAGE)
            return said
        return None

    def kept_secret(self, known: Mapping[str, Any], key: str, given: str | None, flags: str) -> str | None:
        """The secret that the configuration has for `key`. One that it names and cannot be read is told, unless
        another was `given`."""
        if given is None and (why := self.config.missing_secret(known.get(key))) is not None:
            if not self.asker.is_person:
                raise CommandFailed(f"{key}: {why}. Mend that, or give {flags}.", os.EX_USAGE)
            self.note(f"{key}: {why}.")
        return self.config.secret(known.get(key))

    def show_edit(self, edit: Edit) -> None:
        if edit.changes:
            self.changes(f"{edit.path}{'' if edit.path.exists() else ' (a new file)'}", edit.changes)

    def next_steps(self) -> None:
        config = shlex.quote(str(self.config.path))
        self.title("Next")
        self.table(
            [
                (f"textdesk serve --config {config}", "starts the core, or restart yours"),
                (f"textdesk doctor --config {config}", "says whether all is well"),
            ]
        )


def _person() -> TerminalQuestions:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandFailed(
            "Set-up asks questions and needs a terminal; without one use --non-interactive.", os.EX_USAGE
        )
    return TerminalQuestions()


def _checked_skill(skill: str) -> str:
    if not skill.strip() or not skill.isprintable():
        raise ValueError("a skill is a word like orders.")
    return skill.strip()
