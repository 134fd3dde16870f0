"""Reading the configuration: one TOML file, with secrets in it, in files beside it or in the environment.

```toml
[core]
database = "postgresql://…"       # default: SQLite in the data directory

[hooks]                           # where providers' hooks come in
host = "127.0.0.1"
port = 8080

[desks]                           # beside the Unix socket of this core's own user
listen = "127.0.0.1:8081"         # a TCP websocket, with tokens
group = "textdesk"                # a Unix socket for the users of this group: /run/textdesk/desk.sock

[agents.anna]
name = "Anna"
skills = ["orders"]
capacity = 4
lead = true                       # or administrator = true
accounts = ["main"]

[routing]                         # who answers what, and when: see `rules.py`
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

import functools
import operator
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from connector.base import trusted_files
from connector.base.ip_addresses import is_loopback
from connector.base.mistyped_path import likeness
from connector.base.secret import Secret
from connector.config import secrets
from connector.config.errors import ConfigError
from connector.config.hours import HoursSettings
from connector.config.masking import MaskingSettings
from connector.config.on_call import OnCallSettings
from connector.config.relay import RelaySettings
from connector.config.rules import RoutingSettings, SkillSettings, rules_of
from connector.config.settings import AgentSettings, CoreSettings, DeskSettings, HookSettings, SendingSettings
from connector.config.validation_words import README, all_validation_words
from connector.domain.account import Line
from connector.domain.address import person_of, region_of
from connector.domain.agent import MOST_CAPACITY, Agent, name_flaw
from connector.domain.phones import read_phone
from connector.domain.retention import GENERAL, Retention
from connector.domain.skill_rules import Rules
from connector.providers import addresses
from connector.providers.public_url import is_on_this_machine
from connector.providers.registry import PROVIDERS
from connector.providers.settings import AccountSettings
from connector.sms.text import shown
from connector.wire.endpoint import HOST_SOCKET, fits

_NAMED_ELSEWHERE = {"agents", "accounts", "skills", "routing"}  # without one of these others seem to be wrong
_SHOWN = 64  # characters of a name that is refused


class ConfigSource(Struct, frozen=True):
    """Where a configuration is from, and how it was written."""

    path: Path | None = None  # None: there is no file
    skill_sections: frozenset[str] = frozenset()  # the skills that have a section
    token_places: dict[str, str] = {}  # where the tokens of agents stand in plain text, by agent


class Config(Struct, frozen=True):
    """What a core runs with. `accounts` hold the settings of their providers."""

    core: CoreSettings
    hooks: HookSettings
    desks: DeskSettings | None
    agents: dict[str, AgentSettings]
    accounts: dict[str, AccountSettings]
    routing: RoutingSettings
    rules: Rules
    sending: SendingSettings = SendingSettings()
    masking: MaskingSettings = MaskingSettings()
    retention: Retention = GENERAL
    on_call: OnCallSettings | None = None
    relay: RelaySettings | None = None  # of `textdesk relay`, which shares the file; the core has no use for it
    source: ConfigSource = ConfigSource()

    @property
    def has_team(self) -> bool:
        """Whether a group of this host works on the core; then no OS user is an administrator by nature."""
        return self.desks is not None and self.desks.group is not None

    def lines(self) -> dict[tuple[str, str], Line]:
        """Every line by (account, address)."""
        found = [line for name, account in self.accounts.items() for line in account.lines(name)]
        return {(line.account, line.address): line for line in found}

    def phone_of(self, agent: AgentSettings) -> str:
        """Raises ValueError with one sentence."""
        lines = [address for _, address in self.lines()]
        regions = {region_of(line) for line in lines} - {None}
        return read_phone(agent.phone, regions.pop() if len(regions) == 1 else None, {*map(person_of, lines)})

    def agent(self, agent_id: str) -> Agent:
        """An agent as configured; one without a section has every skill."""
        settings = self.agents.get(agent_id) or AgentSettings()
        return Agent(
            id=agent_id,
            name=settings.name or agent_id,
            skills=tuple(settings.skills),
            capacity=self.routing.capacity if settings.capacity is None else settings.capacity,
            role=settings.role,
            sees=settings.sees,
            accounts=tuple(settings.accounts),
            os_user=settings.os_user,
            is_provisioned=agent_id in self.agents,
            phone=self.phone_of(settings),
        )


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the file; without one, the defaults. Raises ConfigError."""
    if path is None:
        return msgspec.structs.replace(_decode({}, Path("(no file)"), environ), source=ConfigSource())
    try:
        raw = tomllib.loads(read(path))
    except FileNotFoundError:
        hint = likeness(path, is_folder=False)
        raise ConfigError(f"{path}: there is no such file{hint}. Write one, or leave --config away.") from None
    except trusted_files.UntrustedFile as error:
        raise ConfigError(str(error)) from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}.") from None
    except RecursionError:
        raise ConfigError(f"{path}: is nested too deep.") from None
    return _decode(raw, path, environ)


def read(path: Path) -> str:
    """The text of a configuration file that can be trusted. Raises OSError or UnicodeDecodeError."""
    return trusted_files.read(path, any_owner_for_root=True).decode()


def _decode(raw: dict[str, Any], path: Path, environ: Mapping[str, str]) -> Config:
    account = functools.reduce(operator.or_, [provider.Settings for provider in PROVIDERS.values()])
    shape = msgspec.defstruct(
        "File",
        [
            ("core", CoreSettings, CoreSettings()),
            ("hooks", HookSettings, HookSettings()),
            ("desks", DeskSettings | None, None),
            ("routing", RoutingSettings, RoutingSettings()),
            ("sending", SendingSettings, SendingSettings()),
            ("hours", HoursSettings | None, None),
            ("skills", dict[str, SkillSettings], msgspec.field(default_factory=dict)),
            ("agents", dict[str, AgentSettings], msgspec.field(default_factory=dict)),
            ("accounts", dict[str, account], msgspec.field(default_factory=dict)),  # type: ignore[valid-type]
            ("masking", MaskingSettings, MaskingSettings()),
            ("retention", Retention, Retention()),
            ("on_call", OnCallSettings | None, None),
            ("relay", RelaySettings | None, None),
        ],
        forbid_unknown_fields=True,
    )

    def secret(kind: type, value: Any) -> Any:
        if kind is Secret:
            return Secret(secrets.read(value, path.parent, environ))
        raise NotImplementedError(kind)

    def error_of(content: dict[str, Any]) -> str:
        try:
            msgspec.convert(content, shape, dec_hook=secret)
        except msgspec.ValidationError as error:
            return str(error)
        return ""

    try:
        file: Any = msgspec.convert(raw, shape, dec_hook=secret)
    except msgspec.ValidationError as error:
        words = all_validation_words(str(error), raw, shape, error_of)
        rest = {name: section for name, section in raw.items() if not error_of({name: section})}
        if len(rest) < len(raw) and not (raw.keys() - rest.keys()) & _NAMED_ELSEWHERE:
            try:  # what the other sections say of one another
                _decode(rest, path, environ)
            except ConfigError as other:
                words = f"{words.removesuffix(README)}{str(other).removeprefix(f'{path}: ')}"
        raise ConfigError(f"{path}: {words}") from None
    given = {name: section.keys() for name, section in raw.get("skills", {}).items()}
    try:
        rules = rules_of(file.routing, file.hours, file.skills, given, _skills_in_use(file.agents, file.accounts))
    except ValueError as error:
        raise ConfigError(f"{path}: {error}. {README}") from None
    token_places = {name: _place(raw["agents"][name]["token"], path) for name, one in file.agents.items() if one.token}
    config = Config(
        core=file.core,
        hooks=file.hooks,
        desks=file.desks,
        agents=file.agents,
        accounts=file.accounts,
        routing=file.routing,
        sending=file.sending,
        rules=rules,
        masking=file.masking,
        retention=file.retention.over(GENERAL),
        on_call=file.on_call,
        relay=file.relay,
        source=ConfigSource(path, frozenset(given), token_places),
    )
    _check(config, path)
    for name, settings in config.accounts.items():
        _check_vendor_addresses(name, settings, raw["accounts"][name], path)
    return config


def _skills_in_use(agents: Mapping[str, AgentSettings], accounts: Mapping[str, AccountSettings]) -> set[str]:
    """The skills that lines and agents name."""
    found = {skill for agent in agents.values() for skill in agent.skills}
    numbers = [number for account in accounts.values() for number in account.numbers]
    return found | {skill for number in numbers for skill in (number.skill, *number.skills.values())}


def _check(config: Config, path: Path) -> None:
    """Checks across sections and values. Raises ConfigError."""
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
    owners: dict[str, str] = {}
    for agent_id, agent in config.agents.items():
        _check_agent(agent_id, agent, config, path)
        if agent.token is not None and (other := owners.setdefault(agent.token.reveal(), agent_id)) != agent_id:
            raise ConfigError(f"{path}: agents.{agent_id}.token: is that of {other}, too. Each agent needs their own.")
    if config.on_call is not None:
        _check_on_call(config.on_call, config, path)
    if config.desks is not None:
        _check_desks(config.desks, path)
    if not 0 <= config.hooks.port <= 65535:
        raise ConfigError(f"{path}: hooks.port: expected 0 to 65535, got {config.hooks.port}.")


def _check_agent(agent_id: str, agent: AgentSettings, config: Config, path: Path) -> None:
    if (flaw := name_flaw(agent_id)) is not None:
        raise ConfigError(f"{path}: agents.{shown(agent_id, keep_newlines=False)[:_SHOWN]}: {flaw}.")
    for key, value in {"name": agent.name, "os_user": agent.os_user or None}.items():
        if value is not None and (flaw := name_flaw(value)) is not None:
            raise ConfigError(f"{path}: agents.{agent_id}.{key}: {flaw}.")
    try:
        config.phone_of(agent)
    except ValueError as error:
        raise ConfigError(f"{path}: agents.{agent_id}.phone: {error}.") from None
    if agent.capacity is not None and not 0 <= agent.capacity <= MOST_CAPACITY:
        raise ConfigError(
            f"{path}: agents.{agent_id}.capacity: expected 0 or more, up to {MOST_CAPACITY:,}, got {agent.capacity}."
        )
    if (unknown := next((one for one in agent.accounts if one not in config.accounts), None)) is not None:
        there = f"There are: {', '.join(config.accounts)}" if config.accounts else "There is none"
        raise ConfigError(f"{path}: agents.{agent_id}.accounts: there is no account {unknown}. {there}.")


def _check_on_call(on_call: OnCallSettings, config: Config, path: Path) -> None:
    for number, shift in enumerate(on_call.shifts):
        for skill in shift.skills:
            if not config.rules.knows(skill):
                there = f"There are: {', '.join(config.rules.names)}" if config.rules.names else "There is none"
                raise ConfigError(f"{path}: on_call.shifts[{number}].skills: there is no skill {skill}. {there}.")
    lines = {address for _, address in config.lines()}
    if on_call.line is not None and on_call.line not in lines:
        there = f"There are: {', '.join(sorted(lines))}" if lines else "There is none"
        raise ConfigError(f"{path}: on_call.line: {on_call.line} is none of the numbers. {there}.")


def _place(token: Any, path: Path) -> str:
    """Where a token stands in plain text, for people."""
    match token:
        case {"file": str(name)}:
            return str(path.parent / name)
        case {"env": str(name)}:
            return f"the environment variable {name}"
    return str(path)


def _check_vendor_addresses(name: str, account: AccountSettings, section: Mapping[str, Any], path: Path) -> None:
    """A secret of the environment goes to the vendor only: a file that came from elsewhere could name any variable."""
    if not any(isinstance(value, Mapping) and "env" in value for value in section.values()):
        return
    for field in msgspec.structs.fields(account):
        if not field.name.endswith("_base") or is_on_this_machine(url := getattr(account, field.name)):
            continue
        vendor = ".".join((urlsplit(str(field.default)).hostname or "").rsplit(".", 2)[-2:])
        host = urlsplit(url).hostname or ""
        if host != vendor and not host.endswith(f".{vendor}"):
            raise ConfigError(
                f"{path}: accounts.{name}.{field.name}: {host} is not of {vendor}, and gets no secret from an"
                ' environment variable; give the secret as { file = "NAME" } beside this file.'
            )


def _check_desks(desks: DeskSettings, path: Path) -> None:
    if desks.listen is None and desks.group is None:
        raise ConfigError(f"{path}: desks: expected listen, for desks over the network, or group, for a team here.")
    if desks.group == "":
        raise ConfigError(f"{path}: desks.group: expected the name of a group, got nothing.")
    if desks.socket is not None:
        _check_socket(desks.socket, desks.group, path)
    if (desks.tls_certificate is None) != (desks.tls_key is None):
        raise ConfigError(f"{path}: desks: tls_certificate and tls_key belong together; one is missing.")
    if desks.listen is None:
        if desks.tls_key is not None:
            raise ConfigError(f"{path}: desks.tls_key: there is no listen that would need it; remove it.")
        return
    host, _, port = desks.listen.rpartition(":")
    if not host or not port.isdigit():
        raise ConfigError(f'{path}: desks.listen: expected "HOST:PORT", got "{desks.listen}".')
    if not is_loopback(host) and desks.tls_certificate is None and not desks.plain_text_over_the_network:
        raise ConfigError(
            f"{path}: desks.listen: {host} can be reached from outside, and without TLS texts and tokens can be"
            " read on the way. Set tls_certificate and tls_key, listen on 127.0.0.1 behind an SSH tunnel,"
            " or set plain_text_over_the_network = true."
        )


def _check_socket(socket: str, group: str | None, path: Path) -> None:
    if group is None:
        raise ConfigError(f"{path}: desks.socket: is for a team; name its group in desks.group.")
    # Cleaned by text, as it is used: with `..` it could lead elsewhere by a link.
    if not socket.startswith("/") or os.path.normpath(socket) != socket or Path(socket).parent == Path("/"):
        raise ConfigError(f'{path}: desks.socket: expected a path like "{HOST_SOCKET}", got "{socket}".')
    if not fits(Path(socket)):
        raise ConfigError(f"{path}: desks.socket: {socket} is too long for a socket; choose a shorter path.")
