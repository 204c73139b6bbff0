"""Reads that span models."""

from pdsa.selectors.series import (
    Series,
    measure_series,
    measures_series,
    period_steps,
    series_analyse,
)

__all__ = [
    "Series",
    "measure_series",
    "measures_series",
    "period_steps",
    "series_analyse",
]
