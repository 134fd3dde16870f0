"""How a secret stands in the configuration: as a text, or as the file or environment variable that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

from connector.base import trusted_files
from connector.base.secret import Secret
from connector.config.on_call import AlertWebhookSettings
from connector.config.relay import KannelSettings, RelaySettings
from connector.config.settings import AgentSettings, CoreSettings
from connector.providers.registry import PROVIDERS

_SECTIONS: list[type] = [
    AgentSettings,
    CoreSettings,
    RelaySettings,
    KannelSettings,
    AlertWebhookSettings,
    *(provider.Settings for provider in PROVIDERS.values()),
]

# The keys of all sections whose values are secrets.
SECRET_KEYS = frozenset(
    name for section in _SECTIONS for name, kind in get_type_hints(section).items() if Secret in (kind, *get_args(kind))
)


_SERVICE_SECRETS = Path("/run/secrets")  # of Docker, Podman and Kubernetes


def read(value: Any, folder: Path, environ: Mapping[str, str]) -> str:
    """The secret; files are relative to `folder`. Raises ValueError with what is wrong, which shows no secret.

    A file must be below `folder`, the configuration's own, or where a service manager puts secrets: a configuration
    that came from elsewhere could otherwise have any file of ours sent to an address that it names as the provider's.
    """
    match value:
        case str() if value:
            return value
        case {"env": str(name), **rest} if not rest:
            if not environ.get(name):
                raise ValueError(f"the environment variable {name} is not set")
            return environ[name]
        case {"file": str(name), **rest} if not rest:
            # https://systemd.io/CREDENTIALS
            service = [_SERVICE_SECRETS, *map(Path, filter(None, [environ.get("CREDENTIALS_DIRECTORY")]))]
            try:
                content = trusted_files.read(folder / name, below=[folder, *service], any_owner_for_root=True)
                text = content.decode().strip()
            except trusted_files.UntrustedFile as error:
                is_itself = error.filename == str(folder / name)
                what = str(error.strerror) if is_itself else f"is not trusted: {str(error).rstrip('.')}"
                raise ValueError(f"the file {name} {what}") from None
            except OSError as error:
                raise ValueError(f"the file {name} cannot be read: {error.strerror}") from None
            except UnicodeDecodeError:
                raise ValueError(f"the file {name} cannot be read: it is not UTF-8") from None
            if not text:
                raise ValueError(f"the file {name} is empty")
            return text
    raise ValueError('expected a text, { file = "NAME" } or { env = "NAME" }')
