from __future__ import annotations

from pathlib import Path

import pytest

from connector.config import places

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
