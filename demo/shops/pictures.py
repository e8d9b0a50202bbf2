"""Pictures of what the demo shops sell, drawn by hand in circles and lines."""

from collections.abc import Callable
from functools import lru_cache

from demo.shops.raster import Canvas

INK, STEEL, PALE, RED, BLUE, GREEN, SAND, GOLD = (
    "#25303b", "#8794a1", "#dbe2e8", "#d1495b", "#2e6f95", "#3f7d58", "#c99f6b", "#f2b134",
)  # fmt: skip


def _shadow(c: Canvas, ground: str, width: float = 34) -> None:
    dark = "".join(f"{int(ground[i : i + 2], 16) * 88 // 100:02x}" for i in (1, 3, 5))
    c.ellipse((50, 84), (width, 4), dark)


def _wheel(c: Canvas, x: float, tyre: float) -> None:
    c.ellipse((x, 64), (17.5, 17.5), INK, hole=1 - tyre / 17.5)
    c.ellipse((x, 64), (17.5 - tyre, 17.5 - tyre), STEEL, hole=0.95)
    for dx, dy in ((14, 0), (7, 12), (-7, 12), (10, 10), (-10, 10), (0, 14)):
        c.line([(x - dx, 64 - dy), (x + dx, 64 + dy)], 0.35, STEEL)
    c.ellipse((x, 64), (2.2, 2.2), INK)


def city_bike(c: Canvas) -> None:
    _wheel(c, 27, 2)
    _wheel(c, 74, 2)
    c.arc((27, 64), 19.5, (190, 300), 1.4, BLUE)
    c.arc((74, 64), 19.5, (230, 350), 1.4, BLUE)
    c.line([(27, 64), (46, 65), (38, 38)], 2.2, BLUE)
    c.line([(46, 65), (53, 60), (64, 42)], 2.8, BLUE)
    c.line([(27, 64), (39, 42)], 1.8, BLUE)
    c.line([(74, 64), (65, 38), (63, 31)], 2.2, INK)
    c.line([(63, 31), (56, 30), (53, 33)], 1.8, INK)
    c.line([(38, 38), (37, 34)], 1.8, INK)
    c.line([(32, 33), (42, 33)], 3.6, "#7a4b2b")
    c.line([(18, 44), (34, 44)], 1.4, INK)
    c.ellipse((46, 65), (4.4, 4.4), INK, hole=0.55)
    c.line([(46, 65), (49, 72), (52, 72)], 1.3, INK)
    c.ellipse((67, 39), (2.4, 2), GOLD)


def trail_bike(c: Canvas) -> None:
    _wheel(c, 27, 3.4)
    _wheel(c, 75, 3.4)
    c.line([(27, 64), (47, 66), (41, 40), (65, 36), (47, 66)], 2.6, RED)
    c.line([(27, 64), (42, 42)], 1.8, RED)
    c.line([(65, 36), (75, 64)], 3.2, INK)
    c.line([(65, 36), (63, 29), (57, 28)], 2, INK)
    c.line([(41, 40), (40, 33)], 2, INK)
    c.line([(34, 32), (45, 33)], 3, INK)
    c.ellipse((47, 66), (4.6, 4.6), INK, hole=0.6)
    c.line([(47, 66), (43, 73), (40, 73)], 1.4, INK)


def headphones(c: Canvas) -> None:
    c.arc((50, 52), 28, (180, 360), 5, INK)
    c.arc((50, 52), 28, (222, 318), 7, "#48566a")
    for side in (-1, 1):
        c.box((50 + side * 27 - 8, 48), (16, 30), INK, 8)
        c.box((50 + side * 20 - 5, 50), (10, 26), "#6d7b8f", 5)
    c.ellipse((80, 70), (1.2, 1.2), "#7ee0a5")


def speaker(c: Canvas) -> None:
    c.arc((50, 28), 10, (180, 360), 2.4, SAND)
    c.ellipse((50, 54), (29, 29), GREEN)
    c.ellipse((50, 54), (23, 23), "#2c5a40")
    for radius in (19, 14, 9):
        c.ellipse((50, 54), (radius, radius), GREEN, hole=0.93)
    c.ellipse((50, 54), (5, 5), PALE)


def turntable(c: Canvas) -> None:
    c.box((14, 28), (72, 52), "#9b6a3c", 3)
    c.box((14, 28), (72, 46), SAND, 3)
    c.ellipse((44, 51), (21, 20), INK)
    for radius in (18, 15, 12):
        c.ellipse((44, 51), (radius, radius * 0.95), "#44505c", hole=0.97)
    c.ellipse((44, 51), (6.5, 6.2), RED)
    c.ellipse((44, 51), (0.9, 0.9), PALE)
    c.ellipse((76, 38), (4.6, 4.6), STEEL)
    c.line([(76, 38), (72, 58), (61, 64)], 1.7, PALE)
    c.line([(61, 64), (57, 66)], 3, INK)
    c.ellipse((76, 66), (2.4, 2.4), INK)


def grinder(c: Canvas) -> None:
    c.line([(50, 24), (72, 20)], 2, STEEL)
    c.ellipse((73, 16), (4.4, 4.8), "#7a4b2b")
    c.box((40, 24), (20, 8), INK, 2)
    c.box((38, 31), (24, 32), STEEL, 3)
    c.box((38, 31), (6, 32), PALE, 3)
    c.box((38, 47), (24, 5), INK)
    c.box((39, 62), (22, 20), "#7a4b2b", 4)
    c.box((41, 63), (5, 17), "#95633d", 2)


def kettle(c: Canvas) -> None:
    c.line([(66, 64), (78, 58), (80, 42), (86, 34)], 3, STEEL)
    c.polygon([(36, 40), (62, 40), (70, 78), (28, 78)], INK)
    c.polygon([(38, 42), (44, 42), (38, 76), (31, 76)], "#3d4c5b")
    c.box((26, 77), (46, 6), STEEL, 2)
    c.box((38, 35), (22, 6), STEEL, 2)
    c.ellipse((49, 33), (3, 3), "#7a4b2b")
    c.line([(36, 43), (20, 40), (20, 60)], 4, "#7a4b2b")
    c.box((44, 60), (14, 8), "#9be7c4", 2)


def backpack(c: Canvas) -> None:
    c.arc((50, 22), 7, (180, 360), 2.4, INK)
    c.box((24, 46), (10, 28), "#b5622f", 4)
    c.box((66, 46), (10, 28), "#b5622f", 4)
    c.box((30, 22), (40, 62), "#dd7f3b", 10)
    c.box((28, 20), (44, 20), "#b5622f", 8)
    c.box((36, 52), (28, 24), "#c96f31", 5)
    c.line([(36, 60), (64, 60)], 1, INK)
    for x in (40, 60):
        c.line([(x, 36), (x, 50)], 2, INK)
        c.box((x - 2.2, 44), (4.4, 4), PALE, 1)


def tent(c: Canvas) -> None:
    c.polygon([(50, 28), (90, 80), (10, 80)], "#e0a33a")
    c.polygon([(50, 28), (68, 80), (32, 80)], "#b97f24")
    c.polygon([(50, 38), (58, 80), (42, 80)], INK)
    c.polygon([(50, 38), (42, 80), (36, 80)], "#f4d08a")
    c.line([(50, 28), (47, 24)], 1.2, INK)
    c.line([(50, 28), (53, 24)], 1.2, INK)
    c.line([(90, 80), (96, 84)], 0.8, INK)
    c.line([(10, 80), (4, 84)], 0.8, INK)


def flask(c: Canvas) -> None:
    c.box((40, 16), (20, 16), STEEL, 4)
    c.box((42, 31), (16, 4), INK)
    c.box((36, 34), (28, 49), BLUE, 6)
    c.box((39, 36), (5, 44), "#5b93b5", 2.5)
    c.polygon([(52, 62), (56, 54), (60, 62)], PALE)
    c.polygon([(47, 62), (51, 50), (56, 62)], PALE)


def lamp(c: Canvas) -> None:
    c.polygon([(58, 36), (78, 48), (66, 80), (30, 80)], "#ffe9a8")
    c.ellipse((32, 81), (15, 3.4), INK)
    c.line([(32, 80), (24, 52), (58, 24)], 2.4, STEEL)
    c.ellipse((24, 52), (2.8, 2.8), INK)
    c.polygon([(54, 20), (64, 22), (82, 48), (54, 34)], RED)
    c.ellipse((68, 41), (7, 5), GOLD)


def chair(c: Canvas) -> None:
    c.box((34, 16), (32, 36), "#48566a", 7)
    for y in range(21, 50, 4):
        c.line([(38, y), (62, y)], 0.8, STEEL)
    c.line([(28, 44), (28, 56)], 2.6, INK)
    c.line([(72, 44), (72, 56)], 2.6, INK)
    c.line([(25, 44), (33, 44)], 3, INK)
    c.line([(67, 44), (75, 44)], 3, INK)
    c.box((27, 54), (46, 9), INK, 4)
    c.line([(50, 62), (50, 74)], 3.6, STEEL)
    c.line([(28, 82), (50, 74), (72, 82)], 2.6, INK)
    c.line([(50, 74), (50, 82)], 2.6, INK)
    for x in (28, 50, 72):
        c.ellipse((x, 83), (2.6, 2.6), STEEL)


DRAWINGS: dict[str, Callable[[Canvas], None]] = {
    drawing.__name__: drawing
    for drawing in (
        city_bike, trail_bike, headphones, speaker, turntable, grinder,
        kettle, backpack, tent, flask, lamp, chair,
    )
}  # fmt: skip


@lru_cache(maxsize=128)
def picture(drawing: str, ground: str) -> bytes:
    """A PNG of the drawing on a ground of the shop's colour."""
    canvas = Canvas(ground)
    _shadow(canvas, ground)
    DRAWINGS[drawing](canvas)
    return canvas.png()
