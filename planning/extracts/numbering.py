"""Gives every record of a delimited file its row number, and keeps each on one line."""

import csv
import io
import operator
from typing import Protocol

import numpy as np

# The last four digits of a row number and the comma after it, made once.
RUN = 10_000
ENDINGS = [b"%04d" % n for n in range(RUN)]
QUOTE, NEWLINE, RETURN, SPACE = b'"\n\r '
# An open quote that runs on for longer is a stray one: the lines stand for themselves.
LONGEST_RECORD = 200
# In bytes: a thousand columns of four thousand characters. What is longer has lost its line ends, and would fill the memory.
LONGEST_LINE = 4 * 1024**2
UNREADABLE = "\ufffd".encode()
# What older programs put at the end of a text, behind its last line.
END_OF_TEXT = b"\x1a"


class Taker(Protocol):
    """Whatever numbered lines are written to."""

    def write(self, block: bytes, /) -> object: ...


class Truncated(Exception):
    """The file stops inside a record."""

    def __init__(self, row: int):
        super().__init__(row)
        self.row = row


class Endless(Truncated):
    """A line goes on for longer than any record does."""


def _any_odd_quotes(block: bytes) -> bool:
    """Whether any whole line has an odd number of quotes: of those that have not, each is a record."""
    if b'"' not in block:
        return False
    data = np.frombuffer(block, dtype=np.uint8)
    before = np.searchsorted(np.flatnonzero(data == QUOTE), np.flatnonzero(data == NEWLINE))
    return bool((before & 1).any())


def _without_returns(block: bytes) -> bytes:
    """Lines end in a line feed alone; a carriage return of its own, with which the block may not end, is a space."""
    data = np.frombuffer(block, dtype=np.uint8)
    if (data[np.flatnonzero(data == RETURN) + 1] == NEWLINE).all():
        # Many times as quick as looking for pairs, and what nearly every file is.
        return block.translate(None, b"\r")
    return block.replace(b"\r\n", b"\n").replace(b"\r", b" ")


class Numbering:
    """Takes blocks of UTF-8 below the heading; writes `row number, record` lines. `columns` is the width of the heading."""

    def __init__(self, out: Taker, heading_row: int, delimiter: str, columns: int, *, careful: bool):
        self.out, self.next, self.first = out, heading_row + 1, heading_row + 1
        self.delimiter, self.columns, self.careful = delimiter, columns, careful
        self.endings = [ending + delimiter.encode() for ending in ENDINGS]
        self.carry = b""
        self.held: list[bytes] = []
        self.blank = 0

    @property
    def records(self) -> int:
        return self.next - self.first

    def take(self, block: bytes) -> None:
        block = self.carry + block
        # A carriage return at the very end may be half of a line break.
        tail = b"\r" if block.endswith(b"\r") else b""
        block = block[: len(block) - len(tail)]
        if b"\0" in block:
            # No database keeps this character; left out, 1 and 50 around it would be read as 150.
            block = block.replace(b"\0", UNREADABLE)
        if b"\r" in block:
            block = _without_returns(block)
        lines = block.split(b"\n")
        self.carry = lines.pop() + tail
        if self.held or _any_odd_quotes(block):
            lines = self._whole_records(lines)
        self._write(lines)
        if len(self.carry) > LONGEST_LINE:
            raise Endless(self.next + len(self.held))

    def finish(self) -> None:
        """Write what is left. A last line without its end that lacks columns, or an open quote, is a cut file."""
        last = self.carry.rstrip(b"\r" + END_OF_TEXT)
        if last:
            lines = self._whole_records([last])
            if self.held or (lines and len(self._cells(lines[-1])) < self.columns):
                raise Truncated(self.next + max(len(lines) - 1, 0))
            self._write(lines)
        if self.held:
            self._write([self._without_quotes(line) for line in self.held])
            self.held = []

    def _whole_records(self, lines: list[bytes]) -> list[bytes]:
        """Join the lines of a record that has line breaks inside quotes; a space stands for the break."""
        whole: list[bytes] = []
        for line in lines:
            odd = line.count(b'"') & 1
            if not self.held:
                if odd and self._open(line, False):
                    self.held = [line]
                else:
                    whole.append(self._written_anew(line) if odd else line)
                continue
            self.held.append(line)
            if odd and not self._open(line, True):
                whole.append(b" ".join(self.held))
                self.held = []
            elif len(self.held) > LONGEST_RECORD:
                whole += [self._without_quotes(held) for held in self.held]
                self.held = []
        return whole

    def _open(self, line: bytes, inside: bool) -> bool:
        """Whether a quoted cell is still open at the end of the line. A quote opens only at the start of a cell."""
        delimiter, at = ord(self.delimiter), line.find(b'"')
        while at >= 0:
            if not inside:
                # Not by a copy of all that is before it: a line of nothing but quotes would take hours.
                before = at - 1
                while before >= 0 and line[before] == SPACE:
                    before -= 1
                inside = before < 0 or line[before] == delimiter
            elif line[at + 1 : at + 2] == b'"':
                at += 1
            else:
                inside = False
            at = line.find(b'"', at + 1)
        return inside

    def _cells(self, line: bytes) -> list[str]:
        try:
            return next(csv.reader([line.decode(errors="replace")], delimiter=self.delimiter), [])
        except csv.Error:
            # A cell beyond what the module reads: one cell that is no value, so that the row is told as broken and not as blank.
            return [UNREADABLE.decode()]

    def _written_anew(self, line: bytes) -> bytes:
        """The record as the csv module reads it, quoted by the book; cells beyond the heading are gathered into one."""
        cells = self._cells(line)
        if len(cells) > self.columns:
            beyond = "".join(cells[self.columns :]).strip()
            cells = cells[: self.columns] + ([beyond] if beyond else [])
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator="").writerow(cells)
        return out.getvalue().replace("\n", " ").encode()

    def _without_quotes(self, line: bytes) -> bytes:
        return self._written_anew(line.replace(b'"', b""))

    def _write(self, lines: list[bytes]) -> None:
        if self.careful:
            lines = [self._written_anew(line) for line in lines]
        trailing = 0
        while lines and not lines[-1].strip():
            lines.pop()
            trailing += 1
        if lines:
            # Empty lines are rows only where a row follows them.
            for start in range(0, self.blank, RUN):
                self._number([b""] * min(RUN, self.blank - start))
            self._number(lines)
            self.blank = 0
        self.blank += trailing

    def _number(self, lines: list[bytes]) -> None:
        while lines:
            start = self.next % RUN
            run, lines = lines[: RUN - start], lines[RUN - start :]
            thousands = b"%d" % (self.next // RUN)
            numbered = map(operator.add, self.endings[start:], run)
            self.out.write(thousands + (b"\n" + thousands).join(numbered) + b"\n")
            self.next += len(run)
