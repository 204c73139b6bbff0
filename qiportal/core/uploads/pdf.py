"""PDF: one document, readable to its end, that does nothing when it is opened."""

import re
import zlib

from qiportal.core.uploads.model import WEB_PAGE, UploadProblem

TAIL = 66_000  # a ZIP archive's end record is looked for in the last 64 KiB
MOST = 50_000  # streams, and escaped characters, of an honest document
MAX_UNPACKED = 50 * 1024 * 1024
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
DICTIONARY = 400  # how far before its stream an object's dictionary is looked for
LOCKED = re.compile(rb"/Encrypt\b")
ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|RichMedia|XFA|EmbeddedFiles?|GoToE|SubmitForm|ImportData)"
    rb"(?![A-Za-z])"
)


def require_quiet_pdf(data: bytes) -> None:
    """Raises UploadProblem unless this is a complete PDF without scripts or files.

    Names may be written with `#xx` and objects may be packed; both are undone first.
    """
    _require_whole(data)
    _require_no_actions(_spelled_out(data))
    room = MAX_UNPACKED
    for number, match in enumerate(STREAM.finditer(data)):
        if number == MOST:
            raise _rare()
        if _packs_objects(data[max(match.start() - DICTIONARY, 0) : match.start()]):
            end = data.find(b"endstream", match.end())
            objects = _inflated(data[match.end() : end], room)
            _require_no_actions(_spelled_out(objects))
            room -= len(objects)


def _packs_objects(before: bytes) -> bool:
    """Whether a stream holds packed objects, by the dictionary right before it."""
    dictionary = _spelled_out(before.rpartition(b" obj")[2])
    if b"/ObjStm" not in dictionary or b"/Filter" not in dictionary:
        return False
    if b"/Predictor" in dictionary:
        raise _rare()
    return True


def _rare() -> UploadProblem:
    return UploadProblem(
        "The PDF is written in a rare way. Print it to PDF and choose the new file."
    )


def _require_whole(data: bytes) -> None:
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :].strip(b"\x00 \t\r\n\x0c"):
        raise UploadProblem(
            "The PDF is damaged, incomplete or something else hangs behind it. Save "
            "it again as PDF and choose the new file."
        )
    if b"PK\x05\x06" in data[-TAIL:] or WEB_PAGE.search(data[:1024]):
        raise UploadProblem("The PDF is something else at the same time. Save it anew.")


def _require_no_actions(data: bytes) -> None:
    if LOCKED.search(data):
        raise UploadProblem(
            "The PDF is locked, so it cannot be checked. Save it without a password "
            "or restrictions."
        )
    if ACTIVE.search(data):
        raise UploadProblem(
            "The PDF holds scripts, forms that send data, or other files. Print it to "
            "PDF and choose the new file."
        )


def _inflated(data: bytes, room: int) -> bytes:
    """An object stream's text. One that will not unpack, or too far, is refused."""
    packed = zlib.decompressobj()
    try:
        objects = packed.decompress(data, max(room, 1))
    except zlib.error as error:
        raise UploadProblem("The PDF is damaged. Save it again as PDF.") from error
    if not packed.eof:
        raise UploadProblem("The PDF is too large when unpacked, or incomplete.")
    return objects


def _spelled_out(data: bytes) -> bytes:
    """With every `#xx` of a name as the character it stands for."""
    text, count = ESCAPED.subn(lambda m: bytes([int(m[1], 16)]), data, MOST)
    if count == MOST:
        raise _rare()
    return text
