"""Pages of the exams part, one module for each group of screens; all of them hang on the one blueprint `bp`."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint

bp = Blueprint("exams", __name__)
_modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]


def init_app(app):
    """Let each module of this package hook itself into the app."""
    for module in _modules:
        if hasattr(module, "init_app"):
            module.init_app(app)
