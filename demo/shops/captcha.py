"""Five digits as a picture, drawn in strokes a little out of line."""

from demo.shops.raster import Canvas

SEGMENTS = {
    "a": ((0, 0), (1, 0)), "b": ((1, 0), (1, 1)), "c": ((1, 1), (1, 2)), "d": ((0, 2), (1, 2)),
    "e": ((0, 1), (0, 2)), "f": ((0, 0), (0, 1)), "g": ((0, 1), (1, 1)),
}  # fmt: skip
DIGITS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
COLOURS = ("#2e6f95", "#7a4b2b", "#3f7d58", "#25303b", "#d1495b")


def captcha_picture(code: str) -> bytes:
    canvas = Canvas("#f4f5f7")
    for place, digit in enumerate(code):
        left, top, slant = 9 + place * 18, 30 + (place * 7) % 11, (place % 3 - 1) * 1.5
        for name in DIGITS[int(digit)]:
            points = [(left + x * 9 + y * slant, top + y * 16) for x, y in SEGMENTS[name]]
            canvas.line(points, 3, COLOURS[place])
    for start, end in ((22, 66), (58, 40), (74, 28)):
        canvas.line([(2, start), (98, end)], 0.8, "#8794a1")
    return canvas.png()
