from __future__ import annotations

from pathlib import Path

import pytest

from connector.config import places
from connector.config.errors import ConfigError

HERE, DATA = "textdesk.toml", "data/textdesk.toml"


@pytest.mark.parametrize(
    ("given", "environ", "there", "expected"),
    [
        (None, {}, [], None),
        (None, {}, [DATA], DATA),
        (None, {}, [HERE, DATA], HERE),
        (None, {"TEXTDESK_CONFIG": "named.toml"}, [HERE, DATA], "named.toml"),
        (None, {"TEXTDESK_CONFIG": ""}, [HERE, DATA], HERE),
        ("given.toml", {"TEXTDESK_CONFIG": "named.toml"}, [HERE, DATA], "given.toml"),
    ],
)
def test_the_nearest_one_is_used(
    given: str | None,
    environ: dict[str, str],
    there: list[str],
    expected: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in there:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).touch()
    found = places.find(Path(given) if given else None, Path("data"), environ)
    assert found == (Path(expected) if expected else None)


def database_here(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    Path(HERE).write_text(f"[core]\ndatabase = '{url}'\n")
    return Path(HERE)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgresql://me@evil.example/x", "evil.example"),
        ("postgres://evil.example/x", "evil.example"),
        ("postgresql+psycopg://me@192.0.2.1:5433/x", "192.0.2.1"),
        ("postgresql://me:@evil.example/x", "evil.example"),
        ("postgresql://127.0.0.1#@evil.example/x", "evil.example"),
        ("postgresql://localhost/x?host=evil.example", "evil.example"),
        ("postgresql://localhost/x?hostaddr=192.0.2.1", "192.0.2.1"),
        ("postgresql:///x?host=localhost,evil.example", "evil.example"),
        ("postgresql:///x?host=localhost:1&host=evil.example:2", "evil.example"),
        ("postgresql:///x?service=theirs", "theirs"),
        ("postgresql://evil.example/x?password=", "evil.example"),
    ],
)
def test_a_found_file_gives_no_password_to_another_machine(
    url: str, host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = database_here(tmp_path, url, monkeypatch)
    with pytest.raises(ConfigError, match=rf"^textdesk\.toml: core\.database: {host} is another machine") as refused:
        places.find(None, Path("data"), {})
    assert "--config textdesk.toml" in str(refused.value)
    assert places.find(here, Path("data"), {}) == here, "it is named"
    assert places.find(None, Path("data"), {"TEXTDESK_CONFIG": HERE}) == here


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:its-own@db.example.com/x",
        "postgresql://me@db.example.com/x?password=its-own",
        "postgresql://me@localhost/x",
        "postgresql://me@127.0.0.1:5433/x",
        "postgresql://me@[::1]/x",
        "postgresql://me@/x?host=/run/postgresql",
        "postgresql:///x",
        "sqlite:///x.db",
        "x.db",
        "mysql://db.example.com/x",
        "://",
    ],
)
def test_other_databases_of_a_found_file(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = database_here(tmp_path, url, monkeypatch)
    assert places.find(None, Path("data"), {}) == here


def test_the_file_of_the_data_directory_is_its_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    Path(DATA).write_text("[core]\ndatabase = 'postgresql://me@db.example.com/x'\n")
    assert places.find(None, Path("data"), {}) == Path(DATA)


@pytest.mark.parametrize("text", ["", "core = 1", "[core]\ndatabase = 1", "[core", "core = [1]"])
def test_a_found_file_with_mistakes_is_found(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(HERE).write_text(text)
    assert places.find(None, Path("data"), {}) == Path(HERE)
