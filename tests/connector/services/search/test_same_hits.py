"""One list of cases, which both engines find the same in."""

from __future__ import annotations

from connector.store.ports import Store
from tests.kit.searching import index, marked, search
from tests.kit.use_cases import Office

TEXTS = (
    "I want a REFUND for order 20391, please",
    "Refunds take 3-5 days",
    "no, not now",
    "Thank you!",
    "you can thank me later",
    "Café Müller, Straße 5; naïve",
    "cafe\u0301 crème",  # the accents by themselves
    "SØREN and Łukasz and İstanbul",
    "don't e-mail me at 12:30",
    "a.b@example.com or https://example.com/x?y=1",
    "お客様の返金は本日行います",
    "東京都に配達してください",
    "ﾃﾞｰﾀを送信 と データ",
    "りんごとリンゴ",
    "สวัสดีครับ ขอบคุณมาก",
    "น้ำดื่มหมดแล้ว",
    "주문을 취소하고 싶어요",
    "我要退款，谢谢",
    "नमस्ते, पार्सल कहाँ है",
    "مرحبا أين الطَّرد",
    "שָׁלוֹם עולם",
    "Привет, где посылка? ПОСЫЛКУ жду",
    "ΌΔΟΣ and οδός",
    "call (415) 555-0199 or 07700 900114",
    "order nos 4711 and 2039",
    "１２３４５ and ٣٤٥٦",
    "great 👍🏽 thanks ❤️",
    "100% sure: 50€ = $55",
    'NOT "quoted" AND (bracketed) OR * NEAR',
    "it_is snake_case",
    "zero\u200bwidth soft\u00adhyphen",
    "x" * 600 + " endofit",
)
CASES: dict[str, list[str]] = {
    # words, by their beginning
    "refund": ["[Refund]s take 3-5 days", "I want a [REFUND] for order 20391, please"],
    "refund order": ["I want a [REFUND] for [order] 20391, please"],
    "ref ord 203": ["I want a [REF]UND for [ord]er [203]91, please"],
    "refunds": ["[Refunds] take 3-5 days"],
    "no": ["[no], not now"],  # of two letters: whole words
    "not": ['[NOT] "quoted" AND (bracketed) OR * NEAR', "no, [not] now"],
    "und": [],  # not within a word
    # phrases
    '"thank you"': ["[Thank you]!"],
    '"refund"': ["I want a [REFUND] for order 20391, please"],
    "thank you": ["[you] can [thank] me later", "[Thank] [you]!"],
    '"you thank': [],
    # accents, case, letters that are two
    "cafe": ["[cafe\u0301] crème", "[Café] Müller, Straße 5; naïve"],
    "CAFÉ": ["[cafe\u0301] crème", "[Café] Müller, Straße 5; naïve"],
    "muller strasse": ["Café [Müller], [Straße] 5; naïve"],
    "naive": ["Café Müller, Straße 5; [naïve]"],
    "soren lukasz istanbul": ["[SØREN] and [Łukasz] and [İstanbul]"],
    # joined by what is no letter
    "don't": ["[don't] e-mail me at 12:30"],
    "e-mail": ["don't [e-mail] me at 12:30"],
    "12:30": ["don't e-mail me at [12:30]"],
    "example.com": ["a.b@[example.com] or https://[example.com]/x?y=1"],
    "https://example.com": ["a.b@example.com or [https://example.com]/x?y=1"],
    "snake": ["it_is [snake]_case"],
    "zerowidth softhyphen": ["[zero\u200bwidth] [soft\u00adhyphen]"],
    # without spaces
    "返金": ["お客様の[返金]は本日行います"],
    "金": ["お客様の返[金]は本日行います"],
    "返金は本日": ["お客様の[返金は本日]行います"],
    "返本": [],
    "京都": ["東[京都]に配達してください"],
    "データ": ["[ﾃﾞｰﾀ]を送信 と [データ]"],
    "リンゴ": ["[りんご]と[リンゴ]"],
    "ขอบคุณ": ["สวัสดีครับ [ขอบคุณ]มาก"],
    "น้ำ": ["[น้ำ]ดื่มหมดแล้ว"],
    "취소": ["주문을 [취소]하고 싶어요"],
    "주문 취소": ["[주문]을 [취소]하고 싶어요"],
    "退款": ["我要[退款]，谢谢"],
    # other scripts
    "पार्सल": ["नमस्ते, [पार्सल] कहाँ है"],
    "الطرد": ["مرحبا أين [الطَّرد]"],
    "اين": ["مرحبا [أين] الطَّرد"],
    "שלום": ["[שָׁלוֹם] עולם"],
    "посылк": ["Привет, где [посылк]а? [ПОСЫЛК]У жду"],
    "οδοσ": ["[ΌΔΟΣ] and [οδός]"],
    # numbers and digits
    "(415) 555-0199": ["call ([415) 555-0199] or 07700 900114"],
    "+1 415 555 0199": ["call ([415) 555-0199] or 07700 900114"],
    "4155550199": ["call ([415) 555-0199] or 07700 900114"],
    "0044 7700 900114": ["call (415) 555-0199 or [07700 900114]"],
    "+44 (0)7700 900114": ["call (415) 555-0199 or [07700 900114]"],
    "4711 2039": ["order nos [4711] and [2039]"],
    "471": ["order nos [471]1 and 2039"],
    "711": [],
    "12345": ["[１２３４５] and ٣٤٥٦"],
    "3456": ["１２３４５ and [٣٤٥٦]"],
    # signs
    "👍": ["great [👍]🏽 thanks ❤️"],
    "❤": ["great 👍🏽 thanks [❤️]"],
    "50": ["100% sure: [50]€ = $55"],
    "endofit": ["x" * 152 + " [endofit]"],
}


async def test_every_case_is_found_as_it_stands_here(store: Store) -> None:
    office = Office(store)
    await office.sign_in()
    for text in TEXTS:
        await office.text(text)
    await index(store)
    found = {}
    for query in CASES:
        answer = await search(office, query)
        assert not answer.more
        found[query] = marked(answer)
    assert found == CASES
