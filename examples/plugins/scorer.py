#!/usr/bin/env python3
"""A scorer of a team's own, with nothing but the standard library: the last number of the answer, within a tolerance.

It reads one request per line and writes one answer per line. docs/plugins.md says how an agent starts it.
"""

import json
import re
import sys

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def score(request):
    found = NUMBER.findall(request["output"].replace(",", ""))
    if not found:
        return {"value": "N", "explanation": "there is no number in the answer"}
    tolerance = float(request["args"].get("tolerance", 0))
    right = any(abs(float(found[-1]) - float(target)) <= tolerance for target in request["target"])
    return {"value": "C" if right else "I", "answer": found[-1]}


for line in sys.stdin.buffer:
    request = json.loads(line)
    try:
        answer = score(request)
    except Exception as error:  # of this sample alone
        answer = {"error": f"{type(error).__name__}: {error}"}
    # Flushed, or the agent waits for what lies in a buffer.
    print(json.dumps({"id": request["id"], **answer}), flush=True)
