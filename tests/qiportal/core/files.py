"""Small honest files of every kind that may be attached, and what hostile ones need."""

import io
import struct
import zipfile
import zlib

from openpyxl import Workbook
from PIL import Image

MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def png(size=(40, 30), mode="RGB", colour="teal", **options) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, "PNG", **options)
    return target.getvalue()


def jpeg(size=(40, 30), **options) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, "JPEG", **options)
    return target.getvalue()


def half_and_half(orientation: int) -> bytes:
    """A 40 x 20 JPEG, black left, white right, that a phone says is turned."""
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CANARY-MAKER"
    exif.get_ifd(0x8825)[2] = (53.0, 24.0, 5.0)
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=exif, comment=b"CANARY-COMMENT", quality=95)
    return target.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1000)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def pdf(body: bytes = b"<< /Type /Catalog /Pages 2 0 R >>") -> bytes:
    objects = b"1 0 obj\n" + body + b"\nendobj\n"
    pages = b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    trailer = b"trailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n0\n%%EOF\n"
    return b"%PDF-1.7\n" + objects + pages + trailer


def pdf_packing(hidden: bytes, dictionary: bytes = b"") -> bytes:
    """A PDF with an object inside a compressed object stream."""
    packed = zlib.compress(b"3 0 " + hidden)
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode " + dictionary
    return pdf(head + b">>\nstream\n" + packed + b"\nendstream")


def zipped(parts: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def types_of(kind: str, claims: str = "", main: str = "") -> bytes:
    part, family = MAIN[kind]
    claim = main or f"application/vnd.openxmlformats-officedocument.{family}.main+xml"
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/'
        f'2006/content-types"><Override PartName="/{part}" ContentType="{claim}"/>'
        f"{claims}</Types>"
    ).encode()


def office(kind: str = "docx", more: dict | None = None, **types) -> bytes:
    """The smallest document of a kind that still claims to be one."""
    return zipped(
        {
            "[Content_Types].xml": types_of(kind, **types),
            "_rels/.rels": links(),
            MAIN[kind][0]: b"<document/>",
            **(more or {}),
        }
    )


def links(kind: str = "", target: str = "", mode: str = "External") -> bytes:
    link = (
        f'<Relationship Id="r1" Type="{kind}" Target="{target}" TargetMode="{mode}"/>'
    )
    return f'<Relationships xmlns="{RELATIONS}">{link}</Relationships>'.encode()


def loading(kind: str, target: str) -> bytes:
    """A DOCX with one link of its settings to somewhere else."""
    found = links(f"{OFFICE_LINK}/{kind}", target)
    return office(more={"word/_rels/settings.xml.rels": found})


def xlsx() -> bytes:
    book = Workbook()
    book.active.append(["month", "falls"])
    book.active.append(["2026-10", 4])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
