"""Typeform: the questions are the headers, so the score is found by its cells; other answers are not stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from kpi.ingest import Part
from tests.ingest.hiding import is_taken_for, kept_words

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
NPS = "How likely are you to recommend us?"
HEADER = "#,{questions},Start Date (UTC),Submit Date (UTC),Network ID\n"
TIMES = "2026-03-01 10:00:00,2026-03-01 10:01:00,ab12\n"


def survey(*answers: str, questions: str = f"{NPS},Why?") -> str:
    rows = [f"r{number},{answer},{TIMES}" for number, answer in enumerate(answers)]
    return HEADER.format(questions=questions) + "".join(rows)


def test_the_score_is_found_by_its_cells(read: Read, table: Table, con: Any) -> None:
    (part,) = read(survey('10,"Anna Nowak,\nfast"', "0,anna@example.com"))
    assert (part.format, part.confidence >= 0.9) == ("typeform_responses", True)
    assert table(part, "survey_responses", "response_id, answered_at, utc_offset, survey_kind, score, scale_max") == [
        ("r0", datetime(2026, 3, 1, 10, 1), 0, "nps", 10, 10),
        ("r1", datetime(2026, 3, 1, 10, 1), 0, "nps", 0, 10),
    ]
    assert not any(word in kept_words(con, part) for word in ("anna", "nowak", "example.com", "ab12"))


def test_a_polish_question(read: Read, table: Table) -> None:
    (part,) = read(survey("9,bo tak", questions="Czy polecisz nas znajomym?,Dlaczego?"))
    assert table(part, "survey_responses", "survey_kind, score") == [("nps", 9)]


def test_of_two_scores_the_one_that_asks_to_recommend(read: Read, table: Table) -> None:
    (part,) = read(survey("5,9", "4,3", questions=f"How satisfied are you?,{NPS}"))
    assert table(part, "survey_responses", "survey_kind, score") == [("nps", 9), ("nps", 3)]


def test_a_score_that_does_not_ask_to_recommend_is_no_nps(read: Read, table: Table) -> None:
    (part,) = read(survey("5,good", "4,bad", questions="How satisfied are you?,Why?"))
    assert table(part, "survey_responses", "survey_kind, score, scale_max") == [("other", 5, None), ("other", 4, None)]
    assert "does not count as NPS" in str(part.notes[0])


@pytest.mark.parametrize(
    "text",
    [
        survey("5,4", questions="How fast?,How friendly?"),
        survey("yes,no", questions="Happy?,Sad?"),
        survey("9,8", questions=f"{NPS},Would you recommend us to family?"),
    ],
)
def test_which_score_is_meant_is_not_guessed(read: Read, text: str) -> None:
    assert not is_taken_for("typeform_responses", read, text)


def test_hidden_fields_join_the_order_and_the_customer(read: Read, table: Table) -> None:
    (part,) = read(survey("9,1001,anna@example.com", questions=f"{NPS},order_id,email"))
    assert table(part, "survey_responses", "order_id, length(customer_key)") == [("1001", 64)]


def test_impossible_scores_are_refused_and_missing_ones_set_aside(read: Read, con: Any) -> None:
    (part,) = read(survey("10,a", "9,b", "8,c", "11,Nowak", "Nowak,d", ",e"))
    assert (part.rows.read, part.rows.loaded, part.rows.refused, part.rows.set_aside) == (6, 3, 2, 1)
    assert part.rows.are_conserved
    assert str(part.refused[0].reason).endswith("holds “11”, which is not a whole number from 0 to 10.")
    assert "nowak" not in kept_words(con, part)
