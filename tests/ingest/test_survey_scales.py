"""Typeform and Google Forms: questions about recommending in other languages, and scales that are none of NPS."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpi import Query, Workspace
from kpi.ingest import Part

Read = Callable[..., tuple[Part, ...]]
Table = Callable[..., list[tuple]]
TAIL = "2025-09-01 10:00:00,2025-09-01 10:01:00,n"


def responses(question: str, *scores: int) -> bytes:
    rows = "".join(f"{number},{score},{TAIL}\n" for number, score in enumerate(scores))
    return f"#,{question},Start Date (UTC),Submit Date (UTC),Network ID\n{rows}".encode()


@pytest.mark.parametrize(
    "question",
    [
        "Wie wahrscheinlich ist es dass Sie uns weiterempfehlen?",
        "Na ile prawdopodobne jest polecenie nas znajomym?",
        "¿Nos recomendarías?",
        "Recommanderiez-vous notre boutique ?",
    ],
)
def test_recommending_is_asked_in_many_languages(question: str) -> None:
    with Workspace(":memory:") as shop:
        shop.add(responses(question, 10, 9, 9, 3), name="responses.csv")
        # three promoters and one detractor of four
        assert shop.ask(Query(("nps",))).totals == {"nps": 50.0}


@pytest.mark.parametrize("scores", [(5, 4, 5), (7, 6, 7)])
def test_stars_are_no_nps(scores: tuple[int, ...]) -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(responses("Would you recommend us?", *scores), name="responses.csv")
        assert load.rows.loaded == 3
        assert "may end below 10" in str(load.notes[0])
        assert not shop.ask(Query(("nps",))).totals.get("nps")


def test_other_answers_of_a_survey_are_no_breakdown(read: Read) -> None:
    text = f"#,Would you recommend us?,Why?,Start Date (UTC),Submit Date (UTC),Network ID\n1,10,good,{TAIL}\n2,9,fine,{TAIL}\n"
    assert not any("broken down" in str(note) for note in read(text)[0].notes)


@pytest.mark.parametrize(
    "text",
    [
        # Google's own CSV, with its zone; then the sheet of a Polish and of an American account
        'Sygnatura czasowa,"Na ile prawdopodobne jest, że polecisz nas znajomym?",Dlaczego?\n2026/03/01 12:15:30 AM EET,10,super\n2026/03/14 1:15:30 PM EET,9,\n2026/03/14 11:00:00 PM EET,3,Anna Nowak\n',
        "Sygnatura czasowa;Czy polecisz nas znajomym?;Dlaczego?\n01.03.2026 00:15:30;10;super\n14.03.2026 13:15:30;9;\n14.03.2026 23:00:00;3;Anna Nowak\n",
        "Timestamp,How likely are you to recommend us?,Why?\n3/1/2026 0:15:30,10,great\n3/14/2026 13:15:30,9,\n3/14/2026 23:00:00,3,Anna Nowak\n",
    ],
    ids=["csv", "polish sheet", "american sheet"],
)
def test_answers_of_a_google_form(text: str) -> None:
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="Ankieta (Odpowiedzi).csv")
        assert (load.format, load.rows.loaded) == ("google_forms_responses", 3)
        # two promoters and one detractor of three
        assert shop.ask(Query(("nps",))).totals["nps"] == pytest.approx(100 / 3)
        rows = shop._store.rows("select answered_at::varchar from rows.survey_responses order by row_no")
        assert [row[0] for row in rows] == ["2026-03-01 00:15:30", "2026-03-14 13:15:30", "2026-03-14 23:00:00"]


def test_the_day_of_a_form_that_nothing_tells_is_not_guessed() -> None:
    text = "Timestamp,How likely are you to recommend us?\n3/1/2026 10:15:30,10\n3/4/2026 11:15:30,9\n"
    with Workspace(":memory:") as shop:
        load = shop.add(text.encode(), name="Survey (Responses).csv")
        assert (load.rows.loaded, load.rows.set_aside) == (0, 2)
        assert "whether the day or the month comes first" in str(load.notes[0])
