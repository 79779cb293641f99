"""A public CSV as columns of text, whatever its encoding and separator."""

import io

import pandas as pd

SEPARATORS = (",", ";", "\t", "|")


def read_public_bytes(content: bytes) -> pd.DataFrame:
    """Columns of text of a public file; blank cells are "".

    Raises:
        ValueError: it cannot be read; says what to do.
    """
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValueError("Save the sheet as CSV (UTF-8): this is a workbook.")
    if b"\x00" in content:
        raise ValueError("Save the file as CSV (UTF-8): this is not text.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    heading = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=heading.count)
    try:
        frame = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, skipinitialspace=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        raise ValueError(f"Mend the file, it cannot be read as a CSV: {fault}") from None
    if not isinstance(frame.index, pd.RangeIndex):
        raise ValueError("Mend the file: its rows have more cells than its heading has.")
    return frame.fillna("").astype(str)
