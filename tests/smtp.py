"""A small SMTP server on loopback for tests: it takes mail, or refuses as told."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class SmtpServer(socketserver.ThreadingTCPServer):
    """`received` are the mails taken. `refuse` maps an address to the answer it gets.

    `hang_up_after` mails the server says 421 and closes; `greeting` is its first line.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.conversations = 0
        self.refuse: dict[str, str] = {}
        self.hang_up_after: int | None = None
        self.greeting = "220 test"

    @property
    def port(self) -> int:
        return self.server_address[1]

    def addresses(self) -> list[str]:
        return sorted(self.recipients)


class Conversation(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self.server.conversations += 1
        self.say(self.server.greeting)
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            if word.upper() == "QUIT":
                self.say("221 bye")
                return
            self.answer(word.upper(), rest)

    def answer(self, word: str, rest: str) -> None:
        limit = self.server.hang_up_after
        if word == "MAIL" and limit is not None and self.count() >= limit:
            self.say("421 closing")
        elif word == "RCPT":
            self.address = rest.partition("<")[2].partition(">")[0]
            self.say(self.server.refuse.get(self.address, "250 ok"))
        elif word == "DATA":
            self.take()
        else:
            self.say("250 ok")

    def count(self) -> int:
        return len(self.server.received)

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        answer = self.server.refuse.get(f"data {self.address}", "250 taken")
        if answer.startswith("250"):
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            self.server.received.append(mail)
            self.server.recipients.append(self.address)
        self.say(answer)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    """A running server, stopped at the end of the block."""
    with SmtpServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def use_port(settings, port: int) -> None:
    """Has the portal send its mail to a port of this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def dead_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
