"""A reporting position the slow and obvious way: every fact of the database, its own slice, and each rule in turn."""

from planning.models import (
    CommissionerSystem,
    PatientFlow,
    PointOfDelivery,
    PositionSlice,
    ReportingPosition,
    ServiceCode,
    ServiceStatus,
    System,
)

SUMS = ["planned_price", "actual_price", "planned_activity", "actual_activity"]


class Facts:
    """The facts of a position as dicts, with what the rules need to know of them."""

    def __init__(self, position: int):
        held = {
            (s.extract_id, s.month, s.commissioner)
            for s in PositionSlice.objects.all()
            if s.from_position <= position and (s.until_position is None or position < s.until_position)
        }
        facts = PatientFlow.objects.values()
        self.rows = [row for row in facts if (row["extract_id"], row["month"], row["commissioner"]) in held]
        self.made = ReportingPosition.objects.get(number=position).made_at.date()
        self.units = {p.code: p.unit for p in PointOfDelivery.objects.all()}
        self.codes = {c.code: c for c in ServiceCode.objects.all()}
        self.statuses = {(s.service_code_id, s.year): s.status for s in ServiceStatus.objects.all()}
        self.systems = {s.code: s for s in System.objects.all()}
        self.parents = list(CommissionerSystem.objects.values_list("commissioner", "system_code", "valid_from", "valid_to"))

    def is_specialised(self, row: dict) -> bool:
        if row["service_category"] in ("21", "22", "25", "26") and row["service_code"] != "99999999":
            return True
        return self.statuses.get((row["service_code"], row["year"])) in ("GREEN", "RED", "BLUE")

    def followed(self, system: str) -> str:
        """What a system had become on the day of the position."""
        while (now := self.systems.get(system)) and now.valid_to and now.valid_to < self.made and now.successor_id:
            system = now.successor_id
        return system

    def home_today(self, row: dict) -> str:
        """The parent of the home on the day, where the home ever belonged to the system that the fact names."""
        home, system = row["home"], row["home_system"]
        if system not in self.systems:
            return system
        of_home = [p for p in self.parents if p[0] == home]
        in_force = [s for _, s, start, end in of_home if (not start or start <= self.made) and (not end or end >= self.made)]
        if in_force and in_force[0] in self.systems and system in {p[1] for p in of_home}:
            return self.followed(in_force[0])
        return self.followed(system)

    def chosen(self, filters: dict) -> list[dict]:
        today = filters.get("geography") == "today"
        found = []
        for fact in self.rows:
            row = {**fact, "home_group": self.home_today(fact) if today else fact["home_system"]}
            code = self.codes.get(row["service_code"])
            row["service"] = (code and code.service_id) or ""
            row["programme_of_care"] = (code and code.programme_of_care_id) or ""
            row["national_programme"] = (code and code.national_programme_id) or ""
            if self._is_chosen(row, filters, today):
                found.append(row)
        return found

    def _is_chosen(self, row: dict, filters: dict, today: bool) -> bool:
        specialised = filters.get("specialised") or "only"
        if specialised != "all" and self.is_specialised(row) != (specialised == "only"):
            return False
        if filters.get("year") not in (None, "all", row["year"]):
            return False
        if not (filters.get("from_month") or 1) <= row["month"] <= (filters.get("to_month") or 13):
            return False
        columns = ["provider", "service_code", "service", "programme_of_care", "national_programme", "point_of_delivery"]
        if any(filters.get(c) and row[c] not in filters[c] for c in columns):
            return False
        if filters.get("site") and row["site"] not in filters["site"]:
            return False
        if filters.get("home") and self.home_at(row, filters.get("level") or "system") not in filters["home"]:
            return False
        homes = filters.get("system") or []
        homes = {self.followed(h) for h in homes} if today else set(homes)
        return not homes or row["home_group"] in homes

    def home_at(self, row: dict, level: str) -> str:
        """The home of a row as a level names it."""
        if level == "region":
            return self.systems[row["home_group"]].region_id if row["home_group"] in self.systems else row["home_group"]
        return _key(row, {"system": "home_system", "place": "home_place", "code": "home_code"}[level])

    def sums(self, filters: dict, by: list[str]) -> dict[tuple, dict]:
        """Each group's sums; None where nothing but blanks was added."""
        unit = filters.get("unit") or "SPELL"
        result: dict[tuple, dict] = {}
        for row in self.chosen(filters):
            group = result.setdefault(tuple(_key(row, g) for g in by), dict.fromkeys(SUMS))
            for name in SUMS:
                counts = not name.endswith("activity") or self.units.get(row["point_of_delivery"]) == unit
                if counts and row[name] is not None:
                    group[name] = (group[name] or 0) + row[name]
        return result


def _key(row: dict, group: str):
    if group == "home_system":
        return row["home_group"]
    if group == "home_place":
        return row["home_place"] or row["home_group"]
    if group == "home_code":
        return row["home"] or row["home_group"]
    if group == "destination":
        return row["site"] or row["provider"]
    return row[group]
