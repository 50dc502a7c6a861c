"""Bodies of saves: the agreed shape comes through, everything else is refused with its place."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.saves.body import MOST_CHANGES, BadBody, Change, parse

GOOD = {"position": 1, "seq": 17, "answer": ["A"], "flag": False, "age_ms": 350}


def raw(changes=(), events=(), final=False, **more):
    return json.dumps({"changes": list(changes), "events": list(events), "final": final, **more}).encode()


def code_of(data, count=8):
    with pytest.raises(BadBody) as refused:
        parse(data, count)
    return refused.value.code, refused.value.place


def test_a_sound_body_comes_through():
    body = parse(
        raw(
            [GOOD, GOOD | {"position": 8, "answer": ["三个月", ""]}], [{"kind": "left_page", "age_ms": 1200, "seconds": 4}], True
        ),
        8,
    )
    assert body.changes == [Change(1, 17, '["A"]', False, 350), Change(8, 17, '["三个月",""]', False, 350)]
    assert body.events == [("left_page", 1200, 4)]
    assert body.final is True


def test_an_empty_body_asks_for_the_time():
    assert parse(b"{}", 8) == ([], [], False)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"), (b"[", "not_json"), (b"\xff\xfe", "not_json"), (b"[" * 100_000, "not_json"), (b"[]", "fields"), (b'"a"', "fields"),
        (b'{"changes":[],"changes":[]}', "field_twice"), (b'{"changes":NaN}', "not_a_number"), (b'{"changes":-Infinity}', "not_a_number"),
        (raw(score=100), "fields"), (raw(final=1), "fields"), (b'{"changes":{}}', "fields"), (b'{"final":null}', "fields"),
        (raw([GOOD] * (MOST_CHANGES + 1)), "too_many"), (raw(events=[{"kind": "left_page"}] * 51), "too_many"),
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused(data, code):  # R56
    assert code_of(data)[0] == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"position": 0}, "position"), ({"position": 9}, "position"), ({"position": "1"}, "position"), ({"position": True}, "position"),
        ({"position": 1.5}, "position"), ({"seq": 0}, "seq"), ({"seq": 2**31}, "seq"), ({"seq": -1}, "seq"), ({"age_ms": -1}, "age"),
        ({"age_ms": 10**20}, "age"), ({"flag": 1}, "flag"), ({"answer": "A"}, "answer"), ({"answer": [1]}, "answer"), ({"answer": None}, "answer"),
        ({"answer": ["A"] * 41}, "answer"), ({"answer": ["长" * 20_001]}, "answer"), ({"points": 2}, "change_fields"), ({"answer": [["A"]]}, "answer"),
    ],
)  # fmt: skip
def test_a_strange_change_is_refused_and_its_place_is_named(change, code):  # R51, R56
    assert code_of(raw([GOOD, GOOD | change])) == (code, 2)


def test_an_event_of_an_unknown_kind_is_refused():
    assert code_of(raw(events=[{"kind": "copied", "age_ms": 0, "seconds": 0}])) == ("event_fields", 1)


def test_control_characters_and_lone_surrogates_are_taken_out_of_answers():  # R55
    data = b'{"changes":[{"position":1,"seq":1,"answer":["\\u0000a\\ud800b\\u202ec"]}]}'
    assert parse(data, 8).changes[0].answer == '["abc"]'


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_no_json_value_makes_anything_but_a_body_or_a_refusal(value):
    with contextlib.suppress(BadBody):
        parse(json.dumps(value).encode(), 8)


@given(st.binary(max_size=200))
def test_no_bytes_make_anything_but_a_body_or_a_refusal(data):
    with contextlib.suppress(BadBody):
        parse(data, 8)
