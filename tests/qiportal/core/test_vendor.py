import hashlib
import importlib.util
import json
import re
from pathlib import Path

VENDOR = Path(__file__).parents[3] / "static" / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text())


def rebuild():
    spec = importlib.util.spec_from_file_location("rebuild", VENDOR / "rebuild.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_vendored_file_is_the_locked_one():
    for package in LOCK:
        for entry in package["files"]:
            content = (VENDOR / entry["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["path"]


def test_nothing_is_vendored_beside_the_lock():
    locked = {entry["path"] for package in LOCK for entry in package["files"]}
    ours = {"vendor.lock.json", "rebuild.py", "nhsuk/LICENSE"}
    found = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()}

    assert {path for path in found if "__pycache__" not in path} == locked | ours


def test_versions_and_licences():
    assert [(p["name"], p["version"], p["licence"]) for p in LOCK] == [
        ("nhsuk-frontend", "10.6.1", "MIT"),
        ("plotly.js-basic-dist-min", "4.1.1", "MIT"),
        ("htmx.org", "2.0.11", "0BSD"),
    ]
    for folder in ("nhsuk", "plotly", "htmx"):
        assert (VENDOR / folder / "LICENSE").read_text().strip()


def test_the_style_sheet_asks_no_other_host_and_no_nhs_typeface():
    css = (VENDOR / "nhsuk" / "nhsuk-frontend.min.css").read_text()

    assert not re.search(r"@font-face|Frutiger|https?:|sourceMappingURL|url\(/", css)


def test_no_logo_is_vendored():
    names = [path.name for path in (VENDOR / "nhsuk").rglob("*.*")]

    assert not [name for name in names if re.search("logo|favicon|mask|180|512", name)]


def test_the_rewrites():
    css = (
        b"@font-face{font-family:Frutiger;src:url(https://a.example/f.woff)}"
        b"a{font-family:Frutiger W01,arial;background:url(/assets/images/x.svg)}\n"
        b"/*# sourceMappingURL=x.css.map */\n"
    )

    assert rebuild().rewrite("nhsuk/x.css", css) == (
        b"a{font-family:arial;background:url(assets/images/x.svg)}\n"
    )
    assert rebuild().rewrite("a.js", b"x\n//# sourceMappingURL=a.js.map") == b"x\n"
    assert rebuild().rewrite("LICENSE", b"url(/assets/") == b"url(/assets/"
