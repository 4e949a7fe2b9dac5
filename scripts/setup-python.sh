#!/bin/sh
# setup-python.sh: what the tests of examples/python need, from Debian's packages, where that is allowed. Optional: those
# tests say that they skip without it. Silent when nothing is to do; says one line when it could not; takes a minute at most.
#
# ASSAY_SETUP_PYTHON=none   installs nothing
set -eu

packages='python3-grpcio protobuf-compiler protobuf-compiler-grpc'
limit=60

is_ready() {
  command -v protoc >/dev/null 2>&1 && command -v grpc_python_plugin >/dev/null 2>&1 || return 1
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import grpc, google.protobuf' >/dev/null 2>&1 && return
  done
  return 1
}

is_ready && exit 0
[ "${ASSAY_SETUP_PYTHON:-any}" != none ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  root_by=nobody
elif [ "$(id -u)" -eq 0 ]; then
  root_by=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  root_by='sudo -n'
else
  root_by=nobody
fi

if [ "$root_by" != nobody ]; then
  echo "setup: installing the distribution's gRPC for Python (for tests only)" >&2
  # Without package lists, or with old ones, the second try brings new ones. One limit for all of it.
  # shellcheck disable=SC2016,SC2086 # the inner shell expands; the split into words is meant
  timeout "$limit" $root_by env DEBIAN_FRONTEND=noninteractive sh -c '
    set -- -y --no-install-recommends -o DPkg::Lock::Timeout=30 "$@"
    apt-get install "$@" || { apt-get update && apt-get install "$@"; }
  ' sh $packages >/dev/null 2>&1 </dev/null || true
fi
is_ready || echo "setup: no gRPC for Python here; its tests skip. Debian: apt-get install $packages" >&2
