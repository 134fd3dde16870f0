"""The import contracts of pyproject.toml report what they forbid: each is broken in a copy of the code."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: dict[str, dict[str, Any]] = {one["id"]: one for one in _PROJECT["tool"]["importlinter"]["contracts"]}
_LINT = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"


def lint(directory: Path, *contracts: str) -> str:
    """The report of `lint-imports` on the code in a directory, its white space folded."""
    only = [word for contract in contracts for word in ("--contract", contract)]
    done = subprocess.run(
        [sys.executable, "-c", _LINT, "--no-cache", *only],
        cwd=directory,
        env={"PYTHONPATH": str(directory), "COLUMNS": "1000", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Analyzed" in done.stdout, done.stdout + done.stderr
    return re.sub(r"\s+", " ", done.stdout)


def forbidden_imports(contract: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs (importer, imported) that a contract must report, as dotted names of folders or files."""
    match contract["type"]:
        case "forbidden":
            yield from itertools.product(contract["source_modules"], contract["forbidden_modules"])
        case "independence":
            yield from itertools.permutations(contract["modules"], 2)
        case "layers":
            (container,) = contract["containers"]
            layers = [[f"{container}.{name.strip()}" for name in layer.split("|")] for layer in contract["layers"]]
            for siblings in layers:
                yield from itertools.permutations(siblings, 2)
            for upper, lower in itertools.pairwise(layers):
                yield from itertools.product(lower, upper)


def last_file(directory: Path, module: str) -> Path:
    """A file of a folder that is not its `__init__`, so that the contract is seen to reach inside."""
    path = directory.joinpath(*module.split("."))
    if not path.is_dir():
        return path.with_suffix(".py")
    return max(file for file in path.rglob("*.py") if file.name != "__init__.py")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("connector", "tui"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_all_contracts_are_kept() -> None:
    report = lint(ROOT)
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in report


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_broken_contract_is_reported(contract: str, copy: Path) -> None:
    pairs = list(forbidden_imports(CONTRACTS[contract]))
    for importer, imported in pairs:
        with last_file(copy, importer).open("a", encoding="utf-8") as file:
            file.write(f"import {imported}\n")
    report = lint(copy, contract)
    unreported = [pair for pair in pairs if "{} is not allowed to import {}:".format(*pair) not in report]
    assert "0 kept, 1 broken." in report
    assert not unreported


def test_a_use_case_that_imports_a_table_is_reported(copy: Path) -> None:
    file = copy / "connector" / "services" / "sending" / "reply.py"
    file.write_text("from connector.store.sql.tables.messages import messages\n" + file.read_text(encoding="utf-8"))
    assert "connector.services.sending.reply -> connector.store.sql.tables" in lint(copy, "use-cases")


def test_a_new_folder_without_a_layer_is_reported(copy: Path) -> None:
    for package in ("connector", "tui"):
        (copy / package / "attic").mkdir()
        (copy / package / "attic" / "__init__.py").write_text("")
    report = lint(copy, "core-layers", "desk-layers")
    assert "connector.attic" in report and "tui.attic" in report


@pytest.mark.parametrize(
    ("contract", "exceptions"),
    [
        ("desk-is-a-client", {"base", "sms", "wire", "__main__"}),
        ("product-without-lab", {"lab", "__main__"}),
    ],
)
def test_a_contract_over_all_folders_names_all_folders(contract: str, exceptions: set[str]) -> None:
    key = "forbidden_modules" if contract == "desk-is-a-client" else "source_modules"
    named = {name.removeprefix("connector.") for name in CONTRACTS[contract][key] if name.startswith("connector.")}
    there = {
        path.stem for path in (ROOT / "connector").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert named | exceptions | {"__init__"} == there | {"__init__"}
