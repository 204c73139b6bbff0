#!/usr/bin/env python3
"""Every command of the portal. `demo` and `test` need nothing but Python 3.11."""

import os
import sys
from importlib.util import find_spec

from qiportal import bootstrap


def main(argv):
    """Prepare the environment where that is this start's job, then run the command."""
    try:
        if argv[1:2] == ["demo"]:
            bootstrap.prepare("demo", argv)
        elif argv[1:2] == ["test"]:
            bootstrap.prepare("test", argv)
        elif find_spec("django") is None:
            bootstrap.borrow(argv)
    except bootstrap.Refusal as refusal:
        sys.exit(f"\n{refusal}\n")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiportal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
