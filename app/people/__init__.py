"""Units (a tree), people, posts, roles, sign-in and rosters."""

import json

from flask import current_app

DEMO_FILE = "demo_accounts.json"


def demo_accounts():
    """Return [(role label, account, password)] of the sample data, or [] where there is none or it is not shown.

    The loader of the sample data writes them to `<data_dir>/demo_accounts.json` as [[label, account, password], …].
    """
    settings = current_app.extensions["settings"]
    path = settings.data_path / DEMO_FILE
    if not settings.demo or not path.exists():
        return []
    return [tuple(entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
