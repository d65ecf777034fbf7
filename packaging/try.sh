#!/usr/bin/env bash
# Installs and runs the packages as their users do: the wheel with pip, the npm package with npm, the hooks with pre-commit.
#
#   packaging/try.sh                    PROFILE=dev packs the debug binary, which is faster
#
# Installs maturin, wheel and pre-commit from PyPI. Prints each failure, then `N passed, N failed`; exits 1 if one failed.
# Without Python or npm it says so and exits 0.
# shellcheck disable=SC2016 # the text in single quotes is for the inner shell
set -u
cd "$(dirname "$0")/.." || exit 2
for tool in python3 npm git cargo; do
    command -v "$tool" >/dev/null || { echo "packages not tested: $tool is missing"; exit 0; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/tools" || { echo "packages not tested: python3 has no venv"; exit 0; }
"$work/tools/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r packaging/tools.txt || exit 2
"$work/tools/bin/pip" install --quiet --disable-pip-version-check pre-commit || exit 2
version=$(cargo pkgid --offline) version=${version##*[#@]}

passed=0 failed=0
# Runs a command: expected exit code, extended regular expression that the output must match, command.
expect() {
    local code=$1 text=$2 status output
    shift 2
    output=$(timeout 120 "$@" 2>&1)
    status=$?
    if [ "$status" = "$code" ] && grep -qE -- "$text" <<<"$output"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected %s: %s\n  got      %s:\n' "$*" "$code" "$text" "$status"
    printf '%s\n' "$output"
}
# Checks every package: the version, the main job, the exit codes.
expect_program() {
    expect 0 "^runway-preflight $version\$" "$1" --version
    expect 1 'Only HTTPS URLs are allowed\.' "$1" check @fixtures/lists/demo.txt
    expect 0 '' "$1" check @fixtures/lists/accepted.txt
    expect 2 '^error: ' "$1" no-such-subcommand
}

### The packages ######################################################################################################

dist=$work/dist
PATH=$work/tools/bin:$PATH packaging/build.sh "$dist" || exit 1
node packaging/npm/pack.mjs "$version" "$dist" || exit 1

### pip ###############################################################################################################

python3 -m venv "$work/pip" || exit 2
expect 0 '' "$work/pip/bin/pip" install --quiet --disable-pip-version-check --no-index "$dist"/*.whl
expect_program "$work/pip/bin/runway-preflight"
expect 0 "^Version: $version\$" "$work/pip/bin/pip" show --disable-pip-version-check runway-preflight
# The module finds the program that came with it, wherever pip put both.
expect 0 "^runway-preflight $version\$" "$work/pip/bin/python" -m runway_preflight --version
module='import runway_preflight
[report] = runway_preflight.check("http://cdn.example.com/a.png", offline=True)
print(runway_preflight.find_binary(), report.reason)'
expect 0 "^$work/pip/bin/runway-preflight Only HTTPS URLs are allowed\.\$" "$work/pip/bin/python" -c "$module"
expect 0 '' "$work/pip/bin/pip" install --quiet --disable-pip-version-check --no-index --target "$work/folder" "$dist"/*.whl
expect 0 "^$work/folder/bin/runway-preflight Only HTTPS URLs are allowed\.\$" \
    env PYTHONPATH="$work/folder" python3 -c "$module"
expect 0 'runway_preflight/py\.typed' python3 -m zipfile -l "$(echo "$dist"/*.whl)"
# The server for tests: started, asked, and ended by the class that the fixtures for pytest use.
expect 0 '^\[\]$' "$work/pip/bin/python" -c 'from runway_preflight import RunwayServer
with RunwayServer("--assets", "off") as server:
    print(server.requests())'
expect 0 'pytest11' "$work/pip/bin/python" -c 'from importlib.metadata import distribution
print(*distribution("runway-preflight").entry_points)'

### npm ###############################################################################################################

platform=$(node -p '`runway-preflight-${process.platform}-${process.arch}`')
npm() { command npm --offline --no-audit --no-fund --no-update-notifier --cache "$work/npm-cache" "$@"; }
export -f npm
export work
mkdir "$work/npm" "$work/bare"
mkfifo "$work/silent"
expect 0 '' bash -c 'cd "$work/npm" && npm install "$@"' - "$dist/runway-preflight-$version.tgz" "$dist/$platform-$version.tgz"
expect_program "$work/npm/node_modules/.bin/runway-preflight"
# A signal to Node reaches the program, which waits for a list that never comes.
expect 143 '' bash -c '"$work/npm/node_modules/.bin/runway-preflight" check - <>"$work/silent" & sleep 2; kill -TERM $!; wait $!'
# Without the platform's package it says so and exits with 127.
expect 0 '' bash -c 'cd "$work/bare" && npm install --omit=optional "$@"' - "$dist/runway-preflight-$version.tgz"
expect 127 "the package $platform is missing" "$work/bare/node_modules/.bin/runway-preflight" check photo.jpg

### The archive #######################################################################################################

mkdir "$work/archive"
expect 0 '' tar -xzf "$(echo "$dist"/*.tar.gz)" -C "$work/archive"
expect_program "$work/archive/runway-preflight"
# Every package contains the licenses.
expect 0 'LICENSE-MIT' ls "$work/archive"
expect 0 'LICENSE-MIT' ls "$work/npm/node_modules/runway-preflight"
expect 0 'LICENSE-MIT' ls "$work/npm/node_modules/$platform"
expect 0 'LICENSE-MIT' python3 -m zipfile -l "$(echo "$dist"/*.whl)"

### The installer #####################################################################################################

# A release of one archive. It is built for this machine, but has the name of the static one, which the installer
# requests.
mkdir "$work/release" "$work/home"
host=$(uname -m)-unknown-linux-musl
cp "$(echo "$dist"/*.tar.gz)" "$work/release/runway-preflight-$host.tar.gz"
(cd "$work/release" && sha256sum -- *.tar.gz >SHA256SUMS)
install() {
    env -i HOME="$work/home" PATH="$PATH" RUNWAY_PREFLIGHT_RELEASE="${1:-file://$work/release}" sh packaging/install.sh
}
export -f install
expect 0 "^runway-preflight $version is installed in $work/home/.local/bin\$" bash -c install
expect 0 'export PATH=' bash -c install
expect_program "$work/home/.local/bin/runway-preflight"
expect 1 'must be an https:// address' bash -c 'install http://example.org'
expect 1 'could not be downloaded' bash -c 'install "file://$work/home"'
rm -r "$work/home/.local"
echo >>"$work/release/runway-preflight-$host.tar.gz"
expect 1 'the checksum of .* but the release states' bash -c install
: >"$work/release/SHA256SUMS"
expect 1 'does not name runway-preflight-' bash -c install
# The refused installations left no files.
expect 1 '' test -e "$work/home/.local"

### pre-commit ########################################################################################################

export PATH=$work/archive:$work/tools/bin:$PATH PRE_COMMIT_HOME=$work/pre-commit
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
commit() { git -C "$1" init --quiet && git -C "$1" add . && git -C "$1" commit --quiet --message first; }
mkdir "$work/hooks" "$work/user"
cp .pre-commit-hooks.yaml "$work/hooks"
commit "$work/hooks" || exit 2
cat >"$work/user/.pre-commit-config.yaml" <<CONFIG
repos:
  - repo: $work/hooks
    rev: $(git -C "$work/hooks" rev-parse HEAD)
    hooks:
      - id: runway-preflight-list-system
      - id: runway-preflight-body-system
CONFIG
echo 'https://cdn.example.com/photo.png' >"$work/user/runway-assets.txt"
# The file name looks like a flag and must be treated as a name.
cat >"$work/user/--exit-zero.runway.json" <<'BODY'
{"model": "gen4_turbo", "promptImage": "http://cdn.example.com/photo.png", "ratio": "1280:720", "duration": 5}
BODY
commit "$work/user" || exit 2
hook() { (cd "$work/user" && pre-commit run --all-files --color never "$@"); }
export -f hook
expect 0 'Passed' bash -c 'hook runway-preflight-list-system'
expect 1 'exit code: 1$' bash -c 'hook runway-preflight-body-system'
echo 'http://cdn.example.com/photo.png' >"$work/user/runway-assets.txt"
expect 1 'Only HTTPS URLs are allowed\.' bash -c 'hook runway-preflight-list-system'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
