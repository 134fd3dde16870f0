"""The conversation of set-up with the administrator, alike for every provider."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from connector.base import trusted_files
from connector.base.data_directory import data_dir
from connector.config import places
from connector.console.as_user import demand_owner
from connector.console.colours import Colours
from connector.console.failure import CommandFailed
from connector.console.output import plain, table
from connector.console.progress import ProgressLine
from connector.console.questions import FlagAnswers, Questions, TerminalQuestions
from connector.providers.settings import DEFAULT_SKILL
from connector.setup import numbers, public_url
from connector.setup.config_file import ConfigEdit, ConfigFile, check_name
from connector.setup.core_commands import core_commands, reload_command
from connector.setup.toml_edit import ConfigChange
from connector.sms.text import cells

_TITLES = {"twilio": "a Twilio account", "openmarket": "an OpenMarket account", "generic": "a gateway of your own"}


class Dialogue:
    """Asks questions, prints what will change and what was done, and knows the flags and the configuration."""

    def __init__(self, options: Namespace) -> None:
        self.options = options
        self.colours = Colours(sys.stdout)
        self.progress = ProgressLine(sys.stdout)
        self.questions: Questions = FlagAnswers() if options.non_interactive else _terminal_questions()
        # Lines are wrapped for a terminal, not for a program that reads them.
        self._width = max(60, shutil.get_terminal_size().columns) if sys.stdout.isatty() else sys.maxsize
        data = getattr(options, "data", None) or data_dir(os.environ)
        found = places.find(getattr(options, "config", None), data, os.environ)
        path = found or Path(places.FILE_NAME)
        demand_owner([path if path.exists() else path.absolute().parent, getattr(options, "data", None)])
        self.config = ConfigFile(path)

    def say(self, words: str = "") -> None:
        print(words, flush=True)

    def title(self, words: str) -> None:
        self.say(f"\n{self.colours.bold(words)}")

    def note(self, words: str) -> None:
        """Something to know before going on."""
        self._labelled(self.colours.amber("note"), words)

    def done(self, words: str) -> None:
        self._labelled(self.colours.green("done"), words)

    def _labelled(self, label: str, words: str) -> None:
        lines = textwrap.wrap(plain(words), self._width - 9, break_on_hyphens=False)
        self.say(f"  {label}  " + "\n        ".join(lines))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Columns two blanks apart; on a terminal the last one is cut at the line's end."""
        first, *others = [(f"  {row[0]}", *row[1:]) for row in rows]
        for line in table(first, others):
            self.say(line)

    def changes(self, title: str, changes: Sequence[ConfigChange]) -> None:
        """Each value before and after, on one line where there is room."""
        self.say(f"  {self.colours.bold(plain(title))}")
        margin = 4 + max(len(change.what) for change in changes) + 2
        room = self._width - margin
        for change in changes:
            before, after = plain(change.before), plain(change.after)
            gap = " " if cells(before) + 3 + cells(after) <= room else "\n" + " " * (margin - 2)
            what = f"    {plain(change.what)}".ljust(margin)
            self.say(f"{what}{self.colours.faint(before)}{gap}{self.colours.faint('→')} {after}")

    def account(self, provider: str, default_name: str) -> tuple[str, dict[str, Any]]:
        """The account's name in the configuration, and its section. Raises CommandFailed for another provider's."""
        self.say(self.colours.bold(f"Connect {_TITLES[provider]}"))
        self.say("Every change is shown before it is made.\n")
        name = self.questions.text(
            "Name of this account in the configuration",
            check_name,
            flag="--name",
            given=self.options.name,
            default=default_name,
        )
        known = self.config.section(name)
        if known.get("provider", provider) != provider:
            raise CommandFailed(f"The account {name} is one of {known['provider']}; give another --name.", os.EX_USAGE)
        return name, known

    def public_url(self, known: Mapping[str, Any]) -> str:
        url = self.questions.text(
            "Public address of the core's hooks, such as https://sms.example.com",
            public_url.clean_url,
            flag="--public-url",
            given=self.options.public_url,
            default=known.get("public_url"),
        )
        if remark := public_url.warning(url):
            self.note(remark)
        return url

    def numbers(self, chosen: Sequence[str], known: Mapping[str, Any]) -> list[dict[str, str]]:
        """The account's numbers from now on, each with its skill: those of the configuration, and what was chosen.

        One that is there is taken away only when a flag says so or a person agrees. Raises CommandFailed.
        """
        listed = [str(number["address"]) for number in known.get("numbers", [])]
        removed = self._removed(chosen, listed)
        stays = [address for address in listed if address not in removed]
        addresses = stays + [one for one in chosen if one not in listed]
        if not addresses:
            raise CommandFailed("An account needs a number: add one, or give --remove-numbers fewer.", os.EX_USAGE)
        return self._with_skill(addresses, chosen, known)

    def _removed(self, chosen: Sequence[str], listed: Sequence[str]) -> set[str]:
        flag: str | None = self.options.remove_numbers
        if flag is not None:
            try:
                removed = numbers.named(flag, listed)
            except ValueError as error:
                raise CommandFailed(f"--remove-numbers: {error}", os.EX_USAGE) from None
            if self.options.numbers is not None and (both := [one for one in removed if one in chosen]):
                raise CommandFailed(f"--numbers and --remove-numbers both name {', '.join(both)}.", os.EX_USAGE)
            return set(removed)
        left_out = [address for address in listed if address not in chosen]
        if not left_out or self.options.numbers is not None or not self.questions.is_person:
            return set()
        names = ", ".join(left_out)
        self.note(f"In the configuration, and not in your answer: {names}. Texts to it would go to quarantine.")
        return set(left_out) if self.questions.yes(f"Take {names} out of the configuration?", given=False) else set()

    def _with_skill(
        self, addresses: Sequence[str], chosen: Sequence[str], known: Mapping[str, Any]
    ) -> list[dict[str, str]]:
        """With the skills of the configuration; for new ones a skill is asked for. --skill is of those chosen."""
        entries = known.get("numbers", [])
        given: str | None = self.options.skill
        skills = {
            str(entry["address"]): str(entry.get("skill", DEFAULT_SKILL))
            for entry in entries
            if given is None or str(entry["address"]) not in chosen
        }
        skill = DEFAULT_SKILL
        if any(address not in skills for address in addresses):
            skill = self.questions.text(
                "Skill that answers them", _checked_skill, flag="--skill", given=given, default=DEFAULT_SKILL
            )
        return [{"address": address, "skill": skills.get(address, skill)} for address in addresses]

    def secret_of_flags(self) -> str | None:
        """The secret that the flags point to. Raises CommandFailed when it cannot be read."""
        path: Path | None = self.options.secret_file
        name: str | None = self.options.secret_env
        if path is not None:
            try:
                secret = trusted_files.read(path, any_owner_for_root=True).decode().strip()
            except trusted_files.UntrustedFile as error:
                raise CommandFailed(str(error), os.EX_NOPERM) from None
            except UnicodeDecodeError:
                secret = ""
            if not secret:
                raise CommandFailed(f"{path}: is not a text file with a secret.", os.EX_USAGE)
            return secret
        if name is not None:
            secret = os.environ.get(name, "").strip()
            if not secret:
                raise CommandFailed(f"The environment variable {name} is not set.", os.EX_USAGE)
            return secret
        return None

    def configured_secret(self, known: Mapping[str, Any], key: str, given: str | None, flags: str) -> str | None:
        """The secret of the configuration for `key`; one that cannot be read is reported, unless one is `given`."""
        if given is None and (why := self.config.missing_secret(known.get(key))) is not None:
            if not self.questions.is_person:
                raise CommandFailed(f"{key}: {why}. Correct that, or give {flags}.", os.EX_USAGE)
            self.note(f"{key}: {why}.")
        return self.config.secret(known.get(key))

    def show_edit(self, edit: ConfigEdit) -> None:
        self.title("What will change")
        if edit.changes:
            self.changes(f"{edit.path}{'' if edit.path.exists() else ' (a new file)'}", edit.changes)

    def confirm(self, question: str) -> int | None:
        """None to make the changes; otherwise the exit code: 0 after a dry run, 1 after a no."""
        self.say()
        if self.options.dry_run:
            self.say("  This was a dry run: nothing was changed.")
            return 0
        if self.questions.yes(question, given=self.options.non_interactive):
            return None
        self.say("  Nothing was changed.")
        return 1

    def write(self, edit: ConfigEdit) -> None:
        if edit.changes:
            edit.write()
            self.done(f"{edit.path} is written")

    def nothing_to_change(self, what: str) -> None:
        self.say(f"\n  {self.colours.green('Nothing to change:')} {what} as it should be.")

    def next_steps(self) -> None:
        self.title("Next")
        for words, command in core_commands(self.config, getattr(self.options, "data", None)).items():
            self.say(f"  {words}\n    {plain(command)}")

    def reload_command(self) -> str:
        return reload_command(self.config, getattr(self.options, "data", None))


def _terminal_questions() -> TerminalQuestions:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandFailed(
            "Set-up asks questions and needs a terminal; without one use --non-interactive.", os.EX_USAGE
        )
    return TerminalQuestions()


def _checked_skill(skill: str) -> str:
    if not skill.strip() or not skill.isprintable():
        raise ValueError("a skill is a word such as orders.")
    return skill.strip()
