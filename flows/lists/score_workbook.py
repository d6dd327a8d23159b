"""`考评成绩-<year>.xlsx`: the evaluation of a year as the evaluation office prints, posts and files it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from flows.envoy_words import in_reading_order
from flows.lists.payment_list import reading_notes
from flows.lists.print_layout import PrintedBook
from flows.lists.private_file import write_private
from flows.lists.score_envoy_sheet import EnvoyRows, add_envoy, duty_rows, item_rows
from flows.lists.score_proposals import PROPOSALS_SHEET, add_proposals
from flows.lists.score_quarters import QUARTERS_SHEET, add_quarters
from flows.lists.score_ranking import RANKING_SHEET, ScoredYear, add_ranking, ranking_rows, scored_years
from flows.lists.score_sheet_names import safe_sheet_names
from transforms.envoys.evaluation import Evaluation

MOST_ENVOY_SHEETS = 200
"""More sheets than these make a workbook that takes long to open."""
_OWNER_ONLY = 0o700
_RESTS_ON = "考评成绩依据下列暂定理解计算，通报前请确认："


def score_workbooks(
    evaluation: Evaluation,
    evidence: pl.DataFrame,
    file_names: Mapping[str, str],
    readings: Mapping[str, str],
    as_of: date,
) -> dict[str, bytes]:
    """The workbook of each scored year by its file name; the same input gives the same bytes.

    `evidence` has the rows of `transforms.envoys.evidence` of at least the `envoys_with_sheet`;
    `file_names` the file of each upload, `readings` a sentence for each provisional reading.
    """
    ordered = in_reading_order(evidence)
    return {
        f"考评成绩-{scored.year}.xlsx": _workbook(evaluation, scored, ordered, file_names, readings, as_of)
        for scored in scored_years(evaluation)
    }


def write_scores(workbooks: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write the workbooks of `score_workbooks` into the folder; gives the files, in order."""
    folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
    return [write_private(folder / name, content) for name, content in workbooks.items()]


def envoys_with_sheet(evaluation: Evaluation) -> list[str]:
    """The envoys who get a sheet of their own in the workbook of any year."""
    shown = {envoy for scored in scored_years(evaluation) for envoy in _shown(ranking_rows(scored))}
    return sorted(shown)


def _shown(rows: pl.DataFrame) -> list[str]:
    return [str(envoy_id) for envoy_id in rows["envoy_id"].head(MOST_ENVOY_SHEETS)]


def _workbook(
    evaluation: Evaluation,
    scored: ScoredYear,
    evidence: pl.DataFrame,
    file_names: Mapping[str, str],
    readings: Mapping[str, str],
    as_of: date,
) -> bytes:
    book, foot = PrintedBook(as_of), f"截至 {as_of.isoformat()}"
    notes = reading_notes(scored.scores["reading"], readings, _RESTS_ON)
    rows = add_ranking(book, scored, [*notes, *_beyond(scored)], foot)
    add_quarters(book, scored, foot)
    add_proposals(book, scored, foot)
    shown = _shown(rows)
    names = safe_sheet_names(shown, (RANKING_SHEET, QUARTERS_SHEET, PROPOSALS_SHEET))
    items, duties = _of_each(item_rows(scored.items)), _of_each(duty_rows(scored.duties))
    questions = _of_each(evaluation.questions, "subject_id")
    found = _of_each(evidence.filter((pl.col("year") == scored.year) & pl.col("envoy_id").is_in(shown)))
    for score, name in zip(rows.head(len(shown)).iter_rows(named=True), names, strict=True):
        envoy_id = score["envoy_id"]
        behind = EnvoyRows(
            items=items(envoy_id),
            duties=duties(envoy_id),
            questions=questions(envoy_id),
            evidence=found(envoy_id),
            file_names=file_names,
        )
        its_notes = reading_notes(pl.Series([score["reading"]], dtype=pl.String), readings, _RESTS_ON)
        add_envoy(book, name, scored, score, behind, its_notes, foot)
    return book.content()


def _of_each(rows: pl.DataFrame, field: str = "envoy_id") -> Callable[[str], pl.DataFrame]:
    """The rows of one envoy, in their order."""
    by_envoy, none = rows.partition_by(field, as_dict=True, maintain_order=True), rows.clear()
    return lambda envoy_id: by_envoy.get((envoy_id,), none)


def _beyond(scored: ScoredYear) -> Sequence[str]:
    if scored.scores.height <= MOST_ENVOY_SHEETS:
        return ()
    line = (
        f"本工作簿附有排名前 {MOST_ENVOY_SHEETS} 位的明细表；其余大使的明细请运行 "
        f"arxan explain 大使编号 --year {scored.year} 查看。"
    )
    return (line,)
