"""Settings of drf-spectacular; what they name, the API's own modules declare."""

OPENAPI = {
    "TITLE": "QI Portal API",
    "DESCRIPTION": "Improvement projects, tests, measures, training and staff-survey "
    "figures of one NHS trust. Figures are hidden where few people stand behind them.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["qiportal.api.schema.shared_responses"],
    "PREPROCESSING_HOOKS": ["qiportal.api.schema.one_address_each"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            "basic": {
                "type": "http",
                "scheme": "basic",
                "description": "User: the token's id. Password: the whole token.",
            },
        }
    },
    "SECURITY": [{"bearer": []}, {"apiKey": []}, {"basic": []}],
}
