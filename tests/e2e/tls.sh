#!/usr/bin/env bash
# Tests certificates that our TLS libraries refuse to serve, with `openssl s_server`.
#
#   tests/e2e/tls.sh [BINARY]        target/debug/runway-preflight unless named
#
# Prints `ok T07 …` or `FAILED T07 …` for each case, then `N passed, N failed`. Exit code: 0 all passed, 1 one failed,
# 77 it cannot run on this machine.

set -u
cd "$(dirname "$0")/../.." || exit 2
binary=$(realpath "${1:-target/debug/runway-preflight}")
[ -x "$binary" ] || { echo "tls: $binary is missing; run cargo build" >&2; exit 2; }
command -v openssl >/dev/null || { echo "tls: CANNOT RUN HERE: openssl is missing" >&2; exit 77; }

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0
fetch='Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down.'

# Makes a key and a certificate signed by the root: file name, kind of key, then other arguments for openssl.
certificate() {
    openssl req -newkey "$2" -nodes -x509 -days 2 -subj /CN=cdn.example.org -keyout "$work/$1.key" -out "$work/$1.pem" \
        -addext basicConstraints=CA:FALSE -CA "$work/root.pem" -CAkey "$work/root.key" "${@:3}" 2>>"$work/openssl.log" ||
        { cat "$work/openssl.log" >&2; exit 2; }
}

# Serves a certificate and checks a URL of it: case, title, file name, exit code, words of the result, then flags of the
# server.
expect() {
    local case=$1 what=$2 name=$3 code=$4 words=$5 port='' output status begun=$SECONDS
    shift 5
    openssl s_server -accept 127.0.0.1:0 -cert "$work/$name.pem" -key "$work/$name.key" -HTTP -cipher DEFAULT@SECLEVEL=0 \
        "$@" >"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 200); do
        port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/server.log" | head -1)
        [ -z "$port" ] || break
        sleep 0.02
    done
    output=$(cd "$work" && env -i PATH="$PATH" LANG=C.UTF-8 timeout 60 "$binary" check --allow-private --timeout 4s \
        --cacert "$work/root.pem" --resolve "cdn.example.org:$port:127.0.0.1" "https://cdn.example.org:$port/a.png" 2>&1)
    status=$?
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
    server=
    if [ -n "$port" ] && [ "$status" = "$code" ] && grep -qF -- "$words" <<<"$output" && ((SECONDS - begun < 9)); then
        passed=$((passed + 1))
        echo "ok $case $what"
    else
        failed=$((failed + 1))
        echo "FAILED $case $what: wanted $code and \"$words\" immediately, got $status after $((SECONDS - begun)) s"
        printf '%s\n' "$output" | sed 's/^/  /'
    fi
}

openssl req -newkey rsa:2048 -nodes -x509 -days 2 -subj '/CN=Preflight test root' \
    -keyout "$work/root.key" -out "$work/root.pem" -addext keyUsage=keyCertSign 2>/dev/null || exit 2
name=subjectAltName=DNS:cdn.example.org
ec=(-pkeyopt ec_paramgen_curve:prime256v1)
certificate good ec "${ec[@]}" -addext "$name"
certificate rsa-2048 rsa:2048 -addext "$name"
certificate rsa-1024 rsa:1024 -addext "$name"
certificate sha-1 ec "${ec[@]}" -addext "$name" -sha1
certificate md5 ec "${ec[@]}" -addext "$name" -md5
{ printf '[req]\ndistinguished_name=dn\n[dn]\n[many]\nbasicConstraints=CA:FALSE\nsubjectAltName=DNS:cdn.example.org'
  seq -f ',DNS:tenant-%.0f.example.org' -s '' 10000; echo; } >"$work/many.cnf"
openssl req -newkey ec "${ec[@]}" -nodes -x509 -days 2 -subj /CN=cdn.example.org -keyout "$work/many.key" \
    -out "$work/many.pem" -config "$work/many.cnf" -extensions many -CA "$work/root.pem" -CAkey "$work/root.key" \
    2>>"$work/openssl.log" || { cat "$work/openssl.log" >&2; exit 2; }
for _ in $(seq 200); do cat "$work/root.pem"; done >"$work/junk.pem"

# s_server does not answer HEAD, so a successful handshake ends in a timeout.
well='while waiting for response headers'
expect T09 'a good certificate leads to HTTP' good 1 "$well"
expect T09 'a good RSA certificate leads to HTTP' rsa-2048 1 "$well"
expect T07 'ten thousand names are refused immediately' many 1 'TLS failed: the server sends more than 64 KiB'
expect T08 'two hundred unrelated certificates are refused immediately' good 1 "$fetch" -cert_chain "$work/junk.pem"
expect T20 'RSA of 1024 bits is refused' rsa-1024 1 'such as RSA with 1024 bits'
expect T20 'a signature with SHA-1 is refused' sha-1 1 'outdated signature algorithm or key, such as SHA-1'
expect T20 'a signature with MD5 is refused' md5 1 'outdated signature algorithm or key, such as SHA-1'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
