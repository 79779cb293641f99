"""Sums of flows: against a slow twin that goes over the facts of the database row by row, and rule by rule."""

from collections import defaultdict

import pandas as pd
import pytest

from planning.models import (
    PatientFlow,
    PointOfDelivery,
    PositionSlice,
    ProgrammeOfCare,
    Region,
    Service,
    ServiceCategory,
    ServiceCode,
    ServiceStatus,
    System,
)
from planning.queries import flow_frame, latest_position, position_or_latest, position_totals
from planning.queries.read_copies import ReadCopyMissing, path_of
from presentation.figure import Mode
from tests.positions import fact, publish

pytestmark = pytest.mark.django_db
MONEY = ["planned_price", "actual_price"]


@pytest.fixture
def codes():
    for code, specialised in [("12", False), ("21", True), ("25", True)]:
        ServiceCategory.objects.create(code=code, description=code, specialised=specialised)
    for code, unit in [("EL", "SPELL"), ("DC", "SPELL"), ("OPFASPCL", "ATT"), ("DRUG", "COST")]:
        PointOfDelivery.objects.create(code=code, description=code, domain="x", sub_category="x", unit=unit)
    for programme, code in [("B", "NCBPS01A"), ("A", "NCBPS13A"), ("A", "NCBPS13B")]:
        care, _ = ProgrammeOfCare.objects.get_or_create(code=programme, defaults={"name": programme})
        service = Service.objects.create(code=code.lower(), name=code, programme_of_care=care)
        ServiceCode.objects.create(code=code, description=code, display_name=code, service=service, programme_of_care=care)
    ServiceStatus.objects.create(service_code_id="NCBPS13B", year="2025/26", status="GREEN")
    ServiceStatus.objects.create(service_code_id="NCBPS01A", year="2025/26", status="NOT APPLICABLE")


def varied():
    """Rows of two providers and two years whose every column varies on its own."""
    rows = []
    for n in range(240):
        rows.append(
            fact(
                provider=["RJ1", "RJZ"][n % 2],
                year=["2025/26", "2026/27"][n % 9 > 5],
                month=1 + n % 7,
                service_code=["NCBPS01A", "NCBPS13A", "NCBPS13B", "99999999"][n % 4],
                service_category=["25", "12", "21"][n % 3],
                point_of_delivery=["EL", "DC", "OPFASPCL", "DRUG"][n % 4],
                commissioner=["72Q", "36L", "91Q", "13R"][n % 4],
                home_system=["QKK", "QWE", "QKS", "NOT-KNOWN", "REST"][n % 5],
                actual_price=None if n % 11 == 0 else 12_345 + n,
                planned_price=10_000 + 3 * n,
                actual_activity=1_000 * n,
                planned_activity=None,
            )
        )
    return rows


def is_specialised(row):
    if row.service_category in {"21", "22", "25", "26"} and row.service_code != "99999999":
        return True
    return ServiceStatus.objects.filter(
        service_code=row.service_code, year=row.year, status__in=["GREEN", "RED", "BLUE"]
    ).exists()


def twin(position, by, keep=lambda row: True, specialised=is_specialised):
    """The same sums with loops: every fact, its own slice, its own rule."""
    held = {
        (s.extract_id, s.month, s.commissioner)
        for s in PositionSlice.objects.all()
        if s.from_position <= position and (s.until_position is None or s.until_position > position)
    }
    units = dict(PointOfDelivery.objects.values_list("code", "unit"))
    sums = defaultdict(dict)
    for row in PatientFlow.objects.all():
        if (row.extract_id, row.month, row.commissioner) not in held or not specialised(row) or not keep(row):
            continue
        group = sums[tuple(getattr(row, g) for g in by)]
        counted = units[row.point_of_delivery] == "SPELL"
        for name in ["planned_price", "actual_price", "planned_activity", "actual_activity"]:
            value = getattr(row, name)
            group.setdefault(name, None)
            if value is not None and (counted or name.endswith("price")):
                group[name] = (group[name] or 0) + value
    return dict(sums)


def as_dict(frame, by):
    names = ["planned_price", "actual_price", "planned_activity", "actual_activity"]
    return {
        tuple(row[g] for g in by): {n: None if pd.isna(row[n]) else int(row[n]) for n in names}
        for row in frame.to_dict("records")
    }


@pytest.mark.parametrize(
    ("filters", "keep"),
    [
        ({}, lambda r: True),
        ({"year": "2026/27"}, lambda r: r.year == "2026/27"),
        ({"from_month": 2, "to_month": 4}, lambda r: 2 <= r.month <= 4),
        ({"provider": ["RJZ"]}, lambda r: r.provider == "RJZ"),
        ({"system": ["QKS", "NOT-KNOWN"]}, lambda r: r.home_system in {"QKS", "NOT-KNOWN"}),
        ({"service_code": ["NCBPS13B"]}, lambda r: r.service_code == "NCBPS13B"),
        ({"service": ["ncbps13a", "ncbps13b"]}, lambda r: r.service_code in {"NCBPS13A", "NCBPS13B"}),
        ({"programme_of_care": ["B"]}, lambda r: r.service_code == "NCBPS01A"),
        ({"point_of_delivery": ["DC"]}, lambda r: r.point_of_delivery == "DC"),
    ],
)
def test_sums_agree_with_the_slow_twin(codes, filters, keep):
    publish(varied())
    # Half of what stood is restated: one provider's first months, and one commissioner of the other.
    publish([fact(provider="RJ1", month=m, commissioner=c, actual=5, planned=6) for m in (1, 2, 3) for c in ("72Q", "36L")])
    position = publish([fact(provider="RJZ", month=m, commissioner="36L", actual=7, planned=1, spells=2) for m in (2, 4)])
    by = ["home_system", "provider"]
    frame = flow_frame(None, {"position": position, **filters}, by)
    assert as_dict(frame, by) == twin(position, by, keep)


@pytest.mark.parametrize("position", [1, 2])
def test_an_older_position_keeps_its_sums(codes, position):
    publish(varied())
    publish([fact(provider="RJ1", month=m, commissioner=c, actual=5) for m in (1, 2) for c in ("72Q", "36L")])
    publish([fact(provider="RJ1", month=m, commissioner=c, actual=9) for m in (1, 2) for c in ("72Q", "36L")])
    by = ["provider", "month"]
    assert as_dict(flow_frame(None, {"position": position}, by), by) == twin(position, by)


def test_specialised_and_other_are_everything(codes):
    position = publish(varied())
    totals = [
        int(flow_frame(None, {"position": position, "specialised": which}, [])["actual_price"].sum())
        for which in ("only", "other", "all")
    ]
    assert totals[0] + totals[1] == totals[2] == sum(r["actual_price"] or 0 for r in varied())
    assert totals[0]
    assert totals[1]


def test_totals_of_the_position_come_from_the_facts(codes):
    position = publish(varied())
    frame = position_totals(position)
    assert int(frame["actual_price"].sum()) == sum(r["actual_price"] or 0 for r in varied())
    assert set(frame["home_system"]) == {"QKK", "QWE", "QKS", "NOT-KNOWN", "REST"}


def test_a_sum_of_nothing_but_blanks_is_missing_and_not_nought(codes):
    position = publish([fact(actual=None, planned=0), fact(provider="RJZ", actual=1, planned=None)])
    rows = flow_frame(None, {"position": position}, ["provider"]).set_index("provider")
    assert rows["actual_price"].isna().tolist() == [True, False]
    assert rows.loc["RJ1", "planned_price"] == 0


def test_a_code_under_no_list_keeps_its_money(codes):
    position = publish([fact(actual=10), fact(service_code="NCBPSXYZ", actual=3)])
    frame = flow_frame(None, {"position": position}, ["programme_of_care"])
    assert dict(zip(frame["programme_of_care"], frame["actual_price"], strict=True)) == {"": 30_000, "A": 100_000}


def test_activity_is_of_one_unit_only(codes):
    position = publish([fact(spells=3), fact(point_of_delivery="OPFASPCL", spells=50), fact(point_of_delivery="DRUG", spells=9)])
    spells = flow_frame(None, {"position": position}, [])["actual_activity"]
    attendances = flow_frame(None, {"position": position, "unit": "ATT"}, [])["actual_activity"]
    assert (spells.tolist(), attendances.tolist()) == ([3_000], [50_000])


def test_todays_geography_follows_a_merger(codes):
    region = Region.objects.create(code="Y59", name="South East")
    new = System.objects.create(code="S9B9J", name="Surrey and Sussex", short_name="SS", region=region, valid_from="2026-04-01")
    for code in ("QXU", "QNX"):
        System.objects.create(code=code, name=code, short_name=code, region=region, valid_to="2026-03-31", successor=new)
    position = publish([fact(home_system="QXU", home="", actual=1), fact(home_system="QNX", home="", actual=2)])
    then = flow_frame(None, {"position": position}, ["home_system"])
    today = flow_frame(None, {"position": position, "geography": "today", "system": ["QXU"]}, ["home_system"])
    assert then["home_system"].tolist() == ["QNX", "QXU"]
    assert today[["home_system", "actual_price"]].to_dict("records") == [{"home_system": "S9B9J", "actual_price": 30_000}]


def test_nothing_published_is_an_empty_frame(codes):
    assert latest_position() is None
    assert flow_frame(None, {"position": None}, ["home_system"]).empty
    assert position_or_latest(7) is None


def test_filters_that_exclude_each_other_are_an_empty_frame(codes):
    position = publish([fact(actual=1)])
    filters = {"position": position, "service": ["ncbps13a"], "programme_of_care": ["B"]}
    assert flow_frame(None, filters, ["provider"]).empty


def test_a_lost_read_copy_is_named(codes):
    position = publish([fact(actual=1)])
    name = PatientFlow.objects.get().extract.read_copy
    path_of(name).unlink()
    with pytest.raises(ReadCopyMissing, match="rebuild_read_copies"):
        flow_frame(None, {"position": position}, [])


def test_reading_costs_few_questions_of_the_database(codes, django_assert_max_num_queries):
    position = publish(varied())
    flow_frame(None, {"position": position}, ["provider"])
    with django_assert_max_num_queries(4):
        flow_frame(None, {"position": position}, ["home_system", "provider"])


class Outsider:
    mode = Mode.OUTSIDE


def test_a_reader_outside_gets_the_smallest_count_behind_each_sum(codes):
    rows = [fact(spells=40, actual=1), fact(point_of_delivery="OPFASPCL", spells=3), fact(provider="RJZ", spells=0, actual=2)]
    position = publish([*rows, fact(point_of_delivery="DRUG", spells=1, actual=5)])
    frame = flow_frame(Outsider(), {"position": position}, ["provider"])
    assert frame["people"].fillna(-1).tolist() == [3_000, -1]
    by_programme = flow_frame(Outsider(), {"position": position}, ["programme_of_care"])
    assert by_programme["people"].tolist() == [3_000]


def test_a_reader_inside_is_spared_the_counting(codes):
    position = publish([fact(spells=1)])
    assert flow_frame(None, {"position": position}, ["provider"])["people"].isna().all()
