"""Scenarios once more, slowly: dicts, loops and fractions, one person's share at a time."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor


class Area:
    """Flows as {(home, service, payer, point, provider): [activity in units, worth in pounds]}."""

    def __init__(self, rows, factors, at_cost):
        self.factors, self.at_cost, self.flows = factors, set(at_cost), {}
        for r in rows:
            key = (r["home"], r["service"], r["payer"], r["point_of_delivery"], r["provider"])
            flow = self.flows.setdefault(key, [Fraction(0), Fraction(0)])
            flow[0] += Fraction(int(r["activity"] or 0), 1000)
            flow[1] += Fraction(int(r["price"] or 0), 10_000) / self.factor(r["provider"], r["point_of_delivery"])
        self.made = []

    def factor(self, provider, point):
        return Fraction(1) if point in self.at_cost else Fraction(str(self.factors.get(provider, 1)))

    def take(self, key, receiver, activity, worth):
        home, service, payer, point, sender = key
        self.flows[key][0] -= activity
        self.flows[key][1] -= worth
        to = self.flows.setdefault((home, service, payer, point, receiver), [Fraction(0), Fraction(0)])
        to[0] += activity
        to[1] += worth
        self.made.append((key, sender, receiver, activity, worth))

    def chosen(self, move):
        return [
            key
            for key in list(self.flows)
            if (not move["homes"] or key[0] in move["homes"])
            and (not move["services"] or key[1] in move["services"])
            and (not move["senders"] or key[4] in move["senders"])
            and key[4] != move["receiver"]
        ]

    def move(self, move):
        share = Fraction(str(move["share"]))
        if move["receiver"]:
            for key in self.chosen(move):
                activity, worth = self.flows[key]
                self.take(key, move["receiver"], activity * share, worth * share)
            return
        weights = {key: flow[0] for key, flow in self.flows.items() if key[4] not in move["senders"] and flow[0] > 0}
        for key in self.chosen(move):
            activity, worth = self.flows[key]
            near = {k[4]: w for k, w in weights.items() if k[:4] == key[:4]}
            if not near:
                for k, w in weights.items():
                    if (k[1], k[3]) == (key[1], key[3]):
                        near[k[4]] = near.get(k[4], 0) + w
            total = sum(near.values())
            for receiver, weight in near.items():
                self.take(key, receiver, activity * share * weight / total, worth * share * weight / total)


def effects(area, *, paid, units, relations, payers, threshold, behaviour, year):
    """Income by organisation and by commissioner, and costs by organisation, in pounds."""
    ends = []
    for key, sender, receiver, activity, worth in area.made:
        for provider, sign in ((sender, -1), (receiver, 1)):
            full = sign * worth * area.factor(provider, key[3])
            ends.append((key, provider, sign * activity, full, full * Fraction(str(paid(key[3])))))
    change = {}
    for key, provider, _, _, income in ends:
        change[key[2], provider] = change.get((key[2], provider), 0) + income
    by_organisation, by_commissioner, net = {}, {}, {}
    for key, provider, activity, full, income in ends:
        before = Fraction(relations.get((key[2], provider), 0))
        if key[2] in payers and max(before, before + change[key[2], provider]) < threshold:
            income = 0
        by_organisation[provider] = by_organisation.get(provider, 0) + income
        by_commissioner[key[2]] = by_commissioner.get(key[2], 0) + income
        of = net.setdefault((provider, units[key[3]]), [0, 0])
        of[0] += activity
        of[1] += full
    costs = {}
    for (provider, unit), (activity, full) in net.items():
        of = costs.setdefault(provider, {"released": 0, "stranded": 0, "added": 0})
        if unit == "COST" or activity == 0 or (activity < 0) != (full < 0):
            of["released"] += max(-full, 0)
            of["added"] += max(full, 0)
            continue
        shares, step, half, whole = behaviour(unit)
        average, moved = abs(full) / abs(activity), abs(activity)
        variable, semi_fixed, fixed = (average * Fraction(str(s)) for s in shares)
        if activity > 0:
            of["added"] += moved * variable + ceil(moved / step) * step * semi_fixed
            continue
        released = moved * variable + floor(moved / step) * step * semi_fixed * Fraction(str(half[min(year, len(half)) - 1]))
        released += moved * fixed * Fraction(str(whole[min(year, len(whole)) - 1]))
        of["released"] += released
        of["stranded"] += moved * (variable + semi_fixed + fixed) - released
    return by_organisation, by_commissioner, costs


def pounds(value) -> Decimal:
    value = Fraction(value)
    return Decimal(value.numerator) / Decimal(value.denominator)
