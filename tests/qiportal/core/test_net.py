import socket

import pytest

from qiportal.core.net import port_is_free


def test_port_with_a_listener_is_taken_until_it_closes():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert port_is_free("127.0.0.1", port) is False
    assert port_is_free("127.0.0.1", port) is True


def test_foreign_address_is_an_error():
    with pytest.raises(OSError, match="assign|valid in its context"):
        port_is_free("192.0.2.1", 8000)
