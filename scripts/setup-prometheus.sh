#!/bin/sh
# setup-prometheus.sh: Prometheus and promtool for the tests of what is in deploy/prometheus, from Debian's package, unpacked into .tools.
# Optional, 19 MB: the tests of the release that need them say that they skip without. Silent when nothing is to do; says one line when it could not.
set -eu

tools=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)/.tools
PATH=$tools/bin:$PATH
is_ready() { prometheus --version >/dev/null 2>&1 && promtool --version >/dev/null 2>&1; }

is_ready && exit 0
if command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1; then
  echo "setup: fetching the distribution's prometheus (for tests of its rules)" >&2
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkdir -p "$tools/bin"
  # Without package lists, or with old ones, the second try brings new ones; only root may.
  (cd "$folder" && timeout 120 sh -c 'apt-get download prometheus || { apt-get update && apt-get download prometheus; }') >/dev/null 2>&1 </dev/null || true
  for package in "$folder"/*.deb; do
    if [ -f "$package" ] && dpkg -x "$package" "$folder/unpacked" && [ -x "$folder/unpacked/usr/bin/promtool" ]; then
      rm -rf "$tools/prometheus"
      mkdir "$tools/prometheus"
      mv "$folder/unpacked/usr/bin/prometheus" "$folder/unpacked/usr/bin/promtool" "$tools/prometheus/"
      for program in prometheus promtool; do ln -sf "../prometheus/$program" "$tools/bin/$program"; done
    fi
  done
fi
is_ready || echo "setup: no prometheus here; tests of its rules skip. Debian: apt-get install prometheus" >&2
