"""Prints the license texts of all that is inside itero.dll: licenses.py TARGET BUILD-FOLDER.

What is inside: the crates that cargo links for that target, the Rust standard library with the crates that it is made
of, and the C runtime of MinGW. Each text stands there once, below the names of all that come under it.
"""

import json
import pathlib
import re
import subprocess
import sys

APACHE = pathlib.Path("/usr/share/common-licenses/Apache-2.0")
NAMES = ("license", "licence", "copying", "copyright", "notice", "unlicense")


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def linked(target, *more):
    """Name and version of each crate that is linked, this library left out."""
    lines = cargo("tree", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--target", target, *more).splitlines()
    crates = sorted({tuple(line.replace(" v", " ").split()[:2]) for line in lines if line})
    return [crate for crate in crates if crate[0] != "itero"]


def texts(folder):
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.lower().startswith(NAMES) and path.suffix not in (".rs", ".toml", ".html"):
            found.append(path.read_text(errors="replace").strip())
        elif path.is_dir() and path.name.lower() in ("licenses", "license"):
            found.extend(texts(path))
    return found


def dependencies(target):
    known = json.loads(cargo("metadata", "--format-version", "1", "--locked", "--filter-platform", target))
    packages = {(package["name"], package["version"]): package for package in known["packages"]}
    for crate in linked(target, "--locked", "--no-default-features"):
        package = packages[crate]
        yield " ".join(crate), package["license"] or "see text", texts(pathlib.Path(package["manifest_path"]).parent)


def standard_library(built, known):
    files = subprocess.run(["dpkg", "-L", "rust-web-src"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    source = next(pathlib.Path(path).parent for path in files if path.endswith("/library/Cargo.lock"))
    yield "Rust standard library", "MIT OR Apache-2.0", texts(source.parent)
    # It is built from crates too: those that this build has compiled although the library doesn't ask for them.
    folders = set()
    for path in built.glob("deps/*.d"):
        folders.update(re.findall(r"(/\S+/registry/src/[^/\s]+/[^/\s]+)/", path.read_text()))
    for folder in map(pathlib.Path, sorted(folders)):
        name = " ".join(folder.name.rsplit("-", 1))
        if name not in known:
            license = re.search(r'^license = "(.*)"', (folder / "Cargo.toml").read_text(), re.MULTILINE)[1]
            yield name, license, texts(folder)


def runtime(target):
    compiler = "gcc-mingw-w64-x86-64-posix" if target.startswith("x86_64") else "gcc-mingw-w64-i686-posix"
    for name, package in (("MinGW-w64 runtime", "mingw-w64-common"), ("GCC runtime library", compiler)):
        place = pathlib.Path("/usr/share/doc", package, "copyright")
        yield name, "see text", [place.read_text(errors="replace").strip()]


def main(target, built):
    parts = list(dependencies(target))
    parts += [*standard_library(built, {name for name, _, _ in parts}), *runtime(target)]
    print("itero.dll contains the works below, each under its own license.\n")
    under = {}
    for name, license, found in parts:
        print(f"  {name}: {license}")
        if not found and "Apache-2.0" in license:
            found = [APACHE.read_text().strip()]
        if not found:
            sys.exit(f"{name} brings no license text")
        for text in found:
            under.setdefault(text, []).append(name)
    for text, names in under.items():
        print("\n" + "-" * 100 + "\n" + ", ".join(names) + "\n" + "-" * 100 + "\n\n" + text)


main(sys.argv[1], pathlib.Path(sys.argv[2]))
