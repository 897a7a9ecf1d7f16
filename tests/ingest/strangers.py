"""Files that are no export of a shop, each kind from a seed: what lies in the same folder of downloads."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

Chance = random.Random
KINDS: list[Callable[[Chance], str]] = []
_WORDS = [
    "las",
    "rzeka",
    "kamień",
    "światło",
    "okno",
    "wiatr",
    "cień",
    "ogród",
    "lampa",
    "żuraw",
    "Öl",
    "Straße",
    "hill",
]


def stranger(seed: int) -> bytes:
    """The file of this number; the kinds take turns."""
    chance = random.Random(seed)
    return KINDS[seed % len(KINDS)](chance).encode(chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"]))


def _kind(write: Callable[[Chance], str]) -> Callable[[Chance], str]:
    KINDS.append(write)
    return write


def _table(header: str, chance: Chance, row: Callable[[int], Sequence[object]], separator: str = ";") -> str:
    """Rows under a header whose names stand apart by `|`."""
    rows = [header.split("|"), *([str(cell) for cell in row(number)] for number in range(1, chance.randint(4, 40)))]
    return "\n".join(separator.join(cells) for cells in rows) + "\n"


def _lines(chance: Chance, line: Callable[[int], str]) -> str:
    return "\n".join(line(number) for number in range(1, chance.randint(4, 40)))


def _phrase(chance: Chance, most: int = 6) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(2, most)))


def _day(number: int) -> date:
    return date(2026, 1, 3) + timedelta(days=number)


def _amount(chance: Chance) -> str:
    return f"{chance.uniform(1, 900):.2f}"


@_kind
def server_log(chance: Chance) -> str:
    return _lines(
        chance,
        lambda n: (
            f'10.0.{n}.7 - - [0{n % 9 + 1}/Mar/2026:10:00:01 +0100] "GET /{chance.choice(_WORDS)} HTTP/1.1" 200 {n * 97}'
        ),
    )


@_kind
def system_log(chance: Chance) -> str:
    return _lines(chance, lambda n: f"Mar {n:2} 10:00:0{n % 9} host systemd[1]: Started {_phrase(chance)}.")


@_kind
def german_packing_list(chance: Chance) -> str:
    return _table(
        "Artikelnummer|Bezeichnung|Verpackung|Gewicht", chance, lambda n: [n, _phrase(chance), "Karton", f"{n},5"]
    )


@_kind
def price_list(chance: Chance) -> str:
    rows = _table("Lp.|Usługa|Cena od|Cena do", chance, lambda n: [n, _phrase(chance), n * 10, n * 12])
    return f"CENNIK USŁUG {_phrase(chance)}\nważny od 1.01.2026\n\n{rows}"


@_kind
def poem(chance: Chance) -> str:
    return _lines(chance, lambda n: "" if n % 5 == 0 else _phrase(chance, 9).capitalize() + ",")


@_kind
def matrix(chance: Chance) -> str:
    return _lines(chance, lambda _: ",".join(f"{chance.gauss(0, 9):.4f}" for _ in range(7)))


@_kind
def lines_of_json(chance: Chance) -> str:
    return _lines(chance, lambda n: json.dumps({"id": n, "date": str(_day(n)), chance.choice(_WORDS): _phrase(chance)}))


@_kind
def prose(chance: Chance) -> str:
    return _lines(chance, lambda _: _phrase(chance, 40).capitalize() + ".")


@_kind
def table_of_words(chance: Chance) -> str:
    names = chance.sample(_WORDS, 7)
    return _table("|".join(names), chance, lambda _: chance.choices(_WORDS, k=7), "\t")


@_kind
def coloured_parts(chance: Chance) -> str:
    return _table("Lp.|Kolor|Rozmiar|Uwagi", chance, lambda n: [n, *chance.choices(_WORDS, k=3)])


@_kind
def sensor_data(chance: Chance) -> str:
    return _table(
        "timestamp|temperature|humidity|battery",
        chance,
        lambda n: [f"2026-03-01T10:{n:02}:00Z", f"{chance.gauss(20, 2):.2f}", chance.randint(30, 70), "3.1"],
        ",",
    )


@_kind
def polish_bank_statement(chance: Chance) -> str:
    head = f"mBank S.A.;;;\n#Klient;{_phrase(chance, 2)};;\n#Numer rachunku;11 1140 2004 0000 3002;;\n\n"
    return head + _table(
        "#Data księgowania|#Data operacji|#Opis operacji|#Tytuł|#Nadawca/Odbiorca|#Numer konta|#Kwota|#Saldo po operacji",
        chance,
        lambda n: [_day(n), _day(n), "PRZELEW ZEWNĘTRZNY", _phrase(chance), "", "", f"-{n},50", f"{9_000 - n},10"],
    )


@_kind
def english_bank_statement(chance: Chance) -> str:
    return _table(
        "Date|Description|Amount|Balance", chance, lambda n: [_day(n), _phrase(chance), -n * 3.5, 8_000 - n], ","
    )


@_kind
def source_code(chance: Chance) -> str:
    return _lines(
        chance, lambda n: f"def {chance.choice('abcdef')}{n}(total, date):\n    return [total, {n}, 'orders']\n"
    )


@_kind
def database_dump(chance: Chance) -> str:
    return "CREATE TABLE orders (id int, total numeric);\n" + _lines(
        chance, lambda n: f"INSERT INTO orders (id, total) VALUES ({n}, {n * 10}.50);"
    )


@_kind
def web_page(chance: Chance) -> str:
    rows = _lines(chance, lambda n: f"<tr><td>{n}</td><td>{_phrase(chance)}</td></tr>")
    return (
        f"<!DOCTYPE html>\n<html><body><table>\n<tr><th>Order</th><th>Total</th></tr>\n{rows}\n</table></body></html>"
    )


@_kind
def settings_file(chance: Chance) -> str:
    return "[server]\n" + _lines(chance, lambda n: f"{chance.choice('abcdef')}_{n} = {n * 8}")


@_kind
def history_of_changes(chance: Chance) -> str:
    return _lines(
        chance, lambda n: f"commit {chance.getrandbits(160):040x}\nDate: {_day(n)}\n\n    {_phrase(chance)}\n"
    )


@_kind
def weather(chance: Chance) -> str:
    return _table(
        "Kod stacji|Nazwa stacji|Rok|Miesiąc|Dzień|Średnia temperatura dobowa|Opad",
        chance,
        lambda n: [349190575, "SZCZYRK", 2026, 3, n, f"{chance.gauss(5, 3):.1f}", n % 4],
        ",",
    )


@_kind
def football_league(chance: Chance) -> str:
    return _table(
        "Miejsce|Drużyna|Mecze|Zwycięstwa|Remisy|Porażki|Bramki|Punkty",
        chance,
        lambda n: [n, _phrase(chance, 3), 30, 30 - n, 2, n, f"{60 - n}:{n}", 90 - n],
    )


@_kind
def timetable(chance: Chance) -> str:
    return _table(
        "Godzina|Poniedziałek|Wtorek|Środa|Czwartek|Piątek",
        chance,
        lambda n: [f"{n % 24}:05", *chance.choices(_WORDS, k=5)],
    )


@_kind
def address_book(chance: Chance) -> str:
    return _table(
        "Imię|Nazwisko|Telefon|Ulica",
        chance,
        lambda n: [chance.choice(["Ewa", "Jan"]), f"Lis{n}", f"+48 600 100 {n:03}", f"{chance.choice(_WORDS)} {n}"],
        ",",
    )


@_kind
def game_of_chess(chance: Chance) -> str:
    return f'[Event "{_phrase(chance)}"]\n[Date "2026.03.01"]\n\n' + _lines(chance, lambda n: f"{n}. e4 e5")


@_kind
def recipe(chance: Chance) -> str:
    return "Składniki\n\n" + _lines(chance, lambda n: f"- {n * 10} g, {_phrase(chance, 2)}")


@_kind
def subtitles(chance: Chance) -> str:
    return _lines(chance, lambda n: f"{n}\n00:00:{n:02},100 --> 00:00:{n:02},900\n{_phrase(chance)}\n")


@_kind
def calendar(chance: Chance) -> str:
    events = _lines(
        chance, lambda n: f"BEGIN:VEVENT\nDTSTART:202603{n:02}T100000Z\nSUMMARY:{_phrase(chance)}\nEND:VEVENT"
    )
    return f"BEGIN:VCALENDAR\n{events}\nEND:VCALENDAR"


@_kind
def map_of_a_site(chance: Chance) -> str:
    pages = _lines(chance, lambda n: f"<url><loc>https://example.com/{n}</loc><lastmod>{_day(n)}</lastmod></url>")
    return f'<?xml version="1.0"?>\n<urlset>\n{pages}\n</urlset>'


@_kind
def grades(chance: Chance) -> str:
    return _table(
        "Nr albumu|Kolokwium 1|Kolokwium 2|Egzamin|Ocena końcowa",
        chance,
        lambda n: [200_000 + n, *(f"{chance.uniform(2, 5):.1f}".replace(".", ",") for _ in range(4))],
    )


@_kind
def pay_roll(chance: Chance) -> str:
    return _table(
        "Pracownik|Stanowisko|Wymiar etatu|Płaca zasadnicza|Premia",
        chance,
        lambda n: [f"Lis {n}", chance.choice(_WORDS), "1/1", _amount(chance), n],
    )


@_kind
def track(chance: Chance) -> str:
    return _table(
        "lat|lon|ele|time", chance, lambda n: [50 + n / 1e4, 19 + n / 1e4, 200 + n, f"2026-03-01T10:{n:02}:00Z"], ","
    )


@_kind
def quotations_of_shares(chance: Chance) -> str:
    return _table(
        "Data|Otwarcie|Najwyzszy|Najnizszy|Zamkniecie|Wolumen",
        chance,
        lambda n: [_day(n), *(_amount(chance) for _ in range(4)), n * 1_000],
        ",",
    )


@_kind
def zone_of_names(chance: Chance) -> str:
    return "$TTL 3600\n" + _lines(chance, lambda n: f"host{n}\tIN\tA\t10.0.0.{n}")


@_kind
def listing_of_files(chance: Chance) -> str:
    return _lines(chance, lambda n: f"-rw-r--r--  1 ewa  ewa  {n * 977:8} Mar {n:2} 10:00 {chance.choice(_WORDS)}.txt")


@_kind
def books(chance: Chance) -> str:
    return _table(
        "Autor|Tytuł|ISBN|Rok wydania|Półka",
        chance,
        lambda n: [f"Lis {n}", _phrase(chance), f"97883{n:08}", 1990 + n, "A"],
    )


@_kind
def election(chance: Chance) -> str:
    return _table(
        "Okręg|Uprawnieni|Karty wydane|Głosy nieważne|Głosy ważne",
        chance,
        lambda n: [n, 90_000 + n, 50_000 + n, 900, 49_100 + n],
    )


@_kind
def table_in_a_text(chance: Chance) -> str:
    return f"# {_phrase(chance)}\n\n| Nazwa | Opis |\n|---|---|\n" + _lines(
        chance, lambda n: f"| {n} | {_phrase(chance)} |"
    )


@_kind
def picture_as_text(chance: Chance) -> str:
    return base64.encodebytes(chance.randbytes(chance.randint(200, 2_000))).decode()


@_kind
def load_of_a_machine(chance: Chance) -> str:
    return _table(
        "ts|cpu_percent|mem_mb|disk_read|disk_write",
        chance,
        lambda n: [1_772_000_000 + n * 60, f"{chance.uniform(0, 99):.1f}", 900 + n, n, n * 2],
        "\t",
    )


@_kind
def diary(chance: Chance) -> str:
    return _lines(chance, lambda n: f"{_day(n):%d.%m.%Y}\n{_phrase(chance, 30).capitalize()}.\n")


@_kind
def flats(chance: Chance) -> str:
    return _table(
        "Adres|Metraż|Liczba pokoi|Piętro|Czynsz",
        chance,
        lambda n: [f"{chance.choice(_WORDS)} {n}", f"{30 + n},5", 1 + n % 4, n % 10, _amount(chance)],
    )
