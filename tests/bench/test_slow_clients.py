"""The shipped nginx.conf is what the trial of slow connections runs, and says what R71 wants."""

import re

import pytest

from app.config import ROOT
from bench.faults.slow_clients import CHANGES

SHIPPED = (ROOT / "deploy/nginx.conf").read_text()


@pytest.mark.parametrize("line", [
    "client_header_timeout 10s;", "client_body_timeout 10s;", "proxy_request_buffering on;", "client_max_body_size 22m;", "server_tokens off;",
    "proxy_set_header X-Forwarded-For $remote_addr;", 'proxy_set_header X-Request-Start "t=$msec";', "server 127.0.0.1:8000;",
])  # fmt: skip
def test_the_proxy_buffers_cuts_slow_ones_off_and_says_who_asks_since_when(line):  # R71 R4
    assert line in SHIPPED


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in CHANGES])
def test_what_the_trial_changes_stands_in_the_file(pattern):
    assert re.search(pattern, SHIPPED, flags=re.DOTALL)
