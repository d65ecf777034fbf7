#!/usr/bin/env bash
# The second lane: the program against a real nginx with Debian's own mime.types, over TLS, on loopback.
#
#   tests/lane/nginx.sh [BINARY]        target/debug/runway-preflight unless named
#
# Installs nginx-light where it is missing. Prints each failure, then `N passed, N failed`; exits 1 where one failed.
# Without nginx, and without the right or the means to install it, it says so and exits 0.

set -u
cd "$(dirname "$0")/../.." || exit 2
binary=$(realpath "${1:-target/debug/runway-preflight}")
[ -x "$binary" ] || { echo "nginx lane: $binary is missing; run cargo build" >&2; exit 2; }

if ! command -v nginx >/dev/null; then
    [ "$(id -u)" = 0 ] || { echo "nginx lane skipped: nginx is missing, and only root can install it"; exit 0; }
    command -v apt-get >/dev/null || { echo "nginx lane skipped: nginx is missing, and so is apt-get"; exit 0; }
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -qq -y --no-install-recommends nginx-light >/dev/null || exit 1
fi
for tool in openssl gzip; do
    command -v "$tool" >/dev/null || { echo "nginx lane: $tool is missing" >&2; exit 2; }
done

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
files=$work/files
mkdir "$files"

### The files #########################################################################################################

# Writes numbers as four bytes each, high byte first.
be32() {
    local n
    for n in "$@"; do
        printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((n >> 24 & 255)) $((n >> 16 & 255)) $((n >> 8 & 255)) $((n & 255)))"
    done
}

# Reads a chunk's type and data, and writes the chunk. Its CRC is the one at the end of a gzip file, low byte first there.
chunk() {
    local body=$work/chunk crc
    cat >"$body"
    crc=$(gzip -nc "$body" | tail -c 8 | head -c 4 | od -An -tx1 | tr -d ' ')
    be32 $(($(wc -c <"$body") - 4))
    cat "$body"
    be32 $((16#${crc:6:2}${crc:4:2}${crc:2:2}${crc:0:2}))
}

# Writes a black PNG of one bit a pixel. The checksum of n zero bytes is n mod 65521, then 1.
png() {
    local width=$1 height=$2 bytes=$(($2 * (($1 + 7) / 8 + 1)))
    printf '\x89PNG\r\n\x1a\n'
    { printf IHDR; be32 "$width" "$height"; printf '\x01\x00\x00\x00\x00'; } | chunk
    { printf 'IDAT\x78\x9c'; head -c "$bytes" /dev/zero | gzip -nc | tail -c +11 | head -c -8
      be32 $(((bytes % 65521 << 16) | 1)); } | chunk
    printf IEND | chunk
}

png 640 480 >"$files/640x480.png"
png 9000 5000 >"$files/9000x5000.png"
png 900 300 >"$files/900x300.png"
cp "$files/640x480.png" "$files/17mb.png" && truncate -s 17000000 "$files/17mb.png"
cp "$files/640x480.png" "$files/16mib.png" && truncate -s 16777216 "$files/16mib.png"
cp "$files/640x480.png" "$files/slow.png" && truncate -s 100000 "$files/slow.png"
cp "$files/640x480.png" "$files/no-extension"
cp "$files/640x480.png" "$files/picture.unheard-of"
cp "$files/640x480.png" "$files/named.jpg"
printf '<!doctype html><title>Sign in</title>\n' >"$files/page.html"
: >"$files/empty.png"

### The authority #####################################################################################################

# Makes a key and a certificate: subject, file name, then what openssl needs beside that.
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -x509 -days 2 -subj "/CN=$1" \
        -keyout "$work/$2.key" -out "$work/$2.pem" "${@:3}" 2>>"$work/openssl.log" ||
        { cat "$work/openssl.log" >&2; exit 2; }
}
signed=(-CA "$work/root.pem" -CAkey "$work/root.key" -addext basicConstraints=CA:FALSE)
certificate 'Preflight lane root' root -addext keyUsage=keyCertSign
certificate cdn.example.org good "${signed[@]}" -addext subjectAltName=DNS:cdn.example.org
certificate self.example.org self -addext subjectAltName=DNS:self.example.org -addext basicConstraints=CA:FALSE

### The server ########################################################################################################

configure() {
    cat <<CONF
user root;
daemon off;
pid $work/pid;
error_log $work/error.log info;
worker_processes 1;
events { worker_connections 64; }
http {
    access_log $work/access.log;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    root $files;
    server {
        listen 127.0.0.1:$port ssl http2;
        server_name cdn.example.org;
        ssl_certificate $work/good.pem;
        ssl_certificate_key $work/good.key;
        gzip on;
        gzip_min_length 1;
        gzip_types image/png;
        location /fixtures/ { alias $PWD/fixtures/; }
        location /moved/ { return 301 /640x480.png; }
        location /found/ { return 302 https://elsewhere.example.org/; }
        location /octet/ { alias $files/; types { } }
        location /text/ { alias $files/; types { } default_type text/plain; }
        location /typeless/ { alias $files/; types { } default_type ''; }
        location /parameters/ { alias $files/; types { } default_type 'image/png; charset=utf-8'; }
        location /chunked/ { alias $files/; ssi on; ssi_types image/png; }
        location /slow/ { alias $files/; limit_rate 1k; }
        location /closes/ { return 444; }
        location /busy/ { return 503; }
        location /denied/ { deny all; }
        location /once/ { alias $files/; keepalive_timeout 0; }
        location /get-only/ { alias $files/; if (\$request_method = HEAD) { return 405; } }
        location /agent/ { alias $files/; if (\$http_user_agent != "RunwayML API/1.0") { return 403; } }
    }
    server {
        listen 127.0.0.1:$port ssl http2;
        server_name self.example.org;
        ssl_certificate $work/self.pem;
        ssl_certificate_key $work/self.key;
    }
    server {
        listen 127.0.0.1:$plain;
        server_name cdn.example.org;
    }
}
CONF
}

# Says whether somebody listens on a port.
listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 10000)) plain=$((30000 + RANDOM % 2000))
    configure >"$work/nginx.conf"
    nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" 2>"$work/start.log" &
    server=$!
    for _ in $(seq 100); do
        listens "$port" && kill -0 "$server" 2>/dev/null && break 2
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    kill "$server" 2>/dev/null
    server=
    echo "nginx lane: attempt $attempt to start nginx failed" >&2
done
[ -n "$server" ] || { cat "$work/start.log" "$work/error.log" >&2; exit 2; }

### The cases #########################################################################################################

passed=0 failed=0
fetch='Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down.'
generic='Assets must use an approved Content-Type response header. We received application/octet-stream, which is not allowed.'

# Runs the program on an asset: exit code, sentence (none where it is empty), asset, further flags.
expect() {
    local code=$1 sentence=$2 asset=$3 status output
    shift 3
    local resolve=() host
    for host in cdn self other; do
        resolve+=(--resolve "$host.example.org:$port:127.0.0.1" --resolve "$host.example.org:$plain:127.0.0.1")
    done
    output=$(env -i PATH="$PATH" LANG=C.UTF-8 timeout 60 "$binary" check --format reasons --allow-private \
        --cacert "$work/root.pem" "${resolve[@]}" "$@" "$asset" 2>"$work/stderr")
    status=$?
    if [ "$status" = "$code" ] && if [ -n "$sentence" ]; then grep -qF -- "$sentence" <<<"$output"; else [ -z "$output" ]; fi; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'FAILED %s %s\n  wanted %s: %s\n  got    %s: %s\n' "$asset" "$*" "$code" "$sentence" "$status" "$output"
    sed 's/^/  stderr: /' "$work/stderr"
}
cdn=https://cdn.example.org:$port

# Nothing is wrong.
expect 0 '' "$cdn/640x480.png"
expect 0 '' "$cdn/640x480.png" --depth head
expect 0 '' "$cdn/640x480.png" --depth header
expect 0 '' "$cdn/640x480.png?X-Amz-Signature=canary"
expect 0 '' "$cdn/once/640x480.png"
expect 0 '' "$cdn/agent/640x480.png"
expect 0 '' "$cdn/parameters/640x480.png"
expect 0 '' "$cdn/16mib.png"

# The status.
expect 1 'Failed to fetch asset. Received HTTP response code "301".' "$cdn/moved/"
expect 1 'Failed to fetch asset. Received HTTP response code "302".' "$cdn/found/"
expect 1 'Failed to fetch asset. Received HTTP response code "403".' "$cdn/denied/a.png"
expect 1 'Failed to fetch asset. Received HTTP response code "404".' "$cdn/missing.png"
expect 1 'Failed to fetch asset. Received HTTP response code "404".' "$cdn/missing.png" --depth head
expect 1 'Failed to fetch asset. Received HTTP response code "405".' "$cdn/get-only/640x480.png"
expect 1 'Failed to fetch asset. Received HTTP response code "503".' "$cdn/busy/"

# The type, as nginx gives it.
expect 1 "$generic" "$cdn/octet/640x480.png"
expect 1 "$generic" "$cdn/picture.unheard-of"
expect 1 "$generic" "$cdn/no-extension"
expect 1 'Unsupported Content-Type response header: "text/plain".' "$cdn/text/640x480.png"
expect 1 'Unsupported Content-Type response header: "text/html".' "$cdn/page.html"
expect 1 'Content-Type' "$cdn/typeless/640x480.png"

# The size.
expect 1 'Content-Length not provided' "$cdn/chunked/640x480.png"
expect 1 'Asset size exceeds 16.0MB.' "$cdn/17mb.png"
expect 1 'Asset size exceeds 16.0MB.' "$cdn/17mb.png" --depth head

# The picture.
expect 1 'Invalid asset dimensions. Height and width must not exceed 8000px. Got 9000x5000.' "$cdn/9000x5000.png"
expect 1 'Invalid asset aspect ratio. width / height ratio must be between 0.5 and 2. Got 3.' "$cdn/900x300.png" --ratio 0.5:2

# Time, and connections that do not come about.
expect 1 'Timeout while fetching asset.' "$cdn/slow/slow.png" --timeout 2s
expect 1 "$fetch" "$cdn/closes/"
expect 1 "$fetch" "https://self.example.org:$port/640x480.png"
expect 1 "$fetch" "https://other.example.org:$port/640x480.png"
expect 1 "$fetch" "https://cdn.example.org:$plain/640x480.png"
expect 1 'Only HTTPS URLs are allowed.' "http://cdn.example.org:$plain/640x480.png"

# The fixtures whose name is their size; where it breaks no rule, they are accepted.
while IFS= read -r path; do
    name=$(basename "$path")
    width=${name%%x*} height=${name#*x} height=${height%%.*}
    if ((width <= 7999 && height <= 7999 && width <= 2 * height && height <= 2 * width)); then
        expect 0 '' "$cdn/$path" --ratio 0.5:2
    fi
done < <(find fixtures -type f -regextype posix-extended -regex '.*/[0-9]+x[0-9]+\.(png|jpe?g|webp)' 2>/dev/null | sort)

# A request body as an SDK sends it, with a good asset and with one that is missing: nothing to say, then the 400.
expect_answer() {
    local code=$1 wanted=$2 url=$3 status answer
    answer=$(printf '{"model":"gen4_turbo","promptImage":"%s","ratio":"1280:720","duration":5}' "$url" |
        env -i PATH="$PATH" LANG=C.UTF-8 timeout 60 "$binary" body --format api --allow-private --cacert "$work/root.pem" \
            --resolve "cdn.example.org:$port:127.0.0.1" - 2>"$work/stderr")
    status=$?
    if [ "$status" = "$code" ] && [ "$answer" = "$wanted" ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'FAILED body with %s: exit %s, printed %s\n' "$url" "$status" "$answer"
}
expect_answer 0 '' "$cdn/640x480.png"
expect_answer 1 '{"error":"Validation of body failed","issues":[{"code":"custom","message":"Failed to fetch asset. Received HTTP response code \"404\".","path":["promptImage"]}],"docUrl":"https://docs.dev.runwayml.com/api"}' "$cdn/missing.png"

# What nginx itself saw: one method at a time, the API's user agent, and no coding asked for.
if grep -v 'RunwayML API/1.0' "$work/access.log" | grep -qv '"-"$'; then
    failed=$((failed + 1))
    echo 'FAILED another user agent was seen'
else
    passed=$((passed + 1))
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
