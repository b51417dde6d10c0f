"""Which code page names were written in that don't say so: those of old archives and tables.

Programs that don't write UTF-8 use the code page of their country. No text proves which one it was,
but nearly always only one reading is made of the letters that people there use: whole words of one
script, of the signs its standard counts as common.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

# fmt: off
_COMMON: dict[str, Callable[[bytes], bool]] = {
    # Kana, the long sign and the first level of kanji (JIS X 0208).
    "cp932": lambda b: b[0] in (0x82, 0x83) or b == b"\x81\x5b" or b"\x88\x9f" <= b <= b"\x98\x72",
    # The first level of hanzi (GB 2312), and of Big5.
    "cp936": lambda b: 0xB0 <= b[0] <= 0xD7 and b[1] >= 0xA1,
    "cp950": lambda b: b"\xa4\x40" <= b <= b"\xc6\x7e",
    # The syllables of KS X 1001.
    "cp949": lambda b: 0xB0 <= b[0] <= 0xC8 and b[1] >= 0xA1,
}
# fmt: on
OF_ARCHIVES = (
    "cp437",
    "cp850",
    "cp852",
    "cp866",
    "cp932",
    "cp936",
    "cp949",
    "cp950",
    "cp1252",
    "cp1251",
    "cp1250",
    "cp737",
    "cp1253",
)  # fmt: skip
OF_TEXTS = ("cp1252", "cp1251", "cp1250", "cp932", "cp936", "cp949", "cp950", "cp1253")
"""The likelier comes first where two readings are equally good."""

_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")
_WESTERN = frozenset("äöüßÄÖÜéèêëàâáãåæçîïíìñóòôøœúùûÉÈÀÁÅÆÇÑÓØÚ")
_CENTRAL = frozenset("ąćęłńśźżčďěňřšťůžőűşţăõýĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽŐŰÕÝ")
_UNLIKELY = -4.0


def guess_code_page(texts: Iterable[bytes], pages: Sequence[str] = OF_ARCHIVES) -> str:
    """The code page in which some texts, of one origin, are most likely written.

    The same texts always get the same one; the first of `pages` where none fits.
    """
    joined = b"\n".join(sorted(set(texts)))
    scores = {page: _score(joined, page) for page in pages}
    return max(pages, key=lambda page: scores[page])


def text_of(data: bytes) -> str:
    """The text of a file, whichever program wrote it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(guess_code_page(data.splitlines()[:1000], OF_TEXTS), "replace")


def _score(data: bytes, page: str) -> float:
    """How much a reading looks like words, for each letter beyond ASCII."""
    try:
        text = data.decode(page)
    except UnicodeDecodeError:
        return float("-inf")
    values = [0.0]
    before = " "
    for letter in text:
        values += _oddities(before, letter)
        if not letter.isascii():
            values.append(_value(letter, page))
        before = letter
    return sum(values) / len(values)


def _oddities(before: str, letter: str) -> Iterator[float]:
    """What hardly happens in a word: another alphabet, a capital, accents side by side."""
    if before.isascii() and letter.isascii():
        return
    was, now = _script(before), _script(letter)
    if was != now and was and now and {was, now} & {*_ALPHABETS}:
        yield _UNLIKELY
    elif was == now == "LATIN" and not (before.isascii() or letter.isascii()):
        yield -1.0
    if before.islower() and letter.isupper():
        yield -1.0


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""


def _value(letter: str, page: str) -> float:
    raw = letter.encode(page)
    if len(raw) == 2:
        if not _COMMON[page](raw):
            return -1.0
        return _hangul(letter) if page == "cp949" else 1.0
    if letter in _WESTERN:
        return 0.8
    if letter in _CENTRAL:
        return 0.6
    script = _script(letter)
    return _UNLIKELY if not script else 0.2 if script == "LATIN" else 0.7


def _hangul(letter: str) -> float:
    """In Korean more than half of the syllables end open, and few with a rare consonant."""
    final = (ord(letter) - 0xAC00) % 28
    return 1.6 if final == 0 else 1.1 if final in (1, 4, 8, 16, 17, 21) else -1.0
