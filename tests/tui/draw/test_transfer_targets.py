from __future__ import annotations

import pytest

from connector.wire import answers
from connector.wire.views import AgentTargetView, SkillTargetView
from tui.draw.transfer_targets import row_spans, target_rows


class TestTargetRows:
    FOUND = answers.Targets(
        [
            SkillTargetView("night", True, 0, 0, 2, None, None, "no one of it or of its fallbacks is online"),
            SkillTargetView("orders", True, 2, 1.5, 0, 0, "orders", "taken at once"),
        ],
        [
            AgentTargetView("ben", "Ben", "online", 1.0, 4, True, "1 of 4 places taken"),
            AgentTargetView("zoe", "Zoë", "offline", 0, 4, False, "has no desk open"),
        ],
    )

    def test_what_would_be_refused_comes_last_and_says_why(self) -> None:
        found = target_rows(self.FOUND, "")
        assert [place.name for place in found] == ["orders", "Ben", "night", "Zoë"]
        line = row_spans(found[-1], 60)
        assert {role for _, role in line} == {"muted"} and "✗ has no desk open" in "".join(text for text, _ in line)

    @pytest.mark.parametrize(
        ("typed", "names"), [("ord", ["orders"]), ("agent", ["Ben", "Zoë"]), ("skill night", ["night"]), ("xyz", [])]
    )
    def test_typing_finds_them(self, typed: str, names: list[str]) -> None:
        assert [place.name for place in target_rows(self.FOUND, typed)] == names
        assert target_rows(None, typed) == []
