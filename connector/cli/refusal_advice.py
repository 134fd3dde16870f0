"""Advice of the command line for refusals: the verb or flag that helps."""

from __future__ import annotations

import shlex
from argparse import Namespace

from connector.cli.find_conversation import is_number
from connector.client.errors import RequestRefused
from connector.wire.refusals import RefusalCode


def advice(refused: RequestRefused, options: Namespace) -> str:
    """A sentence that names the command or flag; blank where there is none."""
    match refused.code:
        case RefusalCode.MAY_HAVE_ARRIVED:
            message = refused.details.get("message_id") or options.id
            return f"To send it all the same: textdesk resend {message} --even-if-uncertain"
        case RefusalCode.LIKELY_OPT_OUT if refused.details.get("message_id"):
            # `resend` may have been given a message's id, which is no conversation.
            which = "ID" if options.command == "resend" else shlex.quote(options.id.strip())
            return decide(which)
        case RefusalCode.DOUBTFUL_NUMBER if options.command == "start":
            return "To do so: --confirmed."
        case RefusalCode.COUNTRY_NOT_ALLOWED | RefusalCode.TOO_MANY_NEW_NUMBERS | RefusalCode.TOO_MANY_SENDS:
            return "For leads: --override."
        case RefusalCode.UNKNOWN_MESSAGE if options.command == "unmask":
            asked = options.message[0]
            which = shlex.quote(asked) if is_number(asked) else "NUMBER"
            return f"`textdesk show {which}` prints the command for each text with something masked."
        case RefusalCode.LEFT_BEHIND if options.command == "sign-off":
            return "For all of them: --close, --return or --due MOMENT."
    return ""


def decide(which: str) -> str:
    return f"To decide: textdesk decide {which} opt-out, or no-opt-out"
