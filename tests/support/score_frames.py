"""Hand-made evaluations of invented envoys, for the tests of what is shown of scores."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from schemas.investment_scores import (
    SCORE_ITEM_TITLES,
    EnvoyDuties,
    EnvoyDuty,
    EnvoyRankings,
    EnvoyScoreItems,
    EnvoyScores,
    InvestmentQuestions,
    ScoreItem,
)
from transforms.envoys.evaluation import Evaluation

UPLOAD = "0123456789abcdef" * 4
EVIDENCE_SCHEMA = pl.Schema(
    {
        "envoy_id": pl.String(),
        "year": pl.Int64(),
        "item": pl.String(),
        "sheet": pl.String(),
        "upload_id": pl.String(),
        "row_number": pl.Int64(),
        "happened_on": pl.Date(),
        "what": pl.String(),
        "counts": pl.Boolean(),
        "reason": pl.String(),
    }
)
FULL_MARKS = {
    ScoreItem.DAYS_AWAY: 20,
    ScoreItem.JOURNAL: 10,
    ScoreItem.REPORTING: 10,
    ScoreItem.COMPANY_VISITS: 30,
    ScoreItem.NEGOTIATIONS: 30,
}
SENTENCES = {"days_short": "附表1：天数的理解。", "journal_gap": "附表2：日志的理解。"}


def score(envoy_id: str, rank: int, **changed: object) -> dict[str, object]:
    """A row of scores: 95 without bonus, excellent, of the whole of 2021."""
    return {
        "envoy_id": envoy_id,
        "envoy_name": "某丙",
        "year": 2021,
        "starts_on": date(2021, 4, 20),
        "ends_on": date(2021, 12, 31),
        "months": 8,
        "base_score": Decimal("95.00"),
        "bonus": Decimal("0.00"),
        "total": Decimal("95.00"),
        "grade": "优秀",
        "rank": rank,
        "is_provisional": False,
        "is_excellent_by_bonus": False,
        "consequence": None,
        "reading": "days_short journal_gap",
        "policy_version": date(2021, 4, 20),
        **changed,
    }


def items(envoy_id: str, year: int = 2021) -> list[dict[str, object]]:
    """The six items of a score: all marks are full but for five that visits lack."""
    rows = []
    for item, title in SCORE_ITEM_TITLES.items():
        full = FULL_MARKS.get(item)
        lost = 5 if item is ScoreItem.COMPANY_VISITS else 0
        is_scored = full is not None
        rows.append(
            {
                "envoy_id": envoy_id,
                "year": year,
                "item": item.value,
                "item_name": title,
                "measured": Decimal("8.6667"),
                "target": Decimal("10.0000") if is_scored else None,
                "shortfall": Decimal("1.3333") if is_scored else None,
                "deduction": Decimal(lost) if is_scored else None,
                "score": Decimal((full or 0) - lost),
                "full_mark": None if full is None else Decimal(full),
                "clause": "附表",
                "basis": f"{full} − {lost} = 分",
                "reading": None,
            }
        )
    return rows


def duty(envoy_id: str, name: EnvoyDuty, *, met: bool | None, year: int = 2021) -> dict[str, object]:
    """A row of duties."""
    return {
        "envoy_id": envoy_id,
        "year": year,
        "duty": name.value,
        "met": met,
        "detail": f"{name.value} 的说明",
        "clause": "第一条",
    }


def ranking(envoy_id: str, quarter: int, rank: int, year: int = 2021) -> dict[str, object]:
    """A row of a quarter's ranking."""
    return {
        "envoy_id": envoy_id,
        "envoy_name": "某丙",
        "year": year,
        "quarter": quarter,
        "base_score": Decimal("80.00"),
        "bonus": Decimal("10.00"),
        "total": Decimal("90.00"),
        "rank": rank,
    }


def question(envoy_id: str) -> dict[str, object]:
    """An open question about an envoy."""
    return {
        "sheet": "招商大使",
        "subject_id": envoy_id,
        "code": "unknown_envoy",
        "clause": "附表",
        "message": "请补报招商大使",
        "record_count": 1,
        "sources": f"驻外票据@{UPLOAD[:16]}#7",
        "waiting_amount": Decimal("0.00"),
    }


def evidence_row(envoy_id: str, item: ScoreItem, row: int | None, *, counts: bool) -> dict[str, object]:
    """A row of evidence; without a row number, of what was never sent."""
    return {
        "envoy_id": envoy_id,
        "year": 2021,
        "item": item.value,
        "sheet": None if row is None else "驻外票据",
        "upload_id": None if row is None else UPLOAD,
        "row_number": row,
        "happened_on": date(2021, 5, 10),
        "what": "=机票",
        "counts": counts,
        "reason": "" if counts else "已退票",
    }


def evidence_frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """The rows as `transforms.envoys.evidence` gives them."""
    return pl.DataFrame(rows, schema=EVIDENCE_SCHEMA)


def evaluation(
    scores: list[dict[str, object]],
    *,
    rankings: list[dict[str, object]] | None = None,
    duties: list[dict[str, object]] | None = None,
    questions: list[dict[str, object]] | None = None,
) -> Evaluation:
    """An evaluation of those scores, each with its items."""
    own_items = [row for found in scores for row in items(str(found["envoy_id"]), _year(found))]
    return Evaluation(
        scores=pl.DataFrame(scores, schema=EnvoyScores.frame_schema()),
        items=pl.DataFrame(own_items, schema=EnvoyScoreItems.frame_schema()),
        rankings=pl.DataFrame(rankings or [], schema=EnvoyRankings.frame_schema()),
        duties=pl.DataFrame(duties or [], schema=EnvoyDuties.frame_schema()),
        questions=pl.DataFrame(questions or [], schema=InvestmentQuestions.frame_schema()),
    )


def _year(row: dict[str, object]) -> int:
    return int(str(row["year"]))
