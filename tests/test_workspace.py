"""The front door on whole files: the same numbers as counting by hand, in any order, alone or zipped."""

import itertools

import pytest

import kpi
from kpi import Query, Workspace
from tests.files import shop_files
from tests.zips import zipped

KPIS = ("orders", "net_sales", "revenue", "discount_rate", "units", "sessions", "conversion_rate", "spend", "cpc")


def expected(truth):
    return {
        "orders": truth.orders,
        "net_sales": truth.net_sales,
        "revenue": truth.net_sales - truth.refunds,
        "discount_rate": truth.discounts / (truth.net_sales + truth.discounts),
        "units": truth.units,
        "sessions": truth.sessions,
        "conversion_rate": truth.orders / truth.sessions,
        "spend": truth.spend,
        "cpc": truth.spend / truth.clicks,
    }


@pytest.fixture(scope="module")
def files():
    return shop_files()


@pytest.fixture
def shop():
    with Workspace(":memory:") as shop:
        yield shop


def add_all(shop, files, names=None):
    return [shop.add(files[name], name=name) for name in names or files]


def test_numbers_are_what_a_person_would_count(shop, files):
    loads = add_all(shop, files[0])
    assert all(load.rows.are_conserved and load.rows.refused == 0 and not load.questions for load in loads)
    assert shop.ask(Query(KPIS)).totals == pytest.approx(expected(files[1]))
    by_device = shop.ask(Query(("sessions",), by=("device",)))
    assert dict(zip(by_device.frame["device"], by_device.frame["sessions"], strict=True)) == files[1].sessions_by_device


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[5::9])
def test_any_order_of_files_gives_the_same_numbers(shop, files, order):
    names = list(files[0])
    add_all(shop, files[0], [names[place] for place in order])
    assert shop.ask(Query(KPIS)).totals == pytest.approx(expected(files[1]))


def test_a_zip_of_all_files_gives_the_same_numbers(shop, files):
    packed = zipped({f"exports/{name}": content for name, content in files[0].items()})
    load = shop.add(packed, name="exports.zip")
    assert len(load.parts) == 4
    assert load.rows.are_conserved
    assert shop.ask(Query(KPIS)).totals == pytest.approx(expected(files[1]))
    shop.undo(load.import_id)
    assert set(shop.ask(Query(KPIS)).refused) == set(KPIS)


def test_the_same_file_twice_changes_nothing(shop, files):
    name = "orders_export_1.csv"
    first = shop.add(files[0][name], name=name)
    version, totals = shop.data_version, shop.ask(Query(("orders",))).totals
    again = shop.add(files[0][name], name="another name.csv")
    assert again.is_unchanged
    assert (again.rows.unchanged, again.rows.loaded) == (first.rows.read, 0)
    assert again.rows.are_conserved
    assert (shop.data_version, shop.ask(Query(("orders",))).totals, len(shop.imports())) == (version, totals, 1)


def test_an_undone_file_can_be_added_again(shop, files):
    name = "orders_export_1.csv"
    shop.undo(shop.add(files[0][name], name=name).import_id)
    assert not shop.add(files[0][name], name=name).is_unchanged
    assert shop.ask(Query(("orders",))).totals["orders"] == files[1].orders


def test_a_question_loads_nothing_and_its_answer_is_remembered(shop):
    head = "# ---\n# Traffic acquisition\n# ---\n# Start date: 2026{month}01\n# End date: 2026{month}28\nSession default channel group,Sessions,Total revenue\nDirect,{n},12.50\n"
    january, february = (head.format(month=month, n=n).encode() for month, n in (("01", 10), ("02", 20)))
    asked = shop.add(january, name="january.csv")
    assert [question.key for question in asked.questions] == ["currency"]
    assert (asked.tables, shop.imports()) == ({}, ())
    assert not shop.add(january, name="january.csv", answers={"currency": "PLN"}).questions
    assert not shop.add(february, name="february.csv").questions
    assert shop.ask(Query(("sessions",))).totals["sessions"] == 30


def test_paths_bytes_and_file_objects_are_all_taken(shop, files, tmp_path):
    path = tmp_path / "Tech_details.csv"
    path.write_bytes(files[0]["Tech_details.csv"])
    assert shop.add(path).name == "Tech_details.csv"
    assert shop.add(str(path)).is_unchanged
    with path.open("rb") as file:
        assert shop.add(file, name="Tech_details.csv").is_unchanged
    assert path.read_bytes() == files[0]["Tech_details.csv"]


def test_nothing_is_left_in_the_staging_folder(shop, files):
    add_all(shop, files[0])
    with pytest.raises(kpi.KpiError):
        shop.add(b"", name="empty.csv")
    assert [path for path in shop._store.staging.iterdir() if path.name.startswith("add-")] == []


def test_no_address_is_kept_anywhere_in_the_file(files, tmp_path):
    """The e-mail addresses of the orders must not be findable in the workspace's bytes."""
    path = tmp_path / "shop.duckdb"
    with Workspace(path) as shop:
        add_all(shop, files[0])
        assert shop.ask(Query(("customers",))).totals["customers"] > 100
    assert b"example.com" not in path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"%PDF-1.7 ...", b"PK\x03\x04broken"])
def test_unusable_files_are_told_apart_by_a_clear_error(shop, content):
    with pytest.raises(kpi.KpiError) as raised:
        shop.add(content, name="export.csv")
    assert "export.csv" in str(raised.value)
    assert shop.imports() == ()


def test_the_same_file_twice_in_a_zip_counts_once(shop, files):
    twice = {f"{copy}/{name}": content for name, content in files[0].items() for copy in ("one", "two")}
    shop.add(zipped(twice), name="twice.zip")
    assert shop.ask(Query(KPIS)).totals == pytest.approx(expected(files[1]))


def test_a_gap_between_the_files_of_a_zip_hides_no_older_days(shop):
    def report(month, last):
        rows = "".join(f"2026{month:02}{day:02},Direct,10\n" for day in range(1, last + 1))
        head = (
            f"# ---\n# Traffic acquisition\n# ---\n# Start date: 2026{month:02}01\n# End date: 2026{month:02}{last}\n"
        )
        return (head + "Date,Session default channel group,Sessions\n" + rows).encode()

    shop.add(report(2, 28), name="february.csv")
    shop.add(zipped({"january.csv": report(1, 31), "march.csv": report(3, 31)}), name="others.zip")
    assert shop.ask(Query(("sessions",), grain="month")).frame["sessions"].tolist() == [310, 280, 310]


def test_answers_never_mix_two_states_of_the_data(shop, files):
    """Threads ask while another adds and undoes: every answer must be of one state, all its numbers together."""
    import threading

    name = "orders_export_1.csv"
    shop.add(files[0]["Tech_details.csv"], name="Tech_details.csv")
    stop, wrong = threading.Event(), []

    def asks():
        while not stop.is_set():
            answer = shop._engine.ask(Query(("orders", "sessions"), grain="month"))
            found = (answer.frame["orders"].sum() if "orders" in answer.frame else 0, answer.totals.get("orders", 0))
            if found not in ((0, 0), (truth.orders, truth.orders)):
                wrong.append(found)

    truth = files[1]
    threads = [threading.Thread(target=asks) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        shop.undo(shop.add(files[0][name], name=name).import_id)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
