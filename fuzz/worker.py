"""One target under libFuzzer, guided by the coverage of `intertwine`: `python -m fuzz.worker`.

Prints libFuzzer's own log; what was accepted of all inputs is written to a file as it goes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["intertwine"], enable_loader_override=False):
    from fuzz.targets import TARGETS

MOST_BYTES = 20_000
SECONDS_TO_HANG = 10


def main(name: str, folder: Path, seconds: int) -> None:
    """Fuzz a target; corpus, artifacts, dictionary and figures stand in the folder."""
    target = TARGETS[name]
    corpus, found = folder / "corpus", folder / "findings"
    for path in (corpus, found):
        path.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = (f'"{_escaped(word)}"\n' for word in (*target.words, "0"))
    (folder / "words").write_text("".join(words), encoding="ascii")
    tally = {"runs": 0, "accepted": 0}

    def one(data: bytes) -> None:
        tally["runs"] += 1
        tally["accepted"] += target.run(data)
        if tally["runs"] % 100 == 0:
            (folder / "tally.json").write_text(json.dumps(tally), encoding="ascii")

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        if random.randrange(3) == 0:
            return bytes(atheris.Mutate(data, most))
        return target.mutate(data, random)[:most]

    flags = [
        f"-max_total_time={seconds}", f"-timeout={SECONDS_TO_HANG}", f"-max_len={MOST_BYTES}",
        "-rss_limit_mb=4096", "-print_final_stats=1", f"-artifact_prefix={found}/", "-seed=1",
        f"-dict={folder / 'words'}",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *flags, str(corpus)], one, custom_mutator=mutated)
    atheris.Fuzz()


def _escaped(word: str) -> str:
    """As libFuzzer's dictionaries write bytes."""
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
