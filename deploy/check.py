"""`make test`: every check, one after another, each with its time; the first failure is repeated at the end.

Finds Chromium, or installs Debian's when it can; otherwise says exactly what to install and fails. Never passes by skipping.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
PYTEST = [str(BIN / "python"), "-m", "pytest", "-p", "no:cacheprovider"]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ["chromium", "fonts-noto-cjk"]

CHECKS = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "style": [str(BIN / "ruff"), "check", "--quiet", "."],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "templates": [str(BIN / "djlint"), "--lint", "--quiet", "templates"],
    "sqlite": [*PYTEST, "--ignore", "tests/browser"],
    "postgres": [*PYTEST, "--ignore", "tests/browser", "--store", "postgres"],
    "browser": [*PYTEST, "tests/browser"],
    "requirements": [str(BIN / "python"), "-m", "tests.named_requirements"],
}


def main(wanted):
    """Run the wanted checks, or all; exit with 1 if one failed."""
    environment = dict(os.environ)
    if not wanted or "browser" in wanted:
        environment["CHROMIUM"] = chromium()
    failed, started = [], time.monotonic()
    for name, command in CHECKS.items():
        if wanted and name not in wanted:
            continue
        begun = time.monotonic()
        print(f"— {name}", flush=True)
        code = subprocess.run(command, cwd=ROOT, env=environment).returncode
        print(f"  {name}: {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s", flush=True)
        if code:
            failed.append(name)
    print(
        f"{len(wanted or CHECKS) - len(failed)} checks ok, {len(failed)} failed, {time.monotonic() - started:.0f} s", flush=True
    )
    if failed:
        raise SystemExit(f"Failed: {', '.join(failed)}")


def chromium():
    """Return the path of a Chromium, installing Debian's with its CJK fonts if there is none."""
    found = _found()
    if found:
        return found
    print("— no Chromium found: installing Debian's", flush=True)
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *PACKAGES]):
            subprocess.run([*root, *command], env=environment, stdout=subprocess.DEVNULL)
    found = _found()
    if not found:
        raise SystemExit(
            "The browser tests need Chromium and Chinese fonts: install them with `sudo apt-get install chromium fonts-noto-cjk`, "
            "or set CHROMIUM to the path of a Chromium or Chrome."
        )
    return found


def _found():
    named = os.environ.get("CHROMIUM")
    return named if named and os.access(named, os.X_OK) else next(filter(None, map(shutil.which, CHROMIUM)), None)


if __name__ == "__main__":
    main(sys.argv[1:])
