"""Rebuild the vendored front-end files from their npm tarballs.

Usage: python static/vendor/rebuild.py FOLDER

FOLDER holds what `npm pack nhsuk-frontend@10.6.1 plotly.js-basic-dist-min@4.1.1
htmx.org@2.0.11` wrote. Writes the files below and vendor.lock.json. The rewrites
keep every request on our own host and leave out the NHS logo and its typeface.
"""

import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ICONS = ("cross", "arrow-up", "arrow-down", "arrow-up-down")
PACKAGES = {
    ("nhsuk-frontend", "10.6.1", "MIT"): {
        "dist/nhsuk/nhsuk-frontend.min.css": "nhsuk/nhsuk-frontend.min.css",
        "dist/nhsuk/nhsuk-frontend.min.js": "nhsuk/nhsuk-frontend.min.js",
        **{
            f"dist/nhsuk/assets/images/nhsuk-icon-{name}.svg": (
                f"nhsuk/assets/images/nhsuk-icon-{name}.svg"
            )
            for name in ICONS
        },
    },
    ("plotly.js-basic-dist-min", "4.1.1", "MIT"): {
        "plotly-basic.min.js": "plotly/plotly-basic.min.js",
        "LICENSE": "plotly/LICENSE",
    },
    ("htmx.org", "2.0.11", "0BSD"): {
        "dist/htmx.min.js": "htmx/htmx.min.js",
        "LICENSE": "htmx/LICENSE",
    },
}


def css_localise(css: str) -> str:
    """Drop outside fonts and make image addresses relative."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    return css.replace("Frutiger W01,", "").replace("url(/assets/", "url(assets/")


def rewrite(name: str, content: bytes) -> bytes:
    """Apply the rewrites of one file; only CSS and JavaScript change."""
    if not name.endswith((".css", ".js")):
        return content
    text = content.decode()
    if name.endswith(".css"):
        text = css_localise(text)
    pattern = r"\n?(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S+)\s*$"
    return re.sub(pattern, "\n", text).encode()


def unpack(folder: Path, package: str, version: str, files: dict[str, str]) -> list:
    """Write one package's files; return their lock entries."""
    entries = []
    with tarfile.open(folder / f"{package}-{version}.tgz") as archive:
        for inside, target in files.items():
            content = rewrite(target, archive.extractfile(f"package/{inside}").read())
            path = HERE / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            sha256 = hashlib.sha256(content).hexdigest()
            entries.append({"path": target, "sha256": sha256})
    return entries


def main(folder: Path) -> None:
    lock = [
        {
            "name": name,
            "version": version,
            "licence": licence,
            "files": unpack(folder, name, version, files),
        }
        for (name, version, licence), files in PACKAGES.items()
    ]
    (HERE / "vendor.lock.json").write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
