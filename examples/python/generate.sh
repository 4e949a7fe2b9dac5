#!/bin/sh
# generate.sh [FOLDER]: makes Python's classes and stubs from the proto files, by default into ./generated.
#
# Debian: apt-get install python3-grpcio protobuf-compiler protobuf-compiler-grpc
# others: pip install grpcio grpcio-tools
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
# In the repository, and in the installed package.
for proto in "$here/../../proto" "$here/../../dist/proto"; do
  [ -d "$proto/assay" ] && break
done
folder=${1:-$here/generated}
mkdir -p "$folder"
cd "$proto"

if plugin=$(command -v grpc_python_plugin) && command -v protoc >/dev/null; then
  exec protoc -I . --plugin="protoc-gen-grpc_python=$plugin" --python_out="$folder" --grpc_python_out="$folder" assay/v1/*.proto
fi
exec python3 -m grpc_tools.protoc -I . --python_out="$folder" --grpc_python_out="$folder" assay/v1/*.proto
