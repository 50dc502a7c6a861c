"""The fixtures of the browser tests."""

from tests.browser.exam_page import chromium, exam, exam_stub, open_page, playwright  # noqa: F401 - fixtures
