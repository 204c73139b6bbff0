"""Sockets of this machine."""

import errno
import socket


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen on host:port now.

    A port that only the administrator may open counts as taken. Raises OSError when
    the host is no address of this machine, OverflowError for a port above 65535.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True
