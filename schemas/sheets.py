"""All sheets of the input contract, by title."""

from __future__ import annotations

from schemas.housing import HOUSING_SHEETS
from schemas.investment import INVESTMENT_SHEETS
from schemas.sheet import Sheet

ALL_SHEETS: tuple[type[Sheet], ...] = (*HOUSING_SHEETS, *INVESTMENT_SHEETS)
SHEETS_BY_TITLE: dict[str, type[Sheet]] = {sheet.title: sheet for sheet in ALL_SHEETS}
INSTRUCTIONS_TITLE = "填写说明"
"""The sheet of instructions in our own templates: known, and never read."""
FINDINGS_TITLE = "问题清单"
"""The sheet of findings in an annotated copy: known, and never read."""
