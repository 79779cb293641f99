"""Which plan stands at each slice, with loops and dicts over published files in their order."""


def current(files: list[dict], layout: str) -> dict[tuple[int, str], dict]:
    """Slice → the file it is taken from, by the rule that a file of several commissioners replaces all of its months."""
    held: dict[tuple[int, str], dict] = {}
    for file in files:
        if file["layout"] != layout:
            continue
        months = [month for month, _, _ in file["rows"]]
        named = {commissioner for _, commissioner, _ in file["rows"]}
        for month in range(min(months), max(months) + 1):
            for key in [k for k in held if k[0] == month and (len(named) > 1 or k[1] in named)]:
                del held[key]
        for month, commissioner, _ in file["rows"]:
            held[month, commissioner] = file
    return held


def planned(files: list[dict]) -> int:
    """The plan of a position in whole pounds: ACM's own, and the plan return's where ACM has nothing to say."""
    acm, returned = current(files, "acm"), current(files, "iap")
    if not acm and not returned:
        return 0
    total, with_plan, whole_months = 0, set(), set()
    for (month, commissioner), file in acm.items():
        for row_month, row_commissioner, price in file["rows"]:
            if (row_month, row_commissioner) == (month, commissioner) and price is not None:
                total += price
                with_plan.add((month, commissioner))
                if len({c for _, c, _ in file["rows"]}) > 1:
                    whole_months.add(month)
    for key, file in returned.items():
        if key in with_plan or (key not in acm and key[0] in whole_months):
            continue
        total += sum(price for month, commissioner, price in file["rows"] if (month, commissioner) == key)
    return total
