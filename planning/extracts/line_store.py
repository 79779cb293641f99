"""Files made once and never changed, named by their hash: rows for lineage, with their values, and facts for reading."""

import hashlib
import os
from pathlib import Path


def keep_rows(lines: Path, values: Path, folder: Path) -> str:
    """Keep the rows of a file as they were received and their values, under one name made of both; return that of the lines."""
    digest = hashlib.sha256()
    for path in (lines, values):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    keep(values, folder, f"{digest.hexdigest()}.values.parquet")
    return keep(lines, folder, f"{digest.hexdigest()}.parquet")


def keep(path: Path, folder: Path, name: str = "") -> str:
    """Move a finished file into its folder under the name of its hash, on the disk before anything names it."""
    with path.open("rb") as file:
        name = name or f"{hashlib.file_digest(file, 'sha256').hexdigest()}.parquet"
        os.fsync(file.fileno())
    folder.mkdir(parents=True, exist_ok=True)
    path.replace(folder / name)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return name
