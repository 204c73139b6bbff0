"""demo [--port N] [--no-serve] [--small | --scale N]: a fictional trust to look at."""

import time
from argparse import ArgumentTypeError

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from qiportal.core.memory import no_collection
from qiportal.core.net import port_is_free
from qiportal.demo.desk import (
    database_check,
    first_figures,
    sign_ins,
    tables_make,
    token_of_dev,
)
from qiportal.demo.seed import WrongTrust, demo_seed, trust_check
from qiportal.jobs.server import HOST, PORT, PortTaken, portal_serve

SMALL = 0.1
NOTICE = (
    "Everybody and everything in it is invented. The second sign-in step is off, so "
    "the portal listens on this computer only."
)


def size(text: str) -> float:
    try:
        scale = float(text)
    except ValueError as error:
        raise ArgumentTypeError("give a number such as 0.5 or 2") from error
    if not 0.05 <= scale <= 20:
        raise ArgumentTypeError("give a number from 0.05 to 20")
    return scale


class Command(BaseCommand):
    help = "Make a fictional trust and serve it on this computer."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=PORT)
        parser.add_argument("--no-serve", action="store_true", help="make it, then end")
        how_large = parser.add_mutually_exclusive_group()
        how_large.add_argument("--small", action="store_true", help="a tenth of it")
        how_large.add_argument("--scale", type=size, default=1.0, metavar="N")

    def handle(self, *args, **options):
        serving = not options["no_serve"]
        if serving and not port_is_free(HOST, options["port"]):
            raise CommandError(self.taken(options["port"]))
        try:
            database_check()
            with no_collection():
                tables_make()
                self.fill(SMALL if options["small"] else options["scale"])
        except WrongTrust as problem:
            raise CommandError(str(problem)) from problem
        token = token_of_dev()
        if serving:
            self.serve(options["port"], token)
        else:
            call_command("collectstatic", interactive=False, verbosity=0)
            self.tell("Ready. Start it with: python3 manage.py demo", token)

    def fill(self, scale: float) -> None:
        """The trust and its first figures, where they are not there yet."""
        if trust_check():
            self.say("The fictional trust is there already.")
        else:
            self.say("Making the fictional trust. This takes a moment, once.")
            done = demo_seed(scale=scale, say=self.say)
            self.say(f"Made in {done.seconds:.0f} s.")
        began = time.perf_counter()
        if run := first_figures():
            spent = time.perf_counter() - began
            self.say(f"First figures: {run.rows} computed in {spent:.0f} s.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def serve(self, port: int, token: str) -> None:
        def ready():
            address = f"http://{HOST}:{port}/"
            self.tell(f"QI Portal runs at {address} (Ctrl+C ends)", token)

        try:
            portal_serve(host=HOST, port=port, ready=ready)
        except PortTaken as problem:
            raise CommandError(self.taken(port)) from problem

    @staticmethod
    def taken(port: int) -> str:
        return (
            f"Port {port} is taken by another program; nothing was made. Stop it, or "
            f"choose another port: python3 manage.py demo --port {port + 1}"
        )

    def tell(self, first: str, token: str) -> None:
        lines = [
            "",
            first,
            NOTICE,
            "",
            *sign_ins(),
            "",
            f"BI token of Dev: {token}",
            "",
        ]
        self.say("\n".join(lines))
