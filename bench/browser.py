"""One person's browser for whole sittings: cookies, one kept connection, forms with their tokens. Not for counting requests a second."""

import gzip
import http.client
import json
import re
from urllib.parse import urlencode

CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TOKEN = re.compile(r'data-token="([^"]+)"')
PERSONAL = {"User-Agent": "Mozilla/5.0 (Linux; Android 12)", "Accept-Encoding": "gzip, deflate"}


class Browser:
    """Raises AssertionError when an answer is not the expected one: a figure must not count refusals."""

    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookies = {}
        self.location = None

    def get(self, path):
        """Return the text of a page; anything but 200 is an error."""
        return self._ask("GET", path, 200)

    def submit(self, path, page, **fields):
        """Send a form with the token that `page` carries; the server must lead elsewhere, to `location`."""
        body = urlencode({"csrf_token": CSRF.search(page).group(1), **fields})
        return self._ask("POST", path, 303, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, path, token, body):
        """Send JSON by the save protocol; return the answer."""
        headers = {"Content-Type": "application/json", "X-Attempt-Token": token}
        return json.loads(self._ask("POST", path, 200, json.dumps(body), headers))

    def close(self):
        self._connection.close()

    def _ask(self, method, path, wanted, body=None, headers=None):
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, path, body, {**PERSONAL, "Cookie": cookie, **(headers or {})})
        answer = self._connection.getresponse()
        raw = answer.read()
        assert answer.status == wanted, f"{method} {path}: {answer.status} instead of {wanted}, to {answer.getheader('Location')}"
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        self.location = answer.getheader("Location")
        return (gzip.decompress(raw) if answer.getheader("Content-Encoding") == "gzip" else raw).decode()
