"""Pictures are decoded and drawn anew: nothing but pixels survives.

Places, camera data, comments, colour profiles and whatever hangs behind the picture
are gone; a phone's orientation is applied first. The pixel count is read from the
header and capped before a single row is decoded.
"""

import io
import struct
import zlib

from PIL import Image, ImageOps

from qiportal.core.uploads.model import UploadProblem

FORMATS = {"png": "PNG", "jpg": "JPEG"}
MAX_PIXELS = {"png": 25_000_000, "jpg": 50_000_000}
MAX_SIDE = 3000
MAX_SCANS = 60  # each pass of a progressive JPEG costs a walk over the whole picture
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def redrawn(data: bytes, kind: str) -> bytes:
    """The picture's pixels alone, as PNG or JPEG, at most 3,000 pixels a side.

    Raises UploadProblem for one that is too large or cannot be decoded to its end.
    """
    if kind == "jpg" and data.count(b"\xff\xda") > MAX_SCANS:
        raise _too_large()
    try:
        picture = Image.open(io.BytesIO(data), formats=[FORMATS[kind]])
        _require_size(picture, kind)
        return _encoded(_upright(picture), kind)
    except BOMBS as error:
        raise _too_large() from error
    except UploadProblem:
        raise
    except UNREADABLE as error:
        raise UploadProblem(
            "The picture is damaged or incomplete. Open it, save it again as JPEG or "
            "PNG and choose the new file."
        ) from error


def _require_size(picture: Image.Image, kind: str) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS[kind]:
        raise _too_large()


def _too_large() -> UploadProblem:
    return UploadProblem("The picture has too many pixels. Make it smaller first.")


def _upright(picture: Image.Image) -> Image.Image:
    """Decoded (a large JPEG at reduced size), turned the way it was taken."""
    picture.draft(None, (MAX_SIDE, MAX_SIDE))
    picture.load()
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return ImageOps.exif_transpose(picture)


def _encoded(picture: Image.Image, kind: str) -> bytes:
    pixels = _plain(picture, kind)
    pixels.info = {}
    target = io.BytesIO()
    if kind == "png":
        pixels.save(target, "PNG", optimize=False)
    else:
        pixels.save(target, "JPEG", quality=88)
    return target.getvalue()


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """In the few colour modes that every program reads."""
    if picture.mode.startswith(("I", "F")):
        raise UploadProblem(
            "The picture has a rare kind of colours. Save it as an ordinary PNG or "
            "JPEG."
        )
    see_through = "A" in picture.mode or "transparency" in picture.info
    if kind == "png" and see_through:
        return picture.convert("RGBA")
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")
