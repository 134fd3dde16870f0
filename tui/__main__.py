"""`python -m tui`: the desk in this terminal. What is imported above the first frame delays it."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence

from connector.base import full_screen
from connector.base.loading import loading
from tui.terminal import first_frame
from tui.terminal.themes import names

_MOST_NAME = 200  # of a folder
_SEARCHES = 5_000, 5  # for reference cycles: a start makes tens of thousands of objects and hardly a cycle


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if not full_screen.has_terminal():
        return _ended("the desk needs a terminal; without one use the verbs: textdesk queue --json", os.EX_USAGE)
    if words := full_screen.cannot_draw(os.environ):
        return _ended(words, os.EX_USAGE)
    first_frame.show()
    try:
        return _run(options)
    finally:
        first_frame.leave()


def _run(options: argparse.Namespace) -> int:
    """Load the desk and run it; its exit code."""
    # With this protocol some terminals lose composed letters (é, 東).
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    # A change waits for the toolkit's next tick, and what follows from it for another one; usual are 60 a second.
    os.environ.setdefault("TEXTUAL_FPS", "1000")
    with loading():
        from tui.terminal import lean_toolkit

        lean_toolkit.load()
        import re
        from pathlib import Path

        from connector.base import trusted_files
        from connector.base.data_directory import data_dir, state_dir
        from connector.base.token_file import TokenFile
        from tui.app import DeskApp
        from tui.core import settings
        from tui.core.link import Dial, FirstToAnswer, over_unix
        from tui.core.workspace import Workspace
        from tui.terminal.pictures import capabilities

    gc.set_threshold(*_SEARCHES)
    try:
        capabilities.forced_protocol(os.environ)
    except ValueError:
        return _ended(
            f"{capabilities.VARIABLE} can be {', '.join(capabilities.PictureProtocol)} or nothing.", os.EX_USAGE
        )
    theme = options.theme or os.environ.get(names.VARIABLE)
    if theme and theme not in names.NAMES:
        where = "--theme" if options.theme else names.VARIABLE
        return _ended(f"{where}: {names.unknown(theme)}", os.EX_USAGE)
    data = Path(options.data) if options.data else data_dir(os.environ)
    config = Path(options.config) if options.config else None
    advice = ""
    try:
        token = TokenFile(Path(options.token_file)) if options.token_file else None
        where = re.sub(r"\W+", "-", " ".join(options.url or ["local"])).strip("-")[:_MOST_NAME]
        who = re.sub(r"\W+", "-", options.agent or "me").strip("-")
        advice = (
            " Drafts and texts on their way are stored there; name a folder that you can write with TEXTDESK_STATE."
        )
        workspace = Workspace(state_dir(os.environ) / "desks" / where / who)
    except trusted_files.UntrustedFile as error:
        return _ended(str(error), os.EX_NOPERM)
    except UnicodeDecodeError:
        return _ended(f"{options.token_file}: is not a text file with a token.", os.EX_CONFIG)
    except OSError as error:
        return _ended(f"{error.filename} cannot be used: {error.strerror}.{advice}", os.EX_IOERR)
    dial: Dial
    if options.url:
        dial = FirstToAnswer(options.url)
    elif options.socket:
        dial = over_unix(Path(options.socket))
    else:
        from connector.wire import endpoint
        from tui.core.embedded import EmbeddedCore, core_command

        command = core_command(data, config)
        dial = EmbeddedCore(command, data, endpoint.socket_path(data, os.environ), config)
    preferences = settings.read(os.environ)
    app = DeskApp(
        dial,
        workspace,
        agent=options.agent,
        token=token,
        theme=theme,
        preferences=preferences,
        is_demo=options.demo,
    )
    app.run_as_process(mouse=preferences.mouse and not options.no_mouse)
    if app.exit_words:
        return _ended(app.exit_words, app.return_code or 0)
    return app.return_code or 0


def _ended(words: str, code: int) -> int:
    """Print the sentence with which the desk ends, without anything that acts on the terminal; the exit code."""
    from connector.sms.text import shown

    first_frame.leave()
    print(f"textdesk: {shown(words, keep_newlines=False)}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="textdesk", description="The desk: answer text messages in this terminal.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--socket", metavar="PATH", help="the Unix socket of a running core")
    where.add_argument(
        "--url", action="append", metavar="URL", help="a core elsewhere, e.g. wss://desk.example.com/desk; or several"
    )
    parser.add_argument("--token-file", metavar="FILE", help="holds the bearer token for --url")
    parser.add_argument("--agent", metavar="NAME", help="who works here, if not the user of this terminal")
    parser.add_argument("--data", metavar="DIR", help="the data directory of this host's core")
    parser.add_argument("--config", metavar="FILE", help="the settings of a core that has to be started")
    parser.add_argument(
        "--demo", action="store_true", help=argparse.SUPPRESS
    )  # the core and its data end with the desk
    parser.add_argument("--theme", metavar="NAME", help=f"the colours: {', '.join(names.NAMES)}")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback while it starts
    sys.exit(main())
