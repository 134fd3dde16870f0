from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.wire.views import AccountView, ErrorCodeView, LineTrafficView, LineView, TrafficBucket
from tests.kit.views import AT, LINE, account, traffic
from tui.draw.providers import ProviderCursor, block, provider_entries, traffic_plot
from tui.model.state import Connection, Model, PageData, Providers

MINUTE = 60_000
MAIN, SHORT = ProviderCursor("main", LINE), ProviderCursor("shorty", "12345")
FULL = account(
    "main",
    words="All is well.",
    last_hook_at=AT - MINUTE,
    balance="12.50 USD",
    uncertain=3,
    recovered=2,
    refused_hooks=1,
    unread_hooks=4,
    failed=5,
    queue_depth=6,
    oldest_queued_at=AT - 4 * MINUTE,
)


def desk(*accounts: AccountView, lines: list[LineTrafficView] | None = None) -> Model:
    known = (LineView(LINE, "main", "support"), LineView("12345", "shorty", "orders"))
    return Model(
        providers=Providers(accounts=accounts, lines=known),
        fetched=PageData(traffic=None if lines is None else tuple(lines)),
    )


def text(state: Model, on: ProviderCursor | None = None, width: int = 80, height: int = 24) -> str:
    entries = provider_entries(state, on, AT, width, height)
    return "\n".join("".join(words for words, _ in line) for entry in entries for line in entry.lines)


def test_an_account_s_head_says_all_that_is_known() -> None:
    told = text(desk(FULL))
    for words in (
        "● ok",
        "All is well.",
        "active",
        "balance 12.50 USD",
        "last hook 1m ago",
        "last send never",
        "6 queued, oldest 4m",
        "5 failed",
        "1 hook refused",
        "4 not read",
        "3 uncertain",
        "2 recovered",
    ):
        assert words in told.replace("\n", " ")


@pytest.mark.parametrize(("mode", "words"), [("draining", "takes no more"), ("off", "sends nothing"), ("odd", "odd")])
def test_what_a_mode_means_is_said(mode: str, words: str) -> None:
    assert words in text(desk(account("main", mode=mode)))


def test_a_line_has_its_pace_its_queue_and_its_last_words() -> None:
    line = traffic(
        "main",
        LINE,
        segments_per_s=0.5,
        queue_depth=3,
        oldest_queued_at=AT - 2 * MINUTE,
        last_inbound_at=AT - 5 * MINUTE,
    )
    row = next(row for row in text(desk(account("main"), lines=[line])).splitlines() if LINE in row)
    assert "0.5/s" in row and "3 queued for 2m" in row and "in 5m" in row and "out –" in row


def test_all_reasons_stand_below_an_account_and_below_a_line() -> None:
    reasons = ["nothing can be stored", "3 calls could not be used"]
    line = traffic("main", LINE, state="warning", words="x", reasons=["4 of the last hour's 9 replies failed"])
    shown = account("main", "twilio", "down", reasons[0], reasons=reasons)
    rows = [row.strip() for row in text(desk(shown, lines=[line])).splitlines()]
    head = next(number for number, row in enumerate(rows) if "✗ down" in row)
    assert rows[head + 1 : head + 3] == reasons
    at = next(number for number, row in enumerate(rows) if LINE in row)
    assert rows[at].startswith("▲") and rows[at + 1] == "4 of the last hour's 9 replies failed"


def test_the_plot_can_be_read_without_colours() -> None:
    buckets = [TrafficBucket(AT, 0, taken, 0, failed) for taken, failed in ((0, 0), (1, 0), (8, 4), (16, 0))]
    rows = ["".join(words for words, _ in line) for line in traffic_plot(buckets, 80)]
    assert rows[0].split()[:3] == ["taken", "··▁▁▄▄██", "25"] and "most in five minutes: 16" in rows[0]
    assert rows[1].split() == ["delivered", "········", "0"]
    assert rows[2].split() == ["failed", "····▂▂··", "4"]


@given(st.integers(1, 10**6), st.data())
def test_a_bar_grows_with_its_figure_and_shows_even_the_smallest(most: int, data: st.DataObject) -> None:
    heights = "·▁▂▃▄▅▆▇█"
    less = data.draw(st.integers(0, most))
    more = data.draw(st.integers(less, most))
    assert heights.index(block(less, most)) <= heights.index(block(more, most))
    assert (block(less, most) == "·") == (less == 0)
    assert block(most, most) == "█"


def test_the_codes_behind_the_failures_are_in_words() -> None:
    codes = [ErrorCodeView("30005", "The number is not known.", 6), ErrorCodeView(None, None, 1)]
    told = text(desk(account("main"), lines=[traffic("main", LINE, codes=codes)]))
    assert "6 × 30005 The number is not known." in told and "1 × without a code" in told


def test_every_line_has_its_plot_where_there_is_room_otherwise_the_one_under_the_cursor() -> None:
    lines = [traffic("main", LINE), traffic("shorty", "12345")]
    state = desk(account("main"), account("shorty", "openmarket"), lines=lines)
    assert text(state, height=40).count("delivered") == 2
    for on, place in ((MAIN, LINE), (SHORT, "12345")):
        rows = text(state, on, height=12).splitlines()
        (number,) = (number for number, row in enumerate(rows) if "taken" in row)
        assert place in rows[number - 1]


def test_before_the_core_has_answered_it_says_so() -> None:
    assert "asking the core" in text(desk(account("main")))
    assert "no figures for this line" in text(desk(account("main"), lines=[]))
    assert "Waiting for the core" in text(Model())
    assert "no line" in text(Model(providers=Providers(accounts=(account("main"),))))


@given(st.text(max_size=60), st.integers(60, 140), st.integers(0, 10**9))
def test_whatever_the_core_says_it_stays_on_the_screen(words: str, width: int, figure: int) -> None:
    code = ErrorCodeView(words, words, figure)
    line = traffic("main", LINE, skill=words, codes=[code] * 6, queue_depth=min(figure, 99_999))
    state = desk(account("main", words, words, words, balance=words, mode=words), lines=[line])
    for row in text(state, None, width).splitlines():
        assert not any(
            unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in "\u202a\u202e\u2066" for char in row
        )


def test_without_any_account_it_says_how_to_connect_one() -> None:
    assert "No account is connected yet: run `textdesk setup twilio`" in text(
        Model(connection=Connection(is_complete=True)), width=120
    )
