"""What may go wrong in working on one file."""

from __future__ import annotations

import polars as pl

FAULTS = (Exception, pl.exceptions.PanicException)
"""A panic of polars is no Exception. To be told to stop is no fault."""
