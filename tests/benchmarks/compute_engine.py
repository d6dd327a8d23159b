"""One engine over one town, in a process of its own: `python -m … ENGINE HOUSEHOLDS ANSWER [--against-ours]`.

A town of more than a million households is computed in parts of a million, each made, computed and forgotten,
and the times added up. Only the computing is timed, once: the first town of a process is a small one, so that
what is loaded on first use counts for nobody.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import cast

import polars as pl

from tests.benchmarks.engines.ours import AmountsAlone, require_clean
from tests.benchmarks.engines.outcome import Engine
from tests.benchmarks.measuring import own_peak_mb
from tests.benchmarks.town import town

PART = 1_000_000
WARMING = 1_000
_ENGINES = {
    "amounts": ("ours", "AmountsAlone"),
    "receipts": ("ours", "WithReceipts"),
    "settled": ("ours", "Settled"),
    "openfisca": ("openfisca_plan", "OpenfiscaPlan"),
    "pandas": ("pandas_frames", "PandasFrames"),
    "duckdb": ("duckdb_sql", "DuckdbSql"),
    "decimal": ("decimal_loop", "DecimalLoop"),
}
_LARGEST_DIFFERENCE = {"openfisca": 500.0}
"""In 分, where amounts are float32; the others must be exact."""


class DifferentTotalsError(ValueError):
    """An engine's totals are not ours."""


def main(name: str, households: int, answer: Path, *, against_ours: bool) -> None:
    """Write what the computing took, or with `against_ours` how its totals compare with ours."""
    engine = _engine(name)
    engine.compute(engine.prepare(town(WARMING)))
    told = _compared(name, engine, households) if against_ours else _timed(engine, households)
    told = told | {"peak_mb": own_peak_mb()}
    answer.write_text(json.dumps(told), encoding="utf-8")


def _timed(engine: Engine, households: int) -> dict[str, object]:
    prepare = seconds = processor = 0.0
    lines = 0
    for start in range(0, households, PART):
        records = town(min(PART, households - start), start)
        began = time.perf_counter()
        prepared = engine.prepare(records)
        prepare += time.perf_counter() - began
        began, busy = time.perf_counter(), time.process_time()
        computed = engine.compute(prepared)
        seconds += time.perf_counter() - began
        processor += time.process_time() - busy
        lines += engine.outcome(computed).lines
        del records, prepared, computed
    return {
        "seconds": seconds,
        "processor": round(processor, 3),
        "prepare": round(prepare, 3),
        "lines": lines,
    }


def _compared(name: str, engine: Engine, households: int) -> dict[str, object]:
    records = town(households)
    ours = AmountsAlone()
    expected = ours.compute(records)
    require_clean(expected)
    began = time.perf_counter()
    outcome = engine.outcome(engine.compute(engine.prepare(records)))
    seconds = time.perf_counter() - began
    both = ours.outcome(expected).totals.join(
        outcome.totals, on="household_id", how="full", suffix="_theirs", maintain_order="left_right"
    )
    differing = pl.max_horizontal(
        (pl.col(total) - pl.col(f"{total}_theirs")).abs() for total in ("owed", "estimated")
    )
    found = both.select(
        households=pl.len(),
        missing=pl.any_horizontal(pl.col("owed", "owed_theirs").is_null()).sum(),
        off_by_a_cent=(differing.round(0) >= 1).sum(),
        largest_cents=differing.max(),
    ).row(0, named=True)
    if found["missing"] or found["largest_cents"] > _LARGEST_DIFFERENCE.get(name, 0.0):
        reason = f"{name}: {found}"
        raise DifferentTotalsError(reason)
    return found | {"seconds": seconds}


def _engine(name: str) -> Engine:
    module, kind = _ENGINES[name]
    return cast("Engine", getattr(import_module(f"tests.benchmarks.engines.{module}"), kind)())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), against_ours="--against-ours" in sys.argv)
