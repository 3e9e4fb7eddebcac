"""An X server without a monitor whose pixels can be read; on a screen without RANDR Chromium shares it all."""

import ctypes
import mmap
import os
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT = 1920, 1080
_HEADER = struct.Struct(">25I")  # X11/XWDFile.h
_COLOUR_BYTES = 12
_POINT = 4  # bytes: blue, green, red, nothing

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Screen:
    """A running screen; `name` is what DISPLAY takes."""

    name: str
    pixels: mmap.mmap
    begin: int
    stride: int
    width: int
    height: int

    def at(self, x: int, y: int) -> Colour:
        """Return red, green and blue of one point, as it stands on the screen now."""
        place = self.begin + y * self.stride + x * _POINT
        blue, green, red = self.pixels[place : place + 3]
        return red, green, blue

    def row(self, x: int, y: int, width: int) -> bytes:
        """Return `width` points of a line, four bytes each: blue, green, red and one without meaning."""
        place = self.begin + y * self.stride + x * _POINT
        return self.pixels[place : place + width * _POINT]

    def click(self, x: int, y: int) -> None:
        """Press and release the left button of the mouse at a point, as a hand would."""
        x11, xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        display = ctypes.c_void_p(x11.XOpenDisplay(self.name.encode()))
        xtst.XTestFakeMotionEvent(display, -1, x, y, 0)
        for pressed in (1, 0):
            xtst.XTestFakeButtonEvent(display, 1, pressed, 0)
        x11.XSync(display, 0)
        x11.XCloseDisplay(display)


@contextmanager
def screen(*, randr: bool = True, width: int = WIDTH, height: int = HEIGHT) -> Iterator[Screen]:
    """Start Xvfb on a free display."""
    with tempfile.TemporaryDirectory(prefix="desk-x-") as folder:
        reader, writer = os.pipe()
        size = f"{width}x{height}x24"
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-fbdir", folder, "-nolisten", "tcp"]
        command += [] if randr else ["-extension", "RANDR"]
        server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
        os.close(writer)
        try:
            with os.fdopen(reader) as answer:
                number = answer.readline().strip()
            if not number:
                raise RuntimeError("Xvfb did not start")
            with (Path(folder) / "Xvfb_screen0").open("rb") as file:
                pixels = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            with pixels:
                yield _screen(f":{number}", pixels)
        finally:
            server.terminate()
            server.wait()


def _screen(name: str, pixels: mmap.mmap) -> Screen:
    head = _HEADER.unpack_from(pixels)
    begin = head[0] + head[19] * _COLOUR_BYTES
    return Screen(name, pixels, begin, head[12], head[4], head[5])


def close_to(seen: Colour, wanted: Colour, by: int = 24) -> bool:
    """Tell whether a colour that went through a video codec is the one that was sent."""
    return all(abs(one - other) <= by for one, other in zip(seen, wanted, strict=True))
