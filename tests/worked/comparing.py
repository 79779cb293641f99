"""What a calculation gave beside what the worked file expects, within the file's tolerance."""

from collections.abc import Iterator
from typing import Any


def mismatches(expected: Any, got: Any, tolerance: dict, path: tuple[str, ...] = ()) -> Iterator[str]:
    """One line for each number, word or list that does not agree. What was computed beyond what is expected is not judged."""
    where = " › ".join(path) or "result"
    if isinstance(expected, dict):
        for key, below in expected.items():
            if not isinstance(got, dict) or key not in got:
                yield f"{' › '.join((*path, str(key)))}: expected {below!r}, got nothing"
            else:
                yield from mismatches(below, got[key], tolerance, (*path, str(key)))
    elif isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            yield f"{where}: expected {expected!r}, got {got!r}"
        else:
            for number, (e, g) in enumerate(zip(expected, got, strict=True), start=1):
                yield from mismatches(e, g, tolerance, (*path, str(number)))
    elif not _agree(expected, got, _allowed(expected, path, tolerance)):
        yield f"{where}: expected {expected!r}, got {got!r}"


def _agree(expected: Any, got: Any, allowed: float) -> bool:
    if _is_number(expected) and _is_number(got):
        return abs(expected - got) <= allowed
    return type(expected) is type(got) and expected == got


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _allowed(expected: Any, path: tuple[str, ...], tolerance: dict) -> float:
    """The tolerance that a number falls under: whole activity is exact where the file says so, shares and rates
    (fractions, beside pounds) have their own."""
    if "exact" in (tolerance.get("activity"), tolerance.get("counts")) and isinstance(expected, int):
        return 0.0
    own = [allowed for name, allowed in tolerance.items() if allowed != "exact" and _names(name, path)]
    if own:
        return float(own[0])
    if "shares" in tolerance and any("share" in part for part in path):
        return float(tolerance["shares"])
    people = "populations and weighted populations"
    if people in tolerance and any("weighted" in part or part.endswith("population") for part in path):
        return float(tolerance[people])
    if "indices" in tolerance and any("index" in part for part in path):
        return float(tolerance["indices"])
    if "rates" in tolerance and _is_number(expected) and abs(expected) < 1:
        return float(tolerance["rates"])
    relative = abs(expected) * float(tolerance.get("rel", 0.0)) if _is_number(expected) else 0.0
    return max(float(tolerance.get("abs", tolerance.get("pounds", 0.0))), relative)


def _names(name: str, path: tuple[str, ...]) -> bool:
    """Whether a tolerance is for this number: by its name, or by what it begins with (outside_own_area)."""
    return bool(path) and (path[-1] == name or path[-1].startswith(f"{name}_"))
