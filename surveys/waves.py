"""Writes of waves."""

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now
from surveys.models import Wave


def wave_settle(wave: Wave) -> Wave:
    """Saves a wave (and its survey) that an import has just opened."""
    if wave.survey.pk is None:
        wave.survey.save()
        wave.survey = wave.survey
    if wave.pk is None:
        wave.save()
    return wave


@transaction.atomic
def wave_publish(*, wave: Wave, by: User) -> Wave:
    """Freezes a wave. From then on its rows never change and take no more.

    Raises ValidationError while the wave has no rows.
    """
    if wave.published_at:
        return wave
    if not (wave.results.exists() or wave.comments.exists()):
        raise ValidationError("Import results or comments before you publish.")
    wave.published_at = now()
    wave.version += 1
    wave.save()
    audit_record(type="wave.published", target=wave, by=by, new={"wave": wave.slug})
    return wave
