from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.wire.views import AccountView, ErrorCodeView, LineTrafficView, LineView, TrafficBucket
from tests.kit.views import AT, LINE, account, traffic
from tui.actions.keys import DEFAULT_NAMES
from tui.draw.providers import ProviderCursor, provider_entries, providers_summary
from tui.draw.traffic_chart import height, traffic_chart
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
        keys=DEFAULT_NAMES,
        providers=Providers(accounts=accounts, lines=known),
        fetched=PageData(traffic=None if lines is None else tuple(lines)),
    )


def text(state: Model, on: ProviderCursor | None = None, width: int = 80, height: int = 24) -> str:
    entries = provider_entries(state, on, AT, width, height)
    return "\n".join("".join(words for words, _ in line) for entry in entries for line in entry.lines)


def test_an_account_that_is_well_is_one_sentence_and_zeros_are_left_out() -> None:
    buckets = [TrafficBucket(AT, 5, 4, 4, 0), TrafficBucket(AT, 7, 5, 0, 0)]
    line = traffic("main", LINE, buckets=buckets, queue_depth=0, last_inbound_at=AT - 5 * MINUTE)
    told = text(desk(account("main", median_send_ms=400), lines=[line]))
    assert "All well: 12 in, 9 out, 4 delivered, median 0.4 s. Last text 5m ago." in told
    for words in ("failed", "refused", "not sure", "queued", "0 "):
        assert words not in told.replace("+15550199", "").split("median")[0]
    quiet = [TrafficBucket(AT, 0, 0, 0, 0)]
    told = text(desk(account("main"), lines=[traffic("main", LINE, buckets=quiet)]))
    assert "All well. Nothing came in and nothing went out in the last hour." in told


def test_the_figures_of_replies_add_up_to_those_of_the_reason() -> None:
    words = "33 of the last hour's 106 replies failed"
    line = traffic("main", LINE, buckets=[TrafficBucket(AT, 0, 81, 70, 33, 106)])
    told = " ".join(text(desk(account("main", state="warning", words=words), lines=[line]), width=120).split())
    assert f"{words}." in told
    assert "106 replies: 70 delivered, 3 on the way, 33 failed (25 of them before the provider took them)." in told


def test_what_is_not_zero_is_said() -> None:
    told = text(desk(FULL), width=120)
    for words in (
        "● main",
        "balance 12.50 USD",
        "6 queued, oldest 4m",
        "3 replies not sure in 24 hours (lists count conversations), being looked up.",
        "2 texts found later",
    ):
        assert words in told


@pytest.mark.parametrize(("mode", "words"), [("draining", "takes no more"), ("off", "sends nothing"), ("odd", "odd")])
def test_what_a_mode_means_is_said_with_the_key_that_ends_it(mode: str, words: str) -> None:
    told = text(desk(account("main", mode=mode)))
    assert words in told and "a lets it send" in told


def test_trouble_comes_first_with_every_reason_and_what_to_do() -> None:
    reasons = ["nothing can be stored", "3 calls could not be used"]
    ill = account("shorty", "openmarket", "down", reasons[0], reasons=reasons, unread_hooks=3, unsent=2)
    rows = [row.strip() for row in text(desk(account("main"), ill)).splitlines() if row.strip()]
    assert rows[0].startswith("✗ shorty")
    assert rows[1:3] == ["Nothing can be stored.", "3 calls could not be used."]
    assert (
        "h shows the hooks that could not be used" in rows and "2 replies to decide about: ✗ and ? in the lists" in rows
    )
    assert next(row for row in rows if "main" in row).startswith("● main")
    told = text(desk(account("main", state="down", words="wrong token")))
    assert "Wrong token." in told and "textdesk doctor says what to change" in told


def test_of_several_lines_each_has_a_row_and_the_chart_is_of_all_or_of_the_one_under_the_cursor() -> None:
    one, four = ([TrafficBucket(AT, inbound, 0, 0, 0)] for inbound in (1, 4))
    lines = [
        traffic("main", LINE, segments_per_s=0.5, queue_depth=0, last_inbound_at=AT - 5 * MINUTE, buckets=one),
        traffic("main", "+15550198", state="warning", reasons=["4 of 9 replies failed"], buckets=four),
    ]
    known = (LineView(LINE, "main", "support"), LineView("+15550198", "main", "bookings"))
    state = Model(providers=Providers(accounts=(account("main"),), lines=known), fetched=PageData(traffic=tuple(lines)))
    rows = text(state).splitlines()
    row = next(row for row in rows if LINE in row)
    assert "0.5 segments/s · 1 in" in row and "last text 5m ago" in row
    number = next(number for number, row in enumerate(rows) if "+15550198" in row)
    assert "▲" in rows[number] and rows[number + 1].strip() == "4 of 9 replies failed."
    assert "in         5 " in text(state) and "in         1 " in text(state, MAIN)


def test_the_chart_can_be_read_without_colours() -> None:
    figures = ((0, 0, 0), (1, 2, 0), (8, 4, 4), (16, 0, 1))
    buckets = [TrafficBucket(AT, inbound, taken, 0, failed) for inbound, taken, failed in figures]
    rows = ["".join(words for words, _ in line) for line in traffic_chart(buckets, 80)]
    each = 5
    assert rows[0].split()[:3] == ["in", "25", "▁" * each + "▂" * each + "▄" * each + "█" * each]
    assert "█ = 16 in 5 min" in rows[0]
    assert rows[1].split()[1] == "6" and rows[1].endswith("▔" * each + "▆" * each + "▆" * each + "▔" * each)
    assert rows[2].split() == ["failed", "5", "✗4", "✗"]
    assert rows[2].index("✗4") == rows[0].index("▄")


@given(st.integers(1, 10**6), st.data())
def test_a_bar_grows_with_its_figure_and_shows_even_the_smallest(most: int, data: st.DataObject) -> None:
    less = data.draw(st.integers(0, most))
    more = data.draw(st.integers(less, most))
    assert height(less, most) <= height(more, most) <= 8
    assert (height(less, most) == 0) == (less == 0)
    assert height(most, most) == 8


def test_the_codes_behind_the_failures_are_in_words() -> None:
    codes = [ErrorCodeView("30005", "The number is not known.", 6), ErrorCodeView(None, None, 1)]
    ill = account("main", state="warning", words="7 replies failed")
    told = text(desk(ill, lines=[traffic("main", LINE, codes=codes)]))
    assert "6 × 30005 The number is not known." in told and "1 × without a code" in told


def test_every_account_has_its_chart_where_there_is_room_otherwise_the_one_under_the_cursor() -> None:
    buckets = [TrafficBucket(AT, 1, 0, 0, 0)] * 12
    lines = [traffic("main", LINE, buckets=buckets), traffic("shorty", "12345", buckets=buckets)]
    state = desk(account("main"), account("shorty", "openmarket"), lines=lines)

    def with_chart(on: ProviderCursor | None, height: int) -> list[ProviderCursor | None]:
        entries = provider_entries(state, on, AT, 80, height)
        return [entry.place for entry in entries if any("▔" in words for line in entry.lines for words, _ in line)]

    assert with_chart(None, 40) == [MAIN, SHORT]
    assert with_chart(None, 8) == with_chart(MAIN, 8) == [MAIN]
    assert with_chart(SHORT, 8) == [SHORT]


def test_before_the_core_has_answered_it_says_so() -> None:
    assert text(desk(account("main"))).strip().endswith("All well.")
    known = (LineView(LINE, "main", "support"), LineView("12345", "main", "support"))
    assert "asking the core" in text(Model(providers=Providers(accounts=(account("main"),), lines=known)))
    assert "Waiting for the core" in text(Model())
    assert "no line" in text(Model(providers=Providers(accounts=(account("main"),))))


def test_the_title_says_how_many_accounts_need_the_agent() -> None:
    ill = account("shorty", state="down")
    assert providers_summary(desk(account("main"), ill)) == ("1 of 2 accounts needs you", "bad")
    assert providers_summary(desk(account("main"))) == ("all well", "good")
    assert providers_summary(desk(account("short"), account("main", mode="off"))) == ("main is off", "warn")


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
