"""Saving answers: what is acknowledged is stored, in any order, from the live device, in time."""


def test_an_acknowledged_answer_is_stored(sitter):  # R12
    answer = sitter.save((1, ["B"]), (3, ["A", "C"]))
    assert answer.status_code == 200, answer.text
    assert answer.json["acked"] == 2
    assert answer.json["state"] == "in_progress"
    assert sitter.stored() == {1: ["B"], 3: ["A", "C"]}
