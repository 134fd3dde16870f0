from __future__ import annotations

from connector.wire import requests
from tests.kit.views import AT
from tui.desk import DeskController
from tui.model.state import Attachment


def desk(attachments: dict[str, tuple[Attachment, ...]]) -> DeskController:
    asked: list[requests.Request] = []
    return DeskController(
        ask=lambda request_id, body: asked.append(body),
        new_id=lambda: "r1",
        now=lambda: AT,
        drafts={},
        attachments=attachments,
        unanswered=[],
    )


def test_after_a_restart_the_pictures_whose_upload_was_interrupted_are_named() -> None:
    notice = desk({"C1": (Attachment("b.png", 3, None, None),)}).model.notices.current
    assert notice is not None and notice.is_error and "attach it again: b.png." in notice.words
    assert desk({"C1": (Attachment("b.png", 3, "P1", None),)}).model.notices.current is None
