"""The committed front-end files are what their sources say, and the style sheets keep to the oldest browsers served."""

import hashlib
import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
SHEETS = sorted(path for path in STATIC.rglob("*.css") if "vendor" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def manifest():
    return json.loads((STATIC / "vendor/MANIFEST.json").read_text())


def build_script():
    spec = importlib.util.spec_from_file_location("build_assets", ROOT / "deploy/build_assets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_built_file_is_as_the_manifest_says():
    for name, digest in manifest().items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, f"{name}: run deploy/build_assets.py"


def test_nothing_lies_among_the_built_files_that_was_not_built():
    found = {str(path.relative_to(STATIC)) for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    assert found - {"vendor/MANIFEST.json"} == {name for name in manifest() if name.startswith("vendor/")}


def test_the_lock_pins_the_same_versions_by_hash_and_names_no_host():
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    text = (ROOT / "package-lock.json").read_text()
    locked = {name.removeprefix("node_modules/"): entry for name, entry in json.loads(text)["packages"].items() if name}
    assert "://" not in text
    assert {name: entry["version"] for name, entry in locked.items()} == wanted
    assert all(entry["integrity"].startswith("sha512-") for entry in locked.values())


def test_the_copied_versions_are_the_locked_ones():
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    folders = {path.name for path in (STATIC / "vendor").iterdir() if path.is_dir()}
    assert folders == {f"{short}@{wanted[package]}" for package, (short, _) in build_script().COPIES.items()}


def test_every_icon_that_templates_and_navigation_name_is_in_the_sprite():
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "core/icons.svg").read_text()))
    assert there == set(build_script().ICONS)
    patterns = [r'\bicon\("([^"]+)"', r'icon_name="([^"]+)"', r'"icon": ?"([^"]+)"']
    for path in [*TEMPLATES, *(ROOT / "app").rglob("*.py")]:
        named = {name for pattern in patterns for name in re.findall(pattern, path.read_text())}
        assert named <= there, f"{path.relative_to(ROOT)} names icons that the sprite lacks: {named - there}"


def test_every_file_that_a_template_links_to_exists():
    for path in TEMPLATES:
        for name in re.findall(r"""asset\(["']([^"']+)["']\)""", path.read_text()):
            assert (STATIC / name).is_file() or name.endswith("/"), f"{path.relative_to(ROOT)}: {name}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_holds_inline_script_style_or_handler(path):  # R65
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", text), "use a class or a data attribute"
    assert "<style" not in text and "hx-on" not in text and "js:" not in text
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script\b[^>]*>", text))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: str(path.relative_to(STATIC)))
def test_no_style_sheet_needs_a_newer_browser_or_another_host(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    newer = re.findall(r":has\(|:is\(|:where\(|color-mix\(|@container|aspect-ratio:|@layer|&:hover", text)
    assert newer == []
    assert "@import" not in text and not re.search(r"url\((?!\"data:)", text)


def test_the_dark_theme_is_the_same_when_chosen_and_when_the_device_asks():
    assert block('html[data-theme="dark"]') == block('html[data-theme="auto"]')


def block(selector):
    """Return {token: value} of one rule in tokens.css."""
    text = re.sub(r"/\*.*?\*/", "", (STATIC / "core/tokens.css").read_text(), flags=re.DOTALL)
    inner = text.split(selector + " {", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", inner))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_ON_GROUND = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3", "action") for ground in ("bg", "surface")],
    *[(tone, f"{tone}-tint") for tone in ("action", "ok", "warn", "err")],
    ("on-action", "action"),
    ("err", "surface"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_colours_reach_the_contrast_of_wcag_aa(theme):
    tokens = block(":root")
    if theme == "dark":
        tokens |= block('html[data-theme="dark"]')
    for ink, ground in TEXT_ON_GROUND:
        ratio = contrast(tokens[f"--c-{ink}"], tokens[f"--c-{ground}"])
        assert ratio >= 4.5, f"{ink} on {ground}: {ratio:.2f}"
    for ground in ("bg", "surface"):
        assert contrast(tokens["--c-field"], tokens[f"--c-{ground}"]) >= 3


def test_only_pages_as_a_whole_are_as_high_as_the_screen():
    """A list of facts once shared the class of a layout, and took its height."""
    text = " ".join(path.read_text() for path in SHEETS)
    tall = set(re.findall(r"\.([\w-]+)[^{},]*\{[^}]*min-height: 100d?vh", text))
    users = {}
    for path in TEMPLATES:
        for found in re.findall(r'class="([^"]*)"', path.read_text()):
            for name in tall & set(found.split()):
                users.setdefault(name, set()).add(path.name)
    assert users == {
        "plain-halves": {"plain.html"},
        "ex": {"_attempt_head.html", "preview.html"},
        "solo": {"check_attempt.html", "show_sitting.html", "take_over.html"},
    }
