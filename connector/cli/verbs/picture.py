"""`textdesk picture PICTURE_ID`: a picture that came with a message, to stdout or into a new file."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path

from connector.base.new_file import write_new
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import json_line, plain, write, write_bytes
from connector.wire import answers, requests


def check(options: Namespace) -> None:
    if not hasattr(options, "file") and (options.json or sys.stdout.isatty()):
        words = "A picture is bytes: send them to a program or file (> FILE), or name a new file by --file."
        raise CommandFailed(words, os.EX_USAGE)


async def run(link: Link, options: Namespace) -> int:
    answer = await link.ask(requests.GetPicture(options.picture))
    assert isinstance(answer, answers.Picture)
    file: Path | None = getattr(options, "file", None)
    if file is None:
        write_bytes(answer.data)
        return 0
    try:
        write_new(file, answer.data)
    except FileExistsError:
        raise CommandFailed(f"{file} is there already: choose another name.", os.EX_CANTCREAT) from None
    except OSError as error:
        raise CommandFailed(f"{file} cannot be written: {error.strerror}.", os.EX_CANTCREAT) from None
    values = {"picture_id": options.picture, "content_type": answer.content_type, "bytes": len(answer.data)}
    said = f"{file}: {answer.content_type}, {len(answer.data):,} bytes."
    write(json_line({**values, "file": str(file)}) if options.json else plain(said))
    return 0
