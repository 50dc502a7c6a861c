"""Every page that the sample's people can reach by links: it answers, is well formed, labelled, translated, and leads nowhere dead.

Walks the sample data as each role, so that new pages are checked without being named here.
"""

import json
import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from app.people.models import Person

MOST_PAGES = 100  # for each role
ACCOUNTS = ["admin", "admin2", "trainer", "liaison", "xueyuan1", "auditor"]
ONE_OF_MANY = re.compile(r"\d+")  # addresses alike but for numbers: a few of each shape are enough
OF_A_SHAPE = 2
FILES = re.compile(r"\.(xlsx|csv|txt|pdf)$|/(file|pdf|export)$")
LATIN_WORDS = re.compile(r"\b(the|and|of|is|are|this|that|with|your|not|for)\b")


@pytest.fixture
def sample(app):
    """The sample data of `make run`, and {account: person id}."""
    from app.core.db import db
    from app.reports.sample import loader

    with app.app_context():
        loader.load()
        people = {
            account: person_id
            for person_id, account in db.session.query(Person.id, Person.account).filter(Person.account.in_(ACCOUNTS))
        }
        accounts = json.loads((app.extensions["settings"].data_path / "demo_accounts.json").read_text())
        db.session.remove()
    return people, accounts


def shape(path):
    return ONE_OF_MANY.sub("0", path)


def links_of(page, here):
    for link in page.iterlinks():
        element, attribute, target, _ = link
        if element.tag == "a" and attribute == "href":
            found = urlsplit(urljoin(f"http://localhost{here}", target))
            if found.netloc == "localhost" and not found.path.startswith("/static/"):
                yield found.path + (f"?{found.query}" if found.query else "")


def faults_of(text, page):
    """Say what is wrong with one page."""
    if len(page.findall(".//h1")) != 1:
        yield f"{len(page.findall('.//h1'))} h1"
    title = page.findtext(".//title")
    if not title or not title.strip():
        yield "no title"
    doubled = [name for name, count in Counter(page.xpath("//@id")).items() if count > 1]
    if doubled:
        yield f"ids twice: {doubled[:3]}"
    labelled = set(page.xpath("//label/@for"))
    for field in page.xpath("//input[not(@type='hidden') and not(@type='submit')]|//select|//textarea"):
        inside = any(ancestor.tag == "label" for ancestor in field.iterancestors())
        if not (inside or field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")):
            yield f"field without a label: {field.get('name')}"
    for form in page.xpath("//form[translate(@method,'POST','post')='post']"):
        if not form.xpath(".//input[@name='csrf_token']"):
            yield f"form without a token: {form.get('action')}"
    for image in page.xpath("//img[not(@alt)]"):
        yield f"image without words: {image.get('src')}"
    words = " ".join(page.xpath("//body//text()[not(ancestor::script) and not(ancestor::pre) and not(ancestor::textarea)]"))
    english = LATIN_WORDS.findall(words)
    if len(english) > 2:
        yield f"English words on a Chinese page: {english[:5]}"
    if "style=" in text and page.xpath("//*[@style]"):
        yield "inline style"


def walk(browser, start):
    """Follow links from `start`; return (pages seen, faults)."""
    waiting, seen, shapes, faults = [start], set(), Counter(), []
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or shapes[shape(path)] >= OF_A_SHAPE:
            continue
        seen.add(path)
        shapes[shape(path)] += 1
        answer = browser.get(path)
        if answer.status_code in (302, 303):
            waiting.append(urlsplit(answer.headers["Location"]).path)
            continue
        if answer.status_code != 200:
            faults.append(f"{path}: {answer.status_code}")
            continue
        if "text/html" not in answer.content_type or FILES.search(path.split("?")[0]):
            continue
        page = html.document_fromstring(answer.get_data(as_text=True))
        faults += [f"{path}: {fault}" for fault in faults_of(answer.text, page)]
        waiting += list(links_of(page, path))
    return seen, faults


def test_every_page_that_people_reach_is_sound(app, sample, client_of, client):  # R49, R65, R66
    people, _ = sample
    app.config["WTF_CSRF_ENABLED"] = True  # so that the forms carry their tokens
    try:
        found, seen = [], {}
        for account in ACCOUNTS:
            pages, faults = walk(client_of(people[account]), "/")
            seen[account] = len(pages)
            found += [f"{account} {fault}" for fault in faults]
        pages, faults = walk(client, "/signin")
        found += [f"stranger {fault}" for fault in faults]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    print("pages walked:", seen)
    assert not found, "\n".join(found)
    assert min(seen.values()) > 4
