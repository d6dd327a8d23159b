"""The tables of docs/performance.md, each from the series of its benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from tests.benchmarks.results import Series, of_benchmark

NOTHING = "not measured\n"
_MANY = 3.0


def of_machine(machine: Mapping[str, str]) -> str:
    """Where the figures were made."""
    if not machine:
        return NOTHING
    return "".join(
        f"- {name}: {machine[name]}\n"
        for name in ("processor", "memory", "system", "python", "packages", "commit")
    )


def against(
    benchmark: str, baselines: Sequence[str], subjects: Callable[[str], bool] = lambda _: True
) -> Callable[[Iterable[Series]], str]:
    """Every subject at every size, with how many times as long it took as each baseline."""

    def table(series: Iterable[Series]) -> str:
        found = [one for one in of_benchmark(series, benchmark) if subjects(one.subject)]
        there = [name for name in baselines if any(one.subject == name for one in found)]
        heads = [
            "",
            "size",
            "seconds (least–most)",
            "processor s",
            "peak MB",
            *(f"× {name}" for name in there),
        ]
        rows = []
        for one in sorted(found, key=lambda one: one.size):
            of_size = {other.subject: other for other in found if other.size == one.size}
            ratios = [_ratio(one, of_size.get(name)) for name in there]
            processor = one.facts.get("processor_seconds", "")
            subject = one.subject + (", lists left out" if one.facts.get("lists") == 0 else "")
            rows.append([subject, f"{one.size:,}", _seconds(one), str(processor), _peak(one), *ratios])
        return _table(heads, rows)

    return table


def of_steps(benchmark: str) -> Callable[[Iterable[Series]], str]:
    """How the night's time is made up, at its largest size."""

    def table(series: Iterable[Series]) -> str:
        found = of_benchmark(series, benchmark)
        largest = max((one.size for one in found), default=0)
        steps = [one for one in found if one.size == largest and one.subject.startswith("step ")]
        whole = next(
            (one for one in found if one.size == largest and not one.subject.startswith("step ")), None
        )
        shown = sorted(steps, key=lambda one: -one.median)
        rows = [
            [
                one.subject.removeprefix("step "),
                _seconds(one),
                f"{one.median / whole.median:.0%}" if whole else "",
            ]
            for one in shown
        ]
        return f"{largest:,} households:\n\n{_table(['step', 'seconds (least–most)', 'of the night'], rows)}"

    return table


def of_compute(series: Iterable[Series]) -> str:
    """Households a second of each engine at each size, and how many times as long ours take."""
    found = of_benchmark(series, "compute")
    ours = {one.size: one for one in found if one.subject == "amounts"}
    heads = [
        *("engine", "households", "seconds (least–most)", "households/s", "processor s", "lines", "peak MB"),
        *("prepared in s", "our amounts take"),
    ]
    rows = [
        [
            one.subject,
            f"{one.size:,}",
            _seconds(one),
            f"{one.size / one.median:,.0f}",
            str(one.facts["processor_seconds"]),
            f"{int(one.facts['lines']):,}",
            _peak(one),
            str(one.facts["prepare_seconds"]),
            _ratio(ours[one.size], one) if one.size in ours else "",
        ]
        for one in sorted(found, key=lambda one: one.size)
    ]
    return _table(heads, rows)


def of_comparison(series: Iterable[Series]) -> str:
    """What each engine's totals were, beside ours."""
    rows = [
        [
            one.subject,
            f"{int(one.facts['households']):,}",
            f"{int(one.facts['off_by_a_cent']):,}",
            f"{float(one.facts['largest_cents']) / 100:.2f}",
        ]
        for one in of_benchmark(series, "compute compared")
    ]
    return _table(
        ["engine", "households compared", "off by 0.01 元 or more", "largest difference in 元"], rows
    )


def _is_step(subject: str) -> bool:
    return subject.startswith("step ")


READERS = ("reading alone, 1 process", "reading alone, 2 processes")
TABLES: dict[str, Callable[[Iterable[Series]], str]] = {
    "night": against("night", READERS, lambda subject: not _is_step(subject)),
    "night steps": of_steps("night"),
    "night with findings": of_steps("night with findings"),
    "compute compared": of_comparison,
    "compute": of_compute,
    "quiet": against("quiet", ("sha256sum alone", "reading alone")),
    "added": against("added", ("everything anew", "reading alone"), lambda subject: not _is_step(subject)),
    "added steps": of_steps("added"),
    "approved": against("approved", ("reading alone",), lambda subject: not _is_step(subject)),
    "approved steps": of_steps("approved"),
    "start": against("start", ("interpreter alone",)),
    "lists": against(
        "lists", ("workbook, plain xlsxwriter", "csv, plain polars", "workbook read alone, calamine")
    ),
    "growth files": against("growth files", ()),
    "growth rows": against("growth rows", ()),
}


def _ratio(one: Series, other: Series | None) -> str:
    if other is None or other is one:
        return ""
    ratio = median(one.ratios_to(other))
    return f"{ratio:.2f}" if ratio < _MANY else f"{ratio:,.1f}"


def _seconds(one: Series) -> str:
    return f"{_shown(one.median)} ({_shown(min(one.seconds))}–{_shown(max(one.seconds))})"


def _shown(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < 1 else f"{seconds:,.1f}"


def _peak(one: Series) -> str:
    return f"{one.peak:,}" if one.peak_mb else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return NOTHING
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
