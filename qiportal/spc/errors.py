"""The one exception of the engine; its code is part of the public contract."""

CODES = (
    "t_needs_positive",
    "unsorted_dates",
    "duplicate_dates",
    "length_mismatch",
    "fix_too_short",
    "unknown_method",
    "bad_input",
)


class SpcError(ValueError):
    """Input that no chart can be made of. `code` is one of CODES."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
