"""Any period, the evidence, the questions, and the checks that stand before publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.policies import load_policies
from schemas.investment import INVESTMENT_SHEETS, CompanyVisits, EnvoyJournal, TravelTickets
from schemas.investment_scores import ScoreItem
from schemas.policy import ReadingState, ReadingVersion
from tests.transforms.envoys.facts import envoy_records
from transforms.envoys.checks import check_evaluation
from transforms.envoys.evaluation import Evaluation, evaluate
from transforms.envoys.evidence import EVIDENCE, evidence
from transforms.envoys.figures import figures
from transforms.envoys.periods import spans, with_terms
from transforms.envoys.postings import postings_of
from transforms.policy import Policy

POLICY = load_policies(Path(__file__).parents[3] / "data" / "policies").envoys
AS_OF = date(2022, 12, 31)
MIXED: dict[str, Any] = {
    "A": {
        "posted_on": date(2022, 3, 1),
        "stays": ["2022-02-20 + 19", "2022-03-05 + 10", "2022-03-06 + 3", "2022-07-01 + 5 refunded"],
        "unwritten": [date(2022, 3, 7)],
        "reports": {"月报 2022-05": date(2022, 6, 13), "周报 2022-W30": None},
        "companies": [
            {"day": date(2022, 3, 2), "company_code": "C1"},
            {"day": date(2022, 5, 2), "company_code": "C1"},
            {"day": date(2022, 5, 2), "company_code": "C2", "company_location": "阿尔山市"},
        ],
        "projects": [
            {"day": date(2022, 3, 2), "project_id": "X1"},
            {"day": date(2022, 3, 3), "project_id": "X2", "is_in_depth": False},
        ],
        "landed": [{}, {"fixed_investment_10k_yuan": "4000"}, {"landed_on": None}],
    },
    "B": {"landed": [{}]},
    "C": {"companies": 0, "projects": 0, "stays": []},
}


@pytest.fixture(scope="module")
def records() -> dict[str, pl.DataFrame]:
    return envoy_records(MIXED)


@pytest.fixture(scope="module")
def done(records: dict[str, pl.DataFrame]) -> Evaluation:
    return evaluate(records, POLICY, AS_OF)


@pytest.fixture(scope="module")
def found(records: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return evidence(records, POLICY, AS_OF)


def test_periods_of_any_length_share_one_rule() -> None:
    records = envoy_records(
        {
            "A": {
                "stays": ["2022-03-08 + 5", "2022-04-30 + 2", "2022-05-20 + 3"],
                "unwritten": [date(2022, 3, 10), date(2022, 5, 20), date(2022, 5, 21)],
                "companies": [
                    {"day": date(2022, 3, 9), "company_code": "C1"},
                    {"day": date(2022, 3, 10), "company_code": "C1"},
                    {"day": date(2022, 5, 20), "company_code": "C2"},
                    {"day": date(2022, 5, 21), "company_code": "C3"},
                ],
                "projects": 0,
                "reports": "none",
            }
        }
    )
    ends = [date(2022, 4, 10), date(2022, 5, 20), date(2022, 6, 30)]
    periods = pl.DataFrame(
        {"year": 2022, "quarter": None, "starts_on": date(2022, 3, 10), "ends_on": ends},
        schema_overrides={"quarter": pl.Int64},
    )
    (span,) = spans(with_terms(periods, POLICY))
    totals = figures(records, postings_of(records["envoys"]), span).totals.sort("period")
    assert totals["months"].to_list() == [1, 3, 4]
    assert totals["days_away"].to_list() == [3, 6, 8]
    assert totals["journal_gap_days"].to_list() == [1, 2, 3]
    assert totals["journal_gap_months"].to_list() == [1, 2, 2]
    assert totals["companies"].to_list() == [1, 2, 3]
    # weeks 10 to 13, February, March, the first quarter; then weeks 14 to 19, April; then 20 to 25, May
    assert totals["reports_owed"].to_list() == [7, 14, 21]


def test_the_order_of_rows_does_not_matter(records: dict[str, pl.DataFrame], done: Evaluation) -> None:
    shuffled = {table: rows.sample(fraction=1, shuffle=True, seed=7) for table, rows in records.items()}
    again = evaluate(shuffled, POLICY, AS_OF)
    for name in Evaluation.__dataclass_fields__:
        assert getattr(again, name).equals(getattr(done, name)), name


def test_without_rows_and_without_envoys_nothing_is_scored() -> None:
    empty = envoy_records({})
    assert set(empty) == {sheet.table for sheet in INVESTMENT_SHEETS}
    done = evaluate(empty, POLICY, AS_OF)
    assert [done.scores.height, done.items.height, done.rankings.height, done.duties.height] == [0] * 4
    assert done.questions.is_empty()
    assert check_evaluation(done, empty) == []
    assert evidence(empty, POLICY, AS_OF).schema == EVIDENCE


def test_before_the_measures_took_effect_nothing_is_scored(records: dict[str, pl.DataFrame]) -> None:
    assert evaluate(records, POLICY, date(2021, 4, 19)).scores.is_empty()


def test_an_envoy_without_any_activity_is_scored(records: dict[str, pl.DataFrame]) -> None:
    bare = {table: rows.clear() if table != "envoys" else rows for table, rows in records.items()}
    done = evaluate(bare, POLICY, AS_OF)
    assert done.scores["base_score"].to_list() == [Decimal("40.00"), Decimal("32.00"), Decimal("32.00")]
    assert check_evaluation(done, bare) == []


def test_an_undecided_reading_is_named_too(records: dict[str, pl.DataFrame]) -> None:
    content = POLICY.content
    undecided = ReadingVersion(effective_from=POLICY.first_day(), state=ReadingState.UNDECIDED)
    readings = content.readings | {
        "days_short": content.readings["days_short"].model_copy(update={"versions": (undecided,)})
    }
    done = evaluate(records, Policy(content.model_copy(update={"readings": readings})), AS_OF)
    assert done.scores["reading"].to_list() == ["days_short", None, "days_short"]


def test_a_settled_reading_is_not_named(records: dict[str, pl.DataFrame]) -> None:
    content = POLICY.content
    settled = ReadingVersion(
        effective_from=POLICY.first_day(), state=ReadingState.SETTLED, choice="total", decided_by="某号"
    )
    readings = content.readings | {
        "days_short": content.readings["days_short"].model_copy(update={"versions": (settled,)})
    }
    done = evaluate(records, Policy(content.model_copy(update={"readings": readings})), AS_OF)
    assert done.scores["reading"].null_count() == 3


@pytest.mark.parametrize(
    ("item", "what", "counts", "reason"),
    [
        ("days_away", "2022-02-20 至 2022-03-10", True, "计 10 天，9 天在考评期间或派驻期外"),
        ("days_away", "2022-03-05 至 2022-03-14", True, "计 4 天，6 天与其他票据重复"),
        ("days_away", "2022-03-06 至 2022-03-08", False, "3 天与其他票据重复"),
        ("days_away", "2022-07-01 至 2022-07-05", False, "已退票"),
        ("journal", "2022-02-20", False, "派驻期外"),
        ("journal", "2022-03-06", True, "驻外当日有日志"),
        ("journal", "2022-03-07", False, "缺记日志"),
        ("journal", "2022-07-01", False, "当日没有票据证明驻外，不须核对"),
        ("reporting", "月报 2022-04", True, "按时"),
        ("reporting", "月报 2022-05", False, "迟报 3 天，应不晚于 2022-06-10 报送"),
        ("reporting", "周报 2022-W30，应不晚于 2022-08-03 报送", False, "漏报"),
        ("company_visits", "示例科技有限公司", True, "计 1 家"),
        ("company_visits", "示例科技有限公司", False, "同一企业本年已计"),
        ("company_visits", "示例科技有限公司", False, "企业在阿尔山市"),
        ("negotiations", "示例项目", True, "计 1 个"),
        ("negotiations", "示例项目", False, "非深入洽谈"),
        ("bonus", "示例康养项目", True, "加 10 分"),
        ("bonus", "示例康养项目", False, "固定资产投资不足 5,000 万元"),
        ("bonus", "示例康养项目", False, "没有落地日期"),
    ],
)
def test_each_row_says_whether_it_counts_and_why(
    found: pl.DataFrame, item: str, what: str, counts: bool, reason: str
) -> None:
    rows = found.filter((pl.col("envoy_id") == "A") & (pl.col("item") == item) & (pl.col("what") == what))
    assert (counts, reason) in rows.select("counts", "reason").rows()


def test_what_is_missing_has_no_row_and_what_was_sent_has(found: pl.DataFrame) -> None:
    missing = found.filter(pl.col("sheet").is_null())
    assert set(missing["reason"]) == {"缺记日志", "漏报"}
    assert missing.select("upload_id", "row_number").null_count().row(0) == (missing.height,) * 2
    assert found.filter(pl.col("sheet").is_not_null())["row_number"].null_count() == 0


def test_each_row_of_a_scored_year_is_evidence_once(
    records: dict[str, pl.DataFrame], found: pl.DataFrame
) -> None:
    for sheet in (TravelTickets, EnvoyJournal, CompanyVisits):
        on = {"travel_tickets": "returned_on", "envoy_journal": "day"}.get(sheet.table, "visited_on")
        in_year = records[sheet.table].filter(pl.col(on).dt.year() == 2022)
        listed = found.filter(pl.col("sheet") == sheet.title)["row_number"]
        assert sorted(listed.to_list()) == sorted(in_year["row_number"].to_list())


def test_evidence_of_some_is_that_part_of_the_evidence_of_all(
    records: dict[str, pl.DataFrame], found: pl.DataFrame
) -> None:
    assert evidence(records, POLICY, AS_OF, ["B"]).equals(found.filter(pl.col("envoy_id") == "B"))
    assert evidence(records, POLICY, AS_OF, ["nobody"]).is_empty()


def test_a_question_names_twenty_rows_at_most_in_order_of_upload_and_row() -> None:
    visits = [
        {"envoy_id": "Z", "visited_on": date(2022, 1, 1), "company_code": f"C{place}", "upload_id": upload}
        for upload in ("b" * 64, "a" * 64)
        for place in range(15)
    ]
    records = envoy_records({"A": {}}, {"企业走访": visits})
    (question,) = evaluate(records, POLICY, AS_OF).questions.to_dicts()
    sources = question["sources"].split(" ")
    assert (question["record_count"], len(sources)) == (30, 20)
    assert sources[0].startswith(f"企业走访@{'a' * 16}#")
    rows_of_first = [int(source.partition("#")[2]) for source in sources[:15]]
    assert rows_of_first == sorted(rows_of_first)
    assert question["waiting_amount"] == 0


def test_an_evaluation_in_order_passes(records: dict[str, pl.DataFrame], done: Evaluation) -> None:
    assert check_evaluation(done, records) == []


IS_A = pl.col("envoy_id") == "A"
IS_DAYS = IS_A & (pl.col("item") == ScoreItem.DAYS_AWAY)
IS_VISITS = pl.col("item") == ScoreItem.COMPANY_VISITS
CENT = pl.lit(Decimal("0.01"), dtype=pl.Decimal(18, 2))


def where(condition: pl.Expr, column: str, value: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(value).otherwise(pl.col(column)).alias(column)


@pytest.mark.parametrize(
    ("table", "change", "check"),
    [
        ("scores", where(IS_A, "total", pl.col("total") + CENT), "scores: 1 rows whose base and bonus"),
        ("scores", where(IS_A, "base_score", pl.col("base_score") - CENT), "check sums"),
        ("scores", where(pl.col("envoy_id") == "C", "grade", pl.lit("优秀")), "check grades"),
        ("scores", where(pl.col("envoy_id") == "B", "grade", pl.lit("合格")), "check consequences"),
        ("scores", where(IS_A, "rank", pl.lit(1)), "check scores: 1 rows of a wrong rank"),
        ("scores", where(IS_A, "consequence", pl.lit("推荐晋升")), "check consequences"),
        ("scores", where(IS_A, "is_excellent_by_bonus", ~pl.col("is_excellent_by_bonus")), "check grades"),
        ("scores", where(IS_A, "envoy_name", pl.lit("他人")), "check scores: 1 rows of an envoy"),
        ("scores", where(IS_A, "envoy_id", pl.lit("B")), "check scores: 2 rows that share"),
        ("rankings", where(IS_A, "rank", pl.lit(9)), "rankings: 4 rows of a wrong rank"),
        ("rankings", where(IS_A, "total", pl.col("total") + CENT), "check last quarter"),
        ("rankings", where(IS_A, "envoy_id", pl.lit("Z")), "rankings: 4 rows of an envoy"),
        ("items", where(IS_DAYS, "score", pl.col("score") + CENT), "check arithmetic: 1 items"),
        ("items", where(IS_DAYS, "measured", pl.col("measured") + CENT), "check arithmetic: 1 items"),
        ("items", where(IS_DAYS, "basis", pl.lit("")), "check arithmetic: 1 items"),
        (
            "items",
            where(IS_VISITS, "basis", pl.col("basis").str.replace("30 分", "31 分")),
            "check arithmetic",
        ),
        ("items", where(IS_VISITS, "basis", pl.col("basis").str.replace("× 12", "× 11")), "check arithmetic"),
        ("items", where(IS_VISITS, "score", pl.lit(Decimal(31))), "check marks: 3 items"),
        ("items", where(IS_DAYS, "deduction", pl.lit(Decimal(-1))), "check marks: 1 items"),
        ("items", where(IS_DAYS, "item", pl.lit("bonus")), "check items: 1 scores without all items"),
        ("duties", where(IS_A, "duty", pl.lit("posting_term")), "check duties: 1 scores without all"),
        ("duties", where(IS_A, "envoy_id", pl.lit("Z")), "check duties: 1 duties without a score"),
    ],
)
def test_a_check_finds_what_is_wrong(
    records: dict[str, pl.DataFrame], done: Evaluation, table: str, change: pl.Expr, check: str
) -> None:
    frame: pl.DataFrame = getattr(done, table)
    changed = frame.with_columns(change).cast(frame.schema)
    failures = check_evaluation(replace(done, **{table: changed}), records)
    assert any(check in failure for failure in failures), failures


@pytest.mark.parametrize(
    ("item", "basis", "score"),
    [
        ("days_away", "20 分 - (10 天 - 驻外 95 天 ÷ 12 个月) × 1 分/天 = 17.91 分", "17.91"),
        ("days_away", "驻外 119 天 ÷ 12 个月 ≥ 10 天，得满分 20.00 分", "20.00"),
        ("days_away", "20 分 - (10 天 - 驻外 130 天 ÷ 12 个月) × 1 分/天 = 20.83 分", "20.83"),
        (
            "days_away",
            "20 分 - (10 天 × 12 个月 - 驻外 119 天) × 1 分/天 < 0 分，扣完为止，得 0.00 分",
            "0.00",
        ),
        ("company_visits", "走访 59 家 ≥ 5 家 × 12 个月，得满分 30.00 分", "30.00"),
        ("journal", "10 分 - 1 次 × 2 分/次 = 8.00 分", "8.00"),
        ("reporting", "10 分 - (漏报 1 次 + 迟报 0 次) × 1 分/次 = 8.00 分〔应报 60 次〕", "8.00"),
        ("bonus", "落地 2 个 × 10 分/个 = 10.00 分", "10.00"),
    ],
)
def test_a_text_that_claims_what_is_not_so_is_found(
    records: dict[str, pl.DataFrame], done: Evaluation, item: str, basis: str, score: str
) -> None:
    is_it = IS_A & (pl.col("item") == item)
    items = done.items.with_columns(
        where(is_it, "basis", pl.lit(basis)), where(is_it, "score", pl.lit(Decimal(score)))
    ).cast(done.items.schema)
    failures = check_evaluation(replace(done, items=items), records)
    assert any(failure.startswith("check arithmetic") for failure in failures)
