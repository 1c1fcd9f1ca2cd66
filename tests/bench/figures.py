"""The figures, one function each: what both sides do, how it is checked, and what it is held against."""

import contextlib
import hashlib
import os
import re
import statistics
import subprocess

from cloud import Sandbox, Server, write_file, write_pages

# The files of an order, after real ones: an archive, meshes, pictures.
ORDER = [("export.zip", 15_000_000), ("upper.bin", 9_000_000), ("lower.bin", 8_000_000), ("upper.color", 4_000_000),
         ("lower.color", 4_000_000), *((f"picture-{number}.jpg", 400_000) for number in range(7))]
DELAY_MS, MEGABITS, CONNECTIONS = 50, 100, 4


@contextlib.contextmanager
def running(server):
    try:
        yield server
    finally:
        server.stop()


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_files(folder, files):
    for file in files:
        if sha256(f"{folder}/{file['name']}") != file["sha256"]:
            raise RuntimeError(f"{file['name']} is damaged")


def download(bench):
    """one file over TLS to disk, fsync included; peer: libcurl"""
    sizes = [5, 50] if bench.quick else [5, 50, 500]
    for size in sizes:
        write_file(f"{bench.work}/files", f"{size:03}mb.bin", size * 1_000_000, size)
    growth = {}
    with running(Sandbox(bench.work, files=f"{bench.work}/files")) as sandbox:
        bench.environment.update(sandbox.environment)
        order = sandbox.order()
        for size in sizes:
            file = next(file for file in order["files"] if file["name"] == f"{size:03}mb.bin")

            def checked(*command, name=None):
                folder, before = bench.empty(), sandbox.cpu()
                said = bench.run(*command)
                said["server"] = sandbox.cpu() - before
                if name:
                    os.rename(f"{folder}/{name}", f"{folder}/{file['name']}")
                check_files(folder, [file])
                said["rate"] = file["size"] / said["seconds"] / 1e6
                return said

            both = bench.in_turn(
                lambda: checked("itero_side", "file", order["orderId"], file["fileId"], bench.out),
                lambda: checked("curl_side", "file", file["url"], f"{bench.out}/peer", name="peer"))
            bench.compare(f"F1 {size} MB, rate", both, "rate", 1.0, unit=" MB/s", higher=True)
            bench.compare(f"F1 {size} MB, CPU", both, "cpu", scale=1000, unit=" ms")
            growth[size] = [said["growth_kb"] / 1024 for said in both[0]]
            theirs = [said["growth_kb"] / 1024 for said in both[1]]
            bench.limit(f"F1 {size} MB, growth of memory", growth[size], theirs, 16, " MB")
            if size == max(sizes):
                busy = sum(said["server"] for said in both[0]) / sum(said["seconds"] for said in both[0])
                bench.note("F1 sandbox meanwhile", f"{busy:.0%} of a core")
    steady = statistics.median(growth[sizes[-1]]) - statistics.median(growth[sizes[0]])
    bench.limit(f"F1 growth at {sizes[-1]} MB less that at {sizes[0]} MB", [steady], None, 1, " MB")


def order(bench):
    """12 files of one order, 50 ms away at 100 Mbit/s, until all are verified; peer: aria2c"""
    for number, (name, size) in enumerate(ORDER):
        write_file(f"{bench.work}/order", name, size, 1000 + number)
    with running(Server(f"{bench.work}/bin/link", str(DELAY_MS), str(MEGABITS))) as link:
        links = f"https://127.0.0.1:{link.line()}"
        with running(Sandbox(bench.work, files=f"{bench.work}/order", links=links)) as sandbox:
            link.process.stdin.write(sandbox.facts["fileHost"].rsplit(":", 1)[1] + "\n")
            link.process.stdin.flush()
            bench.environment.update(sandbox.environment)
            scan = sandbox.order()
            names = f"{bench.work}/aria2.txt"
            with open(names, "w", encoding="utf-8") as text:
                for file in scan["files"]:
                    text.write(f"{file['url']}\n out={file['name']}\n checksum=sha-256={file['sha256']}\n")

            def ours():
                said = bench.run("itero_side", "order", scan["orderId"], bench.empty(), CONNECTIONS)
                check_files(bench.out, scan["files"])
                return said

            def theirs():
                folder = bench.empty()
                seconds = timed(bench, "aria2c", "--quiet", "--no-conf", f"--input-file={names}", f"--dir={folder}",
                                f"--max-concurrent-downloads={CONNECTIONS}", "--max-connection-per-server=1", "--split=1",
                                "--file-allocation=none", "--async-dns=false",
                                f"--ca-certificate={sandbox.facts['caFile']}")
                check_files(folder, scan["files"])
                return {"seconds": seconds}

            before, both = link.cpu(), bench.in_turn(ours, theirs)
            total = sum(size for _, size in ORDER)
            for said in (*both[0], *both[1]):
                said["rate"] = total / said["seconds"] / 1e6
            bench.compare("F2 12 files, 4 connections", both, "rate", 1.0, unit=" MB/s", higher=True)
            bench.compare("F2 time to all verified", both, "seconds", unit=" s")
            spent = sum(said["seconds"] for side in both for said in side)
            bench.note("F2 the line itself", f"{MEGABITS / 8:g} MB/s, {(link.cpu() - before) / spent:.0%} of a core")


def timed(bench, *command):
    """The seconds that a program takes that doesn't measure itself, from its start to its end."""
    said = bench.run("timed", *command)
    return said["seconds"]


def calls(bench):
    """an empty call, a handle looked up, a text; peer: an empty C function in another library"""
    count = 1_000_000 if bench.quick else 100_000_000 // bench.pairs
    both = bench.in_turn(lambda: bench.run("calls", count), dict)
    for said in both[0]:
        said["more"] = said["getter"] - said["call"]
    peer = [said["empty"] for said in both[0]]

    def figure(name):
        return [said[name] for said in both[0]]

    bench.limit("F3 empty call", figure("call"), peer, 200, " ns")
    bench.limit("F3 handle looked up, over an empty call", figure("more"), None, 50, " ns")
    bench.limit("F3 a text of a handle", figure("text"), peer, 200, " ns")


def lists(bench):
    """lists of orders: fetched, parsed, every getter read in C; peer: libcurl + cJSON"""
    sizes = [100, 1_000] if bench.quick else [100, 1_000, 10_000, 100_000]
    pages = write_pages(f"{bench.work}/pages")
    with running(Sandbox(bench.work)) as sandbox, running(Server(f"{bench.work}/bin/pages", *pages)) as server:
        bench.environment.update(sandbox.environment)
        port, slopes = server.line(), {}
        for way, label in (("list", "all at once"), ("cursor", "page by page")):
            for size in sizes:
                settings = {"BENCH_ORDERS": f"http://127.0.0.1:{port}/{size // 100}/orders"}
                whole = [bench.run(side, way, BENCH_WHOLE_TEXT="1", **settings) for side in ("itero_side", "curl_side")]
                if whole[0]["seen"] != whole[1]["seen"] or any(said["orders"] != size for said in whole):
                    raise RuntimeError(f"the two sides read different orders in a list of {size}")
                both = bench.in_turn(lambda: bench.run("itero_side", way, **settings),
                                     lambda: bench.run("curl_side", way, **settings),
                                     pairs=min(bench.pairs, 10) if size < 100_000 else min(bench.pairs, 5))
                bench.compare(f"F4 {size:,} orders {label}, time", both, "seconds", 1.0 if size == 10_000 else None,
                              scale=1000, unit=" ms")
                bench.compare(f"F4 {size:,} orders {label}, growth of memory", both, "growth_kb", scale=1 / 1024, unit=" MB")
                slopes[way, size] = [[said[name] for said in both[0]] for name in ("cpu", "growth_kb")]
            # The least of the runs is the one that other programs disturbed least.
            few, many = slopes[way, sizes[-2]], slopes[way, sizes[-1]]
            times = sizes[-1] / sizes[-2]
            bench.limit(f"F4 {label}: {times:g} times the orders take so many times the CPU",
                        [min(many[0]) / min(few[0])], None, times * 1.2, " x")
            if way == "cursor":
                bench.limit("F4 page by page: memory grows with the number by",
                            [(min(many[1]) - min(few[1])) / 1024], None, 1, " MB")


def searches(bench):
    """patient searches on kept connections; peer: libcurl, a handle for each thread"""
    seconds = 0.3 if bench.quick else 1.0
    with running(Sandbox(bench.work)) as sandbox:
        bench.environment.update(sandbox.environment)
        between = [bench.run("handover", 20_000)["p50_us"] for _ in range(bench.pairs)]
        bench.tell("F5 two threads that only wake each other, p50", between, " us")
        for threads in (1, 8, 32):
            both = bench.in_turn(lambda: bench.run("itero_side", "search", threads, seconds),
                                 lambda: bench.run("curl_side", "search", threads, seconds))
            label = f"F5 {threads} thread{'s'[:threads > 1]}"
            bench.compare(f"{label}, p50", both, "p50_us", 1.1 if threads == 1 else None, unit=" us")
            bench.compare(f"{label}, p99", both, "p99_us", unit=" us")
            bench.compare(f"{label}, calls a second", both, "a_second", higher=True)
            bench.compare(f"{label}, CPU of a call", both, "cpu_us", unit=" us")


def load(bench):
    """size, loading, threads and memory before the first call; peer: libcurl.so and what it needs"""
    library = f"{bench.work}/release/libitero.so"
    told = subprocess.run(["ldd", f"{bench.work}/bin/curl_side"], capture_output=True, text=True, check=True).stdout
    peer = next(path for path in re.findall(r"=> (/\S+)", told) if "libcurl" in path)
    told = subprocess.run(["ldd", peer], capture_output=True, text=True, check=True).stdout
    needed = [path for path in re.findall(r"=> (/\S+)", told) if not re.search(r"/lib(c|m|dl|pthread)\.so", path)]
    own, theirs = os.path.getsize(library), sum(os.path.getsize(os.path.realpath(path)) for path in (peer, *needed))
    bench.note("F6 size on disk", f"{own / 1e6:.1f} MB",
               f"{theirs / 1e6:.1f} MB in {1 + len(needed)} libraries", f"{own / theirs:.2f}")
    for width in ("x64", "x86"):
        path = f"{os.path.dirname(bench.work)}/dist/windows-{width}/itero.dll"
        if os.path.exists(path):
            bench.limit(f"F6 Windows {width} DLL", [os.path.getsize(path) / 2**20], None, 3, " MiB")
    both = bench.in_turn(lambda: bench.run("load", library, "itero_version"), lambda: bench.run("load", peer, "curl_version"))
    bench.compare("F6 dlopen and first call", both, "seconds", 2.0, scale=1000, unit=" ms")
    bench.limit("F6 threads after the first call", [said["threads"] for said in both[0]], None, 1, "")
    with running(Sandbox(bench.work)) as sandbox:
        bench.environment.update(sandbox.environment)
        both = bench.in_turn(lambda: bench.run("itero_side", "client"), lambda: bench.run("curl_side", "client"))
    bench.compare("F6 resident with a client", both, "resident_kb", scale=1 / 1024, unit=" MB")
    bench.limit("F6 threads with a client", [said["threads"] for said in both[0]], None, 1, "")


ALL = {"F1": download, "F2": order, "F3": calls, "F4": lists, "F5": searches, "F6": load}
