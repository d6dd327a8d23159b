"""Survey rows against what earlier uploads said of the same household."""

from __future__ import annotations

import polars as pl

from schemas.audit import Findings
from schemas.housing import HouseholdSurvey
from tests.transforms.intake.in_memory import Value, read_rows, resident_id, survey
from transforms.intake.upload import contradictions_with_earlier


def surveyed(*rows: dict[str, Value]) -> pl.DataFrame:
    return read_rows(HouseholdSurvey, *rows).records["household_survey"]


def compared(survey_rows: pl.DataFrame, *earlier: dict[str, Value]) -> pl.DataFrame:
    current = surveyed(*earlier).drop("is_void") if earlier else surveyed(survey(1)).drop("is_void").clear()
    return contradictions_with_earlier(
        survey_rows, current, letters=LETTERS, upload_id="u2", file_name="新.xlsx"
    )


LETTERS = {"入户调查": {"owner_name": "D", "id_number": "F"}}
SECOND = survey(2, household_id="H-0001")


def test_an_earlier_building_of_the_household_that_differs_is_a_warning() -> None:
    earlier = survey(1, owner_name="示例乙", id_number=resident_id(1), housing_assistance="是")
    findings = compared(surveyed(SECOND), earlier)
    assert findings.select("row_number", "column_letter", "header", "value", "rule", "severity").rows() == [
        (2, "D", "被征收人", "示例甲", "contradicts_earlier", "warning"),
        (2, "F", "证件号码", resident_id(0), "contradicts_earlier", "warning"),
        (2, None, "住房保障对象", "否", "contradicts_earlier", "warning"),
    ]
    assert findings.select("upload_id", "file_name", "sheet").unique().rows() == [
        ("u2", "新.xlsx", "入户调查")
    ]
    assert findings["message"].str.contains("JJG-0001").all()
    assert not findings["message"].str.contains(r"\d{10}").any()
    assert dict(findings.schema) == Findings.frame_schema()


def test_one_warning_for_a_cell_however_many_rows_it_contradicts() -> None:
    earlier = [survey(n, household_id="H-0001", account_name="示例乙") for n in (1, 3)]
    assert compared(surveyed(SECOND), *earlier)["header"].to_list() == ["开户名"]


def test_blank_facts_contradict_nothing() -> None:
    assert compared(surveyed(SECOND | {"household_since": None}), survey(1, account_name=None)).is_empty()


def test_a_row_that_is_replaced_says_nothing_any_more() -> None:
    assert compared(surveyed(survey(1)), survey(1, owner_name="示例乙")).is_empty()


def test_a_row_that_is_withdrawn_says_nothing_any_more() -> None:
    void: dict[str, Value] = {"building_id": "JJG-0001", "is_void": "是"}
    assert compared(surveyed(SECOND, void), survey(1, owner_name="示例乙")).is_empty()


def test_another_household_is_not_compared() -> None:
    assert compared(surveyed(survey(2)), survey(1, owner_name="示例乙")).is_empty()


def test_nothing_is_compared_with_nothing() -> None:
    assert compared(surveyed(SECOND)).is_empty()
