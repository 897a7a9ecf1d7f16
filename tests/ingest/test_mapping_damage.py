"""Whatever happens to a small table of any kind, its rows are conserved and nothing but a KpiError is raised."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kpi import Workspace
from kpi.errors import KpiError
from tests.examples import examples

TABLES = {
    "orders": "order_id,order_date,status,email,total,currency,discount\nO1,2026-01-05,paid,a@example.com,110.50,PLN,1.00\nO2,2026-01-07,anulowane,,20.00,PLN,\nO3,2026-02-01,?,b@example.com,1234.00,PLN,0",
    "order_lines": "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country,Currency\n536365,A,6,2010-12-01 08:26:00,2.55,17850.0,France,GBP\nC536366,A,-6,2010-12-02 08:26:00,2.55,17850.0,France,GBP\n536367,B,1,2010-12-03 09:00:00,0.00,,Polska,GBP",
    "customers": "customer_id,email,birth_date,gender,country\n1,a@example.com,2000-05-01,K,PL\n2,b@example.com,1990-02-01,M,DE\n3,,1979-07-01,NA,Polska",
    "products": "sku,product,category,price,unit_cost\nA,Mug,home,10.00,4.00\nB,Łódź,toys,5.50,\nC,Hat,,7.00,3.00",
    "categories": "CategoryKey,CategoryName\n1,Bikes\n2,Clothing",
    "territories": "TerritoryKey,Region,Country\n1,Northwest,United States\n2,Central,Germany",
    "refunds": "refund_id,return_date,order_id,sku,quantity,refund_amount,currency\nR1,2026-01-09,O1,A,1,10.00,PLN\nR2,2026-01-10,O2,B,2,5.00,PLN",
    "traffic": "day,channel,device,sessions,bounces\n2026-01-01,organic,mobile,60,30\n2026-01-02,direct,desktop,40,10",
    "ad_spend": "day,campaign,channel,cost,impressions,clicks,currency\n2026-01-05,Brand,paid search,120.00,10000,200,PLN\n2026-01-06,Spring,social,60.00,20000,100,PLN",
    "deals": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value,currency\nA1,Jan Nowak,GTX,Acme,Won,2017-01-02,2017-03-01,1054,USD\nA2,Jan Nowak,GTX,Acme,Lost,2017-01-02,2017-03-01,0,USD",
    "leads": "lead_id,created_at,lead_stage,lead_source\n1,2026-01-02,MQL,form\n2,2026-01-03,SQL,fair",
    "staff": "sales_agent,manager,regional_office\nJan Nowak,Ewa Lis,Central\nAda Kos,Ewa Lis,West",
    "tickets": "ticket_id,created_date,status,first_response_minutes,csat_score\nT1,2026-01-02 10:00:00,Resolved,15.5,4\nT2,2026-01-03 11:00:00,Open,,",
    "survey_responses": "response_id,answered_at,nps\n1,2026-01-02,9\n2,2026-01-03,3",
    "email_campaigns": "campaign,sent_at,recipients,opens_unique,revenue,currency\nJanuary,2026-01-02,100,40,50.00,PLN\nFebruary,2026-02-02,120,44,10.00,PLN",
    "stock": "sku,data stanu,stan magazynowy,koszt jednostkowy,waluta\nA,2026-01-31,14,4.00,PLN\nB,2026-01-31,0,2.50,PLN\nC,2026-01-31,-2,,PLN",
    "shipments": "order_id,parcel_number,shipped_at,promised_date,delivered_at,complete,parcel_cost,currency\nO1,A1,2026-01-05,2026-01-07,2026-01-06 12:30,yes,12.50,PLN\nO2,A2,2026-01-05,2026-01-07,,,9.00,PLN",
    "payments": "payment_id,payment_date,order_id,amount,fee,currency,status\nP1,2026-01-05,O1,110.50,1.20,PLN,completed\nP2,2026-01-09,O1,-10.00,0.00,PLN,completed\nP3,2026-01-07,O2,20.00,0.00,PLN,odrzucona",
    "fx_rates": "date,from,to,rate\n2026-01-02,EUR,PLN,4.25\n2026-01-03,EUR,PLN,4.26",
}
ANSWERS = {"currency": "PLN", "day_first": True, "decimal": ".", "period": (date(2026, 1, 1), date(2026, 12, 31))}


def test_each_table_is_known_by_its_labels() -> None:
    with Workspace(":memory:") as shop:
        for table, text in TABLES.items():
            load = shop.add(text.encode(), name=f"{table}.csv", answers={"account": table})
            assert (load.format, load.questions) == (table, ())
            assert load.rows.are_conserved
            assert load.rows.refused == 0


@examples(15, 80)
@given(st.sampled_from(sorted(TABLES)), st.data())
def test_damage_conserves_rows_and_raises_nothing_unforeseen(table: str, data: st.DataObject) -> None:
    lines = [line.split(",") for line in TABLES[table].split("\n")]
    for _ in range(data.draw(st.integers(1, 4))):
        _damage(lines, data)
    separator = data.draw(st.sampled_from([",", ";", "\t", "|"]))
    text = data.draw(st.sampled_from(["\n", "\r\n"])).join(separator.join(cells) for cells in lines)
    if data.draw(st.booleans()):
        text = text[: len(text) - data.draw(st.integers(0, 12))]
    content = text.encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1250"])), errors="replace")
    with Workspace(":memory:") as shop:
        try:
            load = shop.add(content, name="x.csv", answers=data.draw(st.sampled_from([{}, ANSWERS])))
        except KpiError:
            return
        assert load.rows.are_conserved
        assert all(part.rows.are_conserved for part in load.parts)
        assert "@example.com" not in str((load.sample, load.notes, load.refused, load.mapping))


def _damage(lines: list[list[str]], data: st.DataObject) -> None:
    if not lines:
        return
    row = data.draw(st.integers(0, len(lines) - 1))
    cell = data.draw(st.integers(0, max(0, len(lines[row]) - 1)))
    match data.draw(st.sampled_from(["cut row", "swap", "write", "drop cell", "footer", "double", "blank"])):
        case "cut row":
            del lines[row]
        case "swap" if lines[row]:
            other = data.draw(st.integers(0, len(lines[row]) - 1))
            lines[row][cell], lines[row][other] = lines[row][other], lines[row][cell]
        case "write" if lines[row]:
            odd = [
                "",
                "n/a",
                "1e400",
                "-1",
                "9" * 30,
                "31/12/2026",
                "=1+1",
                "Suma",
                "abc",
                '"',
                "a@example.com",
                "0",
                "1,5",
            ]
            lines[row][cell] = data.draw(st.sampled_from(odd))
        case "drop cell" if lines[row]:
            del lines[row][cell]
        case "footer":
            lines.append(["Razem", *[""] * data.draw(st.integers(0, 3)), "12.00"])
        case "double":
            lines.append(list(lines[row]))
        case "blank":
            lines.insert(row, [""])
