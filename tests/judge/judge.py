#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# usage: judge.py PROGRAM DATA.jsonl...
#
# Judge the router, before and after the answer of the smaller model, on prompts
# of which it is known how well a smaller and a larger model answered: lines with
# id, prompt, weak, strong and perhaps weak_answer. APGR is the area under the
# curve of the share of the gap that is won over the share of prompts that go to
# the larger model, in the order of their scores (0.5: by chance); of equal
# scores the mean order counts.

import json
import os
import subprocess
import sys


def apgr(rows, scores):
    order = sorted(range(len(rows)), key=lambda i: -scores[i])
    weak = sum(row["weak"] for row in rows)
    gap = sum(row["strong"] for row in rows) - weak
    won = area = 0.0
    i = 0
    while i < len(order):
        j, before = i, won
        while j < len(order) and scores[order[j]] == scores[order[i]]:
            row = rows[order[j]]
            won += row["strong"] - row["weak"]
            j += 1
        area += (j - i) * (before + won) / 2
        i = j
    return area / gap / len(rows)


def main():
    program, files = sys.argv[1], sys.argv[2:]
    failed = 0
    for path in files:
        rows = [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
        asked = "".join(
            json.dumps({"id": i, "prompt": row["prompt"], "answer": row.get("weak_answer")}) + "\n"
            for i, row in enumerate(rows))
        told = subprocess.run([program, "route"], input=asked.encode(), stdout=subprocess.PIPE, check=True)
        receipts = {r["id"]: r for r in map(json.loads, told.stdout.splitlines())}
        receipts = [receipts[i] for i in range(len(rows))]
        before = apgr(rows, [r["score"] for r in receipts])
        line = "%-28s %6d prompts, APGR %.3f" % (os.path.basename(path)[:-6], len(rows), before)
        least = [before > 0.58]
        if "weak_answer" in rows[0]:
            after = apgr(rows, [r["score_after"] for r in receipts])
            line += ", with a look at the answer %.3f" % after
            least.append(after >= 0.70)
        failed += not all(least)
        print(line)
    print("judge: %d passed, %d failed, 0 skipped" % (len(files) - failed, failed))
    return failed > 0


sys.exit(main())
