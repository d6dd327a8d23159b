"""Check digits of identity numbers (GB 11643), credit codes (GB 32100) and bank cards (Luhn), as expressions.

Each takes a column of text and gives a Boolean column: true when the form and the check digit are right,
null for null.
"""

from __future__ import annotations

import polars as pl

_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
BANK_CARD_PATTERN = r"^62[0-9]{14,17}$"


def _weighted_sum(text: pl.Expr, alphabet: str, weights: tuple[int, ...]) -> pl.Expr:
    values = dict(zip(alphabet, range(len(alphabet)), strict=True))
    terms = [
        text.str.slice(place, 1).replace_strict(values, default=None, return_dtype=pl.Int64) * weight
        for place, weight in enumerate(weights)
    ]
    return pl.sum_horizontal(terms)


def resident_id_is_valid(text: pl.Expr) -> pl.Expr:
    """18 characters, the last one the check character of GB 11643."""
    total = _weighted_sum(text, "0123456789", _RESIDENT_WEIGHTS)
    expected = (total % 11).replace_strict(dict(enumerate(_RESIDENT_CHECKS)), return_dtype=pl.String)
    return text.str.contains(r"^[0-9]{17}[0-9X]$") & (text.str.slice(17, 1) == expected)


def credit_code_is_valid(text: pl.Expr) -> pl.Expr:
    """18 characters of the alphabet of GB 32100, the last one its check character."""
    total = _weighted_sum(text, _CREDIT_ALPHABET, _CREDIT_WEIGHTS)
    expected = ((31 - total % 31) % 31).replace_strict(
        dict(enumerate(_CREDIT_ALPHABET)), return_dtype=pl.String
    )
    return text.str.contains(f"^[{_CREDIT_ALPHABET}]{{18}}$") & (text.str.slice(17, 1) == expected)


def is_bank_card(text: pl.Expr) -> pl.Expr:
    """Whether the account is a card number: 16 to 19 digits that start with 62."""
    return text.str.contains(BANK_CARD_PATTERN)


def bank_card_is_valid(text: pl.Expr) -> pl.Expr:
    """The Luhn check, for card numbers; other accounts have no check digit and pass."""
    length = text.str.len_chars()
    terms = []
    for place in range(19):
        digit = text.str.slice(place, 1).cast(pl.Int64, strict=False)
        doubled = digit * 2 // 10 + digit * 2 % 10
        from_right = length.cast(pl.Int64) - 1 - place
        terms.append(pl.when(from_right % 2 == 1).then(doubled).otherwise(digit))
    return (
        pl.when(is_bank_card(text))
        .then(pl.sum_horizontal(terms) % 10 == 0)
        .when(text.is_not_null())
        .then(pl.lit(value=True))
    )
