"""How long what a person deleted can be brought back; after that it is purged."""

from datetime import datetime, timedelta

from django.conf import settings

from qiportal.core.dates import now


def kept_days() -> int:
    return settings.DELETED_KEPT_DAYS


def kept_since() -> datetime:
    """Whatever was deleted by this moment is gone for good."""
    return now() - timedelta(days=kept_days())
