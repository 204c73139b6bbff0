"""What a spreadsheet would take for a formula, and the apostrophe that prevents it."""

FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def guarded(text: str) -> str:
    """Text that stays text in a spreadsheet (SECURITY T9)."""
    return f"'{text}" if _is_risky(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given: our own downloads may be uploaded again."""
    return text[1:] if text[:1] == "'" and _is_risky(text[1:]) else text


def _is_risky(text: str) -> bool:
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
