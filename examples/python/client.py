"""Submits an evaluation, watches it to its end, and prints its report: python3 client.py SPEC.json [ADDRESS]

It needs grpcio and what generate.sh makes (in ./generated, or where ASSAY_GENERATED says), and nothing else of Assay.
ASSAY_TOKEN is the coordinator's token, ASSAY_TLS_CA the file of its authority's certificate.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

import grpc

sys.path.insert(0, os.environ.get("ASSAY_GENERATED", str(Path(__file__).parent / "generated")))
from assay.v1 import evaluation_pb2 as messages  # noqa: E402
from assay.v1 import evaluation_pb2_grpc as stubs  # noqa: E402
from assay.v1 import types_pb2 as types  # noqa: E402

PIECE_BYTES = 1024 * 1024
CALL_SECONDS = 60
# How long a coordinator may be away in the middle of a watch.
PATIENCE_SECONDS = 30


def connect(address):
    """The stub and the metadata of every call."""
    token = os.environ.get("ASSAY_TOKEN")
    authority = os.environ.get("ASSAY_TLS_CA")
    if authority:
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(Path(authority).read_bytes()))
    else:
        channel = grpc.insecure_channel(address)
    return stubs.EvaluationServiceStub(channel), [("authorization", f"Bearer {token}")] if token else []


def upload(stub, metadata, path):
    """Brings a dataset to the store; returns its digest."""
    content = path.read_bytes()
    digest = "sha256:" + hashlib.sha256(content).hexdigest()

    def pieces():
        yield messages.UploadContentRequest(header=messages.ContentHeader(digest=digest, size_bytes=len(content)))
        for start in range(0, len(content), PIECE_BYTES):
            yield messages.UploadContentRequest(data=content[start : start + PIECE_BYTES])

    return stub.UploadContent(pieces(), timeout=CALL_SECONDS, metadata=metadata).digest


def submit(stub, metadata, spec_file):
    """Uploads what the spec names by `file:` and submits it. The same spec again is the same evaluation."""
    spec = json.loads(spec_file.read_text(encoding="utf-8"))
    for benchmark in spec["benchmarks"]:
        dataset = benchmark["dataset"]
        if dataset["uri"].startswith("file:"):
            dataset["digest"] = upload(stub, metadata, spec_file.parent / dataset["uri"].removeprefix("file:"))
    spec_json = json.dumps(spec, sort_keys=True).encode()
    request = messages.SubmitEvaluationRequest(
        spec_json=spec_json,
        idempotency_key="python-" + hashlib.sha256(spec_json).hexdigest(),
    )
    return stub.SubmitEvaluation(request, timeout=CALL_SECONDS, metadata=metadata).evaluation


def watch(stub, metadata, evaluation_id):
    """Yields all events, over interruptions: a new watch with the last cursor misses and repeats none."""
    cursor = ""
    away_since = None
    while True:
        try:
            request = messages.WatchEvaluationRequest(evaluation_id=evaluation_id, cursor=cursor)
            for event in stub.WatchEvaluation(request, metadata=metadata):
                cursor, away_since = event.cursor, None
                yield event
            return
        except grpc.RpcError as error:
            away_since = away_since or time.monotonic()
            if error.code() != grpc.StatusCode.UNAVAILABLE or time.monotonic() - away_since > PATIENCE_SECONDS:
                raise
            time.sleep(0.5)


def in_words(event):
    """An event as one line, and the state that it tells, if it tells one."""
    kind = event.WhichOneof("event")
    if kind == "state_change":
        return types.EvaluationState.Name(event.state_change.state).removeprefix("EVALUATION_STATE_").lower(), event.state_change.state
    snapshot = event.snapshot.evaluation if kind == "snapshot" else None
    counts = snapshot.counts if snapshot else event.progress.counts
    return f"{counts.total - counts.open}/{counts.total}", snapshot.state if snapshot else None


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    stub, metadata = connect(sys.argv[2] if len(sys.argv) == 3 else "127.0.0.1:4510")
    try:
        evaluation_id = submit(stub, metadata, Path(sys.argv[1])).evaluation_id
        print(evaluation_id, flush=True)
        state = None
        for event in watch(stub, metadata, evaluation_id):
            line, told = in_words(event)
            state = told or state
            print(line, flush=True)
        report = stub.GetReport(
            messages.GetReportRequest(evaluation_id=evaluation_id), timeout=CALL_SECONDS, metadata=metadata
        )
    except grpc.RpcError as error:
        # The message names place, value and remedy.
        sys.exit(f"{error.code().name}: {error.details()}")
    print(report.report_json.decode())
    sys.exit(0 if state == types.EVALUATION_STATE_SUCCEEDED else 1)


if __name__ == "__main__":
    main()
