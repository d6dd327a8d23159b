"""The end of the sample's time."""

from __future__ import annotations

from datetime import date

LAST_DAY = date(2024, 12, 31)
"""Nothing in the sample was done after it, but one mistyped date, so it can be read as of any later day."""
