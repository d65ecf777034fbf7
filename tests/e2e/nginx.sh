#!/usr/bin/env bash
# Tests the program against a real nginx with Debian's own mime.types, over TLS, on loopback.
#
#   tests/e2e/nginx.sh [BINARY]        target/debug/runway-preflight unless named
#
# Installs nginx-light if it is missing. Prints each failure, then `N passed, N failed`; exits 1 if one failed.
# If nginx is missing and cannot be installed, it says so and exits 0.

set -u
cd "$(dirname "$0")/../.." || exit 2
source tests/e2e/stage.sh nginx "$@"
need nginx nginx-light

### The files ##########################################################################################################

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

### Self-signed ########################################################################################################

# As `openssl req -x509` makes it: a CA certificate.
certificate self.example.org self -addext subjectAltName=DNS:self.example.org

### The server #########################################################################################################

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

for attempt in 1 2 3 4 5; do
    port=$(free_port) plain=$(free_port)
    configure >"$work/nginx.conf"
    start "$port" nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" && break
    echo "nginx: attempt $attempt to start nginx failed" >&2
    [ "$attempt" != 5 ] || { cat "$work/start.log" "$work/error.log" >&2; exit 2; }
done

### The cases ##########################################################################################################

fetch='Failed to fetch asset. The URL may be incorrect or the server hosting the asset may be down.'
generic='Assets must use an approved Content-Type response header. We received application/octet-stream, which is not allowed.'

# Runs the program on an asset: exit code, sentence (empty for no output), asset, additional flags.
expect() {
    local code=$1 sentence=$2 asset=$3 good=no
    run "$port $plain" check --format reasons "${@:4}" "$asset"
    if [ "$status" = "$code" ] && if [ -n "$sentence" ]; then grep -qF -- "$sentence" <<<"$output"; else [ -z "$output" ]; fi; then
        good=yes
    fi
    count "$good" "$asset ${*:4}" "  wanted $code: $sentence" "  got $status: $output" "  $(<"$work/stderr")"
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

# Timeouts and failed connections.
expect 1 'Timeout while fetching asset.' "$cdn/slow/slow.png" --timeout 2s
expect 1 "$fetch" "$cdn/closes/"
expect 1 "$fetch" "https://self.example.org:$port/640x480.png"
expect 1 "$fetch" "https://other.example.org:$port/640x480.png"
expect 1 "$fetch" "https://cdn.example.org:$plain/640x480.png"
expect 1 'Only HTTPS URLs are allowed.' "http://cdn.example.org:$plain/640x480.png"

run "$port" check "https://self.example.org:$port/640x480.png"
good=no
grep -qF 'the certificate is self-signed' <<<"$output" && good=yes
count "$good" "a self-signed certificate: $output"

# Fixtures named after their size; those within the limits are accepted.
while IFS= read -r path; do
    name=$(basename "$path")
    width=${name%%x*} height=${name#*x} height=${height%%.*}
    if ((width <= 7999 && height <= 7999 && width <= 2 * height && height <= 2 * width)); then
        expect 0 '' "$cdn/$path" --ratio 0.5:2
    fi
done < <(find fixtures -type f -regextype posix-extended -regex '.*/[0-9]+x[0-9]+\.(png|jpe?g|webp)' 2>/dev/null | sort)

# A request body as an SDK sends it, with a valid asset (no output) and with a missing one (the 400).
expect_answer() {
    local code=$1 wanted=$2 url=$3 good=no
    run "$port" body --format api - \
        <<<"{\"model\":\"gen4_turbo\",\"promptImage\":\"$url\",\"ratio\":\"1280:720\",\"duration\":5}"
    [ "$status" = "$code" ] && [ "$output" = "$wanted" ] && good=yes
    count "$good" "body with $url: exit $status, printed $output"
}
expect_answer 0 '' "$cdn/640x480.png"
expect_answer 1 '{"error":"Validation of body failed","issues":[{"code":"custom","message":"Failed to fetch asset. Received HTTP response code \"404\".","path":["promptImage"]}],"docUrl":"https://docs.dev.runwayml.com/api"}' "$cdn/missing.png"

# The access log of nginx has only the API's user agent.
good=yes
grep -v 'RunwayML API/1.0' "$work/access.log" | grep -qv '"-"$' && good=no
count "$good" 'another user agent was seen'

finish
