"""`textdesk setup`: an account's numbers on Textdesk, with every change shown before it is made."""

from __future__ import annotations

from argparse import Namespace


def run(options: Namespace) -> int:
    """Set up an account at the company that `options` names. The exit code; raises Failure."""
    if options.company == "twilio":
        from connector.setup import twilio

        return twilio.run(options)
    from connector.setup import openmarket

    return openmarket.run(options)
