"""The rows behind each score: what counts and how much, what does not and why, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from schemas.envoy_policy import EnvoyParameter as Named
from schemas.investment import EnvoyJournal, EnvoyReports, Envoys, Introducers, Projects, TravelTickets
from schemas.investment_scores import ScoreItem
from schemas.sheet import PROVENANCE
from transforms import wording
from transforms.envoys import contacts, landings, reports, stays
from transforms.envoys.periods import Span, scored_periods, spans
from transforms.envoys.postings import counted_months, posted, postings_of
from transforms.frames import stacked
from transforms.policy import Policy

EVIDENCE = pl.Schema(
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
"""One row per record in a scored year, and per report or journal entry that is missing in it.

Of journal and reports, what counts is in order: `measured` of the item is what does not, where the reason
is a missing entry, a missing report or a late one. What is missing has no sheet, upload or row number.
"""
NO_ENTRY, NO_REPORT, NOT_AWAY = "缺记日志", "漏报", "当日没有票据证明驻外，不须核对"
NOT_LANDED = "没有落地日期"
_PLACE = list(PROVENANCE)
_NO_PLACE = {name: pl.lit(value=None, dtype=dtype) for name, dtype in PROVENANCE.items()}
Records = Mapping[str, pl.DataFrame]


def evidence(
    records: Records, policy: Policy, as_of: date, envoy_ids: Sequence[str] | None = None
) -> pl.DataFrame:
    """The evidence of all scored years of these envoys, or of all, in order of envoy, year, item and day."""
    own = records if envoy_ids is None else _of(records, envoy_ids)
    postings = postings_of(own[Envoys.table])
    first_posted = postings["posted_on"].min()
    first_year = first_posted.year if isinstance(first_posted, date) else as_of.year
    years = scored_periods(policy, as_of, first_year).filter(pl.col("quarter").is_null())
    frames = [pl.DataFrame(schema=EVIDENCE)]
    for span in spans(years):
        in_post = counted_months(postings, span).select("envoy").unique()
        scored = postings.join(in_post, on="envoy", how="semi", maintain_order="left")
        frames += [
            part.join(scored.select("envoy", "envoy_id"), on="envoy").select(
                "envoy_id", pl.lit(span.starts_on.year, dtype=pl.Int64).alias("year"), *list(EVIDENCE)[2:]
            )
            for part in _of_span(own, scored, span, is_last=span.ends_on >= as_of)
        ]
    order = [item.value for item in ScoreItem]
    return (
        stacked(frames)
        .sort(
            "envoy_id",
            "year",
            pl.col("item").replace_strict(order, range(len(order)), return_dtype=pl.Int8),
            "happened_on",
            "what",
            "sheet",
            "row_number",
            nulls_last=True,
        )
        .cast(EVIDENCE)
    )


def _of(records: Records, envoy_ids: Sequence[str]) -> dict[str, pl.DataFrame]:
    wanted = list(envoy_ids)
    return {
        table: rows.filter(pl.col("envoy_id").is_in(wanted)) if "envoy_id" in rows.columns else rows
        for table, rows in records.items()
    }


def _of_span(records: Records, postings: pl.DataFrame, span: Span, *, is_last: bool) -> list[pl.DataFrame]:
    projects = landings.projects_of_envoys(records[Projects.table], records[Introducers.table])
    return [
        *_away(records, postings, span),
        *_reported(records[EnvoyReports.table], postings, span),
        *(
            _contacted(records[contact.sheet.table], postings, span, contact, item)
            for contact, item in (
                (contacts.VISITS, ScoreItem.COMPANY_VISITS),
                (contacts.NEGOTIATIONS, ScoreItem.NEGOTIATIONS),
            )
        ),
        _landed(projects, postings, span),
        *([_not_landed(projects, postings)] if is_last else []),
    ]


def _stated(
    rows: pl.LazyFrame | pl.DataFrame,
    item: ScoreItem,
    *,
    happened_on: pl.Expr,
    what: pl.Expr,
    counts: pl.Expr,
    reason: pl.Expr,
) -> pl.DataFrame:
    return (
        rows.lazy()
        .select(
            "envoy",
            *_PLACE,
            item=pl.lit(item.value),
            happened_on=happened_on,
            what=what,
            counts=counts,
            reason=reason,
        )
        .collect()
    )


def _missing(rows: pl.DataFrame, item: ScoreItem, on: str, what: pl.Expr, reason: str) -> pl.DataFrame:
    return _stated(
        rows.with_columns(**_NO_PLACE),
        item,
        happened_on=pl.col(on),
        what=what,
        counts=pl.lit(value=False),
        reason=pl.lit(reason),
    )


def _away(records: Records, postings: pl.DataFrame, span: Span) -> list[pl.DataFrame]:
    """Tickets, journal entries, and the days away that have none."""
    judged = stays.judged_tickets(records[TravelTickets.table], postings, span)
    stay_days = (pl.col("to_on") - pl.col("from_on")).dt.total_days() + 1
    ticket_days = (pl.col("returned_on") - pl.col("arrived_on")).dt.total_days() + 1
    judged = judged.with_columns(beyond_days=ticket_days - stay_days, stay_days=stay_days)
    kept = ("arrived_on", "returned_on", "stay_days", "beyond_days", "ticket_number", *_PLACE)
    proving = stays.with_new_days(judged, span, *kept)
    entries = stays.judged_journal(records[EnvoyJournal.table], postings, span)
    written = stays.with_whether_away(entries, proving, span, *_PLACE)
    excluded = pl.col("excluded").is_not_null()
    return [
        _tickets(judged.filter(excluded), pl.lit(value=False), pl.col("excluded")),
        _tickets(proving.lazy(), pl.col("days") > 0, _days_counted()),
        _entries(entries.filter(excluded), pl.lit(value=False), pl.col("excluded")),
        _entries(
            written.lazy(),
            pl.col("is_away"),
            pl.when("is_away").then(pl.lit("驻外当日有日志")).otherwise(pl.lit(NOT_AWAY)),
        ),
        _missing(
            stays.days_without_entry(proving, written, span),
            ScoreItem.JOURNAL,
            "day",
            pl.col("day").cast(pl.String),
            NO_ENTRY,
        ),
    ]


def _days_counted() -> pl.Expr:
    """What becomes of each day of the ticket: counted, of another ticket too, outside period or posting."""
    shared = pl.col("stay_days") - pl.col("days")
    parts = [
        pl.when(pl.col("days") > 0).then(pl.format("计 {} 天", "days")),
        pl.when(shared > 0).then(pl.format("{} 天与其他票据重复", shared)),
        pl.when(pl.col("beyond_days") > 0).then(pl.format("{} 天在考评期间或派驻期外", "beyond_days")),
    ]
    return pl.concat_str(parts, separator="，", ignore_nulls=True)


def _tickets(rows: pl.LazyFrame, counts: pl.Expr, reason: pl.Expr) -> pl.DataFrame:
    return _stated(
        rows,
        ScoreItem.DAYS_AWAY,
        happened_on=pl.col("arrived_on"),
        what=pl.format("{} 至 {}", "arrived_on", "returned_on"),
        counts=counts,
        reason=reason,
    )


def _entries(rows: pl.LazyFrame, counts: pl.Expr, reason: pl.Expr) -> pl.DataFrame:
    return _stated(
        rows,
        ScoreItem.JOURNAL,
        happened_on=pl.col("day"),
        what=pl.col("day").cast(pl.String),
        counts=counts,
        reason=reason,
    )


def _reported(sent: pl.DataFrame, postings: pl.DataFrame, span: Span) -> list[pl.DataFrame]:
    """Reports that fall due in the span, and those owed that were never sent."""
    frames = []
    for calendar, _ in reports.report_calendars(span):
        judged = reports.judged_reports(sent, postings, calendar)
        late = pl.col("days_late") > 0
        frames.append(
            _stated(
                judged,
                ScoreItem.REPORTING,
                happened_on=pl.col("submitted_on"),
                what=pl.concat_str("report_kind", pl.lit(" "), "period"),
                counts=pl.col("excluded").is_null() & ~late,
                reason=pl.when(pl.col("excluded").is_not_null())
                .then("excluded")
                .when(late)
                .then(pl.format("迟报 {} 天，应不晚于 {} 报送", "days_late", "due_on"))
                .otherwise(pl.lit("按时")),
            )
        )
        unsent = reports.owed_reports(postings, calendar).join(
            sent.lazy(),
            left_on=["envoy_id", "report_kind", "period_text"],
            right_on=["envoy_id", "report_kind", "period"],
            how="anti",
        )
        what = pl.format("{} {}，应不晚于 {} 报送", "report_kind", "period_text", "due_on")
        frames.append(_missing(unsent.collect(), ScoreItem.REPORTING, "due_on", what, NO_REPORT))
    return frames


def _contacted(
    rows: pl.DataFrame, postings: pl.DataFrame, span: Span, contact: contacts.Contact, item: ScoreItem
) -> pl.DataFrame:
    judged = contacts.judged_contacts(rows, postings, span, contact)
    on, may_count = pl.col(contact.on), pl.col("excluded").is_null()
    first_on = on.filter(may_count).min().over("envoy", contact.with_whom)
    is_first = may_count & (on == first_on)
    what = {"家": "企业", "个": "项目"}[contact.unit]
    return _stated(
        judged.with_columns(counts=is_first),
        item,
        happened_on=on,
        what=pl.col(contact.name),
        counts=pl.col("counts"),
        reason=pl.when("counts")
        .then(pl.lit(f"计 1 {contact.unit}"))
        .otherwise(pl.coalesce("excluded", pl.lit(f"同一{what}本年已计"))),
    )


def _landed(projects: pl.DataFrame, postings: pl.DataFrame, span: Span) -> pl.DataFrame:
    points = span.periods.lazy().select("period", Named.BONUS_PER_PROJECT)
    added = pl.concat_str(pl.lit("加 "), wording.plain(pl.col(Named.BONUS_PER_PROJECT)), pl.lit(" 分"))
    return _stated(
        landings.judged_landings(projects, postings, span).join(points, on="period"),
        ScoreItem.BONUS,
        happened_on=pl.col("landed_on"),
        what=pl.col("project_name"),
        counts=pl.col("excluded").is_null(),
        reason=pl.coalesce("excluded", added),
    )


def _not_landed(projects: pl.DataFrame, postings: pl.DataFrame) -> pl.DataFrame:
    return _stated(
        posted(projects.lazy(), postings).filter(pl.col("landed_on").is_null()),
        ScoreItem.BONUS,
        happened_on=pl.col("landed_on"),
        what=pl.col("project_name"),
        counts=pl.lit(value=False),
        reason=pl.lit(NOT_LANDED),
    )
