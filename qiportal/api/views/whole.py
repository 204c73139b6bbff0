"""Sending all of something as CSV or NDJSON while it is read."""

from collections.abc import Generator, Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from qiportal.api.auth import StreamSlot
from qiportal.api.formats import blocks


class Sending:
    """The bytes of a stream; closing it, read or not, gives its place back."""

    def __init__(self, lines: Generator[str, None, None], slot: StreamSlot):
        self.lines = lines
        self.slot: StreamSlot | None = slot
        self.blocks: Generator[bytes, None, None] = blocks(lines)

    def __iter__(self) -> Iterator[bytes]:
        return self.blocks

    def close(self) -> None:
        if self.slot is not None:
            self.slot.release()
            self.slot = None
        for part in (self.blocks, self.lines):
            part.close()


def whole_response(
    request: Request, lines: Generator[str, None, None], media_type: str
) -> HttpResponseBase:
    """A stream that holds one of the token's two places; HEAD reads nothing."""
    content_type = f"{media_type}; charset=utf-8"
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type)
    sending = Sending(lines, StreamSlot(request.auth))
    return StreamingHttpResponse(sending, content_type=content_type)
