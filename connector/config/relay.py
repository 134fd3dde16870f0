"""`[relay]`: the process between the core and a gateway that cannot speak the generic provider's protocol itself."""

from __future__ import annotations

from msgspec import Struct

from connector.base.ip_addresses import is_loopback
from connector.base.secret import Secret
from connector.providers.public_url import check_encrypted, check_url


class KannelSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[relay.kannel]`: the `sendsms` service of a smsbox and its `sendsms-user`."""

    sendsms_url: str = "http://127.0.0.1:13013/cgi-bin/sendsms"
    username: str
    password: Secret

    def __post_init__(self) -> None:
        check_url("sendsms_url", self.sendsms_url)
        check_encrypted("sendsms_url", self.sendsms_url)


class RelaySettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who the relay is between, and where it listens."""

    account: str  # the generic account, as the core's configuration names it
    core_url: str  # that account's public_url
    secret: Secret  # that account's secret
    listen: str = "127.0.0.1:8200"  # HOST:PORT
    own_url: str | None = None  # where the gateway reaches the relay; None: at `listen`
    key: Secret | None = None  # what the gateway's calls have to name; needed beyond loopback
    kannel: KannelSettings

    def __post_init__(self) -> None:
        for name in ("core_url", "own_url"):
            if (url := getattr(self, name)) is not None:
                check_url(name, url)
        check_encrypted("core_url", self.core_url)
        host, _, port = self.listen.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65_535:
            raise ValueError('listen must be "HOST:PORT"')
        if not is_loopback(host) and self.key is None:
            raise ValueError(f"key is missing: {host} can be reached from other machines, and Kannel signs nothing")
        if not is_loopback(host) and self.own_url is None:
            raise ValueError("own_url is missing: the address at which the gateway reaches the relay")

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0]

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])
