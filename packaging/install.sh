#!/bin/sh
# Installs runway-preflight from a release for the current user: no root, no sudo, nothing outside of one folder.
#
#   curl --proto '=https' -fsSL https://github.com/OWNER/runway-preflight/releases/latest/download/install.sh | sh
#
# RUNWAY_PREFLIGHT_DIR        the folder of the binary [default: ~/.local/bin]
# RUNWAY_PREFLIGHT_RELEASE    the base URL of the release files [default: the release that this script belongs to]
#
# The archive is unpacked only if its SHA-256 checksum is the one in the release's SHA256SUMS. To verify who built it as
# well: gh attestation verify ARCHIVE --repo OWNER/runway-preflight
set -eu

# The release workflow replaces the placeholder below with the URL of its release.
release=${RUNWAY_PREFLIGHT_RELEASE:-@RELEASE@}

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

# Downloads FILE of the release to the work folder.
download() {
    case $release in
        https://* | file://*) ;;
        *) fail "RUNWAY_PREFLIGHT_RELEASE must be an https:// address, got $release" ;;
    esac
    if command -v curl >/dev/null; then
        curl --proto '=https,file' --proto-redir '=https' -fsSL --retry 2 -o "$work/$1" "$release/$1"
    elif command -v wget >/dev/null; then
        wget --https-only -q -O "$work/$1" "$release/$1"
    else
        fail "curl or wget is needed"
    fi || fail "$release/$1 could not be downloaded"
}

# Names the Rust target of this machine; the Linux binaries are static and run on every distribution.
target() {
    case $(uname -s) in
        Linux) system=unknown-linux-musl ;;
        Darwin) system=apple-darwin ;;
        *) fail "there is no archive for $(uname -s); on Windows, unpack the archive of the release or use pip or npm" ;;
    esac
    case $(uname -m) in
        x86_64 | amd64) echo "x86_64-$system" ;;
        aarch64 | arm64) echo "aarch64-$system" ;;
        *) fail "there is no archive for $(uname -m)" ;;
    esac
}

# Compares the checksum of FILE with the one that SHA256SUMS states.
verify() {
    # In SHA256SUMS, the names follow two spaces, or a space and an asterisk.
    stated=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$1\$/\1/p" "$work/SHA256SUMS")
    [ -n "$stated" ] || fail "SHA256SUMS of the release does not name $1"
    if command -v sha256sum >/dev/null; then
        actual=$(sha256sum "$work/$1")
    elif command -v shasum >/dev/null; then
        actual=$(shasum -a 256 "$work/$1")
    else
        fail "sha256sum or shasum is needed to verify the download"
    fi
    [ "${actual%% *}" = "$stated" ] || fail "the checksum of $1 is ${actual%% *}, but the release states $stated"
}

# The whole script is read before any of it runs, so a truncated download does nothing.
main() {
    folder=${RUNWAY_PREFLIGHT_DIR:-${HOME:-}/.local/bin}
    case $folder in
        /.local/bin) fail "set HOME, or RUNWAY_PREFLIGHT_DIR to the folder to install in" ;;
        -*) folder=./$folder ;;
    esac
    command -v tar >/dev/null || fail "tar is needed to unpack the archive"
    archive=runway-preflight-$(target).tar.gz
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    download SHA256SUMS
    download "$archive"
    verify "$archive"
    tar -xzf "$work/$archive" -C "$work" runway-preflight
    mkdir -p -- "$folder"
    [ ! -d "$folder/runway-preflight" ] || fail "$folder/runway-preflight is a directory"
    # Copied to the same folder and then renamed, so that a running program is not overwritten.
    cp "$work/runway-preflight" "$folder/.runway-preflight.$$"
    chmod 755 "$folder/.runway-preflight.$$"
    version=$("$folder/.runway-preflight.$$" --version) || {
        rm -f "$folder/.runway-preflight.$$"
        fail "the program does not run in $folder"
    }
    mv -f "$folder/.runway-preflight.$$" "$folder/runway-preflight"
    printf '%s is installed in %s\n' "$version" "$folder"
    case :${PATH:-}: in
        *:"$folder":*) ;;
        *) printf 'Add that folder to PATH: export PATH="%s:$PATH"\n' "$folder" ;;
    esac
}

main
