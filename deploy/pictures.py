"""`make pictures`: the README's pictures, taken of the real pages with fresh sample data in a real Chromium."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/pictures"
BIN = ROOT / ".venv/bin"
DESK, PHONE = (1280, 800), (390, 844)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def server():
    """Run the app with sample data on a free port of this computer; yield (address, data folder)."""
    with tempfile.TemporaryDirectory(prefix="zhize-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        address = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "ZHIZE_DATA_DIR": folder,
            "ZHIZE_DEMO": "1",
            "ZHIZE_PUBLIC_URL": address,
            "PORT": str(port),
            "FLASK_APP": "wsgi",
        }
        subprocess.run([BIN / "flask", "prepare", "--demo"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        process = subprocess.Popen(
            [BIN / "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(f"{address}/healthz")
            yield address, Path(folder)
        finally:
            process.terminate()
            process.wait(30)


def wait_for(address, seconds=30):
    """Wait until the address answers."""
    for _ in range(seconds * 10):
        try:
            urllib.request.urlopen(address, timeout=1)  # noqa: S310 - our own address
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{address} does not answer")


def sign_in(page, address, account, password):
    """Sign in as a sample account."""
    page.goto(f"{address}/signin")
    page.fill("input[name=account], input[name=name]", account)
    page.fill("input[type=password]", password)
    page.press("input[type=password]", "Enter")
    page.wait_for_load_state("networkidle")


def open_by(page, text):
    """Follow the first link with this text."""
    page.get_by_role("link", name=text).first.click()
    page.wait_for_load_state("networkidle")


def shoot(page, name):
    """Keep what the window shows."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{name}.png")


def main():
    """Take every picture anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with server() as (address, folder), sync_playwright() as playwright:
        accounts = {account: password for _, account, password in json.loads((folder / "demo_accounts.json").read_text())}
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for account, size, name, path in PICTURES:
            context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
            page = context.new_page()
            if account:
                sign_in(page, address, account, accounts[account])
            page.goto(address + path)
            shoot(page, name)
            context.close()
        exam(browser, address, accounts)
        browser.close()


PICTURES = [
    (None, DESK, "sign-in", "/signin"),
    ("admin", DESK, "workbench", "/admin"),
    ("admin", DESK, "training", "/trainings/1"),
    ("admin", DESK, "results", "/sittings/1/results"),
    ("admin", DESK, "notices", "/admin/notices/batch?source=sitting:1"),
    ("trainer", DESK, "bank", "/banks/1"),
    ("trainer", DESK, "import", "/banks/1/imports/new"),
    ("liaison", PHONE, "unit-phone", "/unit"),
    ("xueyuan1", PHONE, "home-phone", "/home"),
]


def exam(browser, address, accounts):
    """Start the open test on a phone and answer two questions."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN", has_touch=True)
    page = context.new_page()
    sign_in(page, address, "xueyuan1", accounts["xueyuan1"])
    page.goto(f"{address}/sittings/2")
    page.wait_for_timeout(1500)
    shoot(page, "start-phone")
    page.get_by_role("button", name="开始考试").click()
    page.wait_for_url("**/attempts/**")
    page.wait_for_timeout(800)
    page.locator("label:visible").filter(has=page.locator("input[type=radio]")).nth(1).click()
    page.wait_for_timeout(1500)
    shoot(page, "exam-phone")
    context.close()


if __name__ == "__main__":
    main()
