"""What the product's own reference data says, read as pages and intake read it."""

from datetime import date

import pandas as pd
import pytest

from planning.models import PointOfDelivery, Service, ServiceCategory, ServiceCode, System
from planning.queries import reference as read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def on(frame, day):
    """Rows in force on a day."""
    day = pd.Timestamp(day)
    return frame[~(frame["valid_from"] > day) & ~(frame["valid_to"] < day)]


def home_of(commissioner, day):
    rows = on(read.commissioner_systems(), day)
    (row,) = rows[rows["commissioner"] == commissioner].to_dict("records")
    return row


def test_the_national_lists_are_whole():
    assert Service.objects.filter(in_manual=True).count() == 150
    assert ServiceCode.objects.count() == 514
    assert PointOfDelivery.objects.count() == 81
    assert ServiceCategory.objects.count() == 20
    assert set(ServiceCategory.objects.filter(specialised=True).values_list("code", flat=True)) == {"21", "22", "25", "26"}


def test_every_line_code_stands_under_a_service():
    codes = read.service_lookup()
    assert (codes["service"] != "").all()
    without = codes[~codes["in_manual"]]
    assert without["service_name"].str.startswith("No manual entry").all()
    programmes = without["service"].str.removeprefix("none-").str.upper().where(without["service"] != "none", "")
    assert (programmes == without["national_programme"]).all()


def test_a_top_up_stands_under_what_it_tops_up():
    services = read.service_lookup().set_index("service_code")["service"]
    tops = [code for code in services.index if code.endswith("_TOP")]
    assert len(tops) == 76
    assert all(services[code] == services[code.removesuffix("_TOP")] for code in tops)


def test_a_code_of_two_programmes_takes_the_first_and_keeps_both_in_its_source():
    double = ServiceCode.objects.filter(source__contains="A05 / E05")
    assert double.count() == 2
    assert set(double.values_list("national_programme", flat=True)) == {"A05"}


def test_names_are_not_shouted():
    for name in [*read.service_lookup()["display_name"], *Service.objects.values_list("name", flat=True)]:
        words = [word for word in name.split() if word.isalpha() and len(word) > 5]
        assert not any(word.isupper() and word not in {"TCMRGFUS"} for word in words), name
        assert name[0] == name[0].upper()


def test_the_pilots_services_stand_where_the_pilots_need_them():
    codes = read.service_lookup().set_index("service_code")
    assert codes.loc["NCBPS08O", ["national_programme", "service_name"]].tolist() == [
        "D04",
        "Adult specialist neurosciences services",
    ]
    assert codes.loc["NCBPS11B", ["national_programme", "programme_of_care_name"]].tolist() == ["A06", "Internal medicine"]
    assert codes.loc["NCBPS14A", ["national_programme", "programme_of_care_name"]].tolist() == ["F03", "Blood and infection"]
    assert codes.loc["NCBPSACC", "service_name"] == "Adult critical care"


@pytest.mark.parametrize(
    ("year", "counts"),
    [
        ("2025/26", {"GREEN": 166, "RED": 151, "BLUE": 101, "NOT APPLICABLE": 96}),
        ("2026/27", {"GREEN": 165, "RED": 151, "BLUE": 101, "NOT APPLICABLE": 97}),
    ],
)
def test_status_is_counted_as_the_lists_give_it(year, counts):
    assert read.service_status([year])["status"].value_counts().to_dict() == counts


@pytest.mark.parametrize(
    ("year", "used"), [("2019/20", "2025/26"), ("2024/25", "2025/26"), ("2026/27", "2026/27"), ("2031/32", "2026/27")]
)
def test_a_year_without_a_list_takes_the_nearest_and_says_so(year, used):
    frame = read.service_status([year])
    assert len(frame) == 514
    assert set(frame["year"]) == {year}
    assert set(frame["list_year"]) == {used}
    assert set(frame["as_if"]) == {year != used}


def test_of_two_lists_as_near_the_earlier_is_taken():
    assert read.list_year("2025/26", ["2026/27", "2024/25"]) == "2024/25"


def test_status_without_years_gives_the_listed_years():
    assert set(read.service_status()["year"]) == {"2025/26", "2026/27"}


@pytest.mark.parametrize(
    ("commissioner", "day", "system", "hub", "assumed"),
    [
        ("08K", date(2019, 7, 1), "QKK", "13R", True),
        ("72Q", date(2022, 7, 1), "QKK", "13R", True),
        ("72Q", date(2025, 7, 1), "QKK", "13R", False),
        ("72Q", date(2026, 7, 1), "QKK", "13R", False),
        ("36L", date(2026, 7, 1), "QWE", "13R", False),
        ("92A", date(2026, 3, 31), "QXU", "14G", False),
        ("92A", date(2026, 4, 1), "S9B9J", "14G", True),
        ("70F", date(2026, 4, 1), "S9B9J", "14G", True),
        ("93C", date(2026, 4, 1), "Z9B2Z", "13R", True),
        ("D4U1Y", date(2026, 3, 31), "QNQ", "14G", False),
        ("D4U1Y", date(2026, 4, 1), "S0E4D", "14G", True),
        ("L7N8K", date(2025, 7, 1), "QWE", "13R", False),
    ],
)
def test_a_commissioner_belongs_to_one_system_and_hub_on_a_day(commissioner, day, system, hub, assumed):
    row = home_of(commissioner, day)
    assert (row["system_code"], row["hub_code"], row["assumed"]) == (system, hub, assumed)


@pytest.mark.parametrize(
    ("commissioner", "day", "delegated"),
    [("00Q", date(2024, 4, 1), True), ("72Q", date(2024, 4, 1), False), ("72Q", date(2025, 4, 1), True)],
)
def test_delegation_began_a_year_earlier_elsewhere(commissioner, day, delegated):
    assert home_of(commissioner, day)["delegated"] == delegated


def test_ccgs_of_2019_were_followed_by_the_codes_of_today():
    lookup = read.commissioner_lookup().set_index("code")
    assert lookup.loc["08K", "successor"] == "72Q"
    assert lookup.loc["15D", "successor"] == "D4U1Y"
    assert lookup.loc["08K", "valid_to"] == pd.Timestamp(2020, 3, 31)
    assert pd.isna(lookup.loc["72Q", "valid_to"])


def test_a_commissioner_is_a_place_only_where_it_is_one_borough():
    places = read.commissioner_lookup().set_index("code")["place"]
    assert places["08K"] == places["H1A0E"] == "E09000022"
    assert places["09D"] == "E06000043"
    assert places["07T"] == places["08Y"] == places["09A"] == places["72Q"] == ""


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("13R", "hub"),
        ("14G", "hub"),
        ("85J", "hub"),
        ("13Q", "national"),
        ("VPP00", "private"),
        ("7A4", "devolved"),
        ("X98", "not_known"),
    ],
)
def test_commissioners_that_are_no_sub_icb_have_a_kind_of_their_own(code, kind):
    assert read.commissioner_lookup().set_index("code").loc[code, "kind"] == kind


def test_residents_of_systems_add_up_to_the_published_sums():
    """The sums are of another table: residents by system, mid-2021, local authorities times their share."""
    residents = read.place_populations().groupby("place")["population"].sum()
    shares = read.place_systems()
    sums = (shares["share"] * shares["place"].map(residents)).groupby(shares["system"]).sum()
    expected = {"QKK": 1789309, "QWE": 1506791, "QKS": 1858346, "QXU": 1057554, "QNX": 1701464, "QNQ": 767594, "QMF": 1999915}
    for system, residents_2021 in expected.items():
        assert sums[system] == pytest.approx(residents_2021, abs=60)


def test_places_carry_what_the_allocation_needs():
    places = read.place_lookup()
    assert len(places) == 75
    lambeth = places.set_index("name").loc["Lambeth"]
    assert (lambeth["imd_2019"], lambeth["registered_population"], lambeth["general_acute_weighted_population"]) == (
        25.42,
        442170,
        331104,
    )
    assert places[["imd_2019", "imd_2025", "latitude", "longitude"]].notna().all(axis=None)


def test_the_programmes_own_area_comes_from_the_data():
    assert read.own_footprint_name() == "South London"
    assert read.own_systems() == ["QKK", "QWE"]


def test_footprints_follow_their_systems_through_mergers():
    frame = read.footprint_systems()
    stated = frame[frame["stated"]].groupby("footprint")["system"].agg(set)
    assert stated["swl-surrey-heartlands"] == {"QWE", "QXU"}
    assert stated["south-london-kss"] == {"QKK", "QWE", "QKS", "QXU", "QNX", "QNQ"}
    after = frame[~frame["stated"]].groupby("footprint")["system"].agg(set)
    assert after["swl-surrey-heartlands"] == {"S9B9J"}
    assert "south-london" not in after


def test_eleven_trusts_are_expected_to_send_extracts():
    providers = read.provider_lookup()
    expected = providers[providers["in_scope"]]
    assert set(expected["code"]) == {"RJ1", "RJZ", "RJ2", "RPG", "RV5", "RJ7", "RVR", "RJ6", "RAX", "RPY", "RQY"}
    assert set(expected["system"]) == {"QKK", "QWE"}


def test_a_trust_that_merged_names_its_successor():
    providers = read.provider_lookup().set_index("code")
    assert providers.loc["RT3", ["successor", "in_scope"]].tolist() == ["RJ1", False]
    assert providers.loc["RT3", "valid_to"] == pd.Timestamp(2021, 1, 31)


def test_the_market_forces_factor_is_assumed_before_the_year_it_was_published_for():
    factors = read.market_forces_factors().query("provider == 'RJ1'").set_index("year")
    assert set(factors["value"]) == {1.151077}
    assert factors["assumed"].to_dict() == {"2019/20": True, "2022/23": True, "2025/26": True, "2026/27": False}


def test_known_codes_hold_every_kind_and_no_blank():
    known = read.known_codes()
    assert "NCBPS01C" in known["service_codes"]
    assert "RJZ01" in known["sites"]
    assert {"72Q", "08K", "D7Z1O", "13R", "13Q", "VPP00"} <= known["commissioners"]
    assert "UNBACC" in known["points_of_delivery"]
    assert "CC" not in known["points_of_delivery"]
    assert not any("" in codes for codes in known.values())


def test_systems_in_force_change_with_the_mergers():
    before = set(System.objects.on(date(2026, 3, 31)).values_list("code", flat=True))
    after = set(System.objects.on(date(2026, 4, 1)).values_list("code", flat=True))
    assert before - after == {"QMJ", "QRV", "QXU", "QNX", "QNQ"}
    assert after - before == {"Z9B2Z", "S9B9J", "S0E4D"}
    assert {"QKK", "QWE"} <= before & after


def test_system_lookup_gives_region_and_successor():
    systems = read.system_lookup().set_index("code")
    assert systems.loc["QXU", ["name", "region_name", "successor"]].tolist() == ["Surrey Heartlands", "South East", "S9B9J"]
    assert systems.loc["QKK", "successor"] == ""
