"""`python -m tests.bench.opt_outs FILE`: how many ordinary texts of a file are taken for opt-outs, and what each costs.

FILE has one text a line; of lines `ham<TAB>text` and `spam<TAB>text` only those marked ham count, as in the UCI "SMS
Spam Collection" (5,574 texts, https://archive.ics.uci.edu/dataset/228), which is not part of this project.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from connector.domain.consent.keywords import keyword_signal
from connector.domain.consent.likely import likely_opt_out


def texts(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    labelled = [line.split("\t", 1) for line in lines if line.startswith(("ham\t", "spam\t"))]
    return [text for label, text in labelled if label == "ham"] if labelled else [line for line in lines if line]


def main(path: str) -> None:
    found = texts(Path(path))
    likely_opt_out("reads the phrases")
    started = time.process_time()
    alarms = [(text, keyword_signal(text, is_opted_out=False), likely_opt_out(text)) for text in found]
    spent = time.process_time() - started
    wrong = [(text, keyword.rule if keyword else words) for text, keyword, words in alarms if keyword or words]
    for text, reason in wrong:
        print(f"{reason!r}: {text[:200]}")
    print(f"{len(found)} texts, {len(wrong)} alarms ({100 * len(wrong) / len(found):.2f} %), "
          f"{1e6 * spent / len(found):.0f} µs each")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
