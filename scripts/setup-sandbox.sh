#!/bin/sh
# setup-sandbox.sh: bubblewrap, which agents run programs of models in, from Debian's package: unpacked into .tools, or installed
# where root cannot use that. Optional: the tests of real sandboxes say that they skip without it, and fail where CI is set. Silent when nothing is to do;
# says one line when it could not; takes two minutes at most.
#
# ASSAY_SETUP_SANDBOX=none   fetches nothing; the tests skip, also where CI is set
set -eu

tools=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)/.tools
PATH=$tools/bin:$PATH

# Sandboxes of root run as nobody, who must be able to reach the program as well.
is_usable() {
  "$1" --version >/dev/null 2>&1 || return 1
  [ "$(id -u)" -ne 0 ] || setpriv --reuid 65534 --regid 65534 --clear-groups "$1" --version >/dev/null 2>&1
}
is_ready() { found=$(command -v bwrap) && is_usable "$found"; }

is_ready && exit 0
[ "${ASSAY_SETUP_SANDBOX:-any}" != none ] || exit 0
if command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1; then
  echo "setup: fetching the distribution's bubblewrap (for sandboxes)" >&2
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkdir -p "$tools/bin"
  # Without package lists, or with old ones, the second try brings new ones; only root may.
  # shellcheck disable=SC2016 # the inner shell expands
  (cd "$folder" && timeout 60 sh -c 'apt-get download bubblewrap || { apt-get update && apt-get download bubblewrap; }') >/dev/null 2>&1 </dev/null || true
  for package in "$folder"/*.deb; do
    if [ -f "$package" ] && dpkg -x "$package" "$folder/unpacked" && [ -x "$folder/unpacked/usr/bin/bwrap" ]; then
      rm -rf "$tools/bubblewrap"
      mv "$folder/unpacked" "$tools/bubblewrap"
      chmod -R a+rX "$tools/bubblewrap"
      ln -sf ../bubblewrap/usr/bin/bwrap "$tools/bin/bwrap"
    fi
  done
  if ! is_ready; then
    rm -f "$tools/bin/bwrap"
    if [ "$(id -u)" -eq 0 ]; then
      timeout 60 env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends bubblewrap >/dev/null 2>&1 </dev/null || true
    fi
  fi
fi
is_ready || echo "setup: no bubblewrap here; tests of sandboxes skip. Debian: apt-get install bubblewrap" >&2
