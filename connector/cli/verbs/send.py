"""`textdesk send ID TEXT`: send one reply."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from connector.cli.find_conversation import conversation_id, view_of
from connector.cli.send_outcome import report, undo_s
from connector.cli.text_argument import read_text
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.wire import answers, limits, requests


def check(options: Namespace) -> None:
    files: list[Path] = getattr(options, "picture_files", [])
    options.text = "" if files and not options.text else read_text(options.text)
    options.pictures = [_read(path) for path in files]


async def run(link: Link, options: Namespace) -> int:
    """Refused as stale if there is a newer message than in the snapshot. Waits for what the provider says."""
    conversations = (await link.snapshot()).conversations
    found = conversation_id(options.id, conversations)
    view = view_of(found, conversations)
    stored = [await link.ask(requests.PutPicture(data)) for data in options.pictures]
    request = requests.Reply(
        found,
        options.text,
        [one.picture_id for one in stored if isinstance(one, answers.PictureStored)],
        seen=view.last_seq if view else None,
        accept=True,
        override=options.override,
    )
    answer = await link.ask(request)
    message_id = answer.message_id if isinstance(answer, answers.Written) else ""
    return await report(link, message_id, undo_s(link, view), found, options)


def _read(path: Path) -> bytes:
    """Raises CommandFailed; whether it is a picture is for the core to say."""
    try:
        with path.open("rb") as file:
            data = file.read(limits.PICTURE_BYTES + 1)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.", os.EX_NOINPUT) from None
    if not data or len(data) > limits.PICTURE_BYTES:
        fault = f"too large: a picture may have {limits.PICTURE_BYTES // 1_000_000} MB" if data else "empty"
        raise CommandFailed(f"{path} is {fault}.", os.EX_DATAERR)
    return data
