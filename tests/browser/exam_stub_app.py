"""The stub server's routes, templates and words. Made once for a run; `served["exam"]` is the exam it speaks for."""

import time
from functools import cache
from pathlib import Path

import polib
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, send_from_directory, session
from werkzeug.local import LocalProxy

from app.core import assets, security
from app.core.assets import asset
from app.exams.queries import review
from app.exams.queries.answers import Option

ROOT = Path(__file__).resolve().parents[2]


@cache
def words_of(locale):
    """Return {msgid: msgstr} of the Chinese catalogues, or nothing for English."""
    if locale == "en":
        return {}
    found = {}
    for path in ROOT.glob("app/translations/*/LC_MESSAGES/messages.po"):
        found |= {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.msgstr}
    return found


served = {"exam": None}  # the one whose server runs


@cache
def make_app():
    """The stub as a Flask app, made once: its templates are compiled only then."""
    exam = LocalProxy(lambda: served["exam"])
    app = Flask("exam_stub", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.secret_key = "stub"
    security.init_app(app)
    assets.init_app(app)

    def gettext(text):
        return words_of(exam.locale).get(text, text)

    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(gettext, lambda one, many, n: gettext(one if n == 1 else many), newstyle=True)
    places = {
        "people.set_preferences": "/preferences",
        "people.sign_in": "/signin",
        "people.sign_out": "/signout",
        "people.show_me": "/me",
        "notices.list_messages": "/messages",
    }
    env.globals.update(
        asset=asset,
        csrf_token=lambda: "stub",
        url_for=lambda name, **_: places[name],
        navigation=list,
        get_flashed_messages=lambda **_: [],
    )
    env.globals["tabs"] = lambda: [{"label": "任务", "url": "/", "icon": "list-checks", "current": True, "count": 0}]

    person = {"id": 7, "name": "林知远", "unit": "示例一中", "number": "0127"}
    sitting = {
        "id": 3,
        "title": "第四季度党组织书记应知应会考试",
        "points": 100,
        "pass_mark": 80,
        "minutes": 60,
        "window": "今天 10:30–11:30",
        "latest_entry": "10:45",
        "contact": "何以安 000-00000000",
    }

    @app.context_processor
    def page_values():
        sitting["question_count"] = len(exam.items)
        return {
            "text_size": exam.text_size,
            "locale": exam.locale,
            "bureau_name": "示例市教育局",
            "current_user": {"name": person["name"]},
            "unread_count": lambda: 0,
        }

    def attempt():
        names = ("token", "generation", "acked", "ms_left", "state", "due", "late_until", "earliest", "earliest_ms", "second")
        return {name: getattr(exam, name) for name in names} | {"id": 12, "left_count": 0}

    def values():
        return {
            "attempt": attempt(),
            "sitting": sitting | {"watch": exam.watch},
            "person": person | {"id": exam.owner},
            "count": len(exam.items),
            "saved": exam.saved,
            "theme": exam.theme,
        }

    @app.get("/attempts/offline.js")
    def offline_worker():
        return send_from_directory(ROOT / "static/exams", "offline.js", max_age=0)

    @app.get("/attempts/12")
    def show_attempt():
        if exam.broken:
            return Response(status=502)
        if exam.trouble == 401:
            return redirect("/signin")
        if exam.owner != "7":
            return "没有找到", 404
        if exam.state == "handed_in":
            return redirect("/attempts/12/receipt")
        if exam.one_device and exam.opened and session.get("generation") != exam.generation:
            return render_template(
                "exams/take_over.html", attempt_id=12, sitting=sitting, person=person, minutes_left=exam.ms_left // 60_000
            )
        session["generation"] = exam.generation
        exam.opened = True
        if "plain" in request.args:
            filled = attempt() | {"token": f"{exam.token}-filled"}
            return render_template("exams/show_attempt.html", sections=exam.sections, **values() | {"attempt": filled})
        parts = [render_template("exams/_attempt_head.html", **values())]
        for section in exam.sections:
            parts.append(render_template("exams/_section.html", **{name: section[name] for name in ("heading", "title", "rule")}))
            parts += [render_template("exams/_item.html", item=item) for item in section["items"]]
        return "".join([*parts, render_template("exams/_attempt_foot.html", **values())])

    @app.post("/attempts/12/responses")
    def save():
        body = request.get_json()
        if request.headers["X-Attempt-Token"].startswith(exam.secret):
            exam.requests.append(body)
        time.sleep(exam.slow)
        trouble = exam.trouble
        if trouble == "drop":
            return Response(status=200, headers={"Content-Type": "text/html"}, response="<p>hotspot")
        if trouble in (429, 503):
            return Response(status=trouble, headers={"Retry-After": "1"})
        if trouble == 401:
            return jsonify(state="sign_in"), 401
        with exam.lock:
            status, answer = exam.take(body, request.headers["X-Attempt-Token"])
        if trouble == "lose":
            return Response(status=503)
        return jsonify(answer), status

    @app.post("/attempts/12/answers")
    def plain_save():
        assert request.form["token"].startswith(exam.token)
        with exam.lock:
            for position, item in enumerate(exam.items, 1):
                name = f"r-{item['version_id']}"
                answer = (
                    [request.form.get(f"{name}-{n + 1}", "") for n in range(item["blanks"])]
                    if item["blanks"]
                    else request.form.getlist(name)
                )
                if any(answer) or request.form["token"].endswith("filled"):
                    exam.store(
                        [
                            {
                                "position": position,
                                "seq": exam.acked + 1,
                                "answer": answer,
                                "flag": f"f-{item['version_id']}" in request.form,
                            }
                        ],
                        exam.saved,
                    )
        if request.form["go"] == "hand_in":
            exam.state = "handed_in"
            return redirect("/attempts/12/receipt", 303)
        return redirect("/attempts/12/check?plain=1" if request.form["go"] == "check" else "/attempts/12?plain=1", 303)

    @app.get("/attempts/12/check")
    def check_attempt():
        rows = []
        for position, item in enumerate(exam.items, 1):
            held = exam.saved.get(position, {"answer": [], "flag": False})
            rows.append(
                {"position": position, "version_id": item["version_id"], "answered": any(held["answer"]), "flagged": held["flag"]}
            )
        return render_template("exams/check_attempt.html", rows=rows, **values())

    @app.post("/attempts/12/take-over")
    def take_over():
        exam.generation += 1
        session["generation"] = exam.generation
        return redirect("/attempts/12", 303)

    @app.get("/attempts/12/receipt")
    def receipt():
        facts = {
            "code": "7K2M-94QX",
            "received": "11:26:40",
            "day": "11 月 20 日",
            "answered": len(exam.answers()),
            "total": len(exam.items),
            "closed_by": "self",
            "late": len(exam.late),
        }
        return render_template(
            "exams/show_receipt.html",
            sitting=sitting,
            person=person,
            receipt=facts,
            results="成绩由单位统一公布。",
            result_url=None,
        )

    @app.get("/results/12")
    def result():
        return render_template("exams/show_result.html", sitting=sitting, person=person, **result_values(exam))

    @app.get("/sittings/3")
    def show_sitting():
        return render_template(
            "exams/show_sitting.html", sitting=sitting | {"watch": exam.watch}, person=person, state=exam.sitting_state, ms_to_open=exam.ms_to_open, ends="11:30",
            minutes_now=60, attempt_id=12, minutes_left=31,
        )  # fmt: skip

    @app.get("/sittings/3/clock")
    def clock():
        if exam.trouble:
            return Response(status=503)
        return jsonify(state=exam.sitting_state, ms_to_open=exam.ms_to_open)

    @app.post("/sittings/3/start")
    def start():
        return redirect("/attempts/12", 303)

    @app.route("/signin", methods=["GET", "POST"])
    def sign_in():
        if request.method == "POST" and request.form["password"] == "right":
            exam.owner = request.form["account"]
            if exam.trouble == 401:
                exam.trouble = None
            return redirect("/")
        wrong = '<p role="alert">账号或密码不对</p>' if request.method == "POST" else ""
        return f'<!doctype html><form method="post" action="/signin">{wrong}<input type="hidden" name="csrf_token" value="x"><p><label for="a">账号</label><input id="a" name="account"></p><p><label for="p">密码</label><input id="p" name="password" type="password"></p><button class="button primary">登录</button></form>'

    @app.post("/preferences")
    def preferences():
        exam.text_size = request.form.get("text_size", exam.text_size)
        return redirect(request.form.get("next") or "/")

    @app.route("/signout", methods=["POST"])
    def sign_out():
        return redirect("/")

    @app.get("/")
    def home():
        return make_response("<!doctype html><title>home</title><h1>home</h1>")

    app.wsgi_app = BreaksScript(app.wsgi_app, exam)
    return app


class BreaksScript:
    """WSGI middleware: the exam page's own script is not found while `exam.scripts` is False."""

    def __init__(self, app, exam):
        self.app, self.exam = app, exam

    def __call__(self, environ, start_response):
        if not self.exam.scripts and environ["PATH_INFO"].endswith("/exam.js"):
            return Response(status=404)(environ, start_response)
        return self.app(environ, start_response)


def shown(item, chosen):
    """Return the options of an item as the review page shows them, with B as the key."""
    return [
        Option(option["letter"], option["text"], option["letter"] in chosen, option["letter"] == "B")
        for option in item["options"]
    ]


def result_values(exam):
    """A result with everything released, as far as this page shows it."""
    first, many = exam.items[0], exam.items[20]
    return {
        "result": {"score": "86", "points_max": "100", "pass_mark": "80", "passed": True, "handed_in": "11 月 20 日 11:26", "answered": 46, "total": 50},
        "notice": None,
        "items": [
            review.Item("第 1 题", "单选题 · 2 分", first["stem"], shown(first, "B"), "B", "full", "2 分", "与答案一致，得满分", "B", "见条例第三章。"),
            review.Item("第 21 题", "多选题 · 3 分", many["stem"], shown(many, "AB"), "A、B", "none", "0 分", "少选 C，全部选对才得分"),
        ],
    }  # fmt: skip
