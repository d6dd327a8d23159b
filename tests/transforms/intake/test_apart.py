"""Which uploads can be landed together."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.housing import Appraisals, HouseholdSurvey
from transforms.intake.apart import runs_apart

Records = dict[str, pl.DataFrame]
SURVEY, APPRAISALS = HouseholdSurvey.table, Appraisals.table


def survey(*rows: tuple[str, str | None]) -> Records:
    """An upload with rows of building and household."""
    schema = {"building_id": pl.String(), "household_id": pl.String()}
    return {SURVEY: pl.DataFrame(rows, schema=schema, orient="row")}


def appraisals(*rows: tuple[str, str, str]) -> Records:
    return {APPRAISALS: pl.DataFrame(rows, schema=dict.fromkeys(Appraisals.key, pl.String()), orient="row")}


@pytest.mark.parametrize(
    ("uploads", "expected"),
    [
        pytest.param([], [[]], id="nothing"),
        pytest.param([{}, {}], [[0, 1]], id="uploads without records"),
        pytest.param([survey(("B1", "H1")), survey(("B2", "H2"))], [[0, 1]], id="different households"),
        pytest.param([survey(("B1", "H1")), survey(("B1", "H2"))], [[0], [1]], id="one building"),
        pytest.param([survey(("B1", "H1")), survey(("B2", "H1"))], [[0], [1]], id="one household"),
        pytest.param([survey(("B1", None)), survey(("B2", None))], [[0, 1]], id="no household"),
        pytest.param([survey(("B1", "H1"), ("B2", "H1")), {}], [[0, 1]], id="one household in one upload"),
        pytest.param(
            [survey(("B1", "H1")), survey(("B2", "H2")), survey(("B3", "H1")), survey(("B4", "H2"))],
            [[0, 1], [2, 3]],
            id="what was in common ends with the run",
        ),
        pytest.param(
            [survey(("B1", "H1")), {}, survey(("B1", "H1")), survey(("B1", "H1"))],
            [[0, 1], [2], [3]],
            id="again and again",
        ),
        pytest.param(
            [appraisals(("R1", "B1", "房屋")), appraisals(("R1", "B1", "装修")), survey(("B1", "H1"))],
            [[0, 1, 2]],
            id="keys that differ in a part, and other sheets",
        ),
        pytest.param(
            [appraisals(("R1", "B1", "房屋")), appraisals(("R1", "B1", "房屋"))], [[0], [1]], id="one key"
        ),
    ],
)
def test_uploads_of_a_run_have_nothing_in_common(uploads: list[Records], expected: list[list[int]]) -> None:
    assert [list(run) for run in runs_apart(uploads)] == expected


def test_a_run_of_several_uploads_has_no_more_rows_than_are_held_twice() -> None:
    uploads = [
        survey(*((f"B{upload}-{row}", f"H{upload}") for row in range(rows)))
        for upload, rows in enumerate((1, 1, 5, 1, 1))
    ]

    assert [list(run) for run in runs_apart(uploads, most_rows=2)] == [[0, 1], [2], [3, 4]]


def test_an_upload_of_more_rows_is_alone_whatever_it_has_in_common() -> None:
    large = survey(("B1", "H1"), ("B2", "H2"), ("B3", "H3"))
    uploads = [survey(("B1", "H1")), large, large, survey(("B2", "H2")), survey(("B4", "H4"))]

    assert [list(run) for run in runs_apart(uploads, most_rows=2)] == [[0], [1], [2], [3, 4]]
