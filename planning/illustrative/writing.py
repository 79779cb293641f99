"""Rows as CSV in the columns of the national layout."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from .details import BLANK, Column
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


def with_contracts(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines with the local contract that their rows name."""
    contracts = [CONTRACTS.get(by, NATIONAL_CONTRACT) for by in lines["commissioned_by"]]
    return lines.assign(contract=[code for code, _ in contracts], contract_name=[name for _, name in contracts])


def month_frame(
    number: int, lines: pd.DataFrame, line: np.ndarray, columns: dict[str, Column], figures: dict, market_forces_factor: float
) -> pd.DataFrame:
    """Rows of a month: columns of the file by the product's own names, money in whole pennies, activity in thousandths."""
    texts = {name: _of_line(lines[column], line) for name, column in OF_LINE.items()}
    codes = {name: _categorical(column.words, column.positions) for name, column in columns.items()}
    in_price = np.where(lines["national_price"].to_numpy()[line] == "Y", 1 - 1 / market_forces_factor, 0)
    no_plan = figures.pop("no_plan")
    frame = pd.DataFrame(
        {
            "month": np.full(len(line), number, dtype=np.int8),
            **texts,
            **codes,
            **figures,
            "planned_mff": np.rint(figures["planned_price"] * in_price).astype(np.int64),
            "actual_mff": np.rint(figures["actual_price"] * in_price).astype(np.int64),
        }
    )
    plan = ["planned_activity", "planned_price", "planned_mff"]
    return frame.assign(**{name: frame[name].astype("Int64").mask(no_plan) for name in plan})


def _categorical(words: list[str], positions: np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(positions, categories=words)


def _of_line(texts: pd.Series, line: np.ndarray) -> pd.Categorical:
    positions, words = pd.factorize(texts.mask(texts == "", None))
    return _categorical(list(words), positions[line])


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
    relation = connection.sql(f"SELECT {select} FROM piece")
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
