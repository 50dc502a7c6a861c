"""Every route says who may use it, and refuses everyone else."""

import pytest

from app.people import rules

PUBLIC = {
    "static", "assets.other_version", "core.alive", "core.ready", "core.csp_report", "people.sign_in", "people.set_preferences", "people.index", "people.sign_out",
    "notices.check_document", "exams.save_responses", "exams.offline_worker",
}  # fmt: skip


def rules_of(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def access_of(app, endpoint):
    return getattr(app.view_functions[endpoint], "access", None)


def test_every_route_names_its_access(app):  # R48
    for rule in rules_of(app):
        access = access_of(app, rule.endpoint)
        assert access, f"{rule.endpoint} ({rule.rule}) says nobody who may use it"
        if access not in ("public", "signed_in"):
            assert set(access) <= rules.ALL_PERMISSIONS, f"{rule.endpoint} names an unknown permission: {access}"


def test_public_routes_are_the_listed_ones(app):  # R48
    public = {rule.endpoint for rule in rules_of(app) if access_of(app, rule.endpoint) == "public"}
    assert public <= PUBLIC, public - PUBLIC


def filled(rule):
    """Return the rule's address with a number that no row has."""
    return rule.rule if not rule.arguments else _fill(rule)


def _fill(rule):
    path = rule.rule
    for argument in rule.arguments:
        for kind in ("int:", "string:", "path:", ""):
            path = path.replace(f"<{kind}{argument}>", "987654")
    return path


METHODS = ("GET", "POST")


def test_a_stranger_reaches_no_guarded_route(app, client):  # R48, R49
    for rule in rules_of(app):
        if access_of(app, rule.endpoint) == "public":
            continue
        for method in METHODS:
            if method in rule.methods:
                answer = client.open(filled(rule), method=method)
                assert answer.status_code in (302, 303, 401), f"{method} {rule.rule}: {answer.status_code}"


@pytest.mark.parametrize("role", [rules.TRAINEE, *rules.ROLES])
def test_a_role_without_the_permission_is_refused(app, client_of, make, role):  # R48, R54
    root = make.bureau()
    person = make.person(unit=root, roles=[] if role == rules.TRAINEE else [role])
    browser = client_of(person)
    held = rules.PERMISSIONS[role] | rules.PERMISSIONS[rules.TRAINEE]
    for rule in rules_of(app):
        access = access_of(app, rule.endpoint)
        if access in ("public", "signed_in"):
            continue
        allowed = bool(set(access) & held)
        for method in METHODS:
            if method not in rule.methods:
                continue
            answer = browser.open(filled(rule), method=method)
            if allowed:
                assert answer.status_code != 403, f"{role} {method} {rule.rule} was refused"
                assert answer.status_code < 500, f"{role} {method} {rule.rule}: {answer.status_code}"
            else:
                assert answer.status_code == 403, f"{role} {method} {rule.rule}: {answer.status_code}"


def test_headers_stand_on_every_answer(app, client, client_of, make):  # R64
    browser = client_of(make.person(unit=make.bureau(), roles=rules.ROLES))
    for rule in rules_of(app):
        for method in METHODS:
            if method not in rule.methods:
                continue
            for visitor in (client, browser):
                headers = visitor.open(filled(rule), method=method).headers
                assert "default-src 'none'" in headers["Content-Security-Policy"], rule.rule
                assert headers["X-Content-Type-Options"] == "nosniff", rule.rule
                assert headers["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), rule.rule
                assert headers["Referrer-Policy"] == "same-origin", rule.rule
                assert "Cache-Control" in headers, rule.rule
                assert "noindex" in headers["X-Robots-Tag"]
                assert "Access-Control-Allow-Origin" not in headers


def test_a_page_that_is_not_there_says_so_in_words(client):  # R66
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert "Traceback" not in answer.text


def test_a_foreign_site_cannot_post(client):  # R47
    assert client.post("/preferences", data={"text_size": "lg"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert (
        client.post("/preferences", data={"text_size": "lg"}, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    )
