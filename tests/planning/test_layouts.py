from planning.extracts.layouts import LAYOUT_NAMES, layout_columns, match_headings, normal_heading, recognised_layout

ACM = [column.name for column in layout_columns("acm")]


def heading(layout):
    return [column.name for column in layout_columns(layout)]


def test_layouts_have_the_columns_of_the_national_files():
    assert {layout: len(layout_columns(layout)) for layout in LAYOUT_NAMES} == {
        "acm": 43,
        "iap": 32,
        "plcm": 68,
        "drplcm": 64,
        "deplcm": 62,
    }


def test_an_acm_cannot_do_without_what_rows_are_rejected_by_and_its_four_figures():
    required = {column.field for column in layout_columns("acm") if column.required}
    assert required == {
        "month", "year", "provider", "commissioner", "service_category", "service_code", "point_of_delivery",
        "planned_activity", "planned_price", "actual_activity", "actual_price",
    }  # fmt: skip


def test_headings_are_the_same_without_what_exporting_programs_do_to_them():
    spellings = [
        "ORGANISATION IDENTIFIER (CODE OF PROVIDER)",
        "organisation_identifier_(code_of_provider)",
        "\ufeffORGANISATION_IDENTIFIER_CODE_OF_PROVIDER",
        " Organisation\u00a0Identifier  (Code of Provider) ",
        "ORGANISATION IDENTIFIER\n(CODE OF PROVIDER)",
        "\u202aORGANISATION\u00ad IDENTIFIER (CODE OF PROVIDER)\u200e",
    ]
    assert {normal_heading(spelling) for spelling in spellings} == {"ORGANISATION IDENTIFIER CODE OF PROVIDER"}


def test_each_layout_is_recognised_by_its_own_headings():
    assert {layout: recognised_layout(heading(layout)) for layout in LAYOUT_NAMES} == {layout: layout for layout in LAYOUT_NAMES}
    assert recognised_layout(["name", "colour"]) is None


def test_an_alias_of_a_month_fills_a_column():
    cells = [*(h for h in ACM if h != "CONTRACT MONITORING ACTUAL PRICE"), "PRICE_ACTUAL"]
    match = match_headings(cells, "acm")
    assert match.missing == ()
    assert match.indexes["actual_price"] == len(cells) - 1
    assert match.taken_as == {"PRICE_ACTUAL": "CONTRACT MONITORING ACTUAL PRICE"}


def test_figures_to_date_or_of_a_year_never_fill_a_column_of_a_month():
    cells = [h for h in ACM if h not in ("CONTRACT MONITORING ACTUAL PRICE", "CONTRACT MONITORING PLANNED PRICE")]
    match = match_headings([*cells, "PRICE_ACTUAL_YTD", "ANNUAL_PLAN_COST"], "acm")
    assert match.missing == ("CONTRACT MONITORING PLANNED PRICE", "CONTRACT MONITORING ACTUAL PRICE")
    assert match.other_periods == ("PRICE_ACTUAL_YTD", "ANNUAL_PLAN_COST")


def test_the_national_heading_wins_over_an_alias_of_it():
    match = match_headings([*ACM, "PRICE_ACTUAL"], "acm")
    assert match.duplicated == ()
    assert match.indexes["actual_price"] == ACM.index("CONTRACT MONITORING ACTUAL PRICE")
    assert match.unknown == ("PRICE_ACTUAL",)


def test_two_columns_of_one_name_are_told():
    assert match_headings([*ACM, "service_code"], "acm").duplicated == ("SERVICE CODE (as SERVICE CODE, service_code)",)
    without = [h for h in ACM if h != "FINANCIAL MONTH"]
    twice = match_headings([*without, "MONTH", "REPORTING_MONTH"], "acm").duplicated
    assert twice == ("FINANCIAL MONTH (as MONTH, REPORTING_MONTH)",)


def test_columns_that_name_people_are_found_whatever_the_layout():
    match = match_headings([*ACM, "NHS_Number", "Date of Birth"], "acm")
    assert match.identifying == (43, 44)
