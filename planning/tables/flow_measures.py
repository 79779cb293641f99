"""Tables of measures of flow. Each is there on cost and on activity, alike but for what its amounts are."""

from collections.abc import Callable

from presentation.amounts import NOT_KNOWN
from presentation.tables import ActivityColumn, FigureColumn, FigureTable, MoneyColumn, NumberColumn, ShareColumn, TextColumn

Amount = Callable[..., FigureColumn]


def in_money(label: str, name: str, **options) -> MoneyColumn:
    return MoneyColumn(label, empty=NOT_KNOWN, count=f"{name}_people", **options)


def in_activity(label: str, name: str, **options) -> ActivityColumn:
    return ActivityColumn(label, empty=NOT_KNOWN, **options)


def _share(label: str, part: str, whole: str) -> ShareColumn:
    return ShareColumn(label, numerator=part, denominator=whole, empty=NOT_KNOWN)


def _index(label: str, behind: str, *, decimals: int = 0, **options) -> NumberColumn:
    """A number taken from few people says too much about them."""
    return NumberColumn(label, decimals=decimals, empty=NOT_KNOWN, count=behind, **options)


def _way(label: str, behind: str, *, optional: bool = False) -> NumberColumn:
    return _index(label, behind, decimals=1, optional=optional)


def area_table(amount: Amount, what: str, *, name: str, code: str, of: str, people: str, only_whole: bool) -> type[FigureTable]:
    """Measures of areas, or of services within one: `name` and `code` are the columns that say which, `of` what they are."""

    class AreaMeasuresTable(FigureTable):
        area_name = TextColumn(of.capitalize(), accessor=name)
        area = TextColumn(f"{of.capitalize()} code", accessor=code, on_page=False)
        own_trusts = TextColumn("Own trusts", on_page=False)
        resident = amount("Residents' care at loaded providers", "resident")
        retained = amount("At own trusts", "retained")
        exports = amount("Exports to other loaded providers", "exports")
        imports = amount("Imports", "imports")
        home_provider = amount("All care of own trusts", "home_provider")
        net = amount("Net (imports less exports)", "net", signed=True)
        self_sufficiency = _share("Self-sufficiency", "retained", "resident")
        import_share = _share("Import share", "imports", "home_provider")
        hhi = _index("Concentration (HHI)", people)
        effective_providers = _index("Effective providers", people, decimals=1)
        mean_km = _way("Mean distance (km)", people, optional=True)
        median_km = _way("Median distance (km)", people, optional=True)
        km_covered = ShareColumn("Distance known", empty=NOT_KNOWN, count=people, optional=True)
        mean_minutes = _way("Mean travel (minutes)", people, optional=True)
        median_minutes = _way("Median travel (minutes)", people, optional=True)
        share_within_hour = ShareColumn("Within 60 minutes", empty=NOT_KNOWN, count=people, optional=True)
        minutes_covered = ShareColumn("Travel time known", empty=NOT_KNOWN, count=people, optional=True)
        not_known_share = ShareColumn("Home not known", visible=False)

        class Meta:
            caption = f"Imports, exports, self-sufficiency and travel by {of}, by {what}"
            page_rows = "is_whole" if only_whole else None

    return AreaMeasuresTable


def provider_table(amount: Amount, what: str, *, people: str) -> type[FigureTable]:
    class ProviderMeasuresTable(FigureTable):
        provider_name = TextColumn("Provider", leads_to=("programme:provider", "provider"))
        provider = TextColumn("Provider code", on_page=False)
        system_name = TextColumn("System")
        everyone = amount("Care of people whose home is known", "amount", accessor="amount")
        retained = amount("Residents of its own system", "retained")
        imports = amount("Others (imports)", "imports")
        import_share = _share("Import share", "imports", "amount")
        top_home_name = TextColumn("Largest home")
        top_amount = amount("Of the largest home", "top_amount", visible=False)
        top_share = _share("Dependency on the largest home", "top_amount", "amount")
        origin_hhi = _index("Concentration of homes (HHI)", people)
        effective_homes = _index("Effective homes", people, decimals=1)
        mean_km = _way("Mean distance (km)", people, optional=True)
        median_km = _way("Median distance (km)", people, optional=True)
        km_covered = ShareColumn("Distance known", empty=NOT_KNOWN, count=people, optional=True)
        mean_minutes = _way("Mean travel (minutes)", people, optional=True)
        median_minutes = _way("Median travel (minutes)", people, optional=True)
        share_within_hour = ShareColumn("Within 60 minutes", empty=NOT_KNOWN, count=people, optional=True)
        minutes_covered = ShareColumn("Travel time known", empty=NOT_KNOWN, count=people, optional=True)
        not_known_share = ShareColumn("Home not known", empty=NOT_KNOWN)

        class Meta:
            caption = f"Homes, dependency, concentration and travel by provider, by {what}"

    return ProviderMeasuresTable


def _both(make: Callable[..., type[FigureTable]], behind: str, **options) -> tuple[type[FigureTable], type[FigureTable]]:
    """The table on cost and the table on activity."""
    return (
        make(in_money, "cost", people=f"{behind}_people", **options),
        make(in_activity, "activity", people=behind, **options),
    )


SYSTEM_TABLES = _both(area_table, "resident", name="system_name", code="system", of="system", only_whole=True)
FOOTPRINT_TABLES = _both(area_table, "resident", name="footprint_name", code="footprint", of="footprint", only_whole=False)
SERVICE_TABLES = _both(area_table, "resident", name="service_name", code="service", of="service", only_whole=False)
PROVIDER_TABLES = _both(provider_table, "amount")
