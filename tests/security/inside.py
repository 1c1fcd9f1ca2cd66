#!/usr/bin/env python3
"""S6: the list of dependencies inside a built library, against what it was built from.

    tests/security/inside.py TARGET FILE

cargo-auditable puts the list into the section .dep-v0 of the file (zlib around JSON). It must name the crates, with their
versions, that cargo says the library without its sandbox has on TARGET, and each must be in Cargo.lock; beside them only
the standard library's own, when it was built as well. (Without cargo's SBOM files, CARGO_BUILD_SBOM=true and -Z sbom, the
list would hold what the tests alone use.)
"""

import json
import os
import re
import struct
import subprocess
import sys
import zlib

SECTION = b".dep-v0"
LARGEST = 1 << 20
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def elf_sections(file):
    if file[4] != 2 or file[5] != 1:
        sys.exit("the file is no 64-bit little-endian ELF file")
    table, size, count, names = (
        *struct.unpack_from("<Q", file, 40),
        *struct.unpack_from("<HHH", file, 58),
    )
    rows = [struct.unpack_from("<IIQQQQ", file, table + size * i) for i in range(count)]
    texts = rows[names][4]
    for name, _, _, _, offset, length in rows:
        end = file.index(b"\0", texts + name)
        yield file[texts + name : end], file[offset : offset + length]


def pe_sections(file):
    (start,) = struct.unpack_from("<I", file, 60)
    (count,) = struct.unpack_from("<H", file, start + 6)
    (optional,) = struct.unpack_from("<H", file, start + 20)
    for i in range(count):
        row = start + 24 + optional + 40 * i
        length, _, raw, offset = struct.unpack_from("<IIII", file, row + 8)
        # On disk a section is padded.
        yield file[row : row + 8].rstrip(b"\0"), file[offset : offset + min(length, raw)]


def listed(path):
    with open(path, "rb") as opened:
        file = opened.read()
    sections = elf_sections(file) if file[:4] == b"\x7fELF" else pe_sections(file)
    found = [content for name, content in sections if name == SECTION]
    if len(found) != 1:
        sys.exit(f"{path} has {len(found)} sections {SECTION.decode()}")
    plain = zlib.decompressobj().decompress(found[0], LARGEST)
    packages = json.loads(plain)["packages"]
    runtime = {
        (package["name"], package["version"])
        for package in packages
        if package.get("kind", "runtime") == "runtime"
    }
    return runtime, of_standard_library(packages), len(found[0])


def of_standard_library(packages):
    roots = ("std", "proc_macro", "panic_unwind")
    left = [i for i, package in enumerate(packages) if package["name"] in roots]
    seen = set()
    while left:
        i = left.pop()
        if i not in seen:
            seen.add(i)
            left += packages[i].get("dependencies", [])
    return {(packages[i]["name"], packages[i]["version"]) for i in seen}


def built_from(target):
    tree = ["cargo", "tree", "--locked", "--no-default-features", "--edges", "normal,no-proc-macro"]
    tree += ["--target", target, "--prefix", "none", "--format", "{p}", "--package", "itero"]
    lines = subprocess.run(tree, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {tuple(re.match(r"(\S+) v(\S+)", line).groups()) for line in lines.splitlines()}


def locked():
    with open(os.path.join(ROOT, "Cargo.lock"), encoding="utf-8") as lock:
        return set(re.findall(r'name = "(.+)"\nversion = "(.+)"', lock.read()))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    target, path = sys.argv[1:]
    listing, standard, size = listed(path)
    parts = built_from(target)
    inside = listing - (standard - parts)
    for name, group in (
        ("not inside", parts - inside),
        ("inside, but no part of it", inside - parts),
        ("inside, but not in Cargo.lock", inside - locked()),
    ):
        if group:
            sys.exit(f"{path}: {name}: {sorted(group)}")
    print(f"S6: {path} lists its {len(inside)} crates in {size} bytes")


main()
