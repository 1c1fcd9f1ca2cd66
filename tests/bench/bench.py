"""Runs both sides in turn, checks that they did the same work, and prints one table. `run` builds what this needs."""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys

import figures


def arguments():
    parser = argparse.ArgumentParser(prog="tests/bench/run")
    parser.add_argument("--pairs", type=int, default=10, help="measured pairs of every figure (default 10)")
    parser.add_argument("--quick", action="store_true", help="3 pairs, without the largest sizes; proves nothing")
    parser.add_argument("figures", nargs="*", metavar="F1..F6", help="which figures (default: all)")
    given = parser.parse_args()
    unknown = [name for name in given.figures if name not in figures.ALL]
    if unknown:
        parser.error(f"there is no figure {unknown[0]}")
    if given.quick:
        given.pairs = min(given.pairs, 3)
    return given


class Bench:
    """What the figures share: the work folder, running a side, and the rows of the table."""

    def __init__(self, work, pairs, quick):
        self.work, self.pairs, self.quick = work, pairs, quick
        self.rows, self.out = [], f"{work}/out"
        self.environment = dict(os.environ, LD_LIBRARY_PATH=f"{work}/release:{work}/bin")

    def run(self, program, *words, **settings):
        """One piece of work: what the program says of it, name by name."""
        command = [program if "/" in program else f"{self.work}/bin/{program}", *map(str, words)]
        done = subprocess.run(command, env={**self.environment, **settings}, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)[:200]} failed: {done.stderr.strip()}")
        said = [line.split() for line in done.stdout.splitlines()]
        return {name: value if name == "seen" else float(value) for name, value in said}

    def empty(self):
        """A fresh folder for downloads."""
        shutil.rmtree(self.out, ignore_errors=True)
        os.makedirs(self.out)
        return self.out

    def in_turn(self, ours, theirs, pairs=None):
        """A B A B ..., after one pair that warms up and is thrown away: two lists of what was said."""
        both = [], []
        for number in range(1 + (pairs or self.pairs)):
            for side, work in zip(both, (ours, theirs)):
                said = work()
                if number:
                    side.append(said)
        return both

    def compare(self, label, both, name, goal=None, scale=1.0, unit="", higher=False):
        """A row: medians and spreads of one figure of both sides, the ratio, and whether it meets its goal. A ratio is
        ours to theirs, so at least 1.0 is wanted where higher is better, and at most where it isn't."""
        ours, theirs = ([said[name] * scale for said in side] for side in both)
        ratio = statistics.median(ours) / statistics.median(theirs)
        met = None
        if goal is not None:
            met = ratio >= goal if higher else ratio <= goal
        sign = ">=" if higher else "<="
        self.rows.append((label, spread(ours, unit), spread(theirs, unit), f"{ratio:.2f}",
                          f"{sign} {goal:g} x" if goal is not None else "", met))

    def limit(self, label, ours, theirs, goal, unit):
        """A row whose goal is a number of its own."""
        self.rows.append((label, spread(ours, unit), spread(theirs, unit) if theirs else "", "", f"<= {goal:g}{unit}",
                          statistics.median(ours) <= goal))

    def tell(self, label, values, unit):
        """A row that is held against nothing."""
        self.note(label, spread(values, unit))

    def note(self, label, ours, theirs="", ratio=""):
        self.rows.append((label, ours, theirs, ratio, "", None))


def short(value):
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(values, unit):
    """The median, with the quartiles around it."""
    if len(values) < 2:
        return f"{short(values[0])}{unit}"
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{short(middle)}{unit} ({short(low)}..{short(high)})"


def table(rows):
    head = ("figure", "itero", "peer", "ratio", "goal", "")
    words = {None: "", True: "reached", False: "missed"}
    lines = [head, *((*row[:5], words[row[5]]) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def main():
    given = arguments()
    bench = Bench(os.environ["BENCH_WORK"], given.pairs, given.quick)
    # A download is checked by reading it again; core files of a failing side would fill the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, figure in figures.ALL.items():
        if not given.figures or name in given.figures:
            print(f"{name}: {figure.__doc__.splitlines()[0]}", flush=True)
            figure(bench)
    shutil.rmtree(bench.out, ignore_errors=True)
    print()
    table(bench.rows)
    goals = [row[5] for row in bench.rows if row[5] is not None]
    print(f"bench ok: {sum(goals)} of {len(goals)} goals reached")


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, AssertionError, subprocess.TimeoutExpired) as fault:
        sys.exit(f"bench failed: {fault}")
