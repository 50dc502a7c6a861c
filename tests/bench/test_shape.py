"""results.json has the documented fields, and a figure's verdict follows from its numbers. Nothing is timed here."""

import json

import pytest

import bench.__main__ as command
from bench import figures, results

DOCUMENTED = {"figure", "store", "value", "unit", "ceiling", "ratio", "target", "ok", "repeats"}


@pytest.fixture
def stubbed(monkeypatch, tmp_path):
    """A run whose figures are made up at once: saves on both stores pass, marking misses its target."""

    def measured(name, store, how):
        if name == "marking":
            return [results.at_most("marking", store, [61.2, 60.0, 75.9], "µs", 50)], []
        return [results.compared("save ÷ bare", store, [(300, 1000), (500, 1000), (450, 900)], "requests/s", 0.3)], [
            f"note on {store}"
        ]

    monkeypatch.setattr(command, "measured", measured)
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results.json")
    return tmp_path / "results.json"


def test_a_run_writes_a_row_with_the_documented_fields_for_each_figure_and_store(stubbed, capsys):
    assert command.main(["saves", "marking"]) == 1
    rows = json.loads(stubbed.read_text())
    assert [(row["figure"], row["store"]) for row in rows] == [
        ("save ÷ bare", "sqlite"),
        ("save ÷ bare", "postgres"),
        ("marking", "-"),
    ]
    assert all(set(row) == DOCUMENTED for row in rows)
    save, marking = rows[0], rows[2]
    assert save == {
        "figure": "save ÷ bare", "store": "sqlite", "value": 450, "unit": "requests/s", "ceiling": 1000, "ratio": 0.5,
        "target": "≥ 0.30", "ok": True, "repeats": 3,
    }  # fmt: skip
    assert (marking["value"], marking["ratio"], marking["target"], marking["ok"]) == (61.2, None, "≤ 50", False)
    assert "MISSED" in capsys.readouterr().out


def test_naming_a_figure_replaces_its_rows_and_keeps_the_others(stubbed):
    command.main(["saves", "marking"])
    command.main(["saves", "--store", "sqlite"])
    assert len(json.loads(stubbed.read_text())) == 3


def test_a_quick_run_writes_nothing(stubbed):
    assert command.main(["--quick", "saves"]) == 0
    assert not stubbed.exists()


def test_errors_fail_a_ratio_however_good_it_is():
    assert not results.compared("save", "sqlite", [(900, 1000)] * 3, "requests/s", 0.3, sound=False).ok


def test_a_figure_that_could_not_be_measured_is_not_ok():
    row = results.failed("roster", "sqlite")
    assert not row.ok and row.value is None and results.table([row])


def test_every_figure_names_its_stores_and_has_a_module():
    for name, stores in figures.STORES.items():
        assert (results.HERE / "figures" / f"{name}.py").exists()
        assert set(stores) <= {"sqlite", "postgres", "-"}


def test_the_readme_describes_every_field_and_holds_the_table(tmp_path):
    page = tmp_path / "README.md"
    page.write_text(results.README.read_text(encoding="utf-8"), encoding="utf-8")
    assert all(f"`{field}`" in page.read_text(encoding="utf-8") for field in DOCUMENTED)
    results.write_readme([results.told("p99", "sqlite", [3.14], "ms")], ["a note"], page)
    assert "| 3.14" in page.read_text(encoding="utf-8") and "- a note" in page.read_text(encoding="utf-8")
