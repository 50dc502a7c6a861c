"""Static files as browsers get them: gzipped, kept for good, with the headers of every answer."""

import gzip
import os
from pathlib import Path

import pytest

from app import create_app
from app.core import assets, security
from app.core.assets import asset

STATIC = Path(__file__).resolve().parents[2] / "static"


@pytest.fixture
def served(tmp_path):
    """An app as it runs in production, with its packed copy."""
    return create_app({"data_dir": str(tmp_path), "secret_key": "k" * 48, "log_level": "ERROR", "demo": False})


def url_of(app, path):
    with app.app_context():
        return asset(path)


def test_a_file_comes_gzipped_and_may_be_kept_for_good(served):
    answer = served.test_client().get(url_of(served, "core/base.css"), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == (STATIC / "core/base.css").read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_browser_without_gzip_gets_the_file_as_it_is(served):
    answer = served.test_client().get(url_of(served, "exams/exam.js"))
    assert answer.data == (STATIC / "exams/exam.js").read_bytes()
    assert answer.mimetype == "text/javascript"


def test_static_files_carry_the_headers_of_every_answer(served):  # R64
    headers = served.test_client().get(url_of(served, "core/base.css")).headers
    assert headers["Content-Security-Policy"] == security.POLICY
    assert all(headers[name] == value for name, value in security.HEADERS.items())
    assert "Access-Control-Allow-Origin" not in headers
    assert "Strict-Transport-Security" not in headers


def test_over_https_browsers_are_told_to_stay_there(tmp_path):  # R64
    settings = {"data_dir": str(tmp_path), "secret_key": "k" * 48, "log_level": "ERROR", "demo": False}
    app = create_app({**settings, "public_url": "https://zhize.example.cn"})
    assert app.test_client().get(url_of(app, "core/base.css")).headers["Strict-Transport-Security"] == security.HSTS


def test_a_module_imported_by_a_module_has_the_same_version_in_its_address(served):
    page = url_of(served, "exams/exam.js")
    neighbour = page.replace("exam.js", "timer.js")  # what `import "./timer.js"` leads to
    assert neighbour == url_of(served, "exams/timer.js")
    assert "immutable" in served.test_client().get(neighbour).headers["Cache-Control"]


def test_a_page_from_before_an_update_still_finds_its_files_but_does_not_keep_them(served):
    answer = served.test_client().get("/static/0123456789ab/core/base.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert served.test_client().get("/static/0123456789ab/core/none.css").status_code == 404
    assert served.test_client().get("/static/0123456789ab/../../app/config.py").status_code == 404


def test_another_content_is_another_version_and_the_oldest_copies_go(tmp_path):
    folder, place, made = tmp_path / "static", tmp_path / "packed", []
    folder.mkdir()
    for number in range(assets.KEPT + 1):
        (folder / "a.css").write_text(f"a{number}{{}}")
        assets.digests_of.cache_clear()
        made.append(assets.packed_copy(folder, place, assets.Assets(folder).version))
        os.utime(made[-1], (number, number))
    assert len(set(made)) == assets.KEPT + 1
    assert [copy.exists() for copy in made] == [False, *[True] * assets.KEPT]
    assert (made[-1] / "a.css").read_text() == f"a{assets.KEPT}{{}}"


def test_a_name_that_no_file_has_is_a_mistake_found_at_once(served):
    with served.app_context(), pytest.raises(KeyError):
        asset("core/none.css")
