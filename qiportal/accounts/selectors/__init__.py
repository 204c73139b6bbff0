"""Reads about people and their desks."""

from qiportal.accounts.selectors.imports import (
    batch_of,
    batch_or_404,
    batches_for,
    earlier_import,
    import_job,
)
from qiportal.accounts.selectors.tokens import (
    own_token_count,
    own_token_or_404,
    token_or_404,
    tokens_for,
)

__all__ = [
    "batch_of",
    "batch_or_404",
    "batches_for",
    "earlier_import",
    "import_job",
    "own_token_count",
    "own_token_or_404",
    "token_or_404",
    "tokens_for",
]
