"""What the app must not do, read from its sources: run data as code, parse XML unguarded, open addresses found in content."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "app").rglob("*.py"))
RUNS_DATA = {"pickle", "marshal", "shelve", "dill", "joblib", "yaml"}
CALLS = {"eval", "exec", "compile", "__import__"}
XML_WRAPPER = "app/bank/recogniser/readers/xml.py"
FETCHERS = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "telnetlib", "xmlrpc", "urllib3"}
MAY_CONNECT = {
    "app/notices/document/mail.py": {"smtplib", "ssl"},
    "app/core/jobs.py": {"socket"},
}  # the mail host of the settings; this host's name
NETWORK = FETCHERS | {"socket", "smtplib", "ssl", "asyncio"}


def name_of(path):
    return str(path.relative_to(ROOT))


def modules_of(tree):
    """Return the dotted names of all imported modules."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def calls_of(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_data_is_run_as_code_and_no_shell_is_asked(path):  # R61 R80
    tree = ast.parse(path.read_text())
    assert not RUNS_DATA & {module.split(".")[0] for module in modules_of(tree)}
    for call in calls_of(tree):
        assert not (isinstance(call.func, ast.Name) and call.func.id in CALLS), f"line {call.lineno}"
        assert not any(word.arg == "shell" for word in call.keywords), f"line {call.lineno}: no shell"
        assert not (isinstance(call.func, ast.Attribute) and call.func.attr in ("system", "popen")), f"line {call.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_xml_is_parsed_in_one_place_only(path):  # R59 R80
    modules = {module for module in modules_of(ast.parse(path.read_text())) if module.split(".")[0] in ("xml", "lxml")}
    assert not modules or name_of(path) == XML_WRAPPER


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_the_server_opens_no_address_that_content_names(path):  # R60
    modules = {
        module for module in modules_of(ast.parse(path.read_text())) if module in NETWORK or module.split(".")[0] in NETWORK
    }
    assert modules <= MAY_CONNECT.get(name_of(path), set())


def test_every_package_is_locked_by_hash_and_no_host_is_named():  # R80
    for name in ("requirements.txt", "requirements-dev.txt", "deploy/requirements-uv.txt"):
        text = (ROOT / name).read_text()
        packages = re.findall(r"^[\w.\-\[\]]+==[^\s\\]+.*?(?=^\S|\Z)", text, flags=re.MULTILINE | re.DOTALL)
        assert packages and all("--hash=sha256:" in package for package in packages), name
        assert "://" not in text, name
