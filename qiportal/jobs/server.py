"""The embedded portal: waitress, the clock, and one thread that runs the jobs."""

import signal
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server  # type: ignore[import-untyped]

from qiportal.core.net import port_is_free
from qiportal.jobs.dispatch import executor
from qiportal.jobs.scheduler import Scheduler

HOST, PORT, THREADS = "127.0.0.1", 8000, 8


class PortTaken(Exception):
    """Something else listens there; the text says what to do."""


def portal_serve(
    *, host: str = HOST, port: int = PORT, ready: Callable[[], None] = lambda: None
) -> None:
    """Serves until SIGTERM or Ctrl+C; calls `ready` once the port is open.

    Raises PortTaken before anything is started.
    """
    if not port_is_free(host, port):
        raise PortTaken(
            f"Port {port} is taken by another program. Stop it, or choose another "
            f"port: --port {port + 1}"
        )
    call_command("collectstatic", interactive=False, verbosity=0)
    server = create_server(
        get_wsgi_application(),
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=not settings.TRUSTED_PROXIES,
    )
    signal.signal(signal.SIGTERM, end)
    clock = Scheduler()
    clock.start()
    ready()
    try:
        server.run()  # ends quietly on SystemExit and KeyboardInterrupt
    finally:
        clock.stop()
        executor().shutdown(wait=False, cancel_futures=True)
        server.close()


def end(*_signal: object) -> None:
    """SIGTERM: leave the server's loop; what a job has not finished is done later."""
    raise SystemExit(0)
