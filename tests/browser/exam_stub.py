"""A server that speaks the exam page's protocol with the real templates and static files, and no database.

For browser tests of the page alone. `Exam` holds what a server would store and the knobs that make it fail;
`serve(exam)` runs it on a free port of 127.0.0.1.
"""

import secrets
import threading
import time
from contextlib import contextmanager

from werkzeug.serving import make_server

from tests.browser.exam_stub_app import make_app, served

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
        "multiple_choice": [
            "支部委员会会议一般每月召开 1 次",
            "主题党日每月相对固定 1 天",
            "组织生活会一般每年召开 1 次",
            "党支部可以用集体聚餐代替主题党日",
        ],
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
        self.secret = secrets.token_hex(4)  # a late request of an earlier test, to the same port, is none of this one's
        self.saved = {}  # position -> {"seq", "answer", "flag"}
        self.late = {}
        self.events = []
        self.requests = []  # bodies as they came
        self.generation = 1
        self.state = "in_progress"
        self.trouble = None  # None | 503 | 429 | 401 | "drop" | "lose" (stored, answer lost)
        self.broken = False  # True: the page itself is answered 502
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
        return f"{self.secret}-{self.generation}"

    @property
    def acked(self):
        return max([0, *(row["seq"] for row in self.saved.values())])

    def answers(self):
        """What counts: {position: answer}."""
        return {position: row["answer"] for position, row in sorted(self.saved.items()) if any(row["answer"])}

    def store(self, changes, where):
        for change in changes:
            held = where.get(change["position"])
            if not held or change["seq"] > held["seq"]:
                where[change["position"]] = {name: change[name] for name in ("seq", "answer", "flag")}

    def take(self, body, token):
        """Answer one body: (status, JSON)."""
        changes = body["changes"]
        top = max([0, *(change["seq"] for change in changes)])
        if not token.startswith(self.secret):
            return 401, {"state": "sign_in"}
        if token.removesuffix("-filled") != self.token:
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
        answer = {
            "acked": max(top, self.acked),
            "ms_left": self.ms_left,
            "state": self.state,
            "saved_at": self.clock,
            "due": self.due,
            "notice": self.notice,
        }
        early = self.earliest_ms and self.ms_left > self.earliest_ms
        if body["final"] and not early:
            self.state = "handed_in"
            answer |= {"state": "handed_in", "receipt_url": "/attempts/12/receipt"}
        return 200, answer


@contextmanager
def serve(exam, port=0):
    """Run the stub; gives its address."""
    served["exam"] = exam
    server = make_server("127.0.0.1", port, make_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
