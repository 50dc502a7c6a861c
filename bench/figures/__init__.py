"""The figures, by the name that `python -m bench NAME` takes. Each module has measure(store, options) -> (rows, notes)."""

from importlib import import_module

BOTH, NONE = ("sqlite", "postgres"), ("-",)
STORES = {  # name -> the stores it is measured on; "-": no database is part of the figure
    "saves": BOTH,
    "page": BOTH,
    "sitting": BOTH,
    "load": BOTH,
    "marking": NONE,
    "recogniser": NONE,
    "roster": BOTH,
    "notices": BOTH,
    "lists": BOTH,
    "setup": NONE,
}


def measure(name, store, options):
    """Measure one figure on one store ("sqlite", "postgres" or "-"); return (rows, notes)."""
    return import_module(f"{__name__}.{name}").measure(store, options)
