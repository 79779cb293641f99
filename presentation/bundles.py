"""Few enough ends of flows to be drawn: the small ones as one, while the table beside the drawing has them all."""

import pandas as pd

# An end with less of the whole than this has no room for its name.
SMALLEST_SHARE = 0.02
MOST_NAMES = 11


def bundled_flows(frame: pd.DataFrame, *, source: str, target: str, value: str, sources: str, targets: str) -> pd.DataFrame:
    """Flows between the larger ends by name and the others together.

    Args:
        frame: columns `source`, `target` (names) and `value` (numbers above nought).
        sources, targets: what the ends are called where several stand as one: "homes" gives "5 other homes".

    Returns:
        `source`, `target`, `value`, one row for each pair, the largest ends first and the others last.
    """
    froms, tos = _named(frame, source, value, sources), _named(frame, target, value, targets)
    sums: dict[tuple[str, str], float] = {}
    for pair, amount in zip(zip(froms, tos, strict=True), frame[value].tolist(), strict=True):
        sums[pair] = sums.get(pair, 0) + amount
    drawn = pd.DataFrame([(*pair, amount) for pair, amount in sums.items()], columns=[source, target, value])
    drawn = drawn.astype({source: object, target: object, value: frame[value].dtype})
    first, second = (
        {name: place for place, name in enumerate(ends(drawn, column, value, words))}
        for column, words in ((source, sources), (target, targets))
    )
    ordered = sorted(drawn.itertuples(index=False, name=None), key=lambda row: (first[row[0]], second[row[1]]))
    return pd.DataFrame(ordered, columns=list(drawn)).astype(dict(drawn.dtypes))


def ends(frame: pd.DataFrame, column: str, value: str, words: str) -> list[str]:
    """The names of one side in the order they are drawn: by size, several that stand as one last."""
    return sorted(_sizes(frame, column, value), key=lambda name: str(name).endswith(f" other {words}"))


def _named(frame: pd.DataFrame, column: str, value: str, words: str) -> list[str]:
    sizes = _sizes(frame, column, value)
    least = sum(sizes.values()) * SMALLEST_SHARE
    large = set([name for name, size in sizes.items() if size >= least][:MOST_NAMES])
    small = len(sizes) - len(large)
    # One small end alone keeps its name.
    names = frame[column].tolist()
    return names if small < 2 else [name if name in large else f"{small} other {words}" for name in names]


def _sizes(frame: pd.DataFrame, column: str, value: str) -> dict[str, float]:
    """What each name has, the largest first, equal ones by name. A drawing has a few rows, for which frames are slow."""
    sizes: dict[str, float] = {}
    for name, amount in zip(frame[column].tolist(), frame[value].tolist(), strict=True):
        sizes[name] = sizes.get(name, 0) + amount
    return dict(sorted(sorted(sizes.items()), key=lambda pair: -pair[1]))
