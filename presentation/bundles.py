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
    drawn = frame.assign(**{source: _named(frame, source, value, sources), target: _named(frame, target, value, targets)})
    summed = drawn.groupby([source, target], as_index=False, sort=False)[value].sum()
    places = {column: ends(summed, column, value, words).index for column, words in ((source, sources), (target, targets))}
    return summed.sort_values([source, target], key=lambda names: names.map(places[names.name]), ignore_index=True)


def ends(frame: pd.DataFrame, column: str, value: str, words: str) -> list[str]:
    """The names of one side in the order they are drawn: by size, several that stand as one last."""
    sizes = frame.groupby(column)[value].sum().sort_values(ascending=False, kind="stable")
    return sorted(sizes.index, key=lambda name: str(name).endswith(f" other {words}"))


def _named(frame: pd.DataFrame, column: str, value: str, words: str) -> pd.Series:
    sizes = frame.groupby(column)[value].sum().sort_values(ascending=False, kind="stable")
    large = sizes[sizes >= sizes.sum() * SMALLEST_SHARE].index[:MOST_NAMES]
    small = len(sizes) - len(large)
    # One small end alone keeps its name.
    return frame[column] if small < 2 else frame[column].where(frame[column].isin(large), f"{small} other {words}")
