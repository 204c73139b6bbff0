"""The batch contract of the `spc` command: objects in, objects out."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from .errors import SpcError
from .model import METHODS, Analysis, Segment
from .single import analyse
from .values import SUBGROUPED

MDC_POINTS = ("cl", "lcl", "ucl", "special_cause", "point_type", "provisional")
QIC_POINTS = ("y", "cl", "lcl", "ucl", "sigma_signal")
MDC_SEGMENT = (
    *("start", "end", "n", "n_used", "centre", "lcl", "ucl"),
    *("mean_range", "screened_out"),
)
QIC_SEGMENT = (
    *("start", "end", "n_useful", "longest_run", "longest_run_max"),
    *("n_crossings", "n_crossings_min", "runs_signal"),
)
QIC_METHODS = {f"qic_{method}": method for method in METHODS if method != "xmr"}


def vectors_run(objects: Iterable[Any]) -> list[dict]:
    """Analyse each `{id, method, input, options}`; other keys are ignored.

    One result per object, in order: `{id, points, variation_icon,
    assurance_icon, segments}`, or `{id, error: {code, message}}`. "No value" is
    None, never NaN.
    """
    return [_vector_run(entry) for entry in objects]


def _vector_run(entry: Any) -> dict:
    name = entry.get("id") if isinstance(entry, dict) else None
    try:
        return {"id": name, **_result(entry)}
    except SpcError as error:
        return {"id": name, "error": {"code": error.code, "message": error.message}}


def _result(entry: Any) -> dict:
    given, options, method = _parts(entry)
    if method == "mdc_xmr":
        return _mdc(_analysis("xmr", given, options))
    if method in QIC_METHODS:
        return _qic(_analysis(QIC_METHODS[method], given, options))
    raise SpcError("unknown_method", f"Unknown method {method!r}.")


def _parts(entry: Any) -> tuple[dict, dict, str]:
    if not isinstance(entry, dict):
        raise SpcError("bad_input", "Each entry must be an object.")
    given, options = entry.get("input"), entry.get("options") or {}
    if not isinstance(given, dict) or not isinstance(options, dict):
        raise SpcError("bad_input", "input and options must be objects.")
    return given, options, str(entry.get("method"))


def _analysis(method: str, given: dict, options: dict) -> Analysis:
    values = _list(given, "y")
    grouped = method in SUBGROUPED
    return analyse(
        [] if values is None else values,
        method=method,
        dates=_dates(_list(given, "x")),
        denominators=None if grouped else _list(given, "n"),
        subgroups=_list(given, "subgroups"),
        rebase_at=_list(options, "rebase_at") or (),
        fix_after_n=options.get("fix_after_n"),
        freeze_after_n=options.get("freeze_after_n"),
        exclude=_list(options, "exclude") or (),
        improvement_direction=options.get("improvement_direction") or "neutral",
        target=options.get("target"),
        screen_outliers=options.get("screen_outliers") is not False,
    )


def _list(holder: dict, key: str) -> list | None:
    value = holder.get(key)
    if value is not None and not isinstance(value, list):
        raise SpcError("bad_input", f"{key} must be a list.")
    return value


def _dates(texts: list | None) -> list | None:
    """ISO texts as times, so that dates and date-times compare."""
    if texts is None:
        return None
    try:
        return [datetime.fromisoformat(text).replace(tzinfo=None) for text in texts]
    except (TypeError, ValueError) as error:
        raise SpcError("bad_input", f"x must be ISO dates ({error}).") from error


def _mdc(analysis: Analysis) -> dict:
    return {
        "points": {key: list(getattr(analysis, key)) for key in MDC_POINTS},
        "variation_icon": analysis.variation_icon,
        "assurance_icon": analysis.assurance_icon,
        "segments": [_pick(segment, MDC_SEGMENT) for segment in analysis.segments],
    }


def _qic(analysis: Analysis) -> dict:
    return {
        "points": {key: list(getattr(analysis, key)) for key in QIC_POINTS},
        "variation_icon": None,
        "assurance_icon": None,
        "segments": [_pick(segment, QIC_SEGMENT) for segment in analysis.segments],
    }


def _pick(segment: Segment, keys: tuple[str, ...]) -> dict:
    everything = asdict(segment)
    return {key: everything[key] for key in keys}
