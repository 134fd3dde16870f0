from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from connector.wire import requests
from tests.kit.fake_core import FakeCore
from tests.kit.screen import desk_process
from tui.terminal.external_editor import EditorFailed, editor_command

CONSUMER = "+15550101"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "No editor is named"),
        ({"EDITOR": "vi 'x"}, r"\$EDITOR cannot be read"),
        ({"EDITOR": "vi", "SSH_ORIGINAL_COMMAND": "textdesk"}, "forced by the server"),
    ],
)
def test_no_editor_is_guessed(environ: Mapping[str, str], words: str) -> None:
    with pytest.raises(EditorFailed, match=words):
        editor_command(environ)
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]


@pytest.mark.slow
async def test_what_the_editor_saves_is_the_draft_and_what_fails_leaves_it(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CONSUMER, "hello", owner="ann")
    script = tmp_path / "editor"
    script.write_text(
        "#!/bin/sh\n"
        f"ls -ld $(dirname $1) $1 > {tmp_path}/modes; stty -a > {tmp_path}/stty; read how < {tmp_path}/how\n"
        'echo "how: $how"; read answer; case $how in\n'
        "save) printf 'two\\nlines\\n' > $1;;\n"
        "fail) echo lost > $1; exit 3;;\n"
        "killed) printf saved > $1; kill -9 $$;;\n"
        "esac\n"
    )
    script.chmod(0o700)
    state = tmp_path / "state"

    def answer_with(how: str) -> None:
        (tmp_path / "how").write_text(how + "\n")

    async with desk_process(
        "--socket", str(core.path), "--agent", "ann", state=state, environ={"EDITOR": str(script)}
    ) as desk:
        await desk.shows("linked", CONSUMER)
        desk.write(b"\r")
        await desk.shows("0 of 1,600")
        desk.write(b"begun")
        answer_with("save")
        desk.write(b"\x05")
        await desk.shows("how: save")
        folder, file = (tmp_path / "modes").read_text().splitlines()
        assert folder.startswith("drwx------") and file.startswith("-rw-------")
        assert " icanon" in (tmp_path / "stty").read_text()
        core.receive(CONSUMER, "while the editor is open", owner="ann")
        os.kill(desk.process.pid, signal.SIGINT)  # ctrl+c in an editor reaches the desk too
        desk.write(b"\n")
        await desk.shows("while the editor is open", "two", "lines", "9 of 1,600")
        for how, words in (("fail", "editor ended with code 3"), ("killed", "editor was ended by SIGKILL")):
            answer_with(how)
            desk.write(b"\x05")
            await desk.shows(f"how: {how}")
            desk.write(b"\n")
            await desk.shows(words, "9 of 1,600" if how == "fail" else "5 of 1,600")
        assert not list(state.rglob("reply.txt"))
    assert not any(isinstance(ask.body, requests.Reply) for ask in core.asked)
