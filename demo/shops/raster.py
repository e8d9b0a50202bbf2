"""A small painter: shapes on a canvas, out comes a PNG.

Every shape is painted four times as large, row by row with slice assignment; the rows are then
averaged as big integers, so that a picture takes a moment without any imaging library.
"""

import math
import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

SIZE = 480
FINE = 4
Point = tuple[float, float]
Spans = Callable[[float], Iterable[tuple[float, float]]]


class Canvas:
    """A square of `SIZE` pixels; coordinates run from 0 to 100 in both directions."""

    def __init__(self, ground: str) -> None:
        self._side = SIZE * FINE
        self._planes = [
            [bytearray([level]) * self._side for _ in range(self._side)] for level in _rgb(ground)
        ]

    def polygon(self, points: list[Point], colour: str) -> None:
        edges = list(zip(points, points[1:] + points[:1], strict=True))

        def spans(y: float) -> Iterable[tuple[float, float]]:
            crossings = sorted(
                x1 + (y - y1) / (y2 - y1) * (x2 - x1)
                for (x1, y1), (x2, y2) in edges
                if (y1 <= y) != (y2 <= y)
            )
            return zip(crossings[::2], crossings[1::2], strict=True)

        self._fill(spans, min(y for _, y in points), max(y for _, y in points), colour)

    def ellipse(self, centre: Point, radius: Point, colour: str, hole: float = 0.0) -> None:
        """A filled ellipse; `hole` leaves out its middle up to that share of the radius."""
        (cx, cy), (rx, ry) = centre, radius

        def half(y: float, share: float) -> float:
            inside = 1 - ((y - cy) / (ry * share)) ** 2 if share else -1
            return rx * share * math.sqrt(inside) if inside > 0 else 0.0

        def spans(y: float) -> Iterable[tuple[float, float]]:
            outer, inner = half(y, 1), half(y, hole)
            if not inner:
                return [(cx - outer, cx + outer)]
            return [(cx - outer, cx - inner), (cx + inner, cx + outer)]

        self._fill(spans, cy - ry, cy + ry, colour)

    def line(self, points: Sequence[tuple[float, float]], width: float, colour: str) -> None:
        """A line through the points with round ends and joints."""
        for (x1, y1), (x2, y2) in pairwise(points):
            length = math.hypot(x2 - x1, y2 - y1) or 1
            dx, dy = (y1 - y2) / length * width / 2, (x2 - x1) / length * width / 2
            self.polygon(
                [(x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy)], colour
            )
        for point in points:
            self.ellipse(point, (width / 2, width / 2), colour)

    def box(self, corner: Point, size: Point, colour: str, round_by: float = 0.0) -> None:
        """A rectangle with its upper left corner at `corner`, rounded by a radius."""
        (x, y), (w, h) = corner, size
        steps = [math.pi / 2 * step / 8 for step in range(9)]
        corners = ((x + w - round_by, y + round_by, -1), (x + w - round_by, y + h - round_by, 0))
        right = [
            (
                cx + round_by * math.cos(turn * math.pi / 2 + a),
                cy + round_by * math.sin(turn * math.pi / 2 + a),
            )
            for cx, cy, turn in corners
            for a in steps
        ]
        self.polygon(right + [(2 * x + w - px, py) for px, py in reversed(right)], colour)

    def arc(self, centre: Point, radius: float, turn: tuple[float, float], width: float, colour: str) -> None:
        """Part of a circle between two angles in degrees, clockwise from the right."""
        first, last = turn
        angles = [math.radians(first + (last - first) * step / 40) for step in range(41)]
        self.line(
            [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles],
            width,
            colour,
        )

    def _fill(self, spans: Spans, top: float, bottom: float, colour: str) -> None:
        scale, levels = self._side / 100, _rgb(colour)
        for row in range(max(0, int(top * scale)), min(self._side, int(bottom * scale) + 1)):
            for left, right in spans((row + 0.5) / scale):
                start, end = max(0, round(left * scale)), min(self._side, round(right * scale))
                if end > start:
                    for plane, level in zip(self._planes, levels, strict=True):
                        plane[row][start:end] = bytes([level]) * (end - start)

    def png(self) -> bytes:
        planes = [_shrink(_shrink([bytes(row) for row in plane])) for plane in self._planes]
        rows = bytearray()
        for red, green, blue in zip(*planes, strict=True):
            row = bytearray(3 * SIZE)
            row[0::3], row[1::3], row[2::3] = red, green, blue
            rows += b"\0" + row
        header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _rgb(colour: str) -> bytes:
    return bytes.fromhex(colour.removeprefix("#"))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _shrink(rows: list[bytes]) -> list[bytes]:
    """Half as wide and half as high, every pixel the mean of four."""
    narrow = [_mean(row[0::2], row[1::2]) for row in rows]
    return [_mean(upper, lower) for upper, lower in zip(narrow[0::2], narrow[1::2], strict=True)]


def _mean(left: bytes, right: bytes) -> bytes:
    """The mean of two rows, byte by byte, all bytes at once.

    `a + b = 2 (a & b) + (a ^ b)`: halving the second term after clearing the lowest bit of
    every byte keeps the bytes from running into each other.
    """
    a, b = int.from_bytes(left), int.from_bytes(right)
    mask = int.from_bytes(b"\xfe" * len(left))
    return ((a & b) + (((a ^ b) & mask) >> 1)).to_bytes(len(left))
