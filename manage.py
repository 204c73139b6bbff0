#!/usr/bin/env python3
"""Every command of the portal. `demo` and `test` need nothing but Python 3.11."""

import os
import re
import sys
from importlib.util import find_spec

from qiportal import bootstrap


def main(argv):
    """Prepare the environment where that is this start's job, then run the command."""
    try:
        if argv[1:2] == ["demo"]:
            bootstrap.prepare("demo", argv)
            demo_settings(argv)
        elif argv[1:2] == ["test"]:
            bootstrap.prepare("test", argv)
        elif find_spec("django") is None:
            bootstrap.borrow(argv)
    except bootstrap.Refusal as refusal:
        sys.exit(f"\n{refusal}\n")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiportal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)


def demo_settings(argv):
    """The settings of a demo, where the environment says nothing else.

    Without a second sign-in step it must stay on this computer: the command serves on
    loopback and nowhere else.
    """
    port = re.search(r"--port[ =]([0-9]+)", " ".join(argv))
    address = "http://127.0.0.1:" + (port.group(1) if port else "8000")
    for name, value in (("DEMO", "1"), ("MFA_REQUIRED", "0"), ("PUBLIC_URL", address)):
        os.environ.setdefault(name, value)


if __name__ == "__main__":
    main(sys.argv)
