"""Which bytes of a SQLite database file belong to rows, and which are left in its free space.

Reads pages as https://www.sqlite.org/fileformat2.html describes them. Only the pages that hold what is looked for are
parsed, and the interior ones, which are some hundredth of all.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

_INDEX_INTERIOR, _TABLE_INTERIOR, _INDEX_LEAF, _TABLE_LEAF = 2, 5, 10, 13
_INTERIOR = (_INDEX_INTERIOR, _TABLE_INTERIOR)
_OTHER, _TREE, _FREE = range(3)
_HEADER = 100  # of the file, at the beginning of page 1
_LOCK_BYTE = 1 << 30  # the page at this offset holds nothing
_PAGES_AT_ONCE = 200


class Damaged(Exception):
    """The file is not what its format says."""


class _Cell(NamedTuple):
    begin: int  # of the payload, in its page
    end: int
    left: int  # bytes of the payload in overflow pages; their first page number is at `end`


class RowBytes:
    """`read`: so many bytes at this offset of the file, which must not change meanwhile. `roots`: of all tables and
    indexes. The file has no pointer maps (auto_vacuum)."""

    def __init__(self, read: Callable[[int, int], bytes], roots: Iterable[int]) -> None:
        head = read(0, _HEADER)
        size = int.from_bytes(head[16:18], "big")
        self._read = read
        self._page_size = 65536 if size == 1 else size
        self._usable = self._page_size - head[20]
        self._count = int.from_bytes(head[28:32], "big")
        self._kinds = bytearray(self._count + 1)
        self._mark_free(int.from_bytes(head[32:36], "big"))
        for root in {1, *roots}:
            self._mark_tree(root)

    def outside(self, hits: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Those of these ranges of bytes (first, after the last) that are no part of a row or of an index's entry.

        Blocks, for some seconds where the end of a long row has to be found. Raises Damaged, OSError.
        """
        left: list[tuple[int, int]] = []
        tails: dict[int, list[tuple[int, int]]] = {}  # hits in the last page of a chain, of which a part is free
        for first, after in hits:
            number, begin = divmod(first, self._page_size)
            number, end = number + 1, begin + after - first
            if end > self._usable or number > self._count or number == _LOCK_BYTE // self._page_size + 1:
                left.append((first, after))
            elif self._kinds[number] == _TREE:
                if not any(cell.begin <= begin and end <= cell.end for cell in self._cells(number)):
                    left.append((first, after))
            elif self._kinds[number] == _FREE or begin < 4:
                left.append((first, after))
            elif self._number_at(number, 0) == 0:
                tails.setdefault(number, []).append((first, after))
        ends = self._ends_of_chains(tails) if tails else {}
        for number, some in tails.items():
            until = (number - 1) * self._page_size + ends.get(number, 0)
            left += [one for one in some if one[1] > until]
        return left

    def _page(self, number: int) -> bytes:
        if not 0 < number <= self._count:
            raise Damaged(f"there is no page {number}")
        page = self._read((number - 1) * self._page_size, self._page_size)
        if len(page) < self._page_size:
            raise Damaged(f"page {number} is cut off")
        return page

    def _number_at(self, number: int, offset: int) -> int:
        return int.from_bytes(self._read((number - 1) * self._page_size + offset, 4), "big")

    def _mark_free(self, trunk: int) -> None:
        while trunk:
            page = self._page(trunk)
            if self._kinds[trunk]:
                raise Damaged("the list of free pages goes in a circle")
            self._kinds[trunk] = _FREE
            numbers = array("I", page[8 : 8 + 4 * int.from_bytes(page[4:8], "big")])
            numbers.byteswap()
            for number in numbers:
                if number <= self._count:
                    self._kinds[number] = _FREE
            trunk = int.from_bytes(page[:4], "big")

    def _mark_tree(self, root: int) -> None:
        level = [root]
        while level:
            for number in level:
                if not 0 < number <= self._count or self._kinds[number]:
                    raise Damaged(f"page {number} is in two places")
                self._kinds[number] = _TREE
            if self._flag(self._page(level[0]), level[0]) not in _INTERIOR:  # all of a level are alike
                return
            level = [child for number in level for child in self._children(number)]

    def _flag(self, page: bytes, number: int) -> int:
        return page[_HEADER if number == 1 else 0]

    def _children(self, number: int) -> Iterator[int]:
        page = self._page(number)
        begin = _HEADER if number == 1 else 0
        for pointer in _pointers(page, begin):
            yield int.from_bytes(page[pointer : pointer + 4], "big")
        yield int.from_bytes(page[begin + 8 : begin + 12], "big")

    def _cells(self, number: int) -> Iterator[_Cell]:
        page = self._page(number)
        flag = self._flag(page, number)
        if flag == _TABLE_INTERIOR:
            return
        usable = self._usable
        most = usable - 35 if flag == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        least = (usable - 12) * 32 // 255 - 23
        for pointer in _pointers(page, _HEADER if number == 1 else 0):
            size, begin = _varint(page, pointer + 4 if flag == _INDEX_INTERIOR else pointer)
            if flag == _TABLE_LEAF:
                _, begin = _varint(page, begin)
            local = size
            if size > most:
                local = least + (size - least) % (usable - 4)
                local = local if local <= most else least
            yield _Cell(begin, begin + local, size - local)

    def _ends_of_chains(self, wanted: Iterable[int]) -> dict[int, int]:
        """Where the payload ends in those of these pages that a chain of overflow pages ends with."""
        left, ends = set(wanted), {}
        for number in range(1, self._count + 1):
            if number % _PAGES_AT_ONCE == 0:
                time.sleep(0)  # other threads have their turn
            if self._kinds[number] != _TREE:
                continue
            for cell in self._cells(number):
                if not cell.left:
                    continue
                following, size, steps = self._number_at(number, cell.end), cell.left, 0
                while size > self._usable - 4 and following and steps <= self._count:
                    following, size, steps = self._number_at(following, 0), size - self._usable + 4, steps + 1
                if following in left:
                    ends[following] = 4 + size
                    left.discard(following)
                    if not left:
                        return ends
        return ends


def _pointers(page: bytes, begin: int) -> Iterator[int]:
    count = int.from_bytes(page[begin + 3 : begin + 5], "big")
    first = begin + (12 if page[begin] in _INTERIOR else 8)
    for at in range(first, first + 2 * count, 2):
        yield int.from_bytes(page[at : at + 2], "big")


def _varint(page: bytes, at: int) -> tuple[int, int]:
    """The number, and where it ends."""
    value = 0
    for offset in range(8):
        byte = page[at + offset]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + offset + 1
    return value << 8 | page[at + 8], at + 9
