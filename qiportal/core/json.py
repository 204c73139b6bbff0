import json

from django.core.serializers.json import DjangoJSONEncoder


def json_dumps(value: object) -> str:
    """JSON for charts and the API; NaN raises ValueError, as browsers refuse it."""
    return json.dumps(
        value, cls=DjangoJSONEncoder, allow_nan=False, separators=(",", ":")
    )
