"""`textdesk setup`: connect an account, with every change shown before it is made."""

from __future__ import annotations

from argparse import Namespace


def run(options: Namespace) -> int:
    """Set up an account at the provider that `options` names. Returns the exit code; raises CommandFailed."""
    if options.provider == "twilio":
        from connector.setup import twilio

        return twilio.run(options)
    if options.provider == "generic":
        from connector.setup import generic

        return generic.run(options)
    from connector.setup import openmarket

    return openmarket.run(options)
