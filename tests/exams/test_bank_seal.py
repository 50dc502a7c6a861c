"""Whoever is to sit a test may not look into the bank it is drawn from, until the test has closed (R54)."""

from datetime import timedelta


def test_a_trainer_who_sits_the_test_finds_its_bank_closed_until_then(make, client_of, set_clock):  # R54
    root = make.bureau()
    taker, other = (make.person(unit=root, roles=["trainer"]) for _ in range(2))
    bank = make.bank(unit=root)
    paper = make.paper(unit=root, questions=[make.question(bank)])
    sitting = make.sitting(unit=root, paper=paper, people=[taker])
    assert client_of(taker).get(f"/banks/{bank.id}").status_code == 403
    assert client_of(other).get(f"/banks/{bank.id}").status_code == 200
    set_clock(sitting.closes_at + timedelta(seconds=1))
    assert client_of(taker).get(f"/banks/{bank.id}").status_code == 200


def test_a_bank_that_a_section_draws_from_is_closed_as_well(make, client_of):  # R54
    from app.core.db import unit_of_work
    from app.papers.models import PaperSection

    root = make.bureau()
    taker = make.person(unit=root, roles=["trainer"])
    bank, elsewhere = make.bank(unit=root), make.bank(unit=root)
    paper = make.paper(unit=root, questions=[make.question(elsewhere)])
    with unit_of_work() as session:
        section = session.query(PaperSection).filter_by(paper_id=paper.id).one()
        section.drawn, section.draw = True, {"bank_ids": [bank.id], "topic_ids": [], "difficulty": None, "count": 1}
    make.sitting(unit=root, paper=paper, people=[taker])
    assert client_of(taker).get(f"/banks/{bank.id}").status_code == 403
