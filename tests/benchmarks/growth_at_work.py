"""One size of one kind of growth, in a process of its own: `python -m … amounts|settled|envoys SIZE ANSWER`.

`amounts` and `settled` take BENCH_GROWTH_TOWN buildings (20 000 unless told otherwise), SIZE to a household;
`envoys` takes SIZE envoys. As for the engines, a small town comes first and is not timed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flows.policies import load_policies
from schemas.investment import Envoys
from tests.benchmarks.crowded import crowded_town
from tests.benchmarks.engines.ours import POLICIES, AmountsAlone, Settled, require_clean
from tests.benchmarks.envoys import AS_OF, envoy_records
from tests.benchmarks.measuring import own_peak_mb
from transforms.envoys.checks import check_evaluation
from transforms.envoys.evaluation import evaluate

TOWN = int(os.environ.get("BENCH_GROWTH_TOWN", "20000"))
WARMING = 1000


class NotAsPromisedError(ValueError):
    """What was computed fails its own checks."""


def main(what: str, size: int, answer: Path) -> None:
    """Write what it took."""
    told = _envoys(size) if what == "envoys" else _crowded(what, size)
    told = told | {"peak_mb": own_peak_mb()}
    answer.write_text(json.dumps(told), encoding="utf-8")


def _crowded(what: str, per_household: int) -> dict[str, float]:
    engine = AmountsAlone() if what == "amounts" else Settled()
    require_clean(AmountsAlone().compute(crowded_town(WARMING, per_household)))
    engine.compute(crowded_town(WARMING, per_household))
    records = crowded_town(TOWN, per_household)
    return _timed(lambda: engine.compute(records)) | {"rows": sum(rows.height for rows in records.values())}


def _envoys(envoys: int) -> dict[str, float]:
    policy = load_policies(POLICIES).envoys
    small = envoy_records(10)
    failures = check_evaluation(evaluate(small, policy, AS_OF), small)
    if failures:
        raise NotAsPromisedError(failures[0])
    records = envoy_records(envoys)
    rows = sum(found.height for table, found in records.items() if table != Envoys.table)
    return _timed(lambda: evaluate(records, policy, AS_OF)) | {"rows": rows}


def _timed(work: Callable[[], object]) -> dict[str, float]:
    began, busy = time.perf_counter(), time.process_time()
    work()
    return {"seconds": time.perf_counter() - began, "processor": round(time.process_time() - busy, 3)}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
