"""What a watch weighs in memory: the growth of a fresh process that loads `count` of them, in bytes.

python -m benchmarks.standing.weight COUNT SEED
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.standing.corpus import Corpus
from benchmarks.standing.measuring import resident_bytes
from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.text.analysis import analyse


def bytes_per_watch(count: int, seed: int) -> float:
    command = [sys.executable, "-m", "benchmarks.standing.weight", str(count), str(seed)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(count: int, seed: int) -> None:
    corpus = Corpus(seed)
    index = QueryIndex()
    analyse(" ".join(corpus.words))  # what the analysis remembers is there with and without watches
    before = resident_bytes()
    for number, asked in enumerate(corpus.watches(count)):
        index.add(number, parse(str(asked)))
    print((resident_bytes() - before) / count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    given = parser.parse_args()
    main(given.count, given.seed)
