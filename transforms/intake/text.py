"""Cleaning what a cell says: full-width characters, spaces of all kinds, marks that can't be seen.

Unicode's own normalisation is not used: it turns ㎡ into m2, and 56.3㎡ into 56.32.
"""

from __future__ import annotations

import polars as pl

_INVISIBLE = "\u200b-\u200d\u2060\ufeff"
_SPACE = rf"[\s{_INVISIBLE}]"
_NOT_COMPACT = rf"^$|[\s{_INVISIBLE}\uff01-\uff5e]"
_NOT_TIDY = rf"^$|[\s{_INVISIBLE}０-９Ａ-Ｚａ-ｚ]"
_FULL_WIDTH = [chr(code) for code in range(0xFF01, 0xFF5F)]
_ASCII = [chr(ord(character) - 0xFEE0) for character in _FULL_WIDTH]
_WORD_PLACES = [place for place, character in enumerate(_ASCII) if character.isalnum()]
_FULL_WIDTH_WORD = [_FULL_WIDTH[place] for place in _WORD_PLACES]
_ASCII_WORD = [_ASCII[place] for place in _WORD_PLACES]


def has_content(text: pl.Expr) -> pl.Expr:
    """Whether there is anything but white space; false for null."""
    return text.str.contains(rf"[^\s{_INVISIBLE}]").fill_null(value=False)


def has_hidden_marks(text: pl.Expr) -> pl.Expr:
    """Whether there is what a reader of the text can't see: control characters, marks of direction."""
    return text.str.contains(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\x{FFFD}]").fill_null(value=False)


def compact(text: pl.Series) -> pl.Series:
    """Full-width ASCII made ASCII, and all white space removed; null when nothing is left."""
    if not _any(text, _NOT_COMPACT):
        return text
    if _any(text, "[\uff01-\uff5e]"):
        text = text.str.replace_many(_FULL_WIDTH, _ASCII)
    if _any(text, rf"^$|{_SPACE}"):
        text = text.str.replace_all(_SPACE, "")
        text = text.set(text == "", None)
    return text


def tidy(text: pl.Series) -> pl.Series:
    """Trimmed, white space runs made one space, full-width letters and digits ASCII; null when blank."""
    if not _any(text, _NOT_TIDY):
        return text
    if _any(text, "[０-９Ａ-Ｚａ-ｚ]"):
        text = text.str.replace_many(_FULL_WIDTH_WORD, _ASCII_WORD)
    if _any(text, rf"^$|{_SPACE}"):
        text = text.str.replace_all(rf"[{_INVISIBLE}]", "").str.replace_all(r"\s+", " ").str.strip_chars()
        text = text.set(text == "", None)
    return text


def tidy_name(text: pl.Series) -> pl.Series:
    """As `tidy`, and without the white space that sets Chinese characters apart."""
    tidied = tidy(text)
    if tidied is text or not _any(tidied, " "):
        return tidied
    apart = r"(\p{Han}) (\p{Han})"
    # twice: of 甲 乙 丙 the first pass takes 乙 together with 甲
    return tidied.str.replace_all(apart, "${1}${2}").str.replace_all(apart, "${1}${2}")


def _any(text: pl.Series, pattern: str) -> bool:
    return bool(text.str.contains(pattern).any())
