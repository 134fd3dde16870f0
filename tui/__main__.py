"""`python -m tui`: the desk in this terminal."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tui.terminal.pictures import capabilities


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("textdesk: the desk needs a terminal; without one use the verbs: textdesk queue --json", file=sys.stderr)
        return 2
    try:
        capabilities.forced_protocol(os.environ)
    except ValueError:
        print(
            f"textdesk: {capabilities.VARIABLE} can be {', '.join(capabilities.PictureProtocol)} or nothing.",
            file=sys.stderr,
        )
        return 2
    # With this protocol some terminals lose composed letters (é, 東).
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")

    from connector.base.data_directory import data_dir, state_dir
    from connector.wire import endpoint
    from tui.app import DeskApp
    from tui.core.embedded import EmbeddedCore, core_command
    from tui.core.link import over_tcp, over_unix
    from tui.core.workspace import Workspace

    data: Path = options.data or data_dir(os.environ)
    try:
        token = options.token_file.read_text().strip() if options.token_file else None
        where = re.sub(r"\W+", "-", options.url or "local").strip("-")
        who = re.sub(r"\W+", "-", options.agent or "me").strip("-")
        workspace = Workspace(state_dir(os.environ) / "desks" / where / who)
    except OSError as error:
        print(f"textdesk: {error.filename} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1
    if options.url:
        dial = over_tcp(options.url)
    elif options.socket:
        dial = over_unix(options.socket)
    else:
        command = core_command(data, options.config)
        dial = EmbeddedCore(command, data, endpoint.socket_path(data, os.environ), options.config)
    app = DeskApp(dial, workspace, agent=options.agent, token=token)
    app.run()
    if app.exit_words:
        print(f"textdesk: {app.exit_words}", file=sys.stderr)
    return app.return_code or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="textdesk", description="The desk: answer text messages in this terminal.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--socket", type=Path, metavar="PATH", help="the Unix socket of a running core")
    where.add_argument("--url", metavar="WS", help="a core elsewhere, e.g. wss://desk.example.com/desk")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="holds the bearer token for --url")
    parser.add_argument("--agent", metavar="NAME", help="who works here, if not the user of this terminal")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data directory of this host's core")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the settings of a core that has to be started")
    return parser


if __name__ == "__main__":
    sys.exit(main())
