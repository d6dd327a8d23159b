"""How an unforeseen error is told of."""

from __future__ import annotations

from datetime import date

from flows.errors import told
from transforms.intake.upload import read_upload


def test_an_error_is_told_by_its_type_and_our_innermost_line() -> None:
    try:
        read_upload([None], upload_id="", file_name="110101190001010006", as_of=date(2024, 1, 1))  # type: ignore[list-item] # to fail
    except AttributeError as error:
        text = told(error)
    assert text.startswith("AttributeError at transforms.intake.upload, line ")


def test_an_error_from_elsewhere_has_no_place_of_ours() -> None:
    assert told(ValueError("110101190001010006")) == "ValueError at an unknown place"
