"""`ADDING.md` names only what exists, and gives the minimal provider's true size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector.providers import (
    base,
    fields,
    json_answers,
    outbound,
    registry,
    send_outcomes,
    settings,
    values,
    wordless,
)
from tests.kit import minimal_provider, provider_contract, provider_table

FOLDER = Path(base.__file__).parent
PAGE = (FOLDER / "ADDING.md").read_text(encoding="utf-8")
MENTIONS = sorted(set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))))
HOMES = [
    *(base, base.Provider, values, values.Hook, values.DeliveryReceipt, settings, settings.AccountSettings),
    *(
        send_outcomes,
        fields,
        json_answers,
        outbound,
        registry,
        wordless,
        provider_contract,
        provider_table,
        provider_table.ProviderTable,
    ),
]
# Kinds of hooks, endings of keys, and what is Python's or another package's.
OTHERS = {"inbound", "status", "receipt", "_url", "_base", "None", "ValueError", "__post_init__"}
OTHERS |= {"hmac.compare_digest", "httpx.HTTPError"}


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", PAGE))
def test_every_linked_file_exists(link: str) -> None:
    assert (FOLDER / link).exists()


@pytest.mark.parametrize("path", [one for one in MENTIONS if re.search(r"\.(py|toml)$|/$", one) and "acme" not in one])
def test_every_named_file_exists(path: str) -> None:
    folders = [FOLDER, FOLDER / "twilio", FOLDER.parents[1]]
    assert any((folder / path).exists() for folder in folders)


@pytest.mark.parametrize("name", [one for one in MENTIONS if re.fullmatch(r"\w+(\.(?!py$|toml$)\w+)*", one)])
def test_every_name_exists(name: str) -> None:
    names = {*(one for home in HOMES for one in (*dir(home), *vars(home).get("__annotations__", {})))}
    assert name in OTHERS or name.rpartition(".")[2] in names


@pytest.mark.parametrize("entry", re.findall(r"^    (\w+) = ", PAGE, re.MULTILINE))
def test_every_entry_of_the_table_exists(entry: str) -> None:
    assert entry in provider_table.ProviderTable.__annotations__


def test_the_size_of_the_minimal_provider_is_given() -> None:
    lines = Path(minimal_provider.__file__).read_text(encoding="utf-8").count("\n")
    assert f"in {lines} lines" in PAGE
    assert lines <= 150
