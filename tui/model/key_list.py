"""Sort keys in their order, in a quarter of the memory of a list of tuples. Mutable."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, overload

Key = tuple[int, int, str]
"""A group (0 to 15), a moment within it, and the conversation's id."""

_MOST = 2_000  # keys of a piece
_FEW = 16  # fewer than one for so many that are there: then one by one
_GROUP = 1 << 56  # moments are less than half of it; those that are not count as its end
_LAST = _GROUP // 2 - 1


class KeyRun(NamedTuple):
    """Neighbours in their order: groups and moments as one number each, and ids."""

    numbers: Sequence[int]
    ids: Sequence[str]


class _Piece:
    """Neighbours: groups and moments as one number each, and beside them the ids."""

    __slots__ = ("ids", "numbers")

    def __init__(self, numbers: Iterable[int], ids: Iterable[str]) -> None:
        self.numbers = array("q", numbers)
        self.ids = list(ids)

    def before(self, number: int, one: str) -> int:
        """How many are before a key."""
        at = bisect_left(self.numbers, number)
        if at == len(self.ids) or self.numbers[at] != number or self.ids[at] >= one:
            return at
        return bisect_left(self.ids, one, at, bisect_right(self.numbers, number, at))

    @property
    def end(self) -> tuple[int, str]:
        return self.numbers[-1], self.ids[-1]


class KeyList(Sequence[Key]):
    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._pieces: list[_Piece] = []  # none is empty
        self._ends: list[tuple[int, str]] = []  # the last number and id of each
        self._starts: list[int] = []  # how many keys are before each; empty: not counted since the last change
        self._length = 0
        self.update(keys)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Key]:
        for piece in self._pieces:
            yield from map(_key, piece.numbers, piece.ids)

    @overload
    def __getitem__(self, index: int) -> Key: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Key]: ...
    def __getitem__(self, index: int | slice) -> Key | Sequence[Key]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._length))]
        if not -self._length <= index < self._length:
            raise IndexError(index)
        index %= self._length
        piece = bisect_right(self._counted(), index) - 1
        at = index - self._starts[piece]
        return _key(self._pieces[piece].numbers[at], self._pieces[piece].ids[at])

    def __contains__(self, key: object) -> bool:
        assert isinstance(key, tuple)
        return self._place(key)[2]

    def bisect_left(self, key: Key) -> int:
        """How many keys are before this one, whether or not it is here."""
        piece, at, _ = self._place(key)
        return self._counted()[piece] + at

    def index(self, key: Key, start: int = 0, stop: int | None = None) -> int:
        if key not in self:
            raise ValueError(key)
        return self.bisect_left(key)

    def update(self, keys: Iterable[Key]) -> None:
        """Add many."""
        self._update(sorted([(_number(key), key[2]) for key in keys]))

    def runs(self, length: int) -> list[KeyRun]:
        """All keys as they are now, in runs of at most so many."""
        return [
            KeyRun(piece.numbers[at : at + length], piece.ids[at : at + length])
            for piece in self._pieces
            for at in range(0, len(piece.ids), length)
        ]

    def add_run(self, run: KeyRun) -> None:
        self._update([*zip(run.numbers, run.ids, strict=True)])

    def _update(self, pairs: list[tuple[int, str]]) -> None:
        begin = 0
        while begin < len(pairs):
            index = self._piece_for(pairs[begin])
            is_last = index + 1 >= len(self._ends)
            end = len(pairs) if is_last else bisect_left(pairs, self._ends[index], begin)
            end = max(end, begin + 1)
            self._add(index, pairs[begin:end])
            begin = end

    def add(self, key: Key) -> None:
        self.update([key])

    def _piece_for(self, pair: tuple[int, str]) -> int:
        return max(0, min(bisect_left(self._ends, pair), len(self._ends) - 1))

    def _add(self, index: int, pairs: list[tuple[int, str]]) -> None:
        """Add neighbours to a piece, which becomes several where it gets too long."""
        self._length += len(pairs)
        self._starts = []
        piece = self._pieces[index] if self._pieces else _Piece((), ())
        if self._pieces and pairs[0] > self._ends[index] and len(pairs) <= _MOST:
            if len(piece.ids) + len(pairs) > _MOST:
                self._pieces.append(_Piece(*zip(*pairs, strict=True)))
                self._ends.append(pairs[-1])
            else:
                piece.numbers.extend([number for number, _ in pairs])
                piece.ids.extend([one for _, one in pairs])
                self._ends[index] = pairs[-1]
            return
        if len(pairs) * _FEW < len(piece.ids) and len(piece.ids) + len(pairs) <= _MOST:
            for number, one in pairs:
                at = piece.before(number, one)
                piece.numbers.insert(at, number)
                piece.ids.insert(at, one)
            self._ends[index] = piece.end
            return
        merged = sorted([*zip(piece.numbers, piece.ids, strict=True), *pairs])
        size = len(merged) if len(merged) <= _MOST else _MOST // 2
        parts = [merged[at : at + size] for at in range(0, len(merged), size)]
        self._pieces[index : index + 1] = [_Piece(*zip(*part, strict=True)) for part in parts]
        self._ends[index : index + 1] = [part[-1] for part in parts]

    def discard(self, key: Key) -> None:
        """Remove a key, if it is here."""
        index, at, is_here = self._place(key)
        if not is_here:
            return
        piece = self._pieces[index]
        del piece.numbers[at], piece.ids[at]
        if piece.ids:
            self._ends[index] = piece.end
        else:
            del self._pieces[index], self._ends[index]
        self._length -= 1
        self._starts = []

    def _place(self, key: Key) -> tuple[int, int, bool]:
        """The piece where a key is or would be, its place there, and whether it is there."""
        number, one = pair = _number(key), key[2]
        index = bisect_left(self._ends, pair)
        if index == len(self._ends):
            return index, 0, False
        piece = self._pieces[index]
        at = piece.before(number, one)
        return index, at, piece.numbers[at] == number and piece.ids[at] == one

    def _counted(self) -> list[int]:
        if not self._starts:
            self._starts = [*accumulate((len(piece.ids) for piece in self._pieces), initial=0)]
        return self._starts


def _number(key: Key) -> int:
    return key[0] * _GROUP + max(-_LAST, min(key[1], _LAST))


def _key(number: int, one: str) -> Key:
    group = (number + _LAST) // _GROUP
    return group, number - group * _GROUP, one
