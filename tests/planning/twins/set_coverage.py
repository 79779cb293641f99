"""Coverage of ACM by the patient-level sets with loops and dicts."""


def reconciled(acm: list[dict], sets: list[dict], without_patients: set[str], by: list[str]) -> dict[tuple, dict]:
    """Sums by some columns of every line that is expected: acm, own, difference and ratio; amounts may be None."""
    keys = ["provider", "year", "month", "service_code", "point_of_delivery"]
    sent = {(row["provider"], row["year"]) for row in sets}
    lines: dict[tuple, dict] = {}
    for row in acm:
        if (row["provider"], row["year"]) in sent:
            lines.setdefault(tuple(row[k] for k in keys), {"acm": None, "own": None})["acm"] = row["acm_price"]
    for row in sets:
        lines.setdefault(tuple(row[k] for k in keys), {"acm": None, "own": None})["own"] = row["set_price"]
    found: dict[tuple, dict] = {}
    for key, line in lines.items():
        named = dict(zip(keys, key, strict=True))
        if named["point_of_delivery"] in without_patients and line["own"] is None:
            continue
        line["own"] = line["own"] or 0
        group = found.setdefault(tuple(named[b] for b in by), {"acm": None, "own": None})
        for name in ("acm", "own"):
            if line[name] is not None:
                group[name] = (group[name] or 0) + line[name]
    for group in found.values():
        group["difference"] = group["own"] - (group["acm"] or 0)
        complete = group["acm"] is not None and group["acm"] > 0
        group["ratio"] = group["own"] / group["acm"] if complete else None
    return found
