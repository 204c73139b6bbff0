"""Everything the portal holds about one person, for themselves (SECURITY section 4).

Walks all models, so a new one that names a user is in the export without being asked.
"""

import io
import json
import zipfile
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.template.loader import render_to_string

from qiportal.accounts.audit import export_record
from qiportal.accounts.models import User
from qiportal.core.dates import now

SECRETS = {
    "accounts.User": {"password"},
    "accounts.ApiToken": {"key_hash"},
    "accounts.AuditEvent": {"old", "new", "row_hash"},
    "mfa.Authenticator": {"data"},
    "socialaccount.SocialToken": {"token", "token_secret"},
    "axes.AccessAttempt": {"get_data", "post_data"},
}
BY_ADDRESS = {
    "accounts.AuditEvent": "actor",
    "axes.AccessAttempt": "username",
    "axes.AccessFailureLog": "username",
    "axes.AccessLog": "username",
    "jobs.JobRun": "requested_by",
}
ABSENT = (
    "Answers to staff surveys are not here: the portal keeps counts per unit and never "
    "who answered what."
)


def user_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields of a model that name a user."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field for field in fields if field.related_model is User]


def rows_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """model label -> rows that name the person; other people are not named."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in apps.get_models():
        rows = _rows_of(model, user)
        if rows is not None and (shown := [_shown(row, user) for row in rows]):
            found[model._meta.label] = shown
    return found


def _rows_of(model: type[models.Model], user: User) -> models.QuerySet | None:
    label = model._meta.label
    wanted = models.Q(pk__in=[])
    for field in user_fields(model):
        wanted |= models.Q(**{field.name: user})
    if label in BY_ADDRESS:
        wanted |= models.Q(**{BY_ADDRESS[label]: user.email})
    if model is User:
        wanted |= models.Q(pk=user.pk)
    if wanted == models.Q(pk__in=[]):
        return None
    return model._base_manager.filter(wanted).distinct().order_by("pk")


def _shown(row: models.Model, user: User) -> dict[str, Any]:
    hidden = SECRETS.get(row._meta.label, set())
    return {
        field.name: _value(row, field, user)
        for field in row._meta.concrete_fields
        if field.name not in hidden
    }


def _value(row: models.Model, field: models.Field, user: User) -> Any:
    value = getattr(row, field.attname)
    if field.related_model is User and value is not None:
        return "you" if value == user.pk else "another person"
    return str(value) if isinstance(field, models.FileField) else value


@transaction.atomic
def subject_access_zip(*, user: User, by: User) -> bytes:
    """A zip of data.json and a readable index.html; the export is audited."""
    rows = rows_about(user)
    moment = now()
    export_record(what="person_data", by=by, rows=sum(map(len, rows.values())))
    about = {"person": user.email, "made_at": moment, "absent": ABSENT, "rows": rows}
    context = {"person": user, "made_at": moment, "absent": ABSENT, "rows": rows}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        text = json.dumps(about, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)
        packed.writestr("data.json", text)
        page = render_to_string("accounts/subject_access.html", context)
        packed.writestr("index.html", page)
    return out.getvalue()
