"""The arguments and help of the verbs that talk to a running core."""

from __future__ import annotations

from argparse import REMAINDER, SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from connector.console.arguments import add_command

_ACCEPTED_FIRST = "A queued conversation is accepted first."


def add_verbs(commands: Any) -> None:
    """Add a parser for each verb."""
    _add_reading(commands)
    _add_answering(commands)
    _add_on_call(commands)
    _add_transferring(commands)
    _add_presence(commands)
    _add_agent(commands)
    recover = _verb(
        commands, "recover", "take in messages that providers have and we missed", "textdesk recover --since 6h"
    )
    recover.add_argument("--since", required=True, metavar="WHEN", help="6h, 2d, or a moment like 2026-11-22T08:00")
    recover.add_argument("--account", metavar="NAME", help="one account (all that have a list)")
    forget = _verb(commands, "forget", "erase what is stored of a consumer", "textdesk forget +14155550111")
    forget.add_argument("number", metavar="NUMBER", help="the consumer's number, in any spelling")
    forget.add_argument("--yes", action="store_true", help="do not ask for the number again")
    forget.add_argument(
        "--rewrite", action="store_true", help="write the database's files anew; nothing can be stored meanwhile"
    )
    _add_accounts(commands)
    _verb(commands, "reload", "take over the changed configuration, without a restart", "textdesk reload")


def _add_accounts(commands: Any) -> None:
    account = _verb(
        commands,
        "account",
        "list provider accounts and how they are doing, or set the mode of one",
        "textdesk account\n  textdesk account main draining",
    )
    account.add_argument("account", nargs="?", metavar="NAME", help="one account (all)")
    account.add_argument(
        "mode",
        nargs="?",
        choices=("active", "draining", "off"),
        help="draining: sends what is written, accepts no more; off: sends nothing; for administrators",
    )
    hooks = _verb(
        commands, "hooks", "list quarantined hooks, the latest first; for administrators", "textdesk hooks --json"
    )
    hooks.add_argument("--limit", type=int, default=50, metavar="N", help="so many at most (50)")
    release = _verb(
        commands,
        "release",
        "process a quarantined hook as if it were genuine; for administrators",
        "textdesk release 01J…",
    )
    release.add_argument("hook", metavar="HOOK_ID", help="as `hooks` prints it")


def _add_reading(commands: Any) -> None:
    queue = _verb(
        commands, "queue", "list queued conversations, the next one first", "textdesk queue --all --json | jq .due_in_s"
    )
    queue.add_argument("--all", action="store_true", help="every open conversation")
    search = _verb(
        commands,
        "search",
        "find messages and people, of open and closed conversations",
        "textdesk search refund from:anna since:7d\n  textdesk search '\"thank you\"' --json",
    )
    search.add_argument(
        "words",
        nargs="*",
        metavar="WORDS",
        help='words, "phrases" and numbers; from: agent: tag: outcome: since: until: line: number: state: is:',
    )
    search.add_argument("--limit", type=int, default=50, metavar="N", help="so many at most (50)")
    search.add_argument(
        "--rebuild", action="store_true", help="make the index anew, also a damaged one; for administrators"
    )
    show = _conversation_verb(commands, "show", "print the messages with a consumer", "textdesk show +14155550111")
    show.add_argument(
        "--out", dest="file", type=Path, default=SUPPRESS, metavar="FILE", help="to a new file that only you can read"
    )
    show.add_argument("--rest", action="store_true", help="also what is beyond the 5,000 characters shown of a text")
    _conversation_verb(
        commands, "why", "explain a conversation's state, and what comes next", "textdesk why +14155550111"
    )
    agents = _verb(
        commands, "agents", "list agents, their presence and their conversations", "textdesk agents --since 8h"
    )
    agents.add_argument(
        "--since", metavar="WHEN", help="also how long they were online, away and so on: 8h, 2d, a moment"
    )
    picture = _verb(
        commands,
        "picture",
        "write a picture of a message to stdout or a file",
        "textdesk picture 01J….0 > parcel.jpg",
    )
    picture.add_argument("picture", metavar="PICTURE_ID", help="as `show` prints it")
    picture.add_argument(
        "--file", type=Path, default=SUPPRESS, metavar="FILE", help="a new file that only you can read"
    )
    unmask = _verb(
        commands, "unmask", "print a text without masks; for leads, and recorded in the audit", "textdesk unmask 01J…"
    )
    unmask.add_argument(
        "message", metavar="MESSAGE_ID", nargs="+", help="as `show` prints it; of a joined text each part"
    )
    audit = _verb(
        commands,
        "audit",
        "list who did what, or verify that list; for administrators",
        "textdesk audit --who ann --since 2d\n  textdesk audit verify",
    )
    audit.add_argument("what", nargs="?", choices=("verify",), help="verify: whether each entry is what was stored")
    audit.add_argument("--who", metavar="AGENT", help="what this agent did; core: the core itself")
    audit.add_argument("--since", metavar="WHEN", help="6h, 2d, or a moment like 2026-11-22T08:00 (1d)")
    audit.add_argument("--action", metavar="NAME", help="one kind of entry, as listed")
    audit.add_argument("--number", metavar="NUMBER", help="about this consumer, in any spelling")
    audit.add_argument(
        "--head", metavar="N:HASH", help="with verify: an entry that has to be there, from the core's log"
    )
    alerts = _verb(
        commands,
        "alerts",
        "list alerts, who was asked about them and who is on call",
        "textdesk alerts --since 12h",
    )
    alerts.add_argument(
        "--since", metavar="WHEN", help="also those that have ended since, and who was asked when: 12h, 2d, a moment"
    )
    report = _verb(
        commands,
        "report",
        "what was done: answers and their waits, what arrived, what it cost",
        "textdesk report --since 7d --by agent\n  textdesk report --since 2026-11-01 --until 2026-11-30 --by day --csv",
    )
    report.add_argument(
        "--since", metavar="WHEN", help="7d: today and the six days before; or a day like 2026-11-01 (today)"
    )
    report.add_argument("--until", metavar="DAY", help="the last day (today)")
    report.add_argument(
        "--by",
        choices=("agent", "skill", "line", "outcome", "entry-point", "day", "hour"),
        default="agent",
        help="what has a row each (agent)",
    )
    report.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of one agent, line …: --only agent=ben",
    )
    report.add_argument("--csv", action="store_true", help="for a spreadsheet, with all that was counted")
    watch = _verb(
        commands,
        "watch",
        "print events as they happen, or run a command for each, until interrupted",
        "textdesk watch --json\n  textdesk watch --only alerts --exec ./page.sh --team night",
    )
    watch.add_argument("--only", metavar="A,B", help="these types of events; alerts: all of alerts")
    watch.add_argument(
        "--timeout", type=float, default=30.0, metavar="SECONDS", help="how long the command of --exec may take (30)"
    )
    watch.add_argument(
        "--exec",
        nargs=REMAINDER,
        metavar="CMD",
        help="run CMD and its arguments for each event, which is one line of JSON on its stdin; give it last",
    )


def _add_answering(commands: Any) -> None:
    _conversation_verb(commands, "accept", "accept a conversation", "textdesk accept +14155550111")
    _conversation_verb(commands, "decline", "pass on what rings at you", "textdesk decline +14155550111")
    send = _conversation_verb(commands, "send", "send a reply", "echo 'We are open.' | textdesk send +14155550111 -")
    send.add_argument("text", metavar="TEXT", nargs="*", help="what to send, in quotes; - reads it from stdin")
    send.add_argument(
        "--picture",
        dest="picture_files",
        type=Path,
        action="append",
        default=SUPPRESS,
        metavar="FILE",
        help="send a picture along; may be given several times; the text may be left out",
    )
    send.add_argument(
        "--saved", metavar="REPLY", help="in place of TEXT a saved reply, by its shortcut, with what a macro does"
    )
    resend = _verb(commands, "resend", "send a reply again that did not arrive", "textdesk resend +14155550111")
    resend.add_argument(
        "id",
        metavar="ID",
        help="the reply, as `show` prints it; or its conversation, or the consumer's number",
    )
    resend.add_argument(
        "--even-if-uncertain", action="store_true", help="also one that may have arrived, without asking"
    )
    start = _verb(commands, "start", "text a consumer first", "textdesk start +14155550111 'Your parcel is here.'")
    start.add_argument("number", metavar="NUMBER", help="the consumer's number, in any spelling, or a contact's name")
    start.add_argument("text", metavar="TEXT", nargs="*", help="what to send, in quotes; - reads it from stdin")
    start.add_argument("--line", metavar="LINE", help="from this line of ours; it can be left out where there is one")
    start.add_argument("--confirmed", action="store_true", help="the number is right, though it looks wrong")
    send.add_argument(
        "--at", metavar="MOMENT", help="send it later, unless they write before: 17:30, 2h, 'tomorrow 9:00'"
    )
    _verb(commands, "scheduled", "list your replies that are to be sent later", "textdesk scheduled --json")
    for verb in (send, resend, start):
        verb.add_argument("--no-wait", action="store_true", help="do not wait for what the provider says")
        verb.add_argument("--override", action="store_true", help="set limits of sending aside; for leads")
    undo = _verb(commands, "undo", "undo a reply that has not left yet, or is to be sent later", "textdesk undo 01J…")
    undo.add_argument(
        "id",
        metavar="ID",
        help="a message's id as `send` and `scheduled` print it; or a conversation's, or a consumer's number or name,"
        " where one reply of yours to them can be undone",
    )
    note = _conversation_verb(
        commands, "note", "write a note for colleagues", "textdesk note +14155550111 'calls back at 5'"
    )
    note.add_argument("text", metavar="TEXT", nargs="*", help="what to note, in quotes; - reads it from stdin")
    due = _conversation_verb(commands, "due", "set when an answer is due", "textdesk due +14155550111 17:30")
    due.add_argument(
        "moment", nargs="?", metavar="MOMENT", help="17:30, 2h, 'tomorrow 9:00', or YYYY-MM-DDT09:00; local time"
    )
    due.add_argument("--clear", action="store_true", help="when the rules say")
    due.add_argument("--keep", action="store_true", help="an answer does not clear it")
    snooze = _conversation_verb(
        commands, "snooze", "put a conversation away until a moment, or until they write", "textdesk snooze 01J… 17:30"
    )
    snooze.add_argument(
        "moment", nargs="?", metavar="MOMENT", help="17:30, 2h, 'tomorrow 9:00', or YYYY-MM-DDT09:00; local time"
    )
    snooze.add_argument("--wake", action="store_true", help="it is to be done now")
    decide = _conversation_verb(
        commands,
        "decide",
        "decide whether a text that reads like an opt-out is one",
        "textdesk decide +14155550111 opt-out",
    )
    decide.add_argument("decision", choices=("opt-out", "no-opt-out"))
    for name, means in (("opt-out", "does not want to be texted"), ("opt-in", "may be texted again")):
        record = _verb(
            commands,
            name,
            f"record that a consumer {means}",
            f"textdesk {name} +14155550111 --because 'by phone, 14:10'",
        )
        record.add_argument(
            "number", metavar="NUMBER", help="the consumer's number, in any spelling; or a conversation's id"
        )
        record.add_argument(
            "--because", required=True, metavar="TEXT", help="the evidence: what they said or wrote, where and when"
        )
    _conversation_verb(commands, "unread", "mark a conversation as unread", "textdesk unread +14155550111")
    tag = _conversation_verb(
        commands, "tag", "add tags to a conversation, and remove some", "textdesk tag +14155550111 +refund -late"
    )
    tag.has_signed_words = True
    tag.add_argument("words", metavar="+TAG", nargs="+", help="a tag to add, or with - before it one to remove")
    close = _conversation_verb(
        commands, "close", "close a conversation", "textdesk close +14155550111 --outcome solved --tag parcel"
    )
    close.add_argument("--outcome", default="", metavar="WORD", help="how it went")
    close.add_argument("--note", default="", metavar="TEXT", help="for colleagues")
    close.add_argument("--tag", action="append", default=[], metavar="WORD", help="may be given several times")
    for verb in (send, close):
        verb.description = f"{verb.description} {_ACCEPTED_FIRST}"
    _conversation_verb(commands, "reopen", "reopen a closed conversation", "textdesk reopen +14155550111")


def _add_on_call(commands: Any) -> None:
    ack = _verb(
        commands,
        "ack",
        "acknowledge alerts: you look after them, and nobody else is asked",
        "textdesk ack all\n  textdesk ack 01J…",
    )
    ack.add_argument("alert", metavar="ID", nargs="+", help="as `alerts` prints it, or its beginning; all: all of them")


def _add_transferring(commands: Any) -> None:
    _conversation_verb(commands, "targets", "list where a conversation can be transferred", "textdesk targets 01J…")
    transfer = _conversation_verb(
        commands, "transfer", "transfer a conversation", "textdesk transfer 01J… --skill refunds --note 'paid twice'"
    )
    transfer.add_argument("--skill", metavar="NAME", help="to this skill")
    transfer.add_argument("--to", metavar="AGENT", help="to this agent; it rings there")
    transfer.add_argument("--note", default="", metavar="TEXT", help="for the receiving agent")
    give_back = _conversation_verb(
        commands, "return", "give a conversation back to the queue", "textdesk return +14155550111"
    )
    give_back.add_argument("--note", default="", metavar="TEXT", help="for the next owner")
    _conversation_verb(
        commands, "take-over", "make a colleague's conversation yours; for leads", "textdesk take-over +14155550111"
    )
    _conversation_verb(commands, "join", "write beside a colleague; for leads", "textdesk join +14155550111")
    _conversation_verb(commands, "leave", "no longer write beside a colleague", "textdesk leave +14155550111")


def _add_presence(commands: Any) -> None:
    presence = _verb(commands, "presence", "set your presence", "textdesk presence away --reason lunch")
    presence.add_argument("presence", choices=("online", "back-soon", "away"))
    presence.add_argument(
        "--reason", default="", metavar="WORD", help="why you are away, a reason of the configuration"
    )
    sign_off = _verb(commands, "sign-off", "go off duty", "textdesk sign-off --return")
    left = sign_off.add_mutually_exclusive_group()
    left.add_argument("--close", dest="choice", action="store_const", const="close", help="close your conversations")
    left.add_argument(
        "--return", dest="choice", action="store_const", const="return", help="give back your conversations"
    )
    left.add_argument("--due", metavar="MOMENT", help="keep them, due then: 17:30, 12h, or YYYY-MM-DDT09:00")

    hand_on = _verb(
        commands,
        "hand-on",
        "end a shift, yours or for leads a colleague's: all that they own goes to others",
        "textdesk hand-on ben --skill orders",
    )
    hand_on.add_argument("agent_id", metavar="AGENT", help="who is off duty from then on")
    where = hand_on.add_mutually_exclusive_group()
    where.add_argument("--skill", metavar="SKILL", help="to the agents of this skill; else back to their queues")
    where.add_argument("--to", metavar="AGENT", help="to this agent, whom they ring; to yourself: yours at once")
    hand_on.add_argument("--note", default="", metavar="TEXT", help="for colleagues, in each of them")


def _add_agent(commands: Any) -> None:
    agent = _verb(
        commands,
        "agent",
        "list agents, add and change them, issue and revoke their tokens; for administrators",
        "textdesk agent add anna --skills orders,refunds\n  textdesk agent token anna",
    )
    actions = agent.add_subparsers(prog="textdesk agent", metavar="ACTION", required=True)

    def action(name: str, help_: str, example: str) -> Any:
        one = add_command(actions, name, help_, f"textdesk agent {example}")
        one.set_defaults(command="agent", action=name)
        add_core_address(one)
        one.add_argument("--json", action="store_true", default=SUPPRESS, help="one JSON object a line")
        return one

    action("list", "list agents with their rights, tokens, and where they are signed in", "list --json")
    for name, help_, example in (
        ("add", "add an agent", "add anna --name 'Anna K.' --skills orders --role lead"),
        ("set", "change an agent; what is not named stays", "set anna --skills orders,refunds --accounts main"),
    ):
        one = action(name, help_, example)
        one.add_argument("agent_name", metavar="NAME", help="what they sign in as")
        one.add_argument("--name", metavar="TEXT", help="what people read")
        one.add_argument("--skills", metavar="A,B", help="what they answer; '' for every skill")
        one.add_argument("--capacity", type=int, metavar="N", help="conversations that routing gives them")
        one.add_argument("--role", choices=("agent", "lead", "administrator"))
        one.add_argument("--sees", choices=("skills", "account", "all"), help="which conversations of others")
        one.add_argument("--accounts", metavar="A,B", help="whose conversations; '' for every account")
        one.add_argument("--os-user", metavar="USER", help="the user of the core's host who is this agent; '' for NAME")
        one.add_argument("--phone", metavar="NUMBER", help="their own, to which alerts are texted; '' for none")
    for name, help_, example in (
        ("disable", "let an agent sign in no more; what they have goes to others", "disable anna"),
        ("enable", "let an agent sign in again", "enable anna"),
        ("token", "issue a token to sign in with over the network, printed this once", "token anna > anna.token"),
    ):
        action(name, help_, example).add_argument("agent_name", metavar="NAME")
    revoke = action("revoke", "revoke a token, also of desks that are signed in", "revoke 3f2a9c01b7de")
    revoke.add_argument("token_id", metavar="ID", help="as `token` and `list` print it, or its beginning")


def add_core_address(command: ArgumentParser) -> None:
    """Add the options that say which core to talk to, and who signs in."""
    # Suppressed defaults, so that these may stand before the command as well as after it.
    command.add_argument(
        "--data", type=Path, default=SUPPRESS, metavar="DIR", help="data directory of this host's core (your own)"
    )
    command.add_argument("--url", default=SUPPRESS, help="a core elsewhere, e.g. wss://sms.example.com:8081")
    command.add_argument(
        "--token-file", type=Path, default=SUPPRESS, metavar="FILE", help="file with the token for --url"
    )
    command.add_argument(
        "--profile", default=SUPPRESS, metavar="NAME", help="a core elsewhere, of your client.toml (its default)"
    )
    command.add_argument("--agent", default=SUPPRESS, metavar="NAME", help="who you are (your login name)")


def _verb(commands: Any, name: str, help_: str, example: str) -> Any:
    verb = add_command(commands, name, help_, example)
    add_core_address(verb)
    verb.add_argument("--json", action="store_true", help="one JSON object a line")
    return verb


def _conversation_verb(commands: Any, name: str, help_: str, example: str) -> Any:
    verb = _verb(commands, name, help_, example)
    verb.add_argument(
        "id", metavar="ID", help="a conversation, the beginning of its id, or its consumer's number or name"
    )
    return verb
