#!/bin/sh
# setup-browser.sh: Chromium without a window, for the tests of the dashboard, from Debian's packages: unpacked into .tools with what it needs,
# no root needed. Optional: those tests say that they skip without it, and fail where CI is set. Silent when nothing is to do; says one
# line when it could not; takes four minutes at most.
#
# ASSAY_SETUP_BROWSER=none   fetches nothing; the tests skip, also where CI is set
set -eu

tools=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)/.tools
PATH=$tools/bin:$PATH
# The page is drawn with these where they are there, and pictures for the guides look alike on every machine.
packages='chromium-headless-shell fontconfig-config fonts-inter fonts-dejavu-core'

is_ready() { found=$(command -v chromium-headless-shell) && "$found" --version >/dev/null 2>&1; }

# What these packages need beside what is installed, and themselves. Asking changes nothing and needs no root.
needed() {
  # shellcheck disable=SC2086 # the split into words is meant
  { printf '%s\n' $packages; apt-get -s install --no-install-recommends $packages | sed -n 's/^Inst \([^ ]*\) .*/\1/p'; } | sort -u
}

# fetch: all of them into the current folder; without package lists, or with old ones, the second try brings new ones.
fetch() {
  # shellcheck disable=SC2046 # as above
  apt-get download $(needed) && return
  apt-get update && apt-get download $(needed) && return
  mkdir -p lists/partial
  lists="-o Dir::State::Lists=$PWD/lists -o Debug::NoLocking=1 -o APT::Sandbox::User="
  # shellcheck disable=SC2086,SC2046
  apt-get $lists update && apt-get $lists download $(needed)
}

is_ready && exit 0
[ "${ASSAY_SETUP_BROWSER:-any}" != none ] || exit 0
if command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1; then
  echo "setup: fetching the distribution's Chromium (for tests of the dashboard)" >&2
  mkdir -p "$tools/bin"
  folder=$(mktemp -d "$tools/chromium.XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  if [ "${1:-}" != --within ]; then
    # One limit for all of it.
    timeout 240 sh "$0" --within >/dev/null 2>&1 </dev/null || true
  else
    cd "$folder" && fetch
    for package in *.deb; do dpkg -x "$package" unpacked; done
    chmod -R a+rX unpacked
    rm -rf "$tools/chromium" && mv unpacked "$tools/chromium"
    cat >"$tools/bin/chromium-headless-shell" <<'WRAPPER'
#!/bin/sh
# The unpacked Chromium with the libraries and fonts that came with it.
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../chromium" && pwd -P)
for folder in "$here"/usr/lib/*-linux-* "$here"/usr/lib/*-linux-*/pulseaudio; do LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}; done
export LD_LIBRARY_PATH
export XDG_DATA_HOME="$here/usr/share"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$here/etc/fonts"
exec "$here/usr/lib/chromium/chromium-headless-shell" "$@"
WRAPPER
    chmod 755 "$tools/bin/chromium-headless-shell"
    is_ready || { rm -f "$tools/bin/chromium-headless-shell"; exit 1; }
    exit 0
  fi
fi
is_ready || echo "setup: no Chromium here; tests of the dashboard skip. Debian: apt-get install chromium-headless-shell" >&2
