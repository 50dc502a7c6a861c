"""Fetch the free fonts of official documents into the data folder's fonts/: FandolFang and its family, Noto Serif CJK SC.

Best effort and bounded: needs no root, changes nothing outside its folder, and never fails the set-up. Without these
fonts documents are set in the font that ships with the dependencies. Run: python deploy/fetch_fonts.py [folder]
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TIME = 40  # seconds for everything
ROOT = Path(__file__).resolve().parent.parent
# Debian package -> (pattern of its members for tar, file names that are kept)
WANTED = {
    "texlive-lang-chinese": (
        "*/fandol/*.otf",
        ("FandolFang-Regular.otf", "FandolHei-Regular.otf", "FandolKai-Regular.otf", "FandolSong-Regular.otf"),
    ),
    "fonts-noto-cjk": ("*/NotoSerifCJK-*.ttc", ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")),
}
SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/usr/share/texlive/texmf-dist/fonts/opentype"))


def main(folder):
    """Fetch what is missing; print one line. Always returns normally."""
    end = time.monotonic() + TIME
    folder.mkdir(parents=True, exist_ok=True)
    for package, (pattern, names) in WANTED.items():
        missing = [name for name in names if not (folder / name).exists()]
        missing = [name for name in missing if not _copied_from_system(name, folder)]
        if missing:
            _download(package, pattern, missing, folder, end)
    lacking = [name for _, names in WANTED.values() for name in names if not (folder / name).exists()]
    if lacking:
        print(f"Fonts: {len(lacking)} could not be fetched; documents use the font that ships with the app.")
    else:
        print("Fonts: complete.")


def _copied_from_system(name, folder):
    """Copy the font if the computer already has it."""
    for place in SYSTEM:
        for found in place.rglob(name) if place.is_dir() else ():
            return _keep(found, folder / name)
    return False


def _download(package, pattern, names, folder, end):
    """Get a Debian package, unpack only its fonts, keep those named. Every failure only leaves fonts missing."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return
    with tempfile.TemporaryDirectory(prefix="zhize-fonts-") as place:
        if not _run(["apt-get", "download", package], place, end):
            lists = _own_lists(place)  # the lists of packages may be missing or old, and only root may renew them
            if not all(_run(["apt-get", *lists, *words], place, end) for words in (["update"], ["download", package])):
                return
        archive = next(Path(place).glob(f"{package}_*.deb"), None)
        if archive and _run(["dpkg-deb", "--fsys-tarfile", str(archive)], place, end, output=Path(place) / "files.tar"):
            _run(["tar", "-xf", "files.tar", "--wildcards", pattern], place, end)
        for name in names:
            found = next(Path(place).rglob(name), None)
            if found:
                _keep(found, folder / name)


def _own_lists(place):
    for sub in ("state/lists/partial", "cache/archives/partial"):
        (Path(place) / sub).mkdir(parents=True, exist_ok=True)
    return ["-o", f"Dir::State={place}/state", "-o", f"Dir::Cache={place}/cache", "-o", "Debug::NoLocking=1"]


def _run(command, place, end, output=None):
    """Run one command within the time that is left; return whether it went well."""
    left = end - time.monotonic()
    if left <= 0:
        return False
    try:
        with open(output, "wb") if output else tempfile.TemporaryFile() as out:
            quiet = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            done = subprocess.run(command, cwd=place, stdout=out, timeout=left, check=False, **quiet)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _keep(found, target):
    """Copy under another name first, so that a half copied font is never found."""
    try:
        part = target.with_suffix(".part")
        shutil.copyfile(found, part)
        part.replace(target)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    try:
        data = Path(os.environ.get("ZHIZE_DATA_DIR") or ROOT / "var")
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else data / "fonts")
    except OSError as error:
        print(f"Fonts: not fetched ({error.strerror}); documents use the font that ships with the app.")
