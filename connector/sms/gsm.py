"""GSM 7-bit alphabet (3GPP TS 23.038, section 6.2.1), and look-alikes of its characters.

Without the national shift tables, which Twilio does not use.
"""

ESC = "\x1b"  # precedes a character of the extension table; no character itself

# In code order with ESC, so that a character's index is its septet.
DEFAULT_TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# By the septet that follows ESC.
EXTENSION_TABLE = dict(zip(b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65", "\f^{}\\[~]|€", strict=True))

DEFAULT = frozenset(DEFAULT_TABLE) - {ESC}
EXTENSION = frozenset(EXTENSION_TABLE.values())  # two septets each
ALPHABET = DEFAULT | EXTENSION

# Look-alikes and what replaces them: quotes, dashes, points and blanks of keyboards and word processors, but no
# letters by other letters.
_LOOKALIKES = {
    '"': "“”„‟«»″‶❝❞ʺˮ",
    "'": "‘’‚‛′‵`´ʹʻʼʽˈˊˋ❛❜",
    "-": "‐‑‒–—―−⁃•‣◦∙▪﹘",
    "~": "˜∼〜",
    "/": "⁄∕÷",
    "|": "∣｜¦",
    "*": "∗⁎✱",
    "^": "ˆ",
    "_": "‗",
    "<": "‹",
    ">": "›",
    "->": "→",
    "<-": "←",
    "x": "×",
    "(c)": "©",
    "(R)": "®",
    "TM": "™",
    "...": "…",
    "!!": "‼",
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\v\x85\u2028\u2029",
    # Invisible: soft hyphen, joiners, zero-width blanks, bidi marks, style selectors, filler.
    "": "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff",
}
PLAIN = {ord(char): word for word, chars in _LOOKALIKES.items() for char in chars}
