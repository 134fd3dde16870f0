"""Pictures that came and pictures that go, on a core over a real socket."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import PictureView
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore
from tests.kit.views import account
from tui.screens.picture import PictureScreen

ONE = "+15550101"


def red(width: int = 40, height: int = 20) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), (255, 0, 0)).save(data, "PNG")
    return data.getvalue()


def kept(core: FakeCore, name: str, data: bytes) -> PictureView:
    core.pictures[name] = answers.Picture("image/png", data)
    return PictureView(name, "image/png", "kept", len(data), None)


async def view_picture(desk: DeskInHand) -> None:
    await desk.press("enter", "escape", "o")


class TestLooking:
    @pytest.mark.parametrize("size", [(80, 24), (120, 36)])
    async def test_the_last_one_is_shown_in_half_blocks(
        self, core: FakeCore, tmp_path: Path, size: tuple[int, int]
    ) -> None:
        core.receive(ONE, "look", owner="ann", pictures=[kept(core, "P1", red()), kept(core, "P2", red(20, 20))])
        async with desk_on(core, tmp_path, size=size) as desk:
            await view_picture(desk)
            await desk.shows("2 of 2", "▀" * 20)
            assert "▀" * 21 not in desk.text
            await desk.press("left")
            await desk.shows("1 of 2", "▀" * 40)
            assert desk.text.count("▀") == 400
            await desk.resize(30, 24)
            await desk.until(lambda: "▀" * 30 in desk.text and "▀" * 31 not in desk.text, "it to fit again")
            await desk.press("escape")
            await desk.shows("look")

    async def test_one_that_is_awaited_is_there_when_it_has_come(self, core: FakeCore, tmp_path: Path) -> None:
        waiting = PictureView("P1", "image/jpeg", "waiting", None, None)
        message = core.receive(ONE, "", owner="ann", pictures=[waiting])
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await view_picture(desk)
            await desk.shows("being fetched…", "No message here has a picture that can be shown.")
            core.move_picture(message, replace(waiting, state="failed", words="The provider says 404."))
            await desk.shows("failed: The provider says 404.")
            core.move_picture(message, kept(core, "P1", red()))
            await desk.shows("[PNG picture · ")
            await desk.press("o")
            await desk.shows("▀▀▀▀")

    @pytest.mark.parametrize(("data", "words"), [(b"no picture", "damaged"), (red(4001, 3000), "too many to show")])
    async def test_what_cannot_be_shown_is_said_and_can_be_saved(
        self, core: FakeCore, tmp_path: Path, data: bytes, words: str
    ) -> None:
        core.receive(ONE, "", owner="ann", pictures=[kept(core, "P1", data)])
        async with desk_on(core, tmp_path / "w", size=(80, 24)) as desk:
            await view_picture(desk)
            await desk.shows(words, "save it instead")

    async def test_a_page_that_is_closed_as_its_picture_comes_draws_no_more(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "", owner="ann", pictures=[kept(core, "P1", red())])
        async with desk_on(core, tmp_path / "w", size=(80, 24)) as desk:
            await view_picture(desk)
            page = desk.app.screen
            assert isinstance(page, PictureScreen)
            await desk.press("escape")
            page.repaint()

    async def test_the_core_s_refusal_is_shown(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "", owner="ann", pictures=[PictureView("P1", "image/png", "kept", 9, None)])
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await view_picture(desk)
            await desk.shows("There is no such picture any more.")
            await desk.press("s")
            await desk.shows("The picture is not here yet.")

    async def test_it_is_saved_for_its_owner_alone_and_nothing_is_overwritten(
        self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / "Downloads").mkdir()
        core.receive(ONE, "", owner="ann", pictures=[kept(core, "P1", red())])
        async with desk_on(core, tmp_path / "w", size=(200, 36)) as desk:
            await view_picture(desk)
            await desk.shows("▀▀▀▀")
            await desk.press("s")
            await desk.shows("Save the picture", "P1.png")
            await desk.press("enter")
            await desk.shows("Saved:")
            saved = tmp_path / "Downloads" / "picture-P1.png"
            assert saved.read_bytes() == red() and stat.S_IMODE(saved.stat().st_mode) == 0o600
            await desk.press("s", "enter")
            await desk.shows("is there already")

    async def test_without_a_window_it_says_so(
        self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("SSH_CONNECTION", "here")
        core.receive(ONE, "", owner="ann", pictures=[kept(core, "P1", red())])
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await view_picture(desk)
            await desk.shows("▀▀▀▀")
            await desk.press("x")
            await desk.shows("There is no window to open it in here")


class TestSending:
    @pytest.fixture
    def ready(self, core: FakeCore) -> FakeCore:
        core.accounts = [account("main", most_pictures=2)]
        core.receive(ONE, "hello", owner="ann")
        return core

    async def attach(self, desk: DeskInHand, where: str) -> None:
        await desk.press("ctrl+o")
        await desk.shows("A picture for the next reply")
        await desk.paste(where)
        await desk.press("enter")

    async def test_a_file_and_an_address_go_with_the_next_reply(self, ready: FakeCore, tmp_path: Path) -> None:
        (tmp_path / "shade.png").write_bytes(red())
        async with desk_on(ready, tmp_path / "w") as desk:
            await desk.press("enter")
            await self.attach(desk, str(tmp_path / "shade.png"))
            await desk.shows("with shade.png")
            await desk.hides("(on its way)")
            await self.attach(desk, "https://a.example/b.png")
            await desk.shows("https://a.example/b.png")
            await desk.press("ctrl+o")
            await desk.shows("At most 2 pictures can go with one reply")
            await desk.type("look")
            await desk.press("enter")
            await desk.hides("with shade.png")
            (reply,) = [each.body for each in ready.asked if isinstance(each.body, requests.Reply)]
            assert reply.text == "look" and reply.pictures[1] == "https://a.example/b.png"
            assert ready.pictures[reply.pictures[0]].data == red()

    async def test_they_are_there_again_after_a_restart(self, ready: FakeCore, tmp_path: Path) -> None:
        (tmp_path / "shade.png").write_bytes(red())
        async with desk_on(ready, tmp_path / "w") as desk:
            await desk.press("enter")
            await self.attach(desk, str(tmp_path / "shade.png"))
            await desk.shows("with shade.png")
            await desk.hides("(on its way)")
            await desk.type("look")
            kept = tmp_path / "w" / "desk-1.json"
            await desk.until(
                lambda: kept.exists() and all(words in kept.read_text() for words in ("shade.png", "look")),
                "both on disk",
            )
            # As if it were killed now: what is written at the end is not what comes back.
            left = kept.read_text()
        kept.write_text(left)
        async with desk_on(ready, tmp_path / "w") as desk:
            await desk.press("enter")
            await desk.shows("with shade.png", "4 of 1,600")
            ready.refuse[requests.Reply] = (
                RefusalCode.UNKNOWN_PICTURE,
                "The picture is no longer stored; upload it again.",
            )
            await desk.press("enter")
            await desk.shows("Not sent: The picture is no longer stored; upload it again.")
            ready.refuse.clear()
            await desk.press("enter")
            await desk.hides("4 of 1,600")
        first, second = [each.body for each in ready.asked if isinstance(each.body, requests.Reply)]
        assert first == second and ready.pictures[first.pictures[0]].data == red()

    async def test_it_can_be_taken_away_again(self, ready: FakeCore, tmp_path: Path) -> None:
        async with desk_on(ready, tmp_path) as desk:
            await desk.press("enter")
            await self.attach(desk, "https://a.example/b.png")
            await desk.shows("with https://a.example/b.png")
            await desk.press("ctrl+r")
            await desk.hides("with https://")

    async def test_a_file_that_is_no_picture_is_refused(self, ready: FakeCore, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(b"hello")
        ready.refuse[requests.PutPicture] = (RefusalCode.BAD_PICTURE, "This is no picture.")
        async with desk_on(ready, tmp_path / "w") as desk:
            await desk.press("enter")
            await self.attach(desk, "/no/such/file")
            await desk.shows("There is no file /no/such/file.")
            await self.attach(desk, str(tmp_path / "a.txt"))
            await desk.shows("This is no picture.")
            await desk.hides("with a.txt")

    async def test_where_none_can_be_sent_it_says_so(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter", "ctrl+o")
            await desk.shows("Pictures cannot be sent from")
