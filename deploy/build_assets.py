"""Rebuild the front-end files that are kept in the repository: htmx, idb-keyval and the icon sprite.

Run it after changing package.json or deploy/icons.txt: `python3 deploy/build_assets.py`. It needs node, npm and the registry;
nothing else in the project does. docs/decisions/0002-vendored-assets.md says why the results are committed.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
MANIFEST = STATIC / "vendor" / "MANIFEST.json"

# What is copied as it is: package -> (file in the package, name in static/vendor/<package>@<version>/).
COPIES = {
    "htmx.org": ("htmx", [("dist/htmx.min.js", "htmx.min.js"), ("LICENSE", "LICENSE")]),
    "idb-keyval": ("idb-keyval", [("dist/index.js", "idb-keyval.js"), ("LICENCE", "LICENSE")]),
    "lucide-static": ("lucide", [("LICENSE", "LICENSE")]),
}
SPRITE = "core/icons.svg"
ICONS = (ROOT / "deploy/icons.txt").read_text().split()  # names of Lucide icons


def main():
    """Fetch the locked packages into a temporary folder, copy what is used, write sprite and manifest."""
    if not shutil.which("npm"):
        sys.exit("npm was not found. Install Node.js 20 or newer to rebuild the assets; running the application needs neither.")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
        modules = Path(folder) / "node_modules"
        built = copy_packages(modules)
        built.append(write_sprite(modules / "lucide-static" / "icons"))
    write_manifest(built)
    print(f"{len(built)} files written below {STATIC.name}/")


def copy_packages(modules):
    """Copy the chosen files of each package; older versions go away. Returns the written paths."""
    written = []
    for package, (short, files) in COPIES.items():
        version = json.loads((modules / package / "package.json").read_text())["version"]
        for old in (STATIC / "vendor").glob(f"{short}@*"):
            shutil.rmtree(old)
        target = STATIC / "vendor" / f"{short}@{version}"
        target.mkdir(parents=True)
        for source, name in files:
            shutil.copyfile(modules / package / source, target / name)
            written.append(target / name)
    return written


def write_sprite(icons):
    """Write one SVG with a symbol for each icon; colour and line width come from the page's style sheet."""
    symbols = [
        f'<symbol id="{name}" viewBox="0 0 24 24">{shapes((icons / f"{name}.svg").read_text())}</symbol>'
        for name in sorted(ICONS)
    ]
    note = "<!-- Lucide icons, ISC and MIT: static/vendor/lucide@*/LICENSE. Made by deploy/build_assets.py -->"
    path = STATIC / SPRITE
    path.write_text("\n".join([note, '<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]))
    return path


def shapes(svg):
    """Return what is drawn inside one icon file, without the line breaks."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL).group(1)
    return re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")


def write_manifest(paths):
    """Record the SHA-256 of every built file, so that a test notices a change by hand."""
    digests = {str(path.relative_to(STATIC)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}
    MANIFEST.write_text(json.dumps(digests, indent=2) + "\n")


if __name__ == "__main__":
    main()
