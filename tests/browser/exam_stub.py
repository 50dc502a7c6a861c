"""A server that speaks the exam page's protocol with the real templates and static files, and no database.

For browser tests of the page alone. `Exam` holds what a server would store and the knobs that make it fail;
`serve(exam)` runs it on a free port of 127.0.0.1.
"""

import threading
import time
from contextlib import contextmanager
from pathlib import Path

import polib
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, session
from werkzeug.serving import make_server

from app.core import security
from app.core.shell import asset

ROOT = Path(__file__).resolve().parents[2]
GRACE_SECONDS = 30
LABELS = {"single_choice": "单选题", "multiple_choice": "多选题", "true_false": "判断题", "fill_blank": "填空题"}


def make_paper(single=20, multiple=15, judge=10, blank=5):
    """Return sections of made-up questions, as the server would give them to the templates."""
    plan = [
        ("一、单项选择题（每题2分，共%s题）", "单选题", "single_choice", single, "2"),
        ("二、多项选择题（每题3分，共%s题）", "多选题", "multiple_choice", multiple, "3"),
        ("三、判断题（每题1分，共%s题）", "判断题", "true_false", judge, "1"),
        ("四、填空题（每题1分，共%s题）", "填空题", "fill_blank", blank, "1"),
    ]
    sections, version = [], 100
    for heading, title, kind, count, points in plan:
        items = []
        for n in range(count):
            version += 1
            items.append(make_item(version, kind, points, n))
        if items:
            sections.append({"heading": heading % count, "title": title, "rule": "", "items": items})
    return sections


def make_item(version, kind, points, n):
    """One question; some words are those of the design's pictures."""
    stems = {
        "single_choice": "根据《中国共产党支部工作条例（试行）》，党支部党员大会一般多长时间召开 1 次？",
        "multiple_choice": "下列关于党支部组织生活的说法，正确的有哪些？",
        "true_false": f"党支部委员会会议一般每月召开 1 次。（第 {n + 1} 条）",
        "fill_blank": "预备党员的预备期为____。延长预备期不能少于____，不能超过一年。",
    }
    texts = {
        "single_choice": ["每月", "每季度", "每半年", "每年"],
        "multiple_choice": ["支部委员会会议一般每月召开 1 次", "主题党日每月相对固定 1 天", "组织生活会一般每年召开 1 次", "党支部可以用集体聚餐代替主题党日"],
    }.get(kind, [])
    return {
        "version_id": version, "kind": kind, "kind_label": LABELS[kind], "points": points, "stem": stems[kind], "blanks": 2 if kind == "fill_blank" else 0,
        "options": [{"letter": letter, "text": text} for letter, text in zip("ABCD", texts, strict=False)],
        "hint": "至少选两项，选对全部才得分" if kind == "multiple_choice" else "",
    }  # fmt: skip


class Exam:
    """What the server holds about one attempt of person 7, and how it behaves."""

    def __init__(self, minutes=42, **shape):
        self.sections = make_paper(**shape)
        self.items = [item for section in self.sections for item in section["items"]]
        self.saved = {}  # position -> {"seq", "answer", "flag"}
        self.late = {}
        self.events = []
        self.requests = []  # bodies as they came
        self.generation = 1
        self.state = "in_progress"
        self.trouble = None  # None | 503 | 429 | 401 | "drop" | "lose" (stored, answer lost)
        self.slow = 0.0  # seconds before an answer
        self.second = 1000  # ms of the page's "second" of backoff and polling
        self.notice = None
        self.refuse = set()  # positions answered 422
        self.text_size, self.theme, self.locale = "std", "auto", "zh_Hans_CN"
        self.watch = True
        self.due, self.late_until, self.earliest, self.earliest_ms = "11:30", "12:00", "", 0
        self.sitting_state, self.ms_to_open = "open", 0
        self.opened = False
        self.one_device = False  # True: a browser that has not opened the paper is asked whether to take over
        self.scripts = True  # False: the exam's own script is not found
        self.owner = "7"  # who is signed in
        self.clock = "10:32:05"
        self.lock = threading.RLock()
        self.ms_left = minutes * 60_000

    @property
    def ms_left(self):
        return max(0, round((self._deadline - time.monotonic()) * 1000))

    @ms_left.setter
    def ms_left(self, value):
        self._deadline = time.monotonic() + value / 1000

    @property
    def overdue(self):
        """Seconds since the time was up; negative before."""
        return time.monotonic() - self._deadline

    @property
    def token(self):
        return f"token-{self.generation}"

    @property
    def acked(self):
        return max([0, *(row["seq"] for row in self.saved.values())])

    def answers(self):
        """What counts: {position: answer}."""
        return {position: row["answer"] for position, row in sorted(self.saved.items()) if row["answer"]}

    def store(self, changes, where):
        for change in changes:
            held = where.get(change["position"])
            if not held or change["seq"] > held["seq"]:
                where[change["position"]] = {name: change[name] for name in ("seq", "answer", "flag")}

    def take(self, body, token):
        """Answer one body: (status, JSON)."""
        changes = body["changes"]
        top = max([0, *(change["seq"] for change in changes)])
        if token != self.token:
            self.store(changes, self.late)
            return 409, {"state": "taken_over"}
        if self.refuse.intersection(change["position"] for change in changes):
            return 422, {"message": "作答格式不对"}
        if self.state == "handed_in" or self.overdue >= GRACE_SECONDS:
            by_person = self.state == "handed_in"
            self.state = "handed_in"
            if by_person or not changes:
                return 410, {"state": "handed_in", "receipt_url": "/attempts/12/receipt"}
            self.store(changes, self.late)
            return 202, {"state": "late", "acked": top}
        self.store(changes, self.saved)
        self.events += body["events"]
        answer = {"acked": max(top, self.acked), "ms_left": self.ms_left, "state": self.state, "saved_at": self.clock, "due": self.due, "notice": self.notice}
        early = self.earliest_ms and self.ms_left > self.earliest_ms
        if body["final"] and not early:
            self.state = "handed_in"
            answer |= {"state": "handed_in", "receipt_url": "/attempts/12/receipt"}
        return 200, answer


def words_of(locale):
    """Return {msgid: msgstr} of the Chinese catalogues, or nothing for English."""
    if locale == "en":
        return {}
    found = {}
    for path in [*ROOT.glob("app/translations/*/LC_MESSAGES/messages.po"), *sorted(ROOT.glob("app/translations/parts/*.po"))]:
        found |= {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if entry.msgstr}
    return found


def make_app(exam):
    """The stub as a Flask app."""
    app = Flask("exam_stub", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.secret_key = "stub"
    security.init_app(app)
    catalogues = {}

    def gettext(text):
        words = catalogues.setdefault(exam.locale, words_of(exam.locale))
        return words.get(text, text)

    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(gettext, lambda one, many, n: gettext(one if n == 1 else many), newstyle=True)
    places = {"people.set_preferences": "/preferences", "people.sign_in": "/signin", "people.sign_out": "/signout", "people.show_me": "/me", "notices.list_messages": "/messages"}
    env.globals.update(asset=asset, csrf_token=lambda: "stub", url_for=lambda name, **_: places[name], navigation=lambda: [], get_flashed_messages=lambda **_: [])
    env.globals["tabs"] = lambda: [{"label": "任务", "url": "/", "icon": "list-checks", "current": True, "count": 0}]

    person = {"id": 7, "name": "林知远", "unit": "示例一中", "number": "0127"}
    sitting = {"id": 3, "title": "第四季度党组织书记应知应会考试", "question_count": len(exam.items), "points": 100, "pass_mark": 80, "minutes": 60, "window": "今天 10:30–11:30", "latest_entry": "10:45", "contact": "何以安 000-00000000"}

    @app.context_processor
    def page_values():
        return {"text_size": exam.text_size, "locale": exam.locale, "bureau_name": "示例市教育局", "current_user": {"name": person["name"]}, "unread_count": 0}

    def attempt():
        names = ("token", "generation", "acked", "ms_left", "state", "due", "late_until", "earliest", "earliest_ms", "second")
        return {name: getattr(exam, name) for name in names} | {"id": 12, "left_count": 0}

    def values():
        return {"attempt": attempt(), "sitting": sitting | {"watch": exam.watch}, "person": person | {"id": exam.owner}, "count": len(exam.items), "saved": exam.saved, "theme": exam.theme}

    @app.before_request
    def break_script():
        if not exam.scripts and request.path.endswith("/exam.js"):
            return "", 404
        return None

    @app.get("/attempts/12")
    def show_attempt():
        if exam.trouble == 401:
            return redirect("/signin")
        if exam.owner != "7":
            return "没有找到", 404
        if exam.state == "handed_in":
            return redirect("/attempts/12/receipt")
        if exam.one_device and exam.opened and session.get("generation") != exam.generation:
            return render_template("exams/take_over.html", attempt_id=12, sitting=sitting, person=person, minutes_left=exam.ms_left // 60_000)
        session["generation"] = exam.generation
        exam.opened = True
        if "plain" in request.args:
            return render_template("exams/show_attempt.html", sections=exam.sections, **values())
        parts = [render_template("exams/_attempt_head.html", **values())]
        for section in exam.sections:
            parts.append(render_template("exams/_section.html", **{name: section[name] for name in ("heading", "title", "rule")}))
            parts += [render_template("exams/_item.html", item=item) for item in section["items"]]
        return "".join([*parts, render_template("exams/_attempt_foot.html", **values())])

    @app.post("/attempts/12/responses")
    def save():
        body = request.get_json()
        with exam.lock:
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
        assert request.form["token"] == exam.token
        with exam.lock:
            for position, item in enumerate(exam.items, 1):
                name = f"r-{item['version_id']}"
                answer = [request.form.get(f"{name}-{n + 1}", "") for n in range(item["blanks"])] if item["blanks"] else request.form.getlist(name)
                if any(answer) or "full" in request.form:
                    exam.store([{"position": position, "seq": exam.acked + 1, "answer": answer, "flag": f"f-{item['version_id']}" in request.form}], exam.saved)
        if request.form["go"] == "hand_in":
            exam.state = "handed_in"
            return redirect("/attempts/12/receipt", 303)
        return redirect("/attempts/12/check?plain=1" if request.form["go"] == "check" else "/attempts/12?plain=1", 303)

    @app.get("/attempts/12/check")
    def check_attempt():
        rows = []
        for position, item in enumerate(exam.items, 1):
            held = exam.saved.get(position, {"answer": [], "flag": False})
            rows.append({"position": position, "version_id": item["version_id"], "answered": any(held["answer"]), "flagged": held["flag"]})
        return render_template("exams/check_attempt.html", rows=rows, **values())

    @app.post("/attempts/12/take-over")
    def take_over():
        exam.generation += 1
        session["generation"] = exam.generation
        return redirect("/attempts/12", 303)

    @app.get("/attempts/12/receipt")
    def receipt():
        facts = {"code": "7K2M-94QX", "received": "11:26:40", "day": "11 月 20 日", "answered": len(exam.answers()), "total": len(exam.items), "closed_by": "self", "late": len(exam.late)}
        return render_template("exams/show_receipt.html", sitting=sitting, person=person, receipt=facts, results="成绩由单位统一公布。", result_url=None)

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

    return app


def result_values(exam):
    """A result with everything released, as far as this page shows it."""
    first, many = exam.items[0], exam.items[20]
    return {
        "result": {"score": "86", "points_max": "100", "pass_mark": "80", "passed": True, "handed_in": "11 月 20 日 11:26", "answered": 46, "total": 50},
        "notice": None,
        "items": [
            {"position": 1, "kind_label": "单选题", "stem": first["stem"], "points_max": "2", "points": "2", "state": "full", "why": "与答案一致，得满分", "answer": "B", "key": "B", "explanation": "见条例第三章。",
             "options": [option | {"chosen": option["letter"] == "B", "key": option["letter"] == "B"} for option in first["options"]]},
            {"position": 21, "kind_label": "多选题", "stem": many["stem"], "points_max": "3", "points": "0", "state": "none", "why": "少选 C，全部选对才得分", "answer": "A、B", "key": "A、B、C", "explanation": "",
             "options": [option | {"chosen": option["letter"] in "AB", "key": option["letter"] in "ABC"} for option in many["options"]]},
        ],
    }  # fmt: skip


@contextmanager
def serve(exam, port=0):
    """Run the stub; gives its address."""
    server = make_server("127.0.0.1", port, make_app(exam), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
