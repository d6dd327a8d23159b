"""Works the printed arithmetic out again, from its text alone.

The text is `term + term - term = amount 元`, a term being numbers with units joined by ×. What stands
before a `：` or inside 〔〕 is an explanation. Nothing here shares code with what wrote the text.
"""

from __future__ import annotations

import polars as pl

_MOST_FACTORS = 4
_DECIMALS = 4
_NUMBER = r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)"


def _exact(text: pl.Expr) -> pl.Expr:
    plain = text.str.extract(_NUMBER, 1).str.replace_all(",", "", literal=True)
    return plain.cast(pl.Decimal(38, _DECIMALS)).to_physical().cast(pl.Int128)


def recomputed(basis: pl.Series) -> pl.DataFrame:
    """Per text: `result`, what its left side gives rounded half up, and `stated`, its right side, in 分.

    Null where the text can't be read as arithmetic. Each distinct text is worked out once.
    """
    texts = basis.alias("basis").to_frame()
    distinct = texts.unique(maintain_order=True)
    worked = _worked(distinct)
    if distinct.height == texts.height:
        return worked
    found = pl.concat([distinct, worked], how="horizontal")
    return texts.join(found, on="basis", how="left", nulls_equal=True, maintain_order="left").drop("basis")


def _worked(basis: pl.DataFrame) -> pl.DataFrame:
    # step by step: what two later steps need would else be cut out of the texts twice
    equation = pl.col("basis").str.replace_all(r"〔[^〕]*〕", "").str.replace(r"^[^=]*：", "")
    sides = (
        basis.with_row_index("line")
        .select("line", sides=equation.str.split(" = "))
        .select(
            "line",
            left=pl.col("sides").list.get(0, null_on_oob=True),
            right=pl.col("sides").list.get(1, null_on_oob=True),
        )
    )
    terms = (
        sides.select(
            "line", term=pl.col("left").str.replace_all(" - ", " + -1 × ", literal=True).str.split(" + ")
        )
        .explode("term", empty_as_null=True)
        .select("line", parts=pl.col("term").str.split(" × "))
    )
    parts = pl.col("parts")
    scale = pl.lit(10**_DECIMALS, dtype=pl.Int128)
    factors = [
        pl.when(parts.list.len() > place)
        .then(_exact(parts.list.get(place, null_on_oob=True)))
        .otherwise(scale)
        for place in range(_MOST_FACTORS + 1)
    ]
    exact = factors[0]
    for factor in factors[1:]:
        exact = exact * factor
    is_readable = parts.list.len() <= _MOST_FACTORS + 1
    sums = (
        terms.select("line", value=pl.when(is_readable).then(exact))
        .group_by("line")
        .agg(value=pl.col("value").sum(), unreadable=pl.col("value").null_count())
    )
    divisor = pl.lit(10 ** (_DECIMALS * (_MOST_FACTORS + 1) - 2), dtype=pl.Int128)
    two = pl.lit(2, dtype=pl.Int128)
    value = pl.col("value")
    rounded = value.sign() * ((value.abs() * two + divisor) // (divisor * two))
    return sides.join(sums, on="line", how="left", maintain_order="left").select(
        result=pl.when(pl.col("unreadable") == 0).then(rounded),
        stated=_exact(pl.col("right")) // pl.lit(10 ** (_DECIMALS - 2), dtype=pl.Int128),
    )
