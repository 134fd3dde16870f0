"""The arguments and help of `textdesk contact`."""

from __future__ import annotations

from typing import Any

from connector.cli.verb_arguments import add_core_address
from connector.console.arguments import add_command
from connector.console.csv_file import file_argument


def add_contact(commands: Any) -> None:
    contact = add_command(
        commands,
        "contact",
        "look up what is recorded of a consumer, change it, import and export contacts",
        "textdesk contact find renee\n  textdesk contact import customers.csv --dry-run",
    )
    actions = contact.add_subparsers(prog="textdesk contact", metavar="ACTION", required=True)

    def action(name: str, help_: str, example: str) -> Any:
        one = add_command(actions, name, help_, f"textdesk contact {example}")
        one.set_defaults(command="contact", action=name)
        add_core_address(one)
        one.add_argument("--json", action="store_true", help="one JSON object a line")
        return one

    _add_number(action("show", "print what is recorded, and earlier conversations", "show +14155550111"))
    find = action("find", "list those whose name or number begins like this", "find renee dub")
    find.add_argument("words", metavar="WORDS", nargs="+", help="beginnings of names, or digits of a number")
    set_ = action("set", "record something; what is not named stays; for leads", "set +14155550111 --name 'Ana Costa'")
    _add_number(set_)
    set_.add_argument("--name", metavar="TEXT", default=None, help="'' for none")
    set_.add_argument("--language", metavar="CODE", default=None, help="en, de, pt-BR, or its name")
    set_.add_argument("--notes", metavar="TEXT", default=None, help="in quotes; - reads them from stdin")
    set_.add_argument(
        *("--attribute", "-a"),
        dest="attributes",
        metavar="NAME=VALUE",
        action="append",
        default=None,
        help="once for each; NAME= removes it",
    )
    _add_number(action("remove", "remove what is recorded; conversations stay; for administrators", "remove NUMBER"))
    read = action(
        "import",
        "record those of a CSV file, all or none; for administrators",
        "import customers.csv --dry-run",
    )
    read.add_argument(
        "file",
        metavar="FILE",
        type=file_argument,
        help="its first line names the columns: number, name, language, notes; each other one is an attribute; - reads"
        " stdin",
    )
    read.add_argument("--dry-run", action="store_true", help="only say what is wrong, and what would be recorded")
    read.add_argument("--skip-wrong", action="store_true", help="leave out lines that are wrong")
    action("export", "write all as such a file to stdout; for administrators", "export > customers.csv")
    action("list", "list all; for administrators", "list --json")


def _add_number(command: Any) -> None:
    words = "in any spelling, in quotes where it has blanks; or the last digits of one with an open conversation"
    command.add_argument("number", metavar="NUMBER", help=words)
