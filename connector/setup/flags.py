"""Command-line flags of `textdesk setup`."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

_TWILIO = """\
examples:
  textdesk setup twilio
  textdesk setup twilio --dry-run
  textdesk setup twilio --non-interactive --account-sid AC… --token-file twilio.token \\
      --numbers +14155550100,+14155550101 --skill orders --public-url https://sms.example.com
"""
_OPENMARKET = """\
examples:
  textdesk setup openmarket
  textdesk setup openmarket --non-interactive --account-id 000-000-… --password-env OPENMARKET_PASSWORD \\
      --numbers 55501 --public-url https://sms.example.com
"""
_GENERIC = """\
examples:
  textdesk setup generic
  textdesk setup generic --non-interactive --send-url http://127.0.0.1:8200/send \\
      --status-url http://127.0.0.1:8200/status --numbers 12345 --public-url http://127.0.0.1:8080
"""


def add_setup(commands: Any) -> None:
    """`setup`, with one command for each provider."""
    setup = commands.add_parser(
        "setup",
        help="connect an account at Twilio or OpenMarket, or a gateway of your own",
        description="Connect an account or a gateway of your own. Every change is shown before it is made.",
        epilog="example:\n  textdesk setup twilio",
        formatter_class=RawDescriptionHelpFormatter,
    )
    providers = setup.add_subparsers(title="providers", metavar="PROVIDER", required=True)
    twilio = _provider(providers, "twilio", "check the account, write the configuration, set the numbers", _TWILIO)
    twilio.add_argument("--account-sid", metavar="AC…", help="the account")
    _add_secret(twilio, "token", "the auth token")
    _add_common(twilio, "main", "numbers of the account to add, separated by commas, or all (all)")
    twilio.add_argument(
        "--take-over",
        action="store_true",
        help="also set Messaging Services, and clear applications, that take a number's texts now",
    )
    _add_api_base(twilio)
    _add_round_trip(twilio)
    openmarket = _provider(providers, "openmarket", "check the account, write the configuration", _OPENMARKET)
    openmarket.add_argument("--account-id", metavar="ID", help="the account")
    _add_secret(openmarket, "password", "the password")
    _add_common(openmarket, "openmarket", "our short codes and numbers there to add, separated by commas")
    _add_api_base(openmarket)
    openmarket.add_argument("--status-base", metavar="URL", help="another address of its status API, for tests")

    generic = _provider(providers, "generic", "write the configuration, ask the gateway", _GENERIC)
    generic.add_argument("--send-url", metavar="URL", help="the gateway's address that takes replies")
    generic.add_argument("--status-url", metavar="URL", help="its address that tells their status, or none")
    _add_secret(generic, "secret", "the secret of both sides (made up)")
    _add_common(generic, "gateway", "our numbers and short codes there to add, separated by commas")
    _add_round_trip(generic)


def _provider(providers: Any, name: str, help_: str, examples: str) -> ArgumentParser:
    provider: ArgumentParser = providers.add_parser(
        name,
        help=help_,
        description=f"{help_[:1].upper()}{help_[1:]}. Asks for what no flag gives.",
        epilog=examples,
        formatter_class=RawDescriptionHelpFormatter,
    )
    provider.set_defaults(command="setup", provider=name)
    return provider


def _add_secret(provider: ArgumentParser, name: str, what: str) -> None:
    """Never the secret itself: other users can read the arguments of a command, and shells store them."""
    source = provider.add_mutually_exclusive_group()
    source.add_argument(f"--{name}-file", dest="secret_file", type=Path, metavar="FILE", help=f"a file with {what}")
    source.add_argument(f"--{name}-env", dest="secret_env", metavar="NAME", help=f"the variable that holds {what}")


def _add_common(provider: ArgumentParser, name: str, numbers: str) -> None:
    provider.add_argument("--numbers", metavar="LIST", help=numbers)
    provider.add_argument(
        "--remove-numbers", metavar="LIST", help="take these out of the configuration; all others that are there stay"
    )
    provider.add_argument("--skill", help="the skill that answers them (general)")
    provider.add_argument("--public-url", metavar="URL", help="where the provider reaches our hooks")
    provider.add_argument("--name", help=f"the account's name in the configuration ({name})")
    provider.add_argument("--config", type=Path, default=SUPPRESS, metavar="FILE", help="the file (./textdesk.toml)")
    provider.add_argument("--data", type=Path, default=SUPPRESS, metavar="DIR", help="data directory of the core")
    provider.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    provider.add_argument("--non-interactive", action="store_true", help="ask nothing, and make the changes")


def _add_api_base(provider: ArgumentParser) -> None:
    provider.add_argument("--api-base", metavar="URL", help="another address of the provider's API, for tests")


def _add_round_trip(provider: ArgumentParser) -> None:
    provider.add_argument("--test-to", metavar="NUMBER", help="send a test text to this phone and wait for its answer")
