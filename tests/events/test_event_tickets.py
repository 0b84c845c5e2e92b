"""A ticket's picture says its code and nothing else."""

import re
from xml.etree import ElementTree

from bot.events.rules import TICKET_LETTERS, ticket_in
from bot.events.tickets import new_ticket, ticket_picture

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SIZE, BORDER = 21, 4  # a QR code of version 1, with the margin that readers need
MASKS = [
    lambda r, c: (r + c) % 2 == 0,
    lambda r, _c: r % 2 == 0,
    lambda _r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
]


def dark_modules(svg: str) -> list[list[bool]]:
    """The squares of the drawing, without its margin: the dark path runs in strokes, one row after another."""
    [strokes] = [d for d in re.findall(r'd="([^"]*)"', svg) if "h1" in d and "v" not in d]
    grid = [[False] * SIZE for _ in range(SIZE)]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", strokes):
        values = [float(n) for n in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            for column in range(int(x), int(x + values[0])):
                grid[int(y) - BORDER][column - BORDER] = True
            x += values[0]
        else:
            x, y = values if command == "M" else (x + values[0], y + values[1])
    return grid


def read_qr(grid: list[list[bool]]) -> str:
    """What a QR code of version 1 in letters and digits says (ISO/IEC 18004), without mending of errors."""
    mask = MASKS[(grid[8][2] << 2 | grid[8][3] << 1 | grid[8][4]) ^ 0b101]
    bits = []
    for k, right in enumerate((20, 18, 16, 14, 12, 10, 8, 5, 3, 1)):
        for row in range(SIZE - 1, -1, -1) if k % 2 == 0 else range(SIZE):
            for column in (right, right - 1):
                corner = (row < 9 and (column < 9 or column > 12)) or (row > 12 and column < 9)
                if not corner and row != 6 and column != 6:
                    bits.append(grid[row][column] ^ mask(row, column))
    stream = "".join("1" if bit else "0" for bit in bits)
    assert stream[:4] == "0010"  # the mode of letters and digits
    length, at, said = int(stream[4:13], 2), 13, ""
    while len(said) < length:
        pair = length - len(said) > 1
        width = 11 if pair else 6
        value, at = int(stream[at : at + width], 2), at + width
        said += ALPHANUMERIC[value // 45] + ALPHANUMERIC[value % 45] if pair else ALPHANUMERIC[value]
    assert stream[at : at + 4] == "0000"  # nothing follows
    return said


def test_the_picture_holds_the_code_and_nothing_else():
    for code in ("EVT-7K3Q9QF4", "EVT-22222222", new_ticket()):
        assert read_qr(dark_modules(ticket_picture(code))) == code


def test_the_picture_is_a_file_of_its_own():
    svg = ticket_picture("EVT-7K3Q9QF4")

    root = ElementTree.fromstring(svg.encode())
    assert svg.startswith("<?xml")
    assert root.attrib["class"] == "ticket"
    assert [t.text for t in root.iter() if t.tag.endswith("title")] == ["签到码 EVT-7K3Q9QF4"]


def test_tickets_are_well_formed_and_differ():
    made = {new_ticket() for _ in range(500)}

    assert len(made) == 500
    assert all(ticket_in(ticket) == ticket for ticket in made)
    assert set("".join(ticket.removeprefix("EVT-") for ticket in made)) <= set(TICKET_LETTERS)
