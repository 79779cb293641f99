"""Where in some bytes there is what looks like an NHS number or a full postcode.

A block of lines is looked at as a whole, as an array of bytes, since a hospital sends hundreds of megabytes.
"""

import re

import numpy as np

from .cleaning import MISSING

POINT = b"."[0]
ZERO = b"0"[0]
PLAIN = np.arange(10)
# 943 476 5919: where its digits stand.
SPACED = np.array([0, 1, 2, 4, 5, 6, 8, 9, 10, 11])
WEIGHTS = np.arange(10, 1, -1)
WORD = np.zeros(256, dtype=bool)
WORD[[*range(48, 58), *range(65, 91), *range(97, 123), *range(128, 256)]] = True
# What may stand between the parts of a number.
GAPS = tuple(b" -./_")
NHS = np.frombuffer(b"nhs", dtype=np.uint8)
# Blanks, dashes, digits and marks as word processors and phones write them, and what each is in plain text.
BEGIN_OTHER = (b"\xc2\xa0", b"\xe2\x80", b"\xe2\x88\x92", b"\xef\xbb\xbf", b"\xef\xbc")
OTHER_BLANK = re.compile(rb"\xc2\xa0|\xe2\x80[\x80-\x8a\xaf]")
OTHER_DASH = re.compile(rb"\xe2\x80[\x90-\x95]|\xe2\x88\x92")
UNSEEN = re.compile(rb"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xef\xbb\xbf")
WIDE_DIGIT = re.compile(rb"\xef\xbc([\x90-\x99])")
POSTCODE = re.compile(rb"(?:^|[^0-9A-Za-z_\x80-\xff])[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}$")
LONGEST_POSTCODE = 9
BLANK = b' "\t\r\xc2\xa0'
_LIKELY = re.compile(r"(?:\d\D*){10}|\d[A-Za-z]{2}(?![A-Za-z0-9])")
_PLAIN_NUMBER = re.compile(r"[-+]?[\d,]+(?:\.\d*)?")
NOT_SHOWN = "(not shown)"
_LETTERS = re.compile(r"[^\W\d_]")
NO_VALUE = frozenset(word.encode() for word in MISSING)


def plainly(block: bytes) -> bytes:
    """The same text with plain blanks, dashes and digits, and without marks that cannot be seen."""
    if block.isascii() or not any(begin in block for begin in BEGIN_OTHER):
        return block
    block = OTHER_DASH.sub(b"-", OTHER_BLANK.sub(b" ", UNSEEN.sub(b"", block)))
    return WIDE_DIGIT.sub(lambda found: bytes([found[1][0] - 0x90 + ZERO]), block)


class Marks:
    """Where in some bytes there are codes of ten digits, and what looks like a postcode; `block` is their plain text."""

    def __init__(self, block: bytes):
        self.block = plainly(block)
        self.bytes = np.frombuffer(self.block, dtype=np.uint8)
        self.digit = (self.bytes - np.uint8(48)) < 10

    def numbers(self) -> tuple[np.ndarray, np.ndarray]:
        """Where codes of ten digits begin, written together or as 3-3-4, and which of them could be NHS numbers."""
        if len(self.bytes) < 14:
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty.astype(bool)
        digit = self.digit
        two = digit[:-1] & digit[1:]
        four = two[:-2] & two[2:]
        eight = four[:-4] & four[4:]
        plain = np.flatnonzero(eight[:-2] & two[8:])
        gap = self.bytes == GAPS[0]
        for other in GAPS[1:]:
            gap |= self.bytes == other
        spaced = np.flatnonzero(gap[:-4] & gap[4:]) - 3
        spaced = spaced[(spaced > 0) & (spaced + 12 < len(digit))]
        spaced = spaced[digit[spaced[:, None] + SPACED].all(axis=1)]
        plain, spaced = self._bounded(plain, 10), self._bounded(spaced, 12)
        passing = np.concatenate([self._passing(plain, PLAIN), self._passing(spaced, SPACED)])
        return np.concatenate([plain, spaced]), passing

    def _bounded(self, starts: np.ndarray, length: int) -> np.ndarray:
        """Those that are no part of a longer word or number. A spreadsheet may have added `.0`."""
        end = len(self.bytes) - 1
        starts = starts[(starts > 1) & (starts + length <= end)]
        before, after = self.bytes[starts - 1], self.bytes[starts + length]
        named = ((self.bytes[np.maximum(starts[:, None] - [3, 2, 1], 0)] | np.uint8(32)) == NHS).all(axis=1)
        alone = (~WORD[before] | named) & ~WORD[after] & ~((before == POINT) & self.digit[starts - 2])
        one, two = np.minimum(starts + length + 1, end), np.minimum(starts + length + 2, end)
        decimals = (after == POINT) & self.digit[one] & ~((self.bytes[one] == ZERO) & ~WORD[self.bytes[two]])
        return starts[alone & ~decimals]

    def _passing(self, starts: np.ndarray, places: np.ndarray) -> np.ndarray:
        digits = self.bytes[starts[:, None] + places].astype(np.int64) - 48
        check = 11 - (digits[:, :9] * WEIGHTS).sum(axis=1) % 11
        first = digits[:, 0] * 100 + digits[:, 1] * 10 + digits[:, 2]
        issued = ((first >= 400) & (first <= 499)) | ((first >= 600) & (first <= 799))
        return issued & (np.where(check == 11, 0, check) == digits[:, 9])

    def postcodes(self) -> np.ndarray:
        """Where the second halves of full postcodes begin."""
        letter = ((self.bytes | np.uint8(32)) - np.uint8(97)) < 26
        likely = np.flatnonzero(self.digit[:-2] & letter[1:-1] & letter[2:]) if len(letter) > 2 else np.zeros(0, dtype=np.int64)
        likely = likely[likely + 3 < len(self.bytes)]
        likely = likely[~WORD[self.bytes[likely + 3]]]
        block = self.block
        return np.array(
            [i for i in likely.tolist() if POSTCODE.search(block[max(i - LONGEST_POSTCODE + 3, 0) : i + 3])], dtype=np.int64
        )


def is_value(cell: bytes, heading: bytes = b"") -> bool:
    """Whether a cell holds anything but blanks, words for nothing, and its column's own heading (in capitals), come again."""
    text = cell.strip(BLANK).upper()
    return bool(text) and text not in NO_VALUE and text != heading


def holds_number(name: str) -> bool:
    """Whether a name of something, in which letters may stand around it, holds what could be an NHS number."""
    parts = _LETTERS.sub(" ", name)
    return any(c.isdecimal() for c in parts) and bool(Marks(b"  " + parts.encode(errors="replace") + b"   ").numbers()[1].any())


def without_numbers(name: str) -> str:
    """A name as it may be kept: where it holds what could be an NHS number, with x for every digit."""
    return "".join("x" if c.isdecimal() else c for c in name) if holds_number(name) else name


def holds_person(cell: str) -> bool:
    """Whether a cell holds what could be an NHS number, or a full postcode."""
    if not any(character.isdecimal() for character in cell):
        return False
    found = Marks(b"  " + cell.encode() + b"   ")
    return bool(found.numbers()[1].any()) or bool(len(found.postcodes()))


def cell_to_show(cell: str, *, figure: bool = False) -> str:
    """A cell as it is shown and kept beside a problem: not where it could be an NHS number or a full postcode.

    In a column of figures a number that is nothing else is one.
    """
    # Millions of cells are shown in a download; few have so many digits or a postcode's end.
    if not _LIKELY.search(cell) or (figure and _PLAIN_NUMBER.fullmatch(cell)):
        return cell
    return NOT_SHOWN if holds_person(cell) else cell
