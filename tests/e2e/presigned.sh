#!/usr/bin/env bash
# Tests signed URLs on stores that check signatures as Amazon S3 and Azure do. Each URL is signed here, with openssl.
#
#   tests/e2e/presigned.sh [BINARY]      target/debug/runway-preflight unless named
#
# S3_FS is the path of s3s-fs (`cargo install s3s-fs --version 0.14.1 --features binary`, three minutes), which speaks
# plain HTTP, so nginx adds TLS. AZURITE is the path of azurite-blob's main.js (`npm install azurite`, under
# dist/src/blob). AWS is the path of the AWS command line (`pip install awscli`), which runs the recipes for S3 as they
# are printed. Tests whose variable is not set are skipped, with a message.

set -u
cd "$(dirname "$0")/../.." || exit 2
source tests/e2e/stage.sh presigned "$@"
for part in S3_FS AZURITE AWS; do
    [ -n "${!part:-}" ] || echo "presigned: $part is not set; its tests are SKIPPED"
done
[ -n "${S3_FS:-}${AZURITE:-}" ] || exit 0
command -v curl >/dev/null || { echo 'presigned: curl is missing' >&2; exit 2; }
png 640 480 >"$files/a.png"

# Checks a URL: exit code, URL, then texts that the output must contain. The output must never contain the signature.
expect() {
    local code=$1 url=$2 good=yes text
    run "$port" check "$url"
    [ "$status" = "$code" ] || good=no
    for text in "${@:3}"; do
        grep -qF -- "$text" <<<"$output" || good=no
    done
    ! grep -qF -- "$signature" <<<"$output" || good=no
    count "$good" "$code wanted for $url, with: ${*:3}" "got $status: $output" "$(<"$work/stderr")"
}

# Prints the time in this many seconds, in a format of `date`.
moment() { date -u -d "@$(($(date +%s) + $1))" "+$2"; }

# Waits until a URL is accepted, for at most two seconds.
settle() {
    for _ in $(seq 20); do
        run "$port" check "$1"
        [ "$status" != 0 ] || return
        sleep 0.1
    done
}

### Amazon S3 #########################################################################################################

key=AKIDEXAMPLE secret=wJalrXUtnFEMIexampleKEY

hmac() { openssl dgst -sha256 -mac HMAC -macopt "$1" -r | cut -d' ' -f1; }

# Signs a URL of S3 (Signature Version 4): method, path, start in seconds from now, duration in seconds.
# Sets $url and $signature.
sign_s3() {
    local time day scope query request step
    time=$(moment "$3" %Y%m%dT%H%M%SZ) day=${time%T*}
    scope=$day/us-east-1/s3/aws4_request
    query="X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=$key%2F${scope//\//%2F}&X-Amz-Date=$time"
    query+="&X-Amz-Expires=$4&X-Amz-SignedHeaders=host"
    request=$(printf '%s\n%s\n%s\nhost:cdn.example.org:%s\n\nhost\nUNSIGNED-PAYLOAD' "$1" "$2" "$query" "$port" |
        openssl dgst -sha256 -r | cut -d' ' -f1)
    step=$(printf %s "$day" | hmac "key:AWS4$secret")
    for part in us-east-1 s3 aws4_request; do
        step=$(printf %s "$part" | hmac "hexkey:$step")
    done
    signature=$(printf 'AWS4-HMAC-SHA256\n%s\n%s\n%s' "$time" "$scope" "$request" | hmac "hexkey:$step")
    url="https://cdn.example.org:$port$2?$query&X-Amz-Signature=$signature"
}

s3() {
    local store
    need nginx nginx-light
    port=$(free_port) store=$(free_port)
    mkdir -p "$work/store/bucket"
    start "$store" "$S3_FS" --access-key "$key" --secret-key "$secret" --host 127.0.0.1 --port "$store" "$work/store" ||
        { cat "$work/start.log" >&2; exit 2; }
    s3_configuration() {
        cat <<CONF
pid $work/pid;
error_log $work/error.log info;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    server {
        listen 127.0.0.1:$port ssl;
        server_name cdn.example.org;
        ssl_certificate $work/good.pem;
        ssl_certificate_key $work/good.key;
        location / {
            proxy_pass http://127.0.0.1:$store;
            proxy_set_header Host \$http_host;
            $1
        }
    }
}
CONF
    }
    s3_configuration '' >"$work/nginx.conf"
    start "$port" nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" -g 'daemon off;' ||
        { cat "$work/start.log" >&2; exit 2; }
    local told='S3-compatible store: ' both='(SignatureDoesNotMatch: the method is signed as well), and the API needs both'
    # Stores the picture: name, content type.
    put() {
        sign_s3 PUT "/bucket/$1" 0 60
        curl -sS --fail --cacert "$work/root.pem" --resolve "cdn.example.org:$port:127.0.0.1" -T "$files/a.png" \
            -H "Content-Type: $2" "$url" >/dev/null || { echo 'presigned: the store accepts no uploads' >&2; exit 2; }
    }
    put a.png image/png
    put typed.png binary/octet-stream

    # Only GET is signed: the finding, and the recipe.
    sign_s3 GET /bucket/a.png 0 3600
    expect 1 "$url" 'Received HTTP response code "403"' 'the URL is signed for GET only' "a URL signed for GET rejects HEAD $both"
    local whole=$url
    expect 1 "${whole/a.png/b.png}" 'the server says: SignatureDoesNotMatch' "${told}the URL was changed after it was signed"
    sign_s3 GET /bucket/missing.png 0 3600
    expect 1 "$url" "a URL signed for GET rejects HEAD" 'the server says: NoSuchKey' "${told}there is no object with that key"

    # The expiry, as in the URL, to the minute.
    sign_s3 GET /bucket/a.png -7200 3600
    expect 1 "$url" "expired $(moment -3600 '%Y-%m-%d %H:%M') UTC" \
        'the server says: AccessDenied: Request has expired' "${told}send an upload, or sign a URL for each request"
    sign_s3 GET /bucket/a.png 0 600
    expect 1 "$url" '[expires-soon]' "expires $(moment 600 '%Y-%m-%d %H:%M') UTC, in 10 minutes"

    # The recipe for the content type, as it is printed.
    sign_s3 GET /bucket/typed.png 0 3600
    local fixed_url=$url
    expect 1 "$url" 'Content-Type response header: "binary/octet-stream"' "${told}set the Content-Type of the object to image/png"
    if [ -n "${AWS:-}" ]; then
        keep '^aws '
        # The command has to reach the test server and trust its root.
        command=${command//cdn.example.org/localhost}
        aws() {
            AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret AWS_DEFAULT_REGION=us-east-1 AWS_CA_BUNDLE=$work/root.pem \
                AWS_EC2_METADATA_DISABLED=true "$AWS" "$@"
        }
        eval "$command" >"$work/aws.log" 2>&1 || count no "the command fails: $command" "$(<"$work/aws.log")"
    fi

    # The recipe for HEAD, as it is printed.
    run "$port" check "$whole"
    keep '^nginx '
    s3_configuration "$lines" >"$work/nginx.conf"
    nginx() { command nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" "$@"; }
    eval "$command" 2>>"$work/error.log" || count no "the command fails: $command"
    settle "$whole"
    expect 0 "$whole"
    [ -z "${AWS:-}" ] || expect 0 "$fixed_url"
}

### Azure Blob Storage #################################################################################################

# The account of azurite and its key, both published in its documentation.
account=devstoreaccount1
account_key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==

# Signs lines as Azure does; sets $signature, percent-encoded.
sign_azure() {
    local hex
    hex=$(printf %s "$account_key" | base64 -d | od -An -v -tx1 | tr -d ' \n')
    signature=$(printf "$1" "${@:2}" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$hex" -binary | base64 -w0)
    signature=${signature//+/%2B} signature=${signature//\//%2F} signature=${signature//=/%3D}
}

# Makes the SAS of a blob: name, permissions, expiry. Sets $url.
sign_blob() {
    sign_azure '%s\n\n%s\n%s\n\n\n\n2021-12-02\nb\n\n\n\n\n\n\n' "$2" "$3" "/blob/$account/pictures/$1"
    url="https://$account.blob.core.windows.net:$port/pictures/$1?sv=2021-12-02&sr=b&sp=$2&se=${3//:/%3A}&sig=$signature"
}

azure() {
    local told='Azure Blob Storage: ' host ends url
    port=$(free_port) host=$account.blob.core.windows.net
    ask() { curl -sS --fail --cacert "$work/root.pem" --resolve "$host:$port:127.0.0.1" "$@" >/dev/null; }
    certificate "$host" azure "${signed[@]}" -addext "subjectAltName=DNS:$host"
    start "$port" node "$AZURITE" --silent --inMemoryPersistence --skipApiVersionCheck --blobHost 127.0.0.1 \
        --blobPort "$port" --cert "$work/azure.pem" --key "$work/azure.key" || { cat "$work/start.log" >&2; exit 2; }
    ends=$(moment 3600 %Y-%m-%dT%H:%M:%SZ)
    sign_azure '%s\nrwdlac\nb\nsco\n\n%s\n\n\n2021-12-02\n\n' "$account" "$ends"
    ask -X PUT -H 'Content-Length: 0' "https://$host:$port/pictures?restype=container&sv=2021-12-02&ss=b&srt=sco&sp=rwdlac&se=${ends//:/%3A}&sig=$signature" ||
        { echo 'presigned: azurite accepts no uploads' >&2; exit 2; }
    sign_blob a.png cw "$ends"
    ask -T "$files/a.png" -H 'x-ms-blob-type: BlockBlob' -H 'Content-Type: application/octet-stream' "$url"

    # The default type of blobs without one; then the type is set, as `az storage blob update` does.
    sign_blob a.png r "$ends"
    expect 1 "$url" 'We received application/octet-stream' "${told}set the Content-Type of the blob to image/png" \
        "--account-name='$account' --container-name='pictures' --name='a.png' --content-type='image/png'"
    sign_blob a.png w "$ends"
    ask -X PUT -H 'Content-Length: 0' -H 'x-ms-blob-content-type: image/png' "$url&comp=properties"

    # A SAS with read permission covers HEAD and GET, as its recipe says; others do not.
    sign_blob a.png r "$ends"
    expect 0 "$url"
    expect 1 "${url/a.png/b.png}" 'the server says: AuthorizationFailure' "${told}the SAS does not cover this blob"
    expect 1 "${url%%\?*}" 'Received HTTP response code "403"' "${told}the container is private"
    sign_blob missing.png r "$ends"
    expect 1 "$url" 'the server says: BlobNotFound' "${told}there is no blob with that name"
    sign_blob a.png w "$ends"
    expect 1 "$url" 'Received HTTP response code "403"' "$told"
    sign_blob a.png r "$(moment -3600 %Y-%m-%dT%H:%M:%SZ)"
    expect 1 "$url" "expired $(moment -3600 '%Y-%m-%d %H:%M') UTC" "${told}create a new SAS"
    sign_blob a.png r "$(moment 600 %Y-%m-%dT%H:%M:%SZ)"
    expect 0 "$url" '[expires-soon]' "expires $(moment 600 '%Y-%m-%d %H:%M') UTC"
}

[ -z "${S3_FS:-}" ] || s3
[ -z "${AZURITE:-}" ] || azure
finish
