"""A small made-up figure of each kind of drawing, for the tests of how figures are shown."""

import datetime as dt

import pandas as pd
from django import forms

from presentation.amounts import POUND, UNIT
from presentation.chart import Chart, ChartKind, Measure
from presentation.figure import Figure
from presentation.tables import (
    ActivityColumn,
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PatientsColumn,
    ShareColumn,
    TagColumn,
    TextColumn,
)

MILLION = 1_000_000 * POUND


class DemoForm(forms.Form):
    year = forms.ChoiceField(choices=[("2024/25", "2024/25"), ("2025/26", "2025/26")], required=False)
    provider = forms.MultipleChoiceField(choices=[("RJ1", "One"), ("RJZ", "Two")], required=False)
    position = forms.IntegerField(required=False)

    def __init__(self, data=None, *, reader=None, page=True):
        super().__init__(data)
        self.page = page

    def clean_year(self):
        return self.cleaned_data["year"] or ("2025/26" if self.page else "")

    def clean_position(self):
        return self.cleaned_data["position"] or 14


class DemoTable(FigureTable):
    provider = TextColumn("Provider")
    planned_price = MoneyColumn("Plan")
    actual_price = MoneyColumn("Actual", count="spells")
    spells = ActivityColumn("Admitted spells")
    patients = PatientsColumn("Patients")
    share = ShareColumn("Share of spells", numerator="spells", denominator="all_spells", of_whole=True)
    all_spells = ActivityColumn("All spells", visible=False)
    state = TagColumn("State", tags={"Over": "red", "Under": "green"})

    class Meta:
        caption = "Spend against plan by provider"
        total_row = True


def demo_frame():
    """Four providers: a large one, one with five spells, one with no data, one with no spells."""
    spells = pd.array([1_203 * UNIT, 5 * UNIT, None, 0], dtype="Int64")
    whole = 1_208 * UNIT
    return pd.DataFrame(
        {
            "provider": ["King's", "=cmd|' /C calc'!A0", "Kingston", "Croydon"],
            "planned_price": pd.array([300 * MILLION, 20_000 * POUND, None, -1_234_500], dtype="Int64"),
            "actual_price": pd.array([314_200_000 * POUND + 5_000, 18_400 * POUND, None, -9_876_5432], dtype="Int64"),
            "spells": spells,
            "patients": pd.array([1_001, 4, None, 0], dtype="Int64"),
            "share": [1_203 / 1_208, 5 / 1_208, None, 0.0],
            "all_spells": [whole] * 4,
            "state": ["Over", "Under", "", "Under"],
            "secret": [1, 2, 3, 4],
        }
    )


def words(**more):
    said = {
        "title": "King's spends most",
        "summary": "King's spent £314.2m, more than all others together.",
        "units": "£, 2025/26",
        "source": "ACM",
    }
    return {**said, **more}


def demo_chart(frame, filters):
    columns = {"label": "provider", "value": "actual_price"}
    return Chart(kind=ChartKind.BARS, frame=frame, columns=columns, measure=Measure.MONEY, **words())


def demo_figure(**changes):
    declared = {
        "name": "demo_spend",
        "heading": "Spend by provider",
        "form": DemoForm,
        "query": lambda reader, filters: demo_frame(),
        "calculation": lambda read, filters: read,
        "table": DemoTable,
        "chart": demo_chart,
        "note": lambda frame, filters: ["Kingston has sent nothing."],
        "stamp": lambda filters: (f"position {filters['position']}",),
        "source": "ACM",
        "url_name": "programme:overview",
    }
    return Figure(**{**declared, **changes})


def _chart(kind, frame, columns, measure=Measure.MONEY, **options):
    return Chart(kind=kind, frame=frame, columns=columns, measure=measure, **{**words(), **options})


def bars(**options):
    frame = pd.DataFrame({"who": ["King's", "St George's", "Epsom"], "gap": [14_200_000 * POUND, 4 * MILLION, -600_000 * POUND]})
    return _chart(ChartKind.BARS, frame, {"label": "who", "value": "gap"}, signed=True, **options)


def stacked_bars(**options):
    parts = [("South London", 0.58), ("Kent", 0.39), ("Wales", 0.03)]
    rows = [("King's", *part) for part in parts] + [("Oxleas", "South London", 1.0)]
    frame = pd.DataFrame(rows, columns=["who", "home", "share"])
    columns = {"label": "who", "series": "home", "value": "share"}
    return _chart(ChartKind.STACKED_BARS, frame, columns, Measure.SHARE, **options)


def waterfall(start=15, end=26, **options):
    steps = [("Today", start, True), ("Growth", 21, False), ("Savings", -10, False), ("In five years", end, True)]
    frame = pd.DataFrame([(n, v * MILLION, t) for n, v, t in steps], columns=["step", "amount", "total"])
    return _chart(ChartKind.WATERFALL, frame, {"label": "step", "value": "amount", "total": "total"}, **options)


def line_range(**options):
    do_nothing = [("2026/27", 15, 12, 19), ("2027/28", 35, 27, 44), ("2028/29", 61, 46, 77)]
    rows = [(year, "Do nothing", *(v * MILLION for v in amounts)) for year, *amounts in do_nothing]
    rows += [("2026/27", "With plans", 11 * MILLION, None, None), ("2027/28", "With plans", None, None, None)]
    rows += [("2028/29", "With plans", 33 * MILLION, None, None)]
    frame = pd.DataFrame(rows, columns=["year", "case", "gap", "low", "high"])
    columns = {"x": "year", "value": "gap", "series": "case", "low": "low", "high": "high"}
    whole = frame.astype(dict.fromkeys(["gap", "low", "high"], "Int64"))
    return _chart(ChartKind.LINE_RANGE, whole, columns, options={"dashed": ("With plans",)}, **options)


def dot_plot(**options):
    before = [("South East London", "Before", 0.039), ("Surrey", "Before", -0.044)]
    after = [("South East London", "After", 0.029), ("Surrey", "After", -0.031)]
    frame = pd.DataFrame(before + after, columns=["system", "when", "distance"])
    columns = {"label": "system", "series": "when", "value": "distance"}
    return _chart(ChartKind.DOT_PLOT, frame, columns, Measure.SHARE, signed=True, options={"band": (-2.5, 2.5)}, **options)


def heatmap(**options):
    rows = [("Kent", "King's", 3 * MILLION), ("Kent", "Oxleas", MILLION), ("Surrey", "King's", None)]
    frame = pd.DataFrame(rows, columns=["home", "who", "cost"]).astype({"cost": "Int64"})
    return _chart(ChartKind.HEATMAP, frame, {"row": "home", "column": "who", "value": "cost"}, **options)


def sankey(**options):
    rows = [("Kent", "King's", 30), ("Kent", "Oxleas", 10), ("Surrey", "King's", 20), ("Surrey", "Oxleas", -5)]
    frame = pd.DataFrame([(h, p, v * MILLION) for h, p, v in rows], columns=["home", "who", "cost"])
    return _chart(ChartKind.SANKEY, frame, {"source": "home", "target": "who", "value": "cost"}, **options)


def spc(**options):
    frame = pd.DataFrame({"month": ["April", "May", "June"], "rate": [50.0, 47.0, 75.0], "mean": 50.0, "low": 32.0, "high": 68.0})
    frame["kind"] = ["Common cause", "Common cause", "Concern"]
    columns = {"x": "month", "value": "rate", "mean": "mean", "lower": "low", "upper": "high", "label": "kind"}
    return _chart(ChartKind.SPC, frame, columns, Measure.NUMBER, **options)


def map_of_flows(**options):
    rows = [("Kent", 51.3, 0.6, 80 * MILLION), ("Surrey", 51.2, -0.4, 60 * MILLION)]
    frame = pd.DataFrame(rows, columns=["home", "lat", "lon", "cost"]).assign(to_lat=51.49, to_lon=-0.12)
    ends = {"to_latitude": "to_lat", "to_longitude": "to_lon"}
    columns = {"label": "home", "latitude": "lat", "longitude": "lon", "value": "cost", **ends}
    return _chart(ChartKind.MAP, frame, columns, **options)


def timeline(**options):
    agree = ("Agree shares", dt.date(2026, 4, 1), dt.date(2026, 9, 30), "Done")
    move = ("Move dialysis", dt.date(2026, 7, 1), dt.date(2027, 3, 31), "Late")
    frame = pd.DataFrame([agree, move], columns=["what", "start", "end", "state"])
    columns = {"label": "what", "start": "start", "end": "end", "state": "state"}
    return _chart(ChartKind.TIMELINE, frame, columns, Measure.NUMBER, **options)


CHARTS = (bars, stacked_bars, waterfall, line_range, dot_plot, heatmap, sankey, spc, map_of_flows, timeline)


class EveryColumn(FigureTable):
    name = TextColumn("Name")
    index = NumberColumn("Index", decimals=2)
    distance = ShareColumn("Distance", signed=True)
    change = MoneyColumn("Change", signed=True, show="headline")
