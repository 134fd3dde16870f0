"""`textdesk contact`: what is recorded of consumers."""

from __future__ import annotations

import os
import re
import secrets
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime

import msgspec

from connector.base.counted import count
from connector.cli.contact_csv import ContactTable, pages, read_table, written_table
from connector.cli.find_conversation import consumer_of, is_number, named
from connector.cli.text_argument import read_text
from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, moment, note, plain, table, write, write_words
from connector.console.progress import ProgressLine
from connector.sms.text import one_line, shown
from connector.wire import answers, contacts, limits
from connector.wire.contacts import ContactView, PersonView
from connector.wire.languages import name_of
from connector.wire.refusals import RefusalCode

_HEAD = ["NUMBER", "NAME", "LANGUAGE", "ATTRIBUTES", "NOTES"]
_TRIES = 5  # of an import, while agents change contacts


def check(options: Namespace) -> None:
    if options.action == "import":
        options.table = read_table(options.file)
    if options.action != "set":
        return
    if all(getattr(options, name) is None for name in ("name", "language", "notes", "attributes")):
        raise CommandFailed("Say what to record: `textdesk contact set --help` lists it.", os.EX_USAGE)
    for one in options.attributes or ():
        if "=" not in one:
            raise CommandFailed(f"An attribute is NAME=VALUE, not {one[:40]}.", os.EX_USAGE)
    if options.notes:
        options.notes = read_text([options.notes])


async def run(link: Link, options: Namespace) -> int:
    if options.action in ("show", "set", "remove"):
        options.number = await _consumer(link, options.number, is_looked_at=options.action == "show")
    match options.action:
        case "show":
            _show((await _person(link, options.number)), as_json=options.json)
        case "find":
            await _find(link, " ".join(options.words), as_json=options.json)
        case "set":
            await _set(link, options)
        case "remove":
            await link.ask(contacts.RemoveContact(options.number))
            words = f"Nothing is recorded of {options.number} any more; their conversations stay."
            write(json_line({"removed": options.number}) if options.json else plain(words))
        case "import":
            return await _import(link, options.table, options)
        case _:
            await _export(link, options)
    return 0


async def _consumer(link: Link, asked: str, *, is_looked_at: bool) -> str:
    """The number that is meant; by a name, or where it is only looked at by its last digits, also that of a contact
    without an open conversation. Raises CommandFailed where several are."""
    found = consumer_of(asked, (await link.snapshot()).conversations)
    digits = re.sub(r"[^0-9]", "", asked)
    if found != asked.strip() or (is_number(asked) and not is_looked_at):
        return found
    known = await link.ask(contacts.FindContacts(asked, limits.CONTACTS_FOUND))
    assert isinstance(known, answers.Contacts)
    if is_number(asked):
        same = [one for one in known.contacts if one.consumer.endswith(digits)]
    else:
        same = [known.contacts[row] for row in named(asked, [one.name for one in known.contacts])]
    if len(same) > 1:
        each = ", ".join(f"{one.name} {one.shown or one.consumer}".lstrip() for one in same)
        raise CommandFailed(f"{asked} could be any of {len(same)}: {each}.", os.EX_USAGE)
    if not same and not is_number(asked):
        raise CommandFailed(f"Nobody is {asked}: write the number, or look with `textdesk contact find`.")
    return same[0].consumer if same else found


async def _person(link: Link, number: str) -> PersonView:
    found = await link.ask(contacts.GetContactOf(number))
    assert isinstance(found, answers.PersonFound)
    return found.person


def _show(person: PersonView, *, as_json: bool) -> None:
    if as_json:
        write(json_line(msgspec.to_builtins(person)))
        return
    one = person.contact
    number = one.shown or one.consumer
    write(plain(f"{one.name}  {number}" if one.name else number))
    facts = [("language", name_of(one.language))] if one.language else []
    facts += one.attributes.items()
    if person.since is not None:
        facts.append(("since", moment(person.since)))
    width = max((len(name) for name, _ in facts), default=0)
    for name, value in facts:
        write(plain(f"  {name:<{width}}  {value}"))
    if one.notes:
        write("")
        for line in shown(one.notes).split("\n"):
            write_words(line, indent="  ")
    if person.others:
        write("")
        write(f"{count(person.others, 'conversation')}, the latest first:")
        for past in person.latest:
            day = datetime.fromtimestamp(past.opened_at / 1000).strftime("%Y-%m-%d")
            about = ", ".join(filter(None, (past.skill, past.state.replace("_", " "), past.outcome, *past.tags)))
            write(plain(f"  {day}  {past.id}  {past.line}  {about}"))
    if one.changed_by:
        note(f"changed by {one.changed_by}, {moment(one.changed_at)}")


async def _find(link: Link, words: str, *, as_json: bool) -> None:
    found = await link.ask(contacts.FindContacts(words, limits.CONTACTS_FOUND))
    assert isinstance(found, answers.Contacts)
    if as_json:
        for one in found.contacts:
            write(json_line({"consumer": one.consumer, "shown": one.shown or one.consumer, "name": one.name}))
    elif found.contacts:
        for line in table(["NUMBER", "NAME", "SHOWN"], [[one.consumer, one.name, one.shown] for one in found.contacts]):
            write(line)
    else:
        write("There is none that you may see.")
    if found.more:
        note(f"There are more than {limits.CONTACTS_FOUND}: name more of them.")


async def _set(link: Link, options: Namespace) -> None:
    before: ContactView | None = None
    attributes: dict[str, str] | None = None
    if options.attributes is not None:
        try:
            before = (await _person(link, options.number)).contact
        except RequestRefused as refused:
            if refused.code != RefusalCode.UNKNOWN_CONTACT:
                raise
        attributes = _merged(before.attributes if before is not None else {}, options.attributes)
    based_on = (before.version if before is not None else "") if options.attributes is not None else None
    saved = await link.ask(
        contacts.SetContactOf(
            number=options.number,
            based_on=based_on,
            name=options.name,
            language=options.language,
            attributes=attributes,
            notes=options.notes,
        )
    )
    assert isinstance(saved, answers.ContactSaved)
    if options.json:
        write(json_line({"version": saved.version}))
    else:
        of = options.number
        write(plain(f"Recorded of {of}." if saved.version else f"Nothing is recorded of {of} any more."))


def _merged(known: dict[str, str], given: Sequence[str]) -> dict[str, str]:
    """What is there with what the flags say, each name in the case in which it is there."""
    found = dict(known)
    names = {name.casefold(): name for name in found}
    for one in given:
        name, _, value = one.partition("=")
        found[names.get(name.strip().casefold(), name)] = value
    return found


async def _all(link: Link) -> list[ContactView]:
    found: list[ContactView] = []
    more = True
    while more:
        after = (found[-1].person or found[-1].consumer) if found else ""
        page = await link.ask(contacts.GetContacts(after))
        assert isinstance(page, answers.Contacts)
        found += page.contacts
        more = page.more
    return found


async def _export(link: Link, options: Namespace) -> None:
    found = await _all(link)
    if options.json:
        for one in found:
            write(json_line(msgspec.to_builtins(one)))
    elif options.action == "export":
        write(written_table(found))
        masked = sum(bool(one.masked) for one in found)
        if masked:
            note(f"{count(masked, 'contact')} with something masked: the file has blocks there, as every screen has.")
    elif found:
        for line in table(_HEAD, [_row(one) for one in found]):
            write(line)
    else:
        write("There is no contact: `textdesk contact set NUMBER --name NAME`, or `import FILE.csv`.")


def _row(one: ContactView) -> list[str]:
    about = ", ".join(f"{name}: {value}" for name, value in one.attributes.items())
    return [one.consumer, one.name or "-", one.language or "-", about or "-", one.notes.partition("\n")[0] or "-"]


class _Report:
    """What an import has found, line by line."""

    def __init__(self, read: ContactTable) -> None:
        self.wrong = dict(read.wrong)
        self.numbers = {row.line: row.number for row in read.rows}
        self.added = self.changed = self.unchanged = self.emptied = 0

    def add(self, page: answers.ContactsStaged) -> None:
        self.wrong |= {one.line: one.words for one in page.wrong}
        self.added += page.added
        self.changed += page.changed
        self.unchanged += page.unchanged
        self.emptied += page.emptied

    @property
    def right(self) -> int:
        return self.added + self.changed + self.unchanged


async def _import(link: Link, read: ContactTable, options: Namespace) -> int:
    """65 where a line is wrong and nothing was recorded for it."""
    for tries_left in reversed(range(_TRIES)):
        import_id = secrets.token_hex(16)
        report = await _staged(link, read, import_id)
        is_refused = bool(report.wrong) and not options.skip_wrong
        if options.dry_run or is_refused or not report.right:
            await link.ask(contacts.DropContacts(import_id))
            _print(report, read, options, is_done=False)
            return os.EX_DATAERR if is_refused else 0
        try:
            await link.ask(contacts.ApplyContacts(import_id, report.right, options.skip_wrong))
        except RequestRefused as refused:
            await link.ask(contacts.DropContacts(import_id))
            if refused.code != RefusalCode.NEWER_CONTACT or not tries_left:
                raise
        else:
            _print(report, read, options, is_done=True)
            return 0
    raise AssertionError


async def _staged(link: Link, read: ContactTable, import_id: str) -> _Report:
    report, progress, done = _Report(read), ProgressLine(sys.stderr), 0
    try:
        for page in pages(read.rows):
            answer = await link.ask(contacts.StageContacts(import_id, page))
            assert isinstance(answer, answers.ContactsStaged)
            report.add(answer)
            done += len(page)
            progress.show(f"{done:,} of {len(read.rows):,} lines read, {len(report.wrong):,} wrong")
    finally:
        progress.clear()
    return report


def _print(report: _Report, read: ContactTable, options: Namespace, *, is_done: bool) -> None:
    if options.json:
        for line, words in sorted(report.wrong.items()):
            write(json_line({"line": line, "number": report.numbers.get(line, ""), "wrong": words}))
        counts = {name: getattr(report, name) for name in ("added", "changed", "unchanged", "emptied")}
        write(json_line({"is_done": is_done, **counts, "wrong": len(report.wrong), "attributes": read.attributes}))
        return
    for line, words in sorted(report.wrong.items()):
        number = one_line(report.numbers.get(line, ""), 24)
        write(plain(f"line {line}{f' ({number})' if number else ''}: {words}"))
    if read.attributes:
        write_words(f"Attributes: {', '.join(read.attributes)}.")
    write(_outcome(report, options, is_done=is_done))


def _outcome(report: _Report, options: Namespace, *, is_done: bool) -> str:
    counts = f"{report.added:,} added, {report.changed:,} changed, {report.unchanged:,} as before"
    if report.emptied:
        counts += f"; {report.emptied:,} of these lose{'s' if report.emptied == 1 else ''} something that is recorded"
    if report.wrong and options.skip_wrong:
        counts += f"; {count(len(report.wrong), 'line')} left out"
    if is_done:
        return f"Imported: {counts}."
    if not report.right:
        return "Nothing was imported: no line has a contact."
    if report.wrong and not options.skip_wrong:
        which = "line is" if len(report.wrong) == 1 else "lines are"
        words = f"Nothing was imported, as {len(report.wrong):,} {which} wrong: mend the file, or leave them out with"
        return f"{words} --skip-wrong. The others would be: {counts}."
    return f"Nothing was imported yet. It would be: {counts}."
