"""The least that anything must do with an extract: read it, write it as Parquet, group it. No checks, no database."""

import sys

import duckdb

PRICE = '"CONTRACT MONITORING ACTUAL PRICE"'
KEYS = (
    "FINANCIAL MONTH",
    "COMMISSIONED SERVICE CATEGORY CODE",
    "SERVICE CODE",
    "POINT OF DELIVERY CODE",
    "ORGANISATION IDENTIFIER (CODE OF COMMISSIONER)",
)


def main(source: str, parquet: str) -> None:
    keys = ", ".join(f'"{key}"' for key in KEYS)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE lines AS SELECT * FROM read_csv(?, all_varchar = true, header = true)", [source])
        connection.execute("COPY lines TO ? (FORMAT parquet)", [parquet])
        groups = f"SELECT {keys}, sum(CAST({PRICE} AS DECIMAL(18, 4))) FROM lines GROUP BY {keys}"  # noqa: S608 (our own names)
        print(len(connection.execute(groups).fetchall()))


if __name__ == "__main__":
    main(*sys.argv[1:])
