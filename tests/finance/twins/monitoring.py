"""Monitoring of budgets the slow and obvious way: loops, dicts and fractions."""

from fractions import Fraction


def by_month(rows: list[dict], price: str, not_known: set, apart: set) -> dict:
    """(provider, month, population) → money before whole units, of rows that are all delegated or apart."""
    result: dict = {}

    def add(row, population, amount):
        key = row["provider"], row["month"], population
        result[key] = result.get(key, Fraction(0)) + amount

    for row in rows:
        if row[price] is None:
            continue
        if row["population"] not in not_known:
            add(row, row["population"], row[price])
            continue
        known: dict = {}
        for other in rows:
            same = (other["provider"], other["service_code"]) == (row["provider"], row["service_code"])
            if same and other["population"] not in not_known | apart and other[price] is not None:
                known[other["population"]] = known.get(other["population"], 0) + other[price]
        known = {population: amount for population, amount in known.items() if amount > 0}
        for population, amount in known.items():
            add(row, population, Fraction(row[price] * amount, sum(known.values())))
        if not known:
            add(row, "UNALLOCATED", row[price])
    return result


def run_rate(actuals: dict[int, int]) -> Fraction:
    """Month → actual of one provider: to date, and the mean of the last three months for each month left of twelve."""
    last = sorted(month for month in actuals if month <= 12)[-3:]
    left = 12 - len([month for month in actuals if month <= 12])
    mean = Fraction(sum(actuals[month] for month in last), len(last)) if last else Fraction(0)
    return sum(actuals.values()) + mean * left


def rating(budget: int, actual: int, green: Fraction, amber: Fraction) -> str | None:
    if budget <= 0:
        return None
    over = Fraction(actual - budget, budget)
    return "green" if over <= green else "amber" if over <= amber else "red"


def plan_of_the_year(months: dict[int, int], to_date: set[int], share: float, weights: dict[int, int]) -> dict[int, float]:
    """Month → plan of one line whose plan does not reach over the year: what is left is spread by weights."""
    left = round(sum(amount for month, amount in months.items() if month in to_date) / share) - sum(months.values())
    empty = {month: weights[month] for month in range(1, 13) if month not in months}
    return months | {month: left * weight / sum(empty.values()) for month, weight in empty.items()}
