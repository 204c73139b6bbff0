"""Attached files: what passes, what is refused, and what is left of a picture."""

import hashlib
import io
import struct
import zipfile

import pytest
from PIL import Image, PngImagePlugin

from qiportal.core.uploads import UploadProblem, check_upload
from qiportal.core.uploads.model import OFFICE
from qiportal.core.uploads.names import clean_name
from tests.qiportal.core import files

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
EICAR = (
    "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"
).encode()
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
VBA = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
SHEET = (
    f'<Override PartName="/x.xml" ContentType="{OFFICE}.spreadsheetml.sheet.main+xml"/>'
)
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
CSV = b"period,numerator\n2026-10,4\n"


def bomb() -> bytes:
    return files.office(more={"word/media/image1.png": b"\x00" * 30_000_000})


def wide_bomb() -> bytes:
    parts = {f"word/media/i{n}.xml": b"\x00ab" * 340_000 for n in range(110)}
    return files.office(more=parts)


def many_parts() -> bytes:
    return files.office(more={f"word/p{n}.xml": b"" for n in range(5001)})


def twice_the_same() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", files.types_of("docx"))
        archive.writestr("word/document.xml", b"<a/>")
        archive.writestr("WORD/document.xml", b"<b/>")
    return target.getvalue()


def locked() -> bytes:
    """The flag that a password is needed, set in the central directory."""
    data = bytearray(files.office())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def wrong_checksum() -> bytes:
    data = bytearray(files.zipped({"[Content_Types].xml": files.types_of("docx")}, 0))
    at = data.index(b"PartName")
    data[at] ^= 1
    return bytes(data)


def short_claim() -> bytes:
    """A part that unpacks to more than the archive says."""
    data = bytearray(files.office(more={"word/x.xml": b"a" * 5000}))
    at = data.rindex(struct.pack("<I", 5000))
    data[at : at + 4] = struct.pack("<I", 10)
    return bytes(data)


def pdf_first() -> bytes:
    parts = {"word/a.xml": b"%PDF-1.7 1 0 obj", "[Content_Types].xml": b"<Types/>"}
    return files.zipped(parts, zipfile.ZIP_STORED)


def progressive_bomb() -> bytes:
    return files.jpeg(progressive=True) + b"\xff\xda" * 100


HOSTILE = {
    "svg": ("a.svg", SVG),
    "svg as png": ("a.png", SVG),
    "svg as csv": ("a.csv", SVG),
    "svg with an xml head as csv": ("a.csv", b'<?xml version="1.0"?>,\n' + SVG),
    "html": ("a.html", HTML),
    "html as png": ("chart.png", HTML),
    "html as jpg": ("chart.jpg", HTML),
    "html as pdf": ("chart.pdf", HTML),
    "html as csv": ("chart.csv", HTML),
    "html inside a table": ("t.csv", b"a,b\n<ScRiPt>alert(1)</script>,2\n"),
    "php as csv": ("t.csv", b"a,b\n<?php system($x); ?>,2\n"),
    "utf-16 html as csv": ("t.csv", ("a,b\n" + HTML.decode()).encode("utf-16")),
    "script as csv": ("t.csv", b"#!/bin/sh\nrm -rf a,b\n"),
    "mail as csv": ("t.csv", b"MIME-Version: 1.0,\na,b\n"),
    "rich text as csv": ("t.csv", b"{\\rtf1,b}\n"),
    "internet shortcut": ("t.csv", b"[InternetShortcut]\nURL=http://x,y\n"),
    "eicar as csv": ("eicar.csv", EICAR),
    "eicar with a comma": ("eicar.csv", b"a,b\n" + EICAR + b",1\n"),
    "eicar as txt": ("eicar.com", EICAR),
    "eicar in a document": ("e.docx", files.office(more={"word/e.xml": EICAR})),
    "eicar behind a picture": ("e.png", files.png() + EICAR),
    "program": ("setup.exe", b"MZ\x90\x00" + b"\x00" * 200),
    "program as csv": ("setup.csv", b"MZ\x90\x00,\n" + b"\x00" * 200),
    "program as png": ("setup.png", b"MZ\x90\x00" + b"\x00" * 200),
    "linux program": ("a.csv", b"\x7fELF\x02,\n1,2\n"),
    "nul in a table": ("a.csv", b"a,b\n1,\x002\n"),
    "escape codes in a table": ("a.csv", b"a,b\n1,\x1b]0;x\x07\n"),
    "one column": ("a.csv", b"just a note\nmore\n"),
    "open quotation": ("a.csv", b'a,b\n"1,2\n'),
    "patients in a table": ("a.csv", b"name,nhs\nx,NHS 999 000 0018\n"),
    "long table": ("a.csv", b"a,b\n" * 300_000),
    "text": ("notes.txt", b"a,b\n1,2\n"),
    "gif": ("a.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
    "gif as png": ("a.png", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
    "bmp": ("a.bmp", b"BM" + b"\x00" * 60),
    "tiff": ("a.tif", b"II*\x00" + b"\x00" * 60),
    "heic": ("a.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 60),
    "200 megapixels": ("a.png", files.png_claiming(20_000, 10_000)),
    "26 megapixels": ("a.png", files.png_claiming(5_200, 5_001)),
    "2 gigapixels": ("a.png", files.png_claiming(60_000, 40_000)),
    "claims more rows than it has": ("a.png", files.png_claiming(1000, 1000)),
    "truncated png": ("a.png", files.png((400, 300))[:-60]),
    "truncated jpeg": ("a.jpg", files.jpeg((400, 300))[:-900]),
    "png head only": ("a.png", b"\x89PNG\r\n\x1a\n"),
    "jpeg head only": ("a.jpg", b"\xff\xd8\xff\xe0"),
    "html behind a jpeg head": ("a.jpg", b"\xff\xd8\xff\xe0" + HTML),
    "hundreds of passes": ("a.jpg", progressive_bomb()),
    "rare colours": ("a.png", files.png(mode="I;16", colour=1000)),
    "empty": ("a.png", b""),
    "too large": ("a.pdf", b"%PDF-1.7\n" + b" " * 20 * 1024 * 1024 + b"%%EOF"),
    "docm": ("a.docm", files.office(main=MACRO_MAIN)),
    "docm as docx": ("a.docx", files.office(main=MACRO_MAIN)),
    "macros claimed": ("a.docx", files.office(claims=VBA)),
    "macros hidden": ("a.docx", files.office(more={"word/vbaProject.bin": b"x"})),
    "program inside": ("a.docx", files.office(more={"word/embeddings/a.exe": b"MZ"})),
    "ole object": ("a.docx", files.office(more={"word/embeddings/ole1.bin": b"x"})),
    "script inside": ("a.pptx", files.office("pptx", more={"ppt/run.js": b"x"})),
    "docm inside": (
        "a.pptx",
        files.office(
            "pptx", more={"ppt/embeddings/a.docx": files.office(main=MACRO_MAIN)}
        ),
    ),
    "three deep": (
        "a.pptx",
        files.office(
            "pptx",
            more={
                "ppt/embeddings/a.docx": files.office(
                    more={"word/embeddings/b.xlsx": files.office("xlsx")}
                )
            },
        ),
    ),
    "template from the web": (
        "a.docx",
        files.loading("attachedTemplate", "https://example.org/a.dotm"),
    ),
    "object from the web": (
        "a.docx",
        files.loading("oleObject", "HTTP://example.org/a"),
    ),
    "script link": ("a.docx", files.loading("hyperlink", "javascript:alert(1)")),
    "doctype": ("a.docx", files.office(more={"word/x.xml": DTD})),
    "doctype in utf-16": (
        "a.docx",
        files.office(more={"word/x.xml": DTD.decode().encode("utf-16")}),
    ),
    "doctype in the types": ("a.docx", files.zipped({"[Content_Types].xml": DTD})),
    "zip bomb": ("a.docx", bomb()),
    "wide bomb": ("a.docx", wide_bomb()),
    "many parts": ("a.docx", many_parts()),
    "huge list": ("a.docx", files.office(claims=" " * 1_100_000)),
    "same name twice": ("a.docx", twice_the_same()),
    "password": ("a.docx", locked()),
    "wrong checksum": ("a.docx", wrong_checksum()),
    "unpacks to more": ("a.docx", short_claim()),
    "path out of the archive": ("a.docx", files.office(more={"../../x.xml": b"<a/>"})),
    "absolute path": ("a.docx", files.office(more={"/etc/x.xml": b"<a/>"})),
    "plain zip": ("a.zip", files.zipped({"readme.xml": b"hello"})),
    "zip as docx": ("a.docx", files.zipped({"readme.xml": b"hello"})),
    "java archive": ("a.docx", files.zipped({"META-INF/MANIFEST.MF": b"x"})),
    "two kinds at once": ("a.docx", files.office(claims=SHEET)),
    "zip that begins as pdf": ("a.docx", pdf_first()),
    "docx with a tail": ("a.docx", files.office() + HTML),
    "docx with a head": ("a.docx", files.zipped({"a.xml": b"a"}) + files.office()),
    "truncated docx": ("a.docx", files.office()[:-30]),
    "old word file": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
    "truncated pdf": ("a.pdf", files.pdf()[:-12]),
    "pdf with html behind": ("a.pdf", files.pdf() + HTML),
    "pdf with html in front": ("a.pdf", b"%PDF-1.7\n" + HTML + files.pdf()),
    "html in front of pdf": ("a.pdf", HTML + files.pdf()),
    "pdf and zip": ("a.pdf", files.pdf(b"PK\x05\x06" + b"\x00" * 18)),
    "pdf with script": ("a.pdf", files.pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>")),
    "pdf with spelled script": ("a.pdf", files.pdf(b"<< /S /J#61vaScript >>")),
    "pdf that starts a program": ("a.pdf", files.pdf(b"<< /S /Launch /F (cmd) >>")),
    "pdf with a file inside": ("a.pdf", files.pdf(b"<< /Type /EmbeddedFile >>")),
    "pdf with xfa": ("a.pdf", files.pdf(b"<< /AcroForm << /XFA 4 0 R >> >>")),
    "locked pdf": ("a.pdf", files.pdf(b"<< /Encrypt 4 0 R >>")),
    "packed script": ("a.pdf", files.pdf_packing(b"<< /S /JavaScript >>")),
    "packed and spelled": ("a.pdf", files.pdf_packing(b"<< /S /#4Caunch >>")),
    "packed bomb": ("a.pdf", files.pdf_packing(b" " * 60_000_000)),
    "packed oddly": ("a.pdf", files.pdf_packing(b"<< >>", b"/Predictor 12 ")),
    "packed badly": ("a.pdf", files.pdf_packing(b"<< >>").replace(b"x\x9c", b"zz")),
    "nhs number as name": ("999 000 0018.png", files.png()),
    "nhs number with underscores": ("scan_999_000_0018.png", files.png()),
    "date of birth in the name": ("DOB_03-04-1950_x.jpg", files.jpeg()),
}


def test_there_are_at_least_sixty_hostile_files():
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_in_plain_words(case):
    name, data = HOSTILE[case]
    with pytest.raises(UploadProblem) as refusal:
        check_upload(name, data)
    message = str(refusal.value)
    assert message.endswith(".")
    assert "Error" not in message
    assert "999" not in message


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("chart.png", files.png(), "png"),
        ("chart.jpg", files.png(), "png"),
        ("photo.JPEG", files.jpeg(), "jpg"),
        ("photo", files.jpeg(), "jpg"),
        ("paper.pdf", files.pdf(), "pdf"),
        ("paper.pdf", files.pdf_packing(b"<< /Type /Page >>"), "pdf"),
        ("paper.exe", files.pdf(), "pdf"),
        ("plan.docx", files.office("docx"), "docx"),
        ("plan.pptx", files.office("pptx"), "pptx"),
        ("plan.xlsx", files.office("xlsx"), "xlsx"),
        ("book.xlsx", files.xlsx(), "xlsx"),
        (
            "slides.pptx",
            files.office("pptx", more={"ppt/embeddings/sheet1.xlsx": files.xlsx()}),
            "pptx",
        ),
        ("linked.docx", files.loading("hyperlink", "https://example.org/"), "docx"),
        ("ward.docx", files.loading("attachedTemplate", "file:///w.dotx"), "docx"),
        (
            "printed.xlsx",
            files.office(
                "xlsx", more={"xl/printerSettings/printerSettings1.bin": b"x"}
            ),
            "xlsx",
        ),
        ("numbers.CSV", CSV, "csv"),
        ("numbers.csv", "a;b\n1;2 für\n".encode("cp1252"), "csv"),
        ("numbers.csv", "a\tb\n1\t2\n".encode("utf-16"), "csv"),
    ],
)
def test_honest_file_is_kept_by_its_content(name, data, kind):
    kept = check_upload(name, data)
    assert kept.kind == kind
    assert kept.name.endswith(f".{kind}")
    assert kept.size == len(kept.data)
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()
    if kind not in ("png", "jpg"):
        assert kept.data == data


def test_formulas_in_a_table_stay_as_they_are():
    data = b'name,value\n=HYPERLINK("http://x"),@SUM(A1)\n'
    kept = check_upload("t.csv", data)
    assert kept.data == data
    assert kept.content_type == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("orientation", "size", "dark"),
    [
        (1, (40, 20), (5, 10)),
        (3, (40, 20), (35, 10)),
        (6, (20, 40), (10, 5)),
        (8, (20, 40), (10, 35)),
    ],
)
def test_phone_picture_is_turned_and_stripped(orientation, size, dark):
    data = files.half_and_half(orientation)
    assert b"CANARY" in data
    kept = check_upload("photo.jpg", data)
    picture = Image.open(io.BytesIO(kept.data))
    assert picture.size == size
    assert picture.getpixel(dark)[0] < 60
    assert b"CANARY" not in kept.data
    assert b"Exif" not in kept.data
    assert dict(picture.getexif()) == {}


def test_text_behind_and_inside_a_png_is_gone():
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "CANARY-AUTHOR")
    data = files.png(pnginfo=about, icc_profile=b"CANARY-PROFILE") + b"CANARY" + HTML
    kept = check_upload("a.png", data)
    assert data.count(b"CANARY") >= 2
    assert b"CANARY" not in kept.data
    assert b"script" not in kept.data
    assert kept.data.endswith(b"IEND\xaeB`\x82")
    assert Image.open(io.BytesIO(kept.data)).info == {}


def test_archive_behind_a_picture_is_gone():
    kept = check_upload("a.jpg", files.jpeg() + files.office())
    assert b"PK\x03\x04" not in kept.data


@pytest.mark.parametrize(
    ("mode", "colour", "kept_mode"),
    [
        ("RGBA", (1, 2, 3, 4), "RGBA"),
        ("LA", (9, 9), "RGBA"),
        ("P", 3, "RGB"),
        ("1", 1, "L"),
        ("L", 8, "L"),
    ],
)
def test_colours_of_a_png_become_ordinary(mode, colour, kept_mode):
    kept = check_upload("a.png", files.png(mode=mode, colour=colour))
    assert Image.open(io.BytesIO(kept.data)).mode == kept_mode


def test_see_through_pixels_stay_see_through():
    kept = check_upload("a.png", files.png(mode="RGBA", colour=(200, 0, 0, 0)))
    assert Image.open(io.BytesIO(kept.data)).getpixel((3, 3))[3] == 0


def test_large_picture_is_made_smaller_in_proportion():
    kept = check_upload("a.jpg", files.jpeg((6000, 4000)))
    assert Image.open(io.BytesIO(kept.data)).size == (3000, 2000)


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("Ward 7 chart.png", "Ward 7 chart.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.pdf"),
        ("C:\\Users\\me\\Poster.pdf", "Poster.pdf"),
        ("a\x00b.php\x00.pdf", "ab.php.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ('a<b>"c|d?e*:f.pdf', "a-b--c-d-e--f.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie- x.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("\ud800.pdf", "file.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1.pdf"),
        ("Results v1.2 final.docx", "Results v1.2 final.pdf"),
        ("Fu\u0308r.pdf", "F\u00fcr.pdf"),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(given, cleaned):
    assert clean_name(given, "pdf") == cleaned


def test_the_trusts_own_hospital_number_is_refused_in_names_and_tables():
    pattern = "RVB[0-9]{6}"
    with pytest.raises(UploadProblem, match="name"):
        check_upload("RVB123456.png", files.png(), hospital_pattern=pattern)
    with pytest.raises(UploadProblem, match="hospital number"):
        check_upload("t.csv", b"a,b\nRVB123456,2\n", hospital_pattern=pattern)
    assert check_upload("RVB123456.png", files.png()).name == "RVB123456.png"
