"""What kind of data each field of each model holds.

Every app has a `privacy.py` with `CLASSES`: model name -> class -> field names, divided
by blanks. `personal` is about an identifiable person; `free_text` is prose somebody
typed, so it may say anything; `plain` is neither. Exports, the identifier sweep and the
API's allow-list go by these classes, and a field without one fails a test.
"""

from importlib import import_module

from django.apps import apps
from django.db import models

KINDS = ("personal", "free_text", "plain")


def privacy_of(model: type[models.Model]) -> dict[str, str]:
    """Field name -> class of one model. Raises KeyError for an unlisted model."""
    listed = import_module(f"{model._meta.app_config.name}.privacy").CLASSES
    by_kind = listed[model.__name__]
    return {name: kind for kind, names in by_kind.items() for name in names.split()}


def fields_of_kind(kind: str) -> list[tuple[type[models.Model], str]]:
    """(model, field name) of every field of that class in the apps of this portal."""
    return [
        (model, name)
        for model in own_models()
        for name, found in privacy_of(model).items()
        if found == kind
    ]


def own_models() -> list[type[models.Model]]:
    """The models of this portal's own apps; not those of Django and packages."""
    return [m for m in apps.get_models() if is_own(m._meta.app_config.name)]


def is_own(app_name: str) -> bool:
    own = ("qiportal.", "projects", "pdsa", "training", "surveys")
    return app_name.startswith(own)
