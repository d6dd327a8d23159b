"""The figures: a line of JSON for each thing measured, to be read by people and made into tables."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESULTS = Path(os.environ.get("BENCH_RESULTS", ROOT / "build" / "benchmarks" / "results.jsonl"))
PUBLISHED = ROOT / "docs" / "performance" / "results.jsonl"
REPEATS = int(os.environ.get("BENCH_REPEATS", "3"))
MACHINE = "machine"
_PACKAGES = (
    "polars", "duckdb", "pandera", "prefect", "python-calamine", "fastexcel", "xlsxwriter", "openfisca-core",
    "pandas", "numpy",
)  # fmt: skip


@dataclass(frozen=True)
class Series:
    """One thing measured several times, at one size.

    `seconds` has a value per run, in the order of the runs, which other subjects of the same benchmark and
    size had at the same time: the n-th values belong together. `facts` are whatever else is to be told.
    """

    benchmark: str
    subject: str
    size: int
    seconds: list[float]
    peak_mb: list[int] = field(default_factory=list)
    facts: Mapping[str, float | int | str] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """Of the seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> int:
        """The highest of the peaks."""
        return max(self.peak_mb, default=0)

    def ratios_to(self, other: Series) -> list[float]:
        """How many times as long it took as the other, run by run."""
        return [mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=False)]


def record(series: Series) -> Series:
    """Add a line to the results, and print it."""
    _append({**asdict(series), "seconds": [round(value, 4) for value in series.seconds]})
    facts = "".join(f", {name} {value}" for name, value in series.facts.items())
    memory = f", {series.peak} MB" if series.peak_mb else ""
    spread = f"{min(series.seconds):.2f}–{max(series.seconds):.2f}"
    print(
        f"{series.benchmark} {series.size:>10,} {series.subject:<34} {series.median:>9.2f} s ({spread})"
        f"{memory}{facts}",
        flush=True,
    )
    return series


def record_machine() -> None:
    """Say where and with what the figures that follow were made."""
    _append({"benchmark": MACHINE, **machine()})


def machine() -> dict[str, str]:
    """What the figures depend on, beside the program."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1024**3:.0f} GiB",
        "system": f"Linux {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {found}" for name in _PACKAGES if (found := _version(name))),
        "commit": _commit(),
    }


def read(path: Path) -> tuple[dict[str, str], list[Series]]:
    """The last machine that a file of results tells of, and the last series of each subject and size."""
    found: dict[tuple[str, str, int], Series] = {}
    where: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        if values["benchmark"] == MACHINE:
            where = values
        else:
            series = Series(**values)
            found[series.benchmark, series.subject, series.size] = series
    return where, list(found.values())


def of_benchmark(series: Iterable[Series], benchmark: str) -> list[Series]:
    """Those of one benchmark."""
    return [one for one in series if one.benchmark == benchmark]


def _append(values: Mapping[str, object]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps(values, ensure_ascii=False) + "\n")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    told = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip()
