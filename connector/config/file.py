"""The configuration: one TOML file, secrets from it, from files beside it or from the environment.

```toml
[core]
database = "postgresql://…"       # default: SQLite in the data directory

[hooks]                           # where vendors' calls come in
host = "127.0.0.1"
port = 8080

[desks]                           # a TCP websocket beside the Unix socket
listen = "127.0.0.1:8081"

[agents.anna]
name = "Anna"
skills = ["orders"]
capacity = 4
token = { file = "anna.token" }   # for desks over TCP

[routing]                         # who answers what, and when: see `connector.config.rules`
response_s = 900

[accounts.main]
provider = "twilio"
account_sid = "AC…"
auth_token = { env = "TWILIO_AUTH_TOKEN" }
public_url = "https://sms.example.com"
numbers = [{ address = "+15550100", skill = "orders" }]
```
"""

from __future__ import annotations

import difflib
import functools
import operator
import os
import re
import tomllib
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

import msgspec
import msgspec.inspect
from msgspec import Struct

from connector.base.secret import Secret
from connector.config.rules import HoursSettings, RoutingSettings, SkillSettings, rules_of
from connector.domain.account import Line
from connector.domain.agent import Agent
from connector.domain.skills import Rules
from connector.providers import addresses
from connector.providers.registry import PROVIDERS
from connector.providers.settings import AccountSettings

# TOML's kinds of values, as a person would name them.
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}


class ConfigError(Exception):
    """One sentence that names the file, the key, what is wrong and what is expected."""


class CoreSettings(Struct, frozen=True, forbid_unknown_fields=True):
    database: str | None = None


class HookSettings(Struct, frozen=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    port: int = 8080


class DeskSettings(Struct, frozen=True, forbid_unknown_fields=True):
    listen: str  # HOST:PORT
    tls_certificate: str | None = None
    tls_key: str | None = None
    plain_text_over_the_network: bool = False  # allow HOST to be another than loopback without TLS


class AgentSettings(Struct, frozen=True, forbid_unknown_fields=True):
    name: str | None = None
    skills: list[str] = []
    capacity: int | None = None  # None: that of `[routing]`
    token: Secret | None = None
    administrator: bool = False  # may release calls and switch accounts off
    lead: bool = False  # may take over and join colleagues' conversations


class Config(Struct, frozen=True):
    """What a core runs with. `accounts` hold each vendor's own settings."""

    core: CoreSettings
    hooks: HookSettings
    desks: DeskSettings | None
    agents: dict[str, AgentSettings]
    accounts: dict[str, AccountSettings]
    routing: RoutingSettings
    rules: Rules

    def lines(self) -> dict[tuple[str, str], Line]:
        """Every line by (account, address)."""
        found = [line for name, account in self.accounts.items() for line in account.lines(name)]
        return {(line.account, line.address): line for line in found}

    def agent(self, agent_id: str) -> Agent:
        """An agent as configured; somebody who is not named has every skill."""
        settings = self.agents.get(agent_id) or AgentSettings()
        return Agent(
            id=agent_id,
            name=settings.name or agent_id,
            skills=tuple(settings.skills),
            capacity=self.routing.capacity if settings.capacity is None else settings.capacity,
        )


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the file; without one, the defaults. Raises ConfigError."""
    if path is None:
        return _decode({}, Path("(no file)"), environ)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file. Write one, or leave --config away.") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}.") from None
    return _decode(raw, path, environ)


def _decode(raw: dict[str, Any], path: Path, environ: Mapping[str, str]) -> Config:
    account = functools.reduce(operator.or_, [provider.Settings for provider in PROVIDERS.values()])
    shape = msgspec.defstruct(
        "File",
        [
            ("core", CoreSettings, CoreSettings()),
            ("hooks", HookSettings, HookSettings()),
            ("desks", DeskSettings | None, None),
            ("routing", RoutingSettings, RoutingSettings()),
            ("hours", HoursSettings | None, None),
            ("skills", dict[str, SkillSettings], msgspec.field(default_factory=dict)),
            ("agents", dict[str, AgentSettings], msgspec.field(default_factory=dict)),
            ("accounts", dict[str, account], msgspec.field(default_factory=dict)),  # type: ignore[valid-type]
        ],
        forbid_unknown_fields=True,
    )

    def secret(kind: type, value: Any) -> Any:
        if kind is Secret:
            return _secret(value, path.parent, environ)
        raise NotImplementedError(kind)

    try:
        file: Any = msgspec.convert(raw, shape, dec_hook=secret)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_in_words(str(error), raw, shape)}") from None
    said = {name: section.keys() for name, section in raw.get("skills", {}).items()}
    try:
        rules = rules_of(file.routing, file.hours, file.skills, said, _skills_in_use(file.agents, file.accounts))
    except ValueError as error:
        raise ConfigError(f"{path}: {error}. The README shows every key.") from None
    config = Config(
        core=file.core,
        hooks=file.hooks,
        desks=file.desks,
        agents=file.agents,
        accounts=file.accounts,
        routing=file.routing,
        rules=rules,
    )
    _check(config, path)
    return config


def _skills_in_use(agents: Mapping[str, AgentSettings], accounts: Mapping[str, AccountSettings]) -> set[str]:
    """Those that lines and agents name."""
    found = {skill for agent in agents.values() for skill in agent.skills}
    numbers = [number for account in accounts.values() for number in account.numbers]
    return found | {skill for number in numbers for skill in (number.skill, *number.skills.values())}


def _secret(value: Any, folder: Path, environ: Mapping[str, str]) -> Secret:
    match value:
        case str() if value:
            return Secret(value)
        case {"env": str(name), **rest} if not rest:
            if not environ.get(name):
                raise ValueError(f"the environment variable {name} is not set")
            return Secret(environ[name])
        case {"file": str(name), **rest} if not rest:
            try:
                text = (folder / name).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ValueError(f"the file {name} cannot be read: {error.strerror}") from None
            if not text:
                raise ValueError(f"the file {name} is empty")
            return Secret(text)
    raise ValueError('expected a text, { file = "NAME" } or { env = "NAME" }')


def _in_words(error: str, raw: dict[str, Any], shape: type) -> str:
    """msgspec's "… - at `$.accounts[...].x`" as "accounts.main.x: …", its types as a person would name them."""
    what, _, where = error.partition(" - at ")
    key = where.strip("`").removeprefix("$").removeprefix(".")
    section, _, rest = key.partition("[...]")
    path, names = key, []
    if section in ("accounts", "agents", "skills", "hours.week", "hours.special") and "[...]" in key:
        table = functools.reduce(lambda found, name: found.get(name, {}), section.split("."), raw)
        names = [name for name in table if _is_at_fault(table[name], rest)]
        key = f"{section}.{'|'.join(names) or '*'}{rest}"
    what = what.removeprefix("Object ")
    for kind, words in _KINDS.items():
        what = what.replace(f"`{kind}`", words)
    what = what.replace("`", '"')
    what = what[:1].lower() + what[1:]
    if what.startswith("invalid value") and key.endswith(".provider"):
        what += f"; expected one of {', '.join(PROVIDERS)}"
    if (unknown := re.fullmatch(r'contains unknown field "(.*)"', what)) is not None:
        companies = {raw["accounts"][name].get("provider") for name in names} if section == "accounts" else set()
        alike = difflib.get_close_matches(unknown[1], _keys_at(path, shape, companies), n=1)
        what = f'there is no key "{unknown[1]}" here' + (f"; did you mean {alike[0]}?" if alike else "")
    return f"{key or 'top level'}: {what}{'' if what.endswith('?') else '.'} The README shows every key."


def _keys_at(path: str, shape: type, companies: Set[str]) -> list[str]:
    """What may stand at this place of the file, such as `accounts[...].numbers[0]`, in sections of these companies."""
    places = [msgspec.inspect.type_info(shape)]
    for name, _ in re.findall(r"(\w+)|(\[)", re.sub(r"\[\d*(\.\.\.)?\]", "[", path)):
        inner = [each for place in places for each in _inside(place, name)]
        places = [each for place in inner for each in getattr(place, "types", [place])]
    found = [place for place in places if isinstance(place, msgspec.inspect.StructType)]
    own = [place for place in found if place.tag in companies]
    return sorted({field.encode_name for place in own or found for field in place.fields})


def _inside(place: msgspec.inspect.Type, name: str) -> list[msgspec.inspect.Type]:
    """The key `name` of a section; without a name, whatever a table or list holds."""
    match place:
        case msgspec.inspect.StructType() if name:
            return [field.type for field in place.fields if field.encode_name == name]
        case msgspec.inspect.DictType():
            return [place.value_type]
        case msgspec.inspect.ListType() if not name:
            return [place.item_type]
    return []


def _is_at_fault(section: Any, rest: str) -> bool:
    """Whether the faulty key can lie in this section: msgspec does not say which of several it was."""
    first = rest.strip(".").partition(".")[0].partition("[")[0]
    return not first or not isinstance(section, dict) or first in section


def _check(config: Config, path: Path) -> None:
    """What types cannot say."""
    seen: dict[str, str] = {}
    for name, account in config.accounts.items():
        for number in account.numbers:
            if (words := addresses.flaw(number.address)) is not None:
                raise ConfigError(f"{path}: accounts.{name}.numbers: {words}{'' if words.endswith('?') else '.'}")
            if number.address in seen:
                raise ConfigError(
                    f"{path}: accounts.{name}.numbers: {number.address} belongs to {seen[number.address]} already."
                )
            seen[number.address] = name
    for agent_id, agent in config.agents.items():
        if agent.capacity is not None and agent.capacity < 0:
            raise ConfigError(f"{path}: agents.{agent_id}.capacity: expected 0 or more, got {agent.capacity}.")
    if config.desks is not None:
        _check_desks(config.desks, path)
    if not 0 <= config.hooks.port <= 65535:
        raise ConfigError(f"{path}: hooks.port: expected 0 to 65535, got {config.hooks.port}.")


def _check_desks(desks: DeskSettings, path: Path) -> None:
    host, _, port = desks.listen.rpartition(":")
    if not host or not port.isdigit():
        raise ConfigError(f'{path}: desks.listen: expected "HOST:PORT", got "{desks.listen}".')
    if (desks.tls_certificate is None) != (desks.tls_key is None):
        raise ConfigError(f"{path}: desks: tls_certificate and tls_key belong together; one is missing.")
    loopback = host in ("localhost", "[::1]") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None
    if not loopback and desks.tls_certificate is None and not desks.plain_text_over_the_network:
        raise ConfigError(
            f"{path}: desks.listen: {host} can be reached from outside, and without TLS anybody on the way can read"
            " texts and tokens. Set tls_certificate and tls_key, listen on 127.0.0.1 behind an SSH tunnel,"
            " or set plain_text_over_the_network = true."
        )
