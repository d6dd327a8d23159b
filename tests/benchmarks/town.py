"""A clean town of any size, as validated records: no open question, no undecided reading, nothing rejected.

Fifty kinds of households follow each other, so that every part of a town has the same mix; two of them have
two buildings. All numbers, names and accounts are invented: the ID numbers are of a region that there is none
of, with the right check character.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.housing import (
    HOUSING_SHEETS,
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
)
from schemas.sheet import Sheet

AS_OF = date(2023, 12, 31)
KINDS = 50
"""Of households; each part of a town begins with a multiple of it."""

_H, _KIND = pl.col("h"), pl.col("kind")
_CENT = pl.lit(100, dtype=pl.Decimal(38, 0))
_FLATS = ("圣泉小区", "闻泉小区", "天池花园小区", "伊林小区", "育才小区", "天池住宅小区")
_SHOPS_BY_AREA = ("天池花园商服房", "十二路商服房", "步行街商服房")
_SHOPS_AT_ONE_PRICE = "天池商业区商服房"
_APPRAISED = ("厂房", "仓库", "圈舍", "其他")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NOBODYS_REGION = "990000"
_FROZEN = (3, 38)
_ASSISTED = (0, 1, 2)
_DISPUTED = (4, 5)
_LATE = 6
_MOVED_ELSEWHERE = (*range(34, 39), 44, 45, 49)
_BOUGHT_BACK = 46


def town(households: int, start: int = 0) -> dict[str, pl.DataFrame]:
    """The records of so many households from number `start` on, by table; the other sheets are empty."""
    buildings = _buildings(households, start)
    records = {sheet.table: pl.DataFrame(schema=sheet.frame_schema()) for sheet in HOUSING_SHEETS}
    for sheet, rows in (
        (ImageryRegister, _register(buildings)),
        (HouseholdSurvey, _survey(buildings)),
        (Agreements, _agreements(buildings)),
        (Appraisals, _appraisals(buildings)),
    ):
        records[sheet.table] = _of_sheet(sheet, rows)
    return records


def building_count(households: int) -> int:
    """How many buildings they have, and so how many rows the register, the survey and the agreements."""
    return households + 2 * (households // KINDS) + max(0, households % KINDS - 48)


def _buildings(households: int, start: int) -> pl.LazyFrame:
    """A row per building: the household's number and kind, and what the building is used as."""
    homes = pl.select(h=pl.int_range(start, start + households, dtype=pl.Int64)).lazy()
    kind = _KIND
    first = (
        pl.when(kind < 39)
        .then(pl.lit("住宅"))
        .when(kind < 46)
        .then(pl.lit("经营"))
        .when(kind < 48)
        .then(_one_of(_APPRAISED, _H // KINDS))
        .otherwise(pl.lit("住宅"))
    )
    second = pl.when(kind == 48).then(pl.lit("厂房")).when(kind == 49).then(pl.lit("经营"))
    return (
        homes.with_columns(kind=_H % KINDS)
        .with_columns(use=pl.concat_list(first, second))
        .with_columns(nth=pl.lit([1, 2]))
        .explode("use", "nth")
        .drop_nulls("use")
        .with_columns(
            household_id=pl.concat_str(pl.lit("H"), _H.cast(pl.String).str.zfill(8)),
            building_id=pl.concat_str(
                pl.lit("F"), _H.cast(pl.String).str.zfill(8), pl.lit("-"), pl.col("nth").cast(pl.String)
            ),
            is_residence=pl.col("use") == "住宅",
            is_business=pl.col("use") == "经营",
            is_unsigned=kind.is_between(20, 27),
            is_exchanged=kind.is_between(28, 38) | kind.is_between(43, 45) | (kind == 49),
            is_assisted=kind.is_in(_ASSISTED),
            area=pl.when(kind.is_in(_ASSISTED))
            .then(3000 + _H * 37 % 2000)
            .otherwise(4000 + (_H * 7919 + pl.col("nth") * 131) % 12001),
        )
    )


def _register(buildings: pl.LazyFrame) -> pl.LazyFrame:
    by_register = pl.col("is_residence") | pl.col("is_business")
    is_smaller = _H % 5 == 0
    return buildings.select(
        "building_id",
        district=_one_of(("金江沟", "天池"), _H // 7),
        address=pl.concat_str(pl.lit("示例林场"), (_H % 997).cast(pl.String), pl.lit("号")),
        registered_use=pl.when(by_register).then("use").otherwise(pl.lit("其他")),
        registered_area_m2=_hundredths(pl.col("area") - pl.when(is_smaller).then(_H % 300).otherwise(0)),
        has_own_yard=pl.lit(value=True),
        is_habitable=pl.lit(value=True),
        imagery_ref=pl.concat_str(pl.lit("YX-2016-"), "building_id"),
    )


def _survey(buildings: pl.LazyFrame) -> pl.LazyFrame:
    business = pl.col("is_business")

    def of_business(value: pl.Expr) -> pl.Expr:
        return pl.when(business).then(value)

    is_titled = ~_KIND.is_in([41, 42])
    structure = (
        pl.when(_KIND == 41)
        .then(pl.lit("砖木"))
        .when(_KIND == 42)
        .then(pl.lit("其他"))
        .otherwise(_one_of(("砖混", "砖木", "其他"), _H // KINDS))
    )
    name = pl.concat_str(pl.lit("示例"), _one_of(tuple("甲乙丙丁戊己庚辛壬癸"), _H // 3))
    return buildings.select(
        "household_id",
        "building_id",
        owner_name=name,
        id_kind=pl.lit("居民身份证"),
        id_number=_id_number(),
        phone=pl.concat_str(pl.lit("000"), _H.cast(pl.String).str.zfill(8)),
        household_since=pl.when(_KIND.is_in(_FROZEN))
        .then(pl.lit(date(2021, 2, 1)))
        .otherwise(pl.lit(date(1995, 5, 12)) + pl.duration(days=_H % 9000)),
        surveyed_use="use",
        residence_origin=pl.when("is_residence").then(_one_of(("自建", "林业局工区房"), _H // 2)),
        structure=of_business(structure),
        floor_area_m2=_hundredths(pl.col("area")),
        has_title=of_business(is_titled),
        title_number=of_business(pl.when(is_titled).then(pl.concat_str(pl.lit("SL-"), "building_id"))),
        material_grade=of_business(pl.when(_KIND == 42).then(_one_of(("一级", "二级"), _H // KINDS))),
        months_in_business=of_business(24 + _H % 90),
        has_licence=of_business(_H // KINDS % 4 != 0),
        has_interruption_proof=of_business(pl.lit(value=False)),
        housing_assistance="is_assisted",
        account_name=name,
        bank_name=pl.lit("示例银行阿尔山支行"),
        bank_account=pl.concat_str(pl.lit("9900"), _H.cast(pl.String).str.zfill(15)),
        surveyed_on=pl.lit(date(2021, 2, 1)) + pl.duration(days=_H % 20),
    )


def _agreements(buildings: pl.LazyFrame) -> pl.LazyFrame:
    exchanged, business = pl.col("is_exchanged"), pl.col("is_business")
    signed = ~pl.col("is_unsigned")
    is_elsewhere = _KIND.is_in(_MOVED_ELSEWHERE)
    deadline = date(2021, 4, 30)
    estate = (
        pl.when(~business)
        .then(_one_of(_FLATS, _H // KINDS))
        .when(_KIND == 44)
        .then(pl.lit(_SHOPS_AT_ONE_PRICE))
        .otherwise(_one_of(_SHOPS_BY_AREA, _H // KINDS))
    )
    kind = pl.when(business).then(pl.lit("商服")).otherwise(_one_of(("多层", "高层"), _H // KINDS))
    appraised = ~pl.col("is_residence") & ~business
    return buildings.select(
        "building_id",
        agreement_number=pl.when(signed).then(pl.concat_str(pl.lit("XY-2021-"), "building_id")),
        signing_status=pl.when(signed).then(pl.lit("已签约")).otherwise(pl.lit("未签约")),
        method=pl.when(exchanged).then(pl.lit("产权调换")).when(signed).then(pl.lit("货币补偿")),
        disputes_price=pl.when(signed).then(_KIND.is_in(_DISPUTED)),
        notified_on=pl.lit(date(2021, 2, 15)),
        deadline_on=pl.lit(deadline),
        signed_on=pl.when(signed).then(pl.lit(date(2021, 3, 1)) + pl.duration(days=_H * 31 % 49)),
        vacated_on=pl.when(_KIND == _LATE)
        .then(pl.lit(date(2021, 5, 15)))
        .when(signed)
        .then(pl.lit(deadline) - pl.duration(days=_H % 9)),
        resettlement_estate=pl.when(exchanged).then(estate),
        resettlement_kind=pl.when(exchanged).then(kind),
        resettlement_area_m2=pl.when(exchanged).then(_hundredths(5000 + _H * 577 % 9001)),
        buyback_area_m2=pl.when(appraised & (_KIND == _BOUGHT_BACK)).then(_hundredths(1000 + _H % 2000)),
        under_construction=pl.when(exchanged).then(is_elsewhere),
        self_arranged=pl.when(exchanged).then(is_elsewhere),
        handed_over_on=pl.when(_KIND.is_in([34, 38]))
        .then(pl.lit(date(2022, 6, 1)) + pl.duration(days=_H // KINDS % 28))
        .when(_KIND.is_in([35, 45]))
        .then(pl.lit(date(2023, 8, 1)) + pl.duration(days=_H // KINDS % 28)),
    )


def _appraisals(buildings: pl.LazyFrame) -> pl.LazyFrame:
    """The house where it counts, at least at the highest standard, and what belongs to most houses."""
    appraised = ~pl.col("is_residence") & ~pl.col("is_business")
    number = pl.concat_str(pl.lit("PG"), _H.cast(pl.String).str.zfill(8), pl.lit("-"), "nth")
    houses = buildings.filter(appraised | _KIND.is_in(_DISPUTED)).select(
        "building_id",
        report_number=pl.concat_str(number, pl.lit("F")),
        subject=pl.lit("房屋"),
        appraised_amount=_hundredths(pl.col("area") * 3000 + _H * 101 % 5_000_000),
    )
    attachments = [
        buildings.filter(condition).select(
            "building_id",
            report_number=pl.concat_str(number, pl.lit(letter)),
            subject=pl.lit("附属物"),
            appraised_amount=_hundredths(_H * factor % 4_000_000 + 1),
        )
        for letter, factor, condition in (("A", 7919, _H % 3 != 0), ("B", 104_729, _H % 21 == 1))
    ]
    return pl.concat([houses, *attachments], rechunk=True).with_columns(
        appraiser=pl.lit("示例评估机构"), appraised_on=pl.lit(date(2021, 2, 26))
    )


def _id_number() -> pl.Expr:
    body = pl.concat_str(pl.lit(_NOBODYS_REGION), _H.cast(pl.String).str.zfill(11))
    digits = [int(digit) * weight for digit, weight in zip(_NOBODYS_REGION, _WEIGHTS, strict=False)]
    serial = [
        _H // 10 ** (10 - place) % 10 * weight
        for place, weight in enumerate(_WEIGHTS[len(_NOBODYS_REGION) :])
    ]
    total = pl.sum_horizontal(serial) + sum(digits)
    return pl.concat_str(body, _one_of(tuple(_CHECKS), total))


def _one_of(choices: tuple[str, ...], number: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(choices)).gather(number % len(choices))


def _hundredths(number: pl.Expr) -> pl.Expr:
    return (number.cast(pl.Decimal(38, 2)) / _CENT).cast(pl.Decimal(18, 2))


def _of_sheet(sheet: type[Sheet], rows: pl.LazyFrame) -> pl.DataFrame:
    fields = rows.collect_schema().names()
    provenance = {
        "upload_id": pl.lit("0" * 64),
        "sheet": pl.lit(sheet.title),
        "row_number": pl.int_range(2, pl.len() + 2, dtype=pl.Int64),
    }
    frame_schema = sheet.frame_schema()
    return (
        rows.with_columns(**provenance)
        .select(
            pl.col(name) if name in {*fields, *provenance} else pl.lit(value=None, dtype=dtype).alias(name)
            for name, dtype in frame_schema.items()
        )
        .cast(pl.Schema(frame_schema))
        .collect()
    )
