"""Structured logs: one JSON object a line, without people's text or secrets."""

import json
import logging
import re
from datetime import UTC, datetime

from qiportal.core.middleware import request_id

TOKEN = re.compile(r"qip_[A-Za-z0-9]+_[A-Za-z0-9_\-]+")
TEN_DIGITS = re.compile(r"[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{4}")


class DropPrivateText(logging.Filter):
    """Masks tokens and ten-digit numbers in every message before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = TOKEN.sub("[token]", record.getMessage())
        record.msg, record.args = TEN_DIGITS.sub("[number]", text), ()
        return True


class JsonFormatter(logging.Formatter):
    """time, level, logger, message, request id and, for errors, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_settings(level: str) -> dict:
    """Everything goes to the console as JSON lines, without private text."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "qiportal.core.logs.JsonFormatter"}},
        "filters": {"quiet": {"()": "qiportal.core.logs.DropPrivateText"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["quiet"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "axes": {"level": "WARNING"},
            "waitress.queue": {"level": "ERROR"},
        },
    }
