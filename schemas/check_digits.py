"""Check digits of identity numbers (GB 11643), credit codes (GB 32100) and bank cards (Luhn), as expressions.

Each takes a column of text and gives a Boolean column: true when the form and the check digit are right,
null for null.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True)
class _Standard:
    """Numbers of 18 characters, of which the last is looked up in `checks` by the weighted sum of the others.

    A letter counts as its place in `alphabet`.
    """

    pattern: str
    alphabet: str
    weights: tuple[int, ...]
    checks: str

    def is_kept(self, texts: pl.Series) -> pl.Series:
        """Whether each text has the form and the check character: null for null."""
        has_form = texts.str.contains(self.pattern)
        places = has_form.arg_true()
        if places.is_empty():
            return has_form
        # one array of bytes: as many texts of one character each would take eight times as long
        joined = texts.gather(places).str.join("").item().encode()
        letters = np.frombuffer(joined, np.uint8).reshape(len(places), -1)
        values = np.zeros(1 << 8, np.int16)
        values[list(self.alphabet.encode())] = np.arange(len(self.alphabet))
        sums = values[letters[:, :-1]] @ np.array(self.weights, np.int16)
        checks = np.frombuffer(self.checks.encode(), np.uint8)
        return has_form.scatter(places, letters[:, -1] == checks[sums % len(checks)])


_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_RESIDENT = _Standard(
    pattern=r"^[0-9]{17}[0-9X]$",
    alphabet="0123456789",
    weights=(7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2),
    checks="10X98765432",
)
_CREDIT = _Standard(
    pattern=f"^[{_CREDIT_ALPHABET}]{{18}}$",
    alphabet=_CREDIT_ALPHABET,
    weights=(1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28),
    checks=_CREDIT_ALPHABET[:1] + _CREDIT_ALPHABET[:0:-1],
)
BANK_CARD_PATTERN = r"^62[0-9]{14,17}$"


def resident_id_is_valid(text: pl.Expr) -> pl.Expr:
    """18 characters, the last one the check character of GB 11643."""
    return text.map_batches(_RESIDENT.is_kept, pl.Boolean, is_elementwise=True)


def credit_code_is_valid(text: pl.Expr) -> pl.Expr:
    """18 characters of the alphabet of GB 32100, the last one its check character."""
    return text.map_batches(_CREDIT.is_kept, pl.Boolean, is_elementwise=True)


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
