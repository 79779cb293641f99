"""What is current, worked out slowly: every file in the order of publication, every row by itself.

Each published file first takes away whatever it replaces, then puts down its own rows. A file of several commissioners
replaces every month from its first to its last; a file of one replaces those months of that commissioner; month 13 is
replaced only by a file that has it.
"""


def replaced_months(rows) -> set[int]:
    months = {month for month, _, _ in rows}
    of_the_year = [month for month in months if month != 13]
    span = set(range(min(of_the_year), max(of_the_year) + 1)) if of_the_year else set()
    return span | (months & {13})


def money_by_slice(published) -> dict[tuple[str, int, str], int]:
    """`published` are (provider, rows) in their order, rows being (month, commissioner, pounds); the money of each slice."""
    laid: list[tuple[str, int, str, int]] = []
    for provider, rows in published:
        months, named = replaced_months(rows), {commissioner for _, commissioner, _ in rows}
        kept = []
        for one in laid:
            theirs = one[0] == provider and one[1] in months and (len(named) > 1 or one[2] in named)
            if not theirs:
                kept.append(one)
        laid = kept + [(provider, *row) for row in rows]
    sums: dict[tuple[str, int, str], int] = {}
    for provider, month, commissioner, pounds in laid:
        sums[(provider, month, commissioner)] = sums.get((provider, month, commissioner), 0) + pounds
    return sums
