import pytest

from tests.smtp import smtp_server, use_port


@pytest.fixture
def server(settings):
    """A mail server that the portal sends to."""
    with smtp_server() as running:
        use_port(settings, running.port)
        yield running
