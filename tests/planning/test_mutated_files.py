"""Valid files with some bytes changed: each is read or refused in words, and no row is lost."""

import random

import pytest

from planning.extracts.reading import Refused
from tests.planning.acm_files import acm_bytes, acm_row
from tests.planning.checked_files import checked_file, problems_in

SPECIAL = (b'"', b'""', b",", b"\r", b"\n", b"\x00", b"\xff", b"\x01\x02", b"\xe2\x80")
ROWS = [
    acm_row(month=m, actual_price=f"{m}.5", local_contract_code='a "quoted", cell' if m % 3 else "two\nlines")
    for m in (1, 2, 3, 4, 5, 6)
] * 4


def mutated(seed: int) -> bytes:
    chance = random.Random(seed)
    encoding = chance.choice(["utf-8", "utf-8", "utf-16", "cp1252"])
    content = bytearray(acm_bytes(ROWS, encoding=encoding))
    for _ in range(chance.choice([1, 1, 3, 20])):
        at = chance.randrange(len(content) if chance.random() < 0.7 else 1500)
        kind = chance.randrange(4)
        if kind == 0:
            content[at] = chance.randrange(256)
        elif kind == 1:
            del content[at : at + chance.randrange(1, 30)]
        elif kind == 2:
            content[at:at] = chance.choice(SPECIAL)
        else:
            start = chance.randrange(len(content))
            content[at:at] = content[start : start + chance.randrange(100)]
    return bytes(content)


@pytest.mark.parametrize("seed", range(40))
def test_a_mutated_file_is_read_or_refused_in_words(tmp_path, seed):
    said = "Read."
    try:
        with checked_file(tmp_path, content=mutated(seed)) as checked:
            result = checked.result
            assert result.rows == result.accepted + result.rejected + result.excluded
            assert len({problem[0] for problem in problems_in(checked) if problem[4] == "error"}) == result.rejected
    except Refused as refused:
        said = str(refused)
    assert said.endswith(".")
