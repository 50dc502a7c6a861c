"""Forms as a browser sends them: all fields of the page with what stands in them, and what a person changes."""

import io
from urllib.parse import urljoin, urlsplit

from lxml import html


def parsed(answer):
    """Return the parsed page of an answer that must be 200 or 422."""
    assert answer.status_code in (200, 422), f"{answer.request.path}: {answer.status_code}"
    return html.document_fromstring(answer.get_data(as_text=True))


def fields_of(form):
    """Return [(name, value)] as they stand in a form; unticked boxes and buttons are left out."""
    found = []
    for field in form.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]"):
        kind = field.get("type", "text")
        if field.tag == "select":
            options = field.xpath(".//option[@selected]") or field.xpath(".//option")[:1]
            found += [(field.get("name"), option.get("value", option.text or "")) for option in options]
        elif field.tag == "textarea":
            found.append((field.get("name"), (field.text or "").lstrip("\n")))
        elif kind in ("checkbox", "radio"):
            if field.get("checked") is not None:
                found.append((field.get("name"), field.get("value", "y")))
        elif kind not in ("submit", "button", "file", "image"):
            found.append((field.get("name"), field.get("value", "")))
    return found


def form_on(page, action, here):
    """Return the POST form whose address ends with `action`; "" means the page's own address."""
    for form in page.xpath("//form[translate(@method,'POST','post')='post']"):
        target = urlsplit(urljoin(f"http://localhost{here}", form.get("action") or here)).path
        if target.endswith(action) if action else target == urlsplit(here).path:
            return form, target
    raise AssertionError(f"no form for {action!r} on {here}: {[form.get('action') for form in page.xpath('//form')]}")


def send(browser, here, action="", files=None, to=None, **changes):
    """Open `here`, fill in its form for `action`, send it; return the answer.

    to: the address of the button pressed, where it is not the form's own. changes: name=value; a list sends the name several times; None leaves the field out. files: {name: (bytes, filename)}.
    """
    page = parsed(browser.get(here))
    form, target = form_on(page, action, here)
    data = {}
    for name, value in fields_of(form):
        data.setdefault(name, []).append(value)
    for name, value in changes.items():
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value if isinstance(value, list) else [value]
    for name, (content, filename) in (files or {}).items():
        data[name] = [(io.BytesIO(content), filename)]
    kind = {"content_type": "multipart/form-data"} if files or form.get("enctype") == "multipart/form-data" else {}
    return browser.post(to or target, data=data, **kind)


def choices(browser, here, name, action=""):
    """Return {words: value} of a select or of a group of boxes in a page's form."""
    page = parsed(browser.get(here))
    form, _ = form_on(page, action, here)
    found = {}
    for option in form.xpath(f".//select[@name='{name}']/option"):
        found[(option.text or "").strip()] = option.get("value")
    for box in form.xpath(f".//input[@name='{name}']"):
        label = form.xpath(f".//label[@for='{box.get('id')}']")
        words = label[0] if label else next(box.iterancestors("label"), None)
        found["".join(words.itertext()).strip() if words is not None else box.get("value")] = box.get("value")
    return found
