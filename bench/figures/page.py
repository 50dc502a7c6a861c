"""The exam page out of its cached parts beside bare Flask; and what a phone loads for it, gzipped.

"Bare" is what design/hotpath.md calls so: a Flask view that parses a JSON POST and answers JSON, the same ceiling as for saves.
An empty GET, the least that Flask can do at all, stands in a row of its own.
"""

import gzip
import re
import urllib.request

from bench import processes, seeding, server, stores
from bench.closed_loop import Loop, in_words
from bench.results import at_most, compared

LEAST, MOST_KILOBYTES = 0.5, 120
MOST_WARM_RUNS = 12
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"')
IMPORTED = re.compile(r'(?:import|from)\s*\(?\s*"(\.[^"]+\.js)"')


def measure(name, options):
    """Return the rows of the exam page of a 100-question paper on one store."""
    with stores.opened(name) as store:
        takers = seeding.started(store, seeding.sitting(store, options.people, 100))
        with server.running(store, server.SIDE_BY_SIDE) as served:
            pages = [_page(served, taker) for taker in takers[:5]]
            loop = Loop(served, takers, store.folder)
            _warm_up(loop, served, options.warm_seconds)
            runs = [
                (
                    loop.run("page", "app", options.seconds),
                    loop.run("save", "bare", options.seconds),
                    loop.run("page", "bare", options.seconds),
                )
                for _ in range(options.repeats)
            ]
            files = assets(served, gzip.decompress(pages[0]).decode())
    return _rows(name, runs, pages, files), [_note(name, pages, files)]


def _warm_up(loop, served, seconds):
    """Ask for pages until all their pieces are kept in both processes: until a page costs no less CPU than in the run before."""
    loop.run("page", "bare", 1)
    costs = [float("inf")]
    for _ in range(MOST_WARM_RUNS):
        before = processes.cpu_seconds(served.pid)
        load = loop.run("page", "app", seconds // 2)
        costs.append((processes.cpu_seconds(served.pid) - before) / max(1, load.requests))
        if costs[-1] > 0.9 * costs[-2]:
            return


def _page(served, taker):
    """Return the exam page of a taker as it travels: gzipped."""
    return fetch(served, f"/attempts/{taker.attempt}", taker.cookie)[0]


def fetch(served, path, cookie=""):
    """Return (the body gzipped, whether the server had done so)."""
    request = urllib.request.Request(served.url + path, headers={"Accept-Encoding": "gzip", "Cookie": cookie})
    with urllib.request.urlopen(request, timeout=20) as answer:
        body = answer.read()
        assert answer.status == 200 and answer.url == served.url + path, f"{path} leads to {answer.url}"
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return (body, True) if packed else (gzip.compress(body, 9), False)


def assets(served, html):
    """Return {path: (gzipped bytes, packed by the server)} of the css and js that a page needs, imported modules too."""
    found, waiting = {}, LINKED.findall(html)
    while waiting:
        path = waiting.pop()
        if path.split("?")[0] in found:
            continue
        body, packed = fetch(served, path)
        found[path.split("?")[0]] = (body, packed)
        if ".js" in path:
            folder = path.split("?")[0].rsplit("/", 1)[0]
            waiting += [_joined(folder, name) for name in IMPORTED.findall(gzip.decompress(body).decode())]
    return found


def _joined(folder, name):
    """Return the path of a module as another in `folder` names it."""
    while name.startswith(("./", "../")):
        up, name = name.startswith("../"), name.split("/", 1)[1]
        folder = folder.rsplit("/", 1)[0] if up else folder
    return f"{folder}/{name}"


def _rows(name, runs, pages, files):
    size = min(len(page) for page in pages)
    whole = all(run[0].bytes > 0.9 * size * run[0].requests for run in runs)  # a redirect would be small and quick
    sound = whole and all(load.is_sound for run in runs for load in run)
    beside = {"exam page from cache ÷ bare Flask JSON POST": (1, LEAST), "exam page from cache ÷ an empty Flask GET": (2, None)}
    rows = [
        compared(figure, name, [(run[0].rate, run[place].rate) for run in runs], "requests/s", least, sound)
        for figure, (place, least) in beside.items()
    ]
    weight = max(len(page) for page in pages) + sum(len(body) for body, _ in files.values())
    rows.append(at_most("exam page of 100 questions with its css and js, gzipped", name, [weight / 1000], "kB", MOST_KILOBYTES))
    return rows


def _note(name, pages, files):
    page, rest = len(pages[0]) / 1000, sum(len(body) for body, _ in files.values()) / 1000
    packed = sum(packed for _, packed in files.values())
    how = "gzipped by the server" if packed == len(files) else f"{packed} of {len(files)} gzipped by the server, the rest here"
    return f"{name}: closed loop by {in_words()}; the page is {page:.1f} kB, {len(files)} css and js files {rest:.1f} kB ({how})"
