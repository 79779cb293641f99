"""Rows as CSV in the columns of the national layout."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from .details import Column
from .lines import POPULATION

MARK, MARK_DESCRIPTION = "ILLUSTRATIVE", "Illustrative data: no patient was treated"
MONEY = ("planned_price", "planned_mff", "actual_price", "actual_mff")
ACTIVITY = ("planned_activity", "actual_activity")
# What a row says of its line: the file's column and the line's.
OF_LINE = {
    "service_code": "service_code",
    "point_of_delivery": "point_of_delivery",
    "local_point_of_delivery_code": "point_of_delivery",
    "local_point_of_delivery_description": "description",
    "local_contract_code": "contract",
    "local_contract_code_description": "contract_name",
    "local_contract_monitoring_code": "family",
    "local_contract_monitoring_description": "family_name",
    "national_tariff_indicator": "national_price",
}
CONTRACTS = {POPULATION: ("ICB", "Commissioned for the population by its own board")}
NATIONAL_CONTRACT = ("NHSE", "Commissioned by NHS England")


def line_columns(lines: pd.DataFrame) -> dict[str, Column]:
    """What rows say of their line, with the position of its word for each line."""
    contracts = [CONTRACTS.get(by, NATIONAL_CONTRACT) for by in lines["commissioned_by"]]
    lines = lines.assign(contract=[code for code, _ in contracts], contract_name=[name for _, name in contracts])
    found = {name: pd.factorize(lines[column].mask(lines[column] == "")) for name, column in OF_LINE.items()}
    return {name: Column(list(words), positions.astype(np.int16)) for name, (positions, words) in found.items()}


def month_frame(
    number: int, line: np.ndarray, of_line: dict[str, Column], of_row: dict[str, Column], figures: dict, in_price: np.ndarray
) -> pd.DataFrame:
    """Rows of a month by the product's own names of the columns, money in whole pennies, activity in whole thousandths.

    `in_price` is by line the part of its price that is the market forces factor.
    """
    texts = {name: _categorical(column.words, column.positions[line]) for name, column in of_line.items()}
    codes = {name: _categorical(column.words, column.positions) for name, column in of_row.items()}
    mff = {f"{what}_mff": np.rint(figures[f"{what}_price"] * in_price[line]).astype(np.int64) for what in ("planned", "actual")}
    values = {name: pd.Series(value) for name, value in (figures | mff).items()}
    no_plan = values.pop("no_plan")
    planned = {name: values[name].astype("Int64").mask(no_plan) for name in values if name.startswith("planned")}
    return pd.DataFrame({"month": np.full(len(line), number, dtype=np.int8)} | texts | codes | values | planned)


def _categorical(words: list[str], positions: np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(positions, categories=words)


def write_file(path: Path, pieces: Iterable[pd.DataFrame], headings: dict[str, str], constants: dict[str, str]) -> None:
    """Write pieces one after another as one CSV file, which is there only when it is complete.

    `pieces` are frames of `month_frame`, `headings` the national headings in order by the product's own name of the column,
    `constants` the columns that are the same in every row.
    """
    part, making = path.with_suffix(".part"), path.with_suffix(".making")
    with duckdb.connect() as connection, making.open("wb") as file:
        for number, piece in enumerate(pieces):
            _write_piece(connection, part, piece.assign(**_constant(constants, len(piece))), headings, heading_row=number == 0)
            with part.open("rb") as written:
                shutil.copyfileobj(written, file, 1 << 20)
    part.unlink(missing_ok=True)
    making.replace(path)


def _constant(constants: dict[str, str], rows: int) -> dict[str, pd.Categorical]:
    return {name: _categorical([text], np.zeros(rows, dtype=np.int8)) for name, text in constants.items()}


def _write_piece(connection, part: Path, piece: pd.DataFrame, headings: dict[str, str], *, heading_row: bool) -> None:
    select = ", ".join(f'{_expression(field, piece.columns)} AS "{heading}"' for field, heading in headings.items())
    connection.register("piece", piece)
    relation = connection.sql(f"SELECT {select} FROM piece")  # noqa: S608 - headings and names of our own
    relation.write_csv(str(part), header=heading_row)
    connection.unregister("piece")


def _expression(field: str, filled: Iterable[str]) -> str:
    """SQL for one column of the file: text as it is, pennies as pounds, thousandths as units; blank where nothing is said."""
    if field not in filled:
        return "NULL"
    if field in MONEY:
        return f"({field} :: DECIMAL(18, 2) * 0.01) :: DECIMAL(18, 2)"
    if field in ACTIVITY:
        units = f"({field} :: DECIMAL(18, 3) * 0.001) :: DECIMAL(18, 2) :: VARCHAR"
        return f"CASE WHEN {field} % 1000 = 0 THEN ({field} // 1000) :: VARCHAR ELSE {units} END"
    return field
