"""What had happened by the as-of date: a night of an earlier date knows nothing of later deeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas.housing import Agreements, Appraisals, Recognitions, SpecialDecisions
from transforms.compensation.cases import SIGNED, UNSIGNED

_DECIDED_ON = {
    Appraisals.table: "appraised_on",
    Recognitions.table: "recognised_on",
    SpecialDecisions.table: "approved_on",
}
_DEEDS = ("notified_on", "signed_on", "vacated_on", "handed_over_on")


def known_by(records: Mapping[str, pl.DataFrame], as_of: date) -> dict[str, pl.DataFrame]:
    """The records without what was decided, signed, vacated or handed over after the as-of date.

    Intake lets no such date in, so this matters only when a night is run for an earlier day than the last.
    """
    known = dict(records)
    for table, decided_on in _DECIDED_ON.items():
        if _is_any_later(known[table], as_of, decided_on):
            known[table] = known[table].filter(pl.col(decided_on) <= as_of)
    agreements = known[Agreements.table]
    if _is_any_later(agreements, as_of, *_DEEDS):
        signed_later = (pl.col("signing_status") == SIGNED) & (pl.col("signed_on") > as_of)
        known[Agreements.table] = agreements.with_columns(
            signing_status=pl.when(signed_later.fill_null(value=False))
            .then(pl.lit(UNSIGNED))
            .otherwise(pl.col("signing_status")),
            **{deed: pl.when(pl.col(deed) <= as_of).then(pl.col(deed)) for deed in _DEEDS},
        )
    return known


def _is_any_later(rows: pl.DataFrame, as_of: date, *days: str) -> bool:
    return any(isinstance(last := rows[day].max(), date) and last > as_of for day in days)
