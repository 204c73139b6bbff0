from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiportal.jobs.server import HOST, PORT, PortTaken, portal_serve


class Command(BaseCommand):
    help = "Serve the portal from this one process: pages, clock and jobs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=PORT)
        parser.add_argument("--host", default=HOST, help="default: this machine only")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]

        def ready() -> None:
            self.stdout.write(f"QI Portal runs at http://{host}:{port}/ (Ctrl+C ends)")
            self.stdout.flush()

        try:
            portal_serve(host=host, port=port, ready=ready)
        except PortTaken as problem:
            raise CommandError(str(problem)) from problem
