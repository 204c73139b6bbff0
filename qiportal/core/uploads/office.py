"""DOCX, XLSX and PPTX: what they claim, unpacked and read part by part.

Refused: macros, embedded programs, links that load a template or object from the web,
document type definitions, passwords, archives that unpack to more than they should, and
files that are something else at the same time.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from qiportal.core.uploads.model import (
    OFFICE,
    TEST_VIRUS,
    UploadProblem,
    without_nul,
)

MAX_PARTS = 5000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_LIST = 1024 * 1024
MAX_RATIO = 200
SMALL_PART = 1024 * 1024
CHUNK = 1024 * 1024
CARRY = 64
KINDS = {
    f"{OFFICE}.spreadsheetml.sheet.main+xml": "xlsx",
    f"{OFFICE}.wordprocessingml.document.main+xml": "docx",
    f"{OFFICE}.presentationml.presentation.main+xml": "pptx",
}
PART_ENDS = re.compile(
    r"\.(?:xml|rels|vml|png|jpe?g|gif|bmp|tiff?|emf|wmf|wdp|svg|ico|fntdata|odttf"
    r"|ttf|mp4|m4a|m4v|mov|mp3|wav|webp|psmdcp|xlsx|docx|pptx)$",
    re.I,
)
SETTINGS = re.compile(r"(?:^|/)printerSettings[0-9]*\.bin$|/$", re.I)
TROUBLE = re.compile(rb"<!(?:DOCTYPE|ENTITY)|" + TEST_VIRUS)
MACROS = re.compile(r"macroenabled|vbaproject|ms-office\.activex|oleobject", re.I)
LOADED = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/package")
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    DefusedXmlException,
    ParseError,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    OSError,
    OverflowError,
    NotImplementedError,
)


def office_kind(data: bytes, depth: int = 0) -> str:
    """ "xlsx", "docx" or "pptx". Raises UploadProblem for anything else or unsafe."""
    _require_one_archive(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _require_sane(archive.infolist())
            kind = _claimed(fromstring(archive.read("[Content_Types].xml")))
            for part in archive.infolist():
                _require_quiet(archive, part, depth)
    except UploadProblem:
        raise
    except UNREADABLE as error:
        raise UploadProblem(
            "The document is damaged or not what its name says. Open it, save it "
            "again and choose the new file."
        ) from error
    return kind


def _require_one_archive(data: bytes) -> None:
    """Nothing before the archive, nothing behind it, no other format's beginning."""
    tail = data[-22:]
    ends_well = tail[:4] == b"PK\x05\x06" and tail[20:] == b"\x00\x00"
    if not ends_well or b"%PDF-" in data[:1024]:
        raise UploadProblem(
            "The document is incomplete, or is something else at the same time. Open "
            "it, save it again and choose the new file."
        )


def _require_sane(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    too_much = len(parts) > MAX_PARTS
    too_much |= sum(part.file_size for part in parts) > MAX_UNPACKED
    too_much |= any(_is_list(part) and part.file_size > MAX_LIST for part in parts)
    if too_much or any(_is_bomb(part) for part in parts):
        raise UploadProblem("The document is too large when unpacked.")
    if len({name.lower() for name in names}) != len(names):
        raise ValueError("two parts of one name")
    if min(part.header_offset for part in parts) != 0:
        raise ValueError("something stands before the archive")
    for part in parts:
        if part.flag_bits & 1:
            raise UploadProblem(
                "The document is locked with a password. Save it without one."
            )
        if ".." in part.filename or part.filename.startswith(("/", "\\")):
            raise ValueError("a part outside the archive")


def _is_list(part: zipfile.ZipInfo) -> bool:
    """A part that is read as XML here: content types and links."""
    name = part.filename.lower()
    return name == "[content_types].xml" or name.endswith(".rels")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    ratio = part.file_size / max(part.compress_size, 1)
    return part.file_size > SMALL_PART and ratio > MAX_RATIO


def _claimed(types: Element) -> str:
    """The document's kind, by its list of content types."""
    claims = [element.get("ContentType", "") for element in types]
    if any(MACROS.search(claim) for claim in claims):
        raise _macros()
    kinds = {KINDS[claim] for claim in claims if claim in KINDS}
    if len(kinds) != 1:
        raise UploadProblem(
            "The file is an archive, not a document. Choose a DOCX, PPTX or XLSX file."
        )
    return kinds.pop()


def _macros() -> UploadProblem:
    return UploadProblem(
        "The document holds macros or programs. Save it as DOCX, PPTX or XLSX without "
        "them."
    )


def _require_quiet(archive: zipfile.ZipFile, part: zipfile.ZipInfo, depth: int) -> None:
    """Unpacks one part, which also checks its length and checksum."""
    name = part.filename
    if SETTINGS.search(name) is None and PART_ENDS.search(name) is None:
        raise _macros()
    for window in _windows(archive, part):
        if TROUBLE.search(without_nul(window)):
            raise ValueError("a document type definition, or a test virus")
    if name.lower().endswith(".rels"):
        _require_no_loading(fromstring(archive.read(part)))
    if name.lower().endswith((".xlsx", ".docx", ".pptx")):
        _require_document(archive.read(part), depth)


def _windows(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes in pieces that overlap, so that no marker falls between two."""
    carry = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield carry + chunk
            carry = chunk[-CARRY * 2 :]


def _require_document(data: bytes, depth: int) -> None:
    """A sheet inside a slide is a document like any other, but not deeper than that."""
    if depth:
        raise UploadProblem("The document holds documents that hold documents.")
    office_kind(data, depth + 1)


def _require_no_loading(links: Element) -> None:
    for link in links:
        target = link.get("Target", "").strip().lower()
        away = link.get("TargetMode", "").lower() == "external"
        loaded = link.get("Type", "").endswith(LOADED)
        script = target.startswith(("javascript:", "vbscript:", "data:", "mhtml:"))
        if away and (script or (loaded and re.match(r"(?:https?|ftp):", target))):
            raise UploadProblem(
                "The document loads something from the web when it is opened. Take "
                "that link out and save it again."
            )
