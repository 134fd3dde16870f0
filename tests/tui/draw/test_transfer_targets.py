from __future__ import annotations

import pytest

from connector.sms.text import cells
from connector.wire import answers
from connector.wire.views import AgentTargetView, SkillTargetView
from tui.draw.transfer_targets import row_spans, target_rows, whole_words


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

    @pytest.mark.parametrize("width", [36, 76])
    def test_words_without_room_are_whole_below_their_row(self, width: int) -> None:
        [full] = target_rows(
            answers.Targets(
                [], [AgentTargetView("mo", "محمد", "online", 7.8, 8, False, "7.8 of 8 places taken; is away")]
            ),
            "mo",
        )
        lines = ["".join(text for text, _ in line) for line in whole_words(full._replace(words=full.words * 3), width)]
        assert "".join(lines).replace(" ", "") == f"✗{full.words * 3}".replace(" ", "")
        assert all(cells(line) <= width for line in lines)
        assert whole_words(full, 120) == []

    @pytest.mark.parametrize(
        ("typed", "names"),
        [("ord", ["orders"]), ("agent", ["Ben", "Zoë"]), ("skill night", ["night"]), ("zoe", ["Zoë"]), ("xyz", [])],
    )
    def test_typing_finds_them(self, typed: str, names: list[str]) -> None:
        assert [place.name for place in target_rows(self.FOUND, typed)] == names
        assert target_rows(None, typed) == []
