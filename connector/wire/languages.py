"""Languages by their tags (BCP 47), as far as people name them in English."""

from __future__ import annotations

import re

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ms": "Malay", "mt": "Maltese",
    "nb": "Norwegian", "nl": "Dutch", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
# What speakers call some of them.
_OWN_NAMES = {
    "bahasa indonesia": "id", "català": "ca", "čeština": "cs", "dansk": "da", "deutsch": "de", "eesti": "et",
    "español": "es", "euskara": "eu", "français": "fr", "gaeilge": "ga", "galego": "gl", "hrvatski": "hr",
    "íslenska": "is", "italiano": "it", "latviešu": "lv", "lietuvių": "lt", "magyar": "hu", "nederlands": "nl",
    "norsk": "nb", "polski": "pl", "português": "pt", "română": "ro", "shqip": "sq", "slovenčina": "sk",
    "slovenščina": "sl", "suomi": "fi", "svenska": "sv", "türkçe": "tr", "tiếng việt": "vi", "ελληνικά": "el",
    "български": "bg", "русский": "ru", "српски": "sr", "українська": "uk", "עברית": "he", "العربية": "ar",
    "日本語": "ja", "中文": "zh", "한국어": "ko",
}  # fmt: skip
# All codes of two letters (ISO 639-1), by the first.
_SECOND_LETTERS = {
    "a": "abefkmnrsvyz", "b": "aeghimnors", "c": "aehorsuvy", "d": "aevz", "e": "elnostu", "f": "afijory", "g":
    "adlnuv", "h": "aeiortuyz", "i": "adegikostu", "j": "av", "k": "agijklmnorsuvwy", "l": "abginotuv", "m":
    "ghiklnrsty", "n": "abdeglnorvy", "o": "cjmrs", "p": "ailst", "q": "u", "r": "mnouw", "s":
    "acdeghiklmnoqrstuvw", "t": "aeghiklnorstwy", "u": "gkrz", "v": "eio", "w": "ao", "x": "h", "y": "io", "z":
    "ahu",
}  # fmt: skip
_TAGS = _OWN_NAMES | {name.casefold(): tag for tag, name in NAMES.items()}
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def tag_of(text: str) -> str | None:
    """The tag that is meant by one in any case, or by a language's name in English or its own; else None."""
    word = text.strip().replace("_", "-")
    if (tag := _TAGS.get(word.casefold())) is not None:
        return tag
    if not _TAG.fullmatch(word):
        return None
    first, *rest = word.split("-")
    if len(first) == 2 and first[1].lower() not in _SECOND_LETTERS.get(first[0].lower(), ""):
        return None
    return "-".join((first.lower(), *map(_subtag, rest)))


def name_of(tag: str) -> str:
    """The language in English, with what else the tag says; the tag where it is none of ours."""
    first, _, rest = tag.partition("-")
    name = NAMES.get(first)
    return tag if name is None else f"{name} ({rest})" if rest else name


def _subtag(text: str) -> str:
    """`Hans` for a script, `BR` for a region."""
    return text.title() if len(text) == 4 and text.isalpha() else text.upper() if len(text) == 2 else text.lower()
