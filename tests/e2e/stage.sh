# shellcheck shell=bash disable=SC2034
# Shared by the tests against servers: a work folder, images, certificates, servers that end with the test, and
# counters. Source it from the root of the repository, with the name of the test and the binary.

test_name=$1
binary=$(realpath "${2:-target/debug/runway-preflight}")
[ -x "$binary" ] || { echo "$test_name: $binary is missing; run cargo build" >&2; exit 2; }

work=$(mktemp -d)
# Servers drop root privileges, and must still be able to read the files.
chmod 755 "$work"
files=$work/files
mkdir "$files"
servers=()
# shellcheck disable=SC2154
trap 'for one in "${servers[@]}"; do kill "$one" 2>/dev/null; done; wait 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0

# Installs Debian packages if a program is missing: program, packages. If that is impossible, skips the test.
need() {
    command -v "$1" >/dev/null && return
    [ "$(id -u)" = 0 ] || { echo "$test_name skipped: $1 is missing, and only root can install it"; exit 0; }
    command -v apt-get >/dev/null || { echo "$test_name skipped: $1 is missing, and so is apt-get"; exit 0; }
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -qq -y --no-install-recommends "${@:2}" >/dev/null || exit 1
}
for tool in openssl gzip; do
    command -v "$tool" >/dev/null || { echo "$test_name: $tool is missing" >&2; exit 2; }
done

# Counts a check: `yes` if it passed, and the message if it did not.
count() {
    if [ "$1" = yes ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s\n' "${@:2}"
    fi
}

# Prints the counters, and sets the exit code.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

### Pictures ###########################################################################################################

# Writes numbers as four bytes each, high byte first.
be32() {
    local n
    for n in "$@"; do
        printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((n >> 24 & 255)) $((n >> 16 & 255)) $((n >> 8 & 255)) $((n & 255)))"
    done
}

# Reads the type and data of a chunk, and writes the chunk. The CRC comes from a gzip trailer, where it is
# little-endian.
chunk() {
    local body=$work/chunk crc
    cat >"$body"
    crc=$(gzip -nc "$body" | tail -c 8 | head -c 4 | od -An -tx1 | tr -d ' ')
    be32 $(($(wc -c <"$body") - 4))
    cat "$body"
    be32 $((16#${crc:6:2}${crc:4:2}${crc:2:2}${crc:0:2}))
}

# Writes a black PNG with one bit per pixel. The checksum of n zero bytes is n mod 65521, then 1.
png() {
    local width=$1 height=$2 bytes=$(($2 * (($1 + 7) / 8 + 1)))
    printf '\x89PNG\r\n\x1a\n'
    { printf IHDR; be32 "$width" "$height"; printf '\x01\x00\x00\x00\x00'; } | chunk
    { printf 'IDAT\x78\x9c'; head -c "$bytes" /dev/zero | gzip -nc | tail -c +11 | head -c -8
      be32 $(((bytes % 65521 << 16) | 1)); } | chunk
    printf IEND | chunk
}

### Certificates #######################################################################################################

# Makes a key and a certificate: subject, file name, then the other arguments for openssl.
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -x509 -days 2 -subj "/CN=$1" \
        -keyout "$work/$2.key" -out "$work/$2.pem" "${@:3}" 2>>"$work/openssl.log" ||
        { cat "$work/openssl.log" >&2; exit 2; }
}
signed=(-CA "$work/root.pem" -CAkey "$work/root.key" -addext basicConstraints=CA:FALSE)
certificate 'Preflight test root' root -addext keyUsage=keyCertSign
certificate cdn.example.org good "${signed[@]}" -addext subjectAltName=DNS:cdn.example.org,DNS:localhost

### Servers ############################################################################################################

# Succeeds if a port is open.
listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints a free port between 20000 and 29999.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); listens "$port"; do :; done
    echo "$port"
}

# Starts a server and waits until it listens: port, command. Sets $process.
start() {
    local port=$1
    "${@:2}" >"$work/start.log" 2>&1 &
    process=$!
    servers+=("$process")
    for _ in $(seq 200); do
        listens "$port" && kill -0 "$process" 2>/dev/null && return
        kill -0 "$process" 2>/dev/null || break
        sleep 0.05
    done
    return 1
}

# Ends a server, and waits until it is gone.
stop() {
    kill "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

# Runs the program with the test hosts resolved to loopback: ports, arguments. Sets $status and $output.
run() {
    local resolve=() port
    for port in $1; do
        resolve+=(--resolve "cdn.example.org:$port:127.0.0.1" --resolve "self.example.org:$port:127.0.0.1" \
            --resolve "other.example.org:$port:127.0.0.1" \
            --resolve "devstoreaccount1.blob.core.windows.net:$port:127.0.0.1")
    done
    output=$(env -i PATH="$PATH" LANG=C.UTF-8 timeout 60 "$binary" "$2" --allow-private --cacert "$work/root.pem" \
        "${resolve[@]}" "${@:3}" 2>"$work/stderr")
    status=$?
}

# Extracts the recipe that the program printed: the $command, which matches this pattern, and the $lines of
# configuration. The `text` format indents them. Lines that several findings repeat are kept once.
keep() {
    sed -n 's/^ \{11\}//p' <<<"$output" | grep -v '^see https://' | awk '!seen[$0]++' >"$work/printed"
    command=$(grep -E "$1" "$work/printed")
    lines=$(grep -vE "$1" "$work/printed")
}
