"""`textdesk replies`: saved replies, one's own and shared ones."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

import msgspec

from connector.base import moments
from connector.base.counted import count
from connector.cli.find_conversation import conversation_id, view_of
from connector.cli.find_saved_reply import all_of, saved_reply
from connector.cli.reply_filling import filled_by
from connector.cli.saved_reply_csv import Table, read_table, split, written_table
from connector.cli.text_argument import read_text
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, note, plain, table, write
from connector.sms.segments import measure
from connector.sms.text import shown
from connector.wire import answers, saved_reply_rules
from connector.wire.saved_replies import (
    ImportSavedReplies,
    NumberedWords,
    PutSavedReply,
    RemoveSavedReply,
    ReplyActions,
    SavedReplyContent,
    SavedReplyView,
)

_HEAD = ["SHORTCUT", "TITLE", "CATEGORY", "WHOSE", "USES", "THEN", "SKILLS", "ID"]
_PLAIN_FIELDS = ("title", "category", "shortcut", "language")
_CHANGES = (*_PLAIN_FIELDS, "text", "skills", "tags", "outcome", "due", "closes", "is_shared")


def check(options: Namespace) -> None:
    if options.action in ("add", "set") and options.text is not None:
        options.text = read_text([options.text])
    if options.action == "set" and all(getattr(options, name) is None for name in _CHANGES):
        raise CommandFailed("Say what to change: `textdesk replies set --help` lists it.", os.EX_USAGE)
    if getattr(options, "due", None) and moments.length(options.due) is None:
        raise CommandFailed("--due is a span of time like 30m, 2h or 1d.", os.EX_USAGE)
    if options.action == "import":
        options.table = read_table(options.file)


async def run(link: Link, options: Namespace) -> int:
    match options.action:
        case "list":
            _list(_chosen(await all_of(link), options), as_json=options.json)
        case "show":
            await _show(link, options)
        case "export":
            _export(_chosen(await all_of(link), options), as_json=options.json)
        case "import":
            return await _import(link, options.table, options)
        case "remove":
            one = saved_reply(options.which, await all_of(link))
            await link.ask(RemoveSavedReply(one.id, one.version))
            write(json_line({"removed": one.id}) if options.json else plain(f"{one.title} is removed."))
        case _:
            await _put(link, options)
    return 0


def _chosen(known: Sequence[SavedReplyView], options: Namespace) -> list[SavedReplyView]:
    """Those of the whole that the flags name."""
    words = (options.find or "").casefold().split()

    def is_meant(one: SavedReplyView) -> bool:
        said = f"{one.title} {one.shortcut} {one.category} {one.text}".casefold()
        is_whose = options.is_shared is None or one.is_shared is options.is_shared
        return is_whose and all(word in said for word in words)

    return [one for one in known if is_meant(one)]


def _list(replies: Sequence[SavedReplyView], *, as_json: bool) -> None:
    if as_json:
        for one in replies:
            write(json_line(msgspec.to_builtins(one)))
    elif replies:
        for line in table(_HEAD, [_row(one) for one in replies]):
            write(line)
    else:
        write("There is no saved reply: `textdesk replies add TITLE TEXT`, or `import FILE.csv`.")


def _row(one: SavedReplyView) -> list[str]:
    return [
        one.shortcut or "-",
        one.title,
        one.category or "-",
        "shared" if one.is_shared else "your own",
        str(one.uses),
        saved_reply_rules.actions_in_words(one.then) or "-",
        ", ".join(one.skills) or "all",
        one.id,
    ]


async def _show(link: Link, options: Namespace) -> None:
    """With a conversation, as it would be sent there."""
    one = saved_reply(options.which, await all_of(link))
    text, gaps = one.text, 0
    if options.to is not None:
        conversations = (await link.snapshot()).conversations
        view = view_of(conversation_id(options.to, conversations), conversations)
        if view is None:
            raise CommandFailed("That conversation was closed too long ago.", os.EX_USAGE)
        filled = filled_by(link, one, view)
        text, gaps = filled.text, len(filled.gaps)
    size = measure(text)
    if options.json:
        about = {"segments": size.segments, "encoding": size.encoding, "gaps": gaps, "filled": text}
        write(json_line({**msgspec.to_builtins(one), **about}))
        return
    for line in shown(text).split("\n"):
        write(line)
    for words in (saved_reply_rules.warning(one), f"{count(gaps, 'field')} not filled." if gaps else None):
        if words is not None:
            note(words)
    then = saved_reply_rules.actions_in_words(one.then)
    note(
        f"{one.title}: {size.characters:,} of 1,600 characters, {count(size.segments, 'segment')}, {size.encoding}"
        f"{f'; then {then}' if then else ''}."
    )


async def _put(link: Link, options: Namespace) -> None:
    before = None
    if options.action == "set":
        before = saved_reply(options.which, await all_of(link))
    content = _changed(before, options)
    is_shared = before.is_shared if before is not None and options.is_shared is None else bool(options.is_shared)
    request = PutSavedReply(
        **{name: getattr(content, name) for name in SavedReplyContent.__struct_fields__},
        saved_reply_id=before.id if before else "",
        is_shared=is_shared,
        based_on=before.version if before else "",
    )
    saved = await link.ask(request)
    assert isinstance(saved, answers.SavedReplySaved)
    if options.json:
        write(json_line({"id": saved.saved_reply_id, "version": saved.version, "notes": saved.notes}))
        return
    for words in saved.notes:
        note(words)
    whose = "shared" if is_shared else "your own"
    how = f";{content.shortcut} and tab while writing" if content.shortcut else "ctrl+y while writing"
    write(plain(f"{content.title} is stored, {whose}: {how}."))


def _changed(before: SavedReplyView | None, options: Namespace) -> SavedReplyContent:
    """What is there, with what the flags say."""
    given: dict[str, Any] = {name: getattr(before, name, "") for name in ("text", *_PLAIN_FIELDS)}
    given |= {name: value for name in given if (value := getattr(options, name)) is not None}
    skills = before.skills if before and options.skills is None else split(options.skills or "")
    then = before.then if before else ReplyActions()
    due_s = then.due_s
    if options.due is not None:
        due_s = (moments.length(options.due) or 0) // 1000 if options.due else None
    actions = ReplyActions(
        then.tags if options.tags is None else split(options.tags),
        then.outcome if options.outcome is None else options.outcome,
        due_s,
        then.closes if options.closes is None else options.closes,
    )
    return SavedReplyContent(**given, skills=skills, then=actions)


def _export(replies: Sequence[SavedReplyView], *, as_json: bool) -> None:
    if as_json:
        _list(replies, as_json=True)
    else:
        write(written_table(replies))


async def _import(link: Link, read: Table, options: Namespace) -> int:
    """65 where a line is wrong and nothing was stored for it."""
    wrong = dict(read.wrong)
    is_preview = options.dry_run or (bool(wrong) and not options.skip_wrong)
    contents = [content for _, content in read.replies]
    lines = [line for line, _ in read.replies]
    request = ImportSavedReplies(contents, bool(options.is_shared), options.skip_wrong, is_preview)
    done = await link.ask(request)
    assert isinstance(done, answers.SavedRepliesImported)
    wrong |= {lines[one.number]: _about_lines(one, lines) for one in done.wrong}
    notes = {lines[one.number]: one.words for one in done.notes}
    if options.json:
        for kind, found in (("wrong", wrong), ("warning", notes)):
            for line, words in sorted(found.items()):
                write(json_line({"line": line, kind: words}))
        counts = {"added": done.added, "changed": done.changed, "unchanged": done.unchanged, "wrong": len(wrong)}
        write(json_line({"is_done": done.is_done, **counts}))
    else:
        for line, words in sorted(wrong.items()):
            write(plain(f"line {line}: {words}"))
        for line, words in sorted(notes.items()):
            note(f"line {line}: {words}")
        write(_outcome(done, len(wrong), options))
    return 0 if not wrong or (done.is_done and options.skip_wrong) else os.EX_DATAERR


def _about_lines(one: NumberedWords, lines: Sequence[int]) -> str:
    """Words that name another of the replies by its number name its line."""
    head, mark, number = one.words.rpartition("as number ")
    return f"{head}in line {lines[int(number.rstrip('.')) - 1]}." if mark else one.words


def _outcome(done: answers.SavedRepliesImported, wrong: int, options: Namespace) -> str:
    counts = f"{done.added:,} added, {done.changed:,} changed, {done.unchanged:,} as before"
    counts += f", {count(wrong, 'line')} left out" if wrong else ""
    if done.is_done:
        return f"Imported: {counts}."
    if wrong and not options.skip_wrong:
        which = "line is" if wrong == 1 else "lines are"
        return f"Nothing was imported, as {wrong:,} {which} wrong: mend the file, or leave them out with --skip-wrong."
    return f"Nothing was imported yet. It would be: {counts}."
