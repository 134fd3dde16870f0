"""Encoding and segments of a text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connector.sms import gsm
from connector.sms.graphemes import clusters
from connector.sms.segments import Measure, measure, plain, split

FAMILY = "👨‍👩‍👧‍👦"  # 11 units
DECOMPOSED = "e\u0301"

# Pieces that meet every rule of the splitter, and some that break a naive one.
PIECES = [
    *"aZ9 @é\n\r€[|\f\x1bçá中。\x00\u200b\u0600\ud83d\ude00",
    *("\r\n", DECOMPOSED, "\u0301" * 40, "\u1100\u1161", "안녕", "नमस्ते", "กำ"),
    *(FAMILY, "👍🏽", "🇩🇪", "🏳️‍🌈", "❤️"),
]
MIXED = st.lists(st.sampled_from(PIECES), max_size=200).map("".join)


def units(part: str) -> int:
    """UTF-16 units, counted by another way than the code under test."""
    return sum(2 if ord(char) > 0xFFFF else 1 for char in part)


def septets(part: str) -> int:
    return sum(2 if char in gsm.EXTENSION else 1 for char in part)


# Twilio's own bills for these texts agreed with its calculator (TwilioDevEd/message-segment-calculator, issue 66).
@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("a" * 80 + "\r\n" + "a" * 79, "GSM-7", 2),
        ("a" * 80 + "\n" + "a" * 79, "GSM-7", 1),
        ("a" * 200 + "\r\n" + "a" * 105, "GSM-7", 3),
        ("é" * 70, "GSM-7", 1),
        (DECOMPOSED * 70, "UCS-2", 3),
        (DECOMPOSED, "UCS-2", 1),
        ("“quoted”", "UCS-2", 1),
        (plain("“quoted”"), "GSM-7", 1),
        ("„\u200c", "UCS-2", 1),
        (plain("„\u200c"), "GSM-7", 1),
        ("😀|", "UCS-2", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("中" * 70, "UCS-2", 1),
        ("中" * 71, "UCS-2", 2),
        ("|", "GSM-7", 1),
        ("]" * 153, "GSM-7", 3),  # 76 pairs in a part, not 76 and a half
    ],
)
def test_billed_segments(text: str, encoding: str, segments: int) -> None:
    assert measure(text)[:2] == (encoding, segments)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Measure("GSM-7", 1, 0, 0, 160, ())),
        ("hi", Measure("GSM-7", 1, 2, 2, 158, ())),
        ("€", Measure("GSM-7", 1, 1, 2, 158, ())),
        ("\r\n", Measure("GSM-7", 1, 2, 2, 158, ())),
        ("a" * 161, Measure("GSM-7", 2, 161, 161, 145, ())),
        ("hí [x] ç", Measure("UCS-2", 1, 8, 8, 62, (1, 7))),
        ("\x1b", Measure("UCS-2", 1, 1, 1, 69, (0,))),
        ("a😀", Measure("UCS-2", 1, 2, 3, 67, (1,))),
        ("a\ud83d", Measure("UCS-2", 1, 2, 2, 68, (1,))),
        ("中" * 71, Measure("UCS-2", 2, 71, 71, 63, tuple(range(71)))),
    ],
)
def test_measure(text: str, expected: Measure) -> None:
    assert measure(text) == expected


def test_culprit_is_the_first() -> None:
    assert measure("fine").culprit is None
    assert measure("not “fine”").culprit == 4
    assert measure("cafe\u0301").culprit == 4


def test_alphabet() -> None:
    assert (len(gsm.DEFAULT), len(gsm.EXTENSION), len(gsm.ALPHABET)) == (127, 10, 137)
    assert [gsm.DEFAULT_TABLE[code] for code in (0x00, 0x0A, 0x1B, 0x20, 0x41, 0x7F)] == [
        "@",
        "\n",
        "\x1b",
        " ",
        "A",
        "à",
    ]
    assert (gsm.EXTENSION_TABLE[0x65], gsm.EXTENSION_TABLE[0x3C]) == ("€", "[")
    for outsider in "ç`áíóúâêîôûãõ\t\u00a0“”–—…\x1b":
        assert measure(outsider).encoding == "UCS-2", outsider
    assert measure("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà").encoding == "GSM-7"


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("a" * 307, [153, 153, 1]),
        ("a" * 152 + "€" + "a" * 10, [152, 11]),  # the pair does not fit
        ("a" * 151 + "€" + "a" * 10, [152, 10]),
        ("a" * 158 + "€", [159]),
        ("a" * 159 + "€", [153, 7]),
        ("中" * 135, [67, 67, 1]),
        ("中" * 66 + "😀" + "中" * 10, [66, 11]),  # the surrogate pair does not fit
        ("中" * 60 + FAMILY + "中", [60, 8]),
        ("中" * 56 + FAMILY + "中" * 9, [63, 9]),
        ("a" * 66 + DECOMPOSED * 3, [66, 6]),
        ("中" * 64 + "🇩🇪🇫🇷", [64, 4]),  # a flag is a pair of letters of two units each
        ("안" * 66 + "\u1112\u1161\u11ab" + "녕" * 2, [66, 5]),
        ("a" * 152 + "\r\n" + "a" * 10, [153, 11]),  # CR LF may part, as at Twilio
        ("e" + "\u0301" * 99, [67, 33]),  # one cluster larger than a part
        ("a" * 30 + "e" + "\u0301" * 99, [67, 63]),
        ("😀" + "\u0301" * 99, [66, 34]),
    ],
)
def test_split_lengths(text: str, lengths: list[int]) -> None:
    parts = split(text)
    assert [len(part) for part in parts] == lengths
    assert "".join(parts) == text


def test_split_of_short_texts() -> None:
    assert split("") == [""]
    assert split("hi") == ["hi"]
    assert split(FAMILY * 6) == [FAMILY * 6]  # 66 units
    assert split(FAMILY * 7) == [FAMILY * 6, FAMILY]


@given(st.one_of(MIXED, st.text(), st.text(alphabet=sorted(gsm.ALPHABET), max_size=700)))
@example("\ud83d\ude00" * 40)
def test_split_of_any_text(text: str) -> None:
    parts = split(text)
    cost = measure(text)
    assert "".join(parts) == text
    assert len(parts) == cost.segments
    is_gsm = set(text) <= gsm.ALPHABET
    assert cost.encoding == ("GSM-7" if is_gsm else "UCS-2")
    sizes = [septets(part) if is_gsm else units(part) for part in parts]
    single, joined = (160, 153) if is_gsm else (70, 67)
    room = single if len(parts) == 1 else joined
    assert max(sizes) <= room
    assert cost.units == sum(sizes)
    assert cost.left_in_segment == room - sizes[-1]
    assert cost.culprits == tuple(i for i, char in enumerate(text) if char not in gsm.ALPHABET)
    if len(parts) > 1:
        assert all(parts)
        assert cost.units > single


@given(MIXED)
def test_clusters_stay_whole(text: str) -> None:
    allowed: set[int] = set()
    at = 0
    for cluster in clusters(text):
        allowed.update(range(at, at + len(cluster)) if units(cluster) > 67 else [at])
        at += len(cluster)
    at = 0
    for part in split(text):
        assert at in allowed or not text
        at += len(part)


@given(st.text(max_size=300), st.text(max_size=50))
def test_more_text_never_costs_less(text: str, more: str) -> None:
    if measure(text).encoding == measure(text + more).encoding:
        assert measure(text).segments <= measure(text + more).segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Don’t” – „now“ — it’s…", '"Don\'t" - "now" - it\'s...'),
        ("„\u200c", '"'),
        ("a\u00a0b\u202fc\td", "a b c d"),
        ("\u202a+1 555\u202c\ufeff\u200b\u00ad", "+1 555"),
        ("caf" + DECOMPOSED, "café"),
        ("• one\u2028‣ two", "- one\n- two"),
        ("½ and 1½", "1/2 and 1 1/2"),
        ("ﬁne Ｈｉ！ 𝐛𝐨𝐥𝐝", "fine Hi! bold"),
        ("3×4÷2 → 6 © ™", "3x4/2 -> 6 (c) TM"),
        ("10² á Καλά ça 中。", "10² á Καλά ça 中。"),  # no look-alike: left
        ("a\u0301", "a\u0301"),
        (f"{FAMILY} ❤️ 1️⃣ 👍🏽", f"{FAMILY} ❤️ 1️⃣ 👍🏽"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("“😀”", '"😀"'),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.one_of(MIXED, st.text()))
def test_plain_of_any_text(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    if set(text) <= gsm.ALPHABET:
        assert once == text
