"""Whether a stranger could guess a secret that administrators make up and callers have to present."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.base.secret import Secret
from connector.config.file import Config
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green

_SHORTEST = 16
_FEWEST_DIFFERENT = 6  # characters; 16 random hexadecimal digits have fewer once in some 20,000
_SHOWN = 5


async def check(evidence: Evidence) -> list[Finding]:
    return judge(made_up(evidence.config)) if evidence.config is not None else []


def judge(made_up: Mapping[str, Secret]) -> list[Finding]:
    """`made_up`: by their keys in the configuration."""
    weak = [key for key, secret in made_up.items() if _is_weak(secret.reveal())]
    if not weak:
        return [green("No token and no hook's secret is easy to guess.")] if made_up else []
    shown = ", ".join(weak[:_SHOWN]) + (f" and {len(weak) - _SHOWN} more" if len(weak) > _SHOWN else "")
    return [
        amber(
            f"Strangers can guess what is shorter than {_SHORTEST} characters or made of a few: {shown}.",
            "Make a new one each, with `openssl rand -hex 32`, and give it to whom it is for. A hook's old one can stay"
            " as previous_… until then.",
        )
    ]


def made_up(config: Config) -> dict[str, Secret]:
    """Secrets that administrators make up and callers present, by their keys in the configuration."""
    return dict(_made_up(config))


def _made_up(config: Config) -> Iterator[tuple[str, Secret]]:
    for name, agent in config.agents.items():
        if agent.token is not None:
            yield f"agents.{name}.token", agent.token
    for name, account in config.accounts.items():
        for key in sorted(account.made_up_secrets):
            if (secret := getattr(account, key)) is not None:
                yield f"accounts.{name}.{key}", secret


def _is_weak(text: str) -> bool:
    return len(text) < _SHORTEST or len(set(text)) < _FEWEST_DIFFERENT
