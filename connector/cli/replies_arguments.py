"""The arguments and help of `textdesk replies`."""

from __future__ import annotations

from argparse import SUPPRESS
from typing import Any

from connector.cli.verb_arguments import add_core_address
from connector.console.arguments import add_command
from connector.console.csv_file import file_argument

_FIELDS = "{name|there}, {first_name}, {agent}, {number}, {line}, {answer_by}"


def add_replies(commands: Any) -> None:
    replies = add_command(
        commands,
        "replies",
        "list saved replies, add, change and remove them, import and export them",
        "textdesk replies import replies.csv --shared\n  textdesk send +14155550111 --saved hours",
    )
    actions = replies.add_subparsers(prog="textdesk replies", metavar="ACTION", required=True)

    def action(name: str, help_: str, example: str) -> Any:
        one = add_command(actions, name, help_, f"textdesk replies {example}")
        one.set_defaults(command="replies", action=name)
        add_core_address(one)
        one.add_argument("--json", action="store_true", help="one JSON object a line")
        return one

    _add_whose(action("list", "list your own and those that are shared with you", "list --find refund"), find=True)
    show = action("show", "print one, as it is or as a consumer would read it", "show hours --to +14155550111")
    _add_which(show)
    show.add_argument("--to", metavar="ID", help="filled for this conversation, or consumer's number")
    add = action("add", f"add one; its text may have fields: {_FIELDS}", "add 'Opening hours' 'Hi {name|there}, …'")
    add.add_argument("title", metavar="TITLE", help="what it is found by")
    add.add_argument("text", metavar="TEXT", help="in quotes; - reads it from stdin")
    set_ = action("set", "change one; what is not named stays", "set hours --text - < hours.txt")
    _add_which(set_)
    set_.add_argument("--title", metavar="TEXT", default=None, help="what it is found by")
    set_.add_argument("--text", metavar="TEXT", default=None, help="in quotes; - reads it from stdin")
    for one in (add, set_):
        _add_content(one)
    _add_which(action("remove", "remove one", "remove hours"))
    read = action(
        "import",
        "store those of a CSV file, all or none, each in the place of the one with its shortcut or title",
        "import replies.csv --shared --dry-run",
    )
    read.add_argument(
        "file",
        metavar="FILE",
        type=file_argument,
        help="its first line names the columns: title, category, text, shortcut, skills, language, tags, outcome, due, "
        "close; - reads stdin",
    )
    read.add_argument("--shared", dest="is_shared", action="store_true", default=None, help="share them; for leads")
    read.add_argument("--dry-run", action="store_true", help="only say what is wrong, and what would be stored")
    read.add_argument("--skip-wrong", action="store_true", help="leave out lines that are wrong")
    _add_whose(action("export", "write them as such a file to stdout", "export --shared > replies.csv"), find=False)


def _add_which(command: Any) -> None:
    command.add_argument("which", metavar="REPLY", help="its shortcut, title or id")


def _add_whose(command: Any, *, find: bool) -> None:
    whose = command.add_mutually_exclusive_group()
    whose.add_argument("--own", dest="is_shared", action="store_false", default=None, help="your own alone")
    whose.add_argument("--shared", dest="is_shared", action="store_true", default=None, help="the shared ones alone")
    if find:
        command.add_argument("--find", metavar="WORDS", help="those with all of these in title, category or text")
    else:
        command.set_defaults(find=None)


def _add_content(command: Any) -> None:
    command.add_argument("--category", metavar="TEXT", default=None, help="to group it by")
    command.add_argument("--shortcut", metavar="WORD", default=None, help="typed as ;WORD while writing")
    command.add_argument("--skills", metavar="A,B", default=None, help="offered in conversations of these; '' for all")
    command.add_argument("--language", metavar="CODE", default=None, help="of the text: en, de, pt-BR")
    command.add_argument("--tags", metavar="A,B", default=None, help="added to the conversation as it is sent")
    command.add_argument("--outcome", metavar="WORD", default=None, help="recorded as it is sent")
    command.add_argument(
        "--due", metavar="SPAN", default=None, help="an answer of ours is due then: 2h, 1d; '' for none"
    )
    closes = command.add_mutually_exclusive_group()
    closes.add_argument("--close", dest="closes", action="store_true", default=None, help="close as it is sent")
    closes.add_argument("--no-close", dest="closes", action="store_false", default=None, help=SUPPRESS)
    whose = command.add_mutually_exclusive_group()
    whose.add_argument("--shared", dest="is_shared", action="store_true", default=None, help="share it; for leads")
    whose.add_argument("--own", dest="is_shared", action="store_false", default=None, help="your own")
