#!/usr/bin/env bash
# Tests the recipes in hints: misconfigures nginx, Apache, Caddy and lighttpd, one fault at a time, pastes the lines
# that the program prints into the configuration unchanged, and expects the asset to be accepted.
#
#   tests/e2e/recipes.sh [BINARY]        target/debug/runway-preflight unless named
#
# Installs the servers if they are missing. Prints each failure, then `N passed, N failed`; exits 1 if one failed.
# If a server is missing and cannot be installed, it says so and exits 0.

set -u
cd "$(dirname "$0")/../.." || exit 2
source tests/e2e/stage.sh recipes "$@"
need nginx nginx-light
need apache2 apache2
need caddy caddy
need lighttpd lighttpd lighttpd-mod-openssl

### The files ##########################################################################################################

png 640 480 >"$files/a.png"
cp "$files/a.png" "$files/a.pix"
cp "$files/a.png" "$files/picture"
gzip -k "$files/a.png"
printf '#!/bin/sh\nprintf "Content-Type: image/png\\r\\n\\r\\n"\ncat %s\n' "$files/a.png" >"$files/stream.cgi"
chmod 755 "$files/stream.cgi"
for folder in plain octet filter gzip nohead; do
    mkdir "$files/$folder"
    cp "$files/a.png" "$files/a.png.gz" "$files/a.pix" "$files/picture" "$files/$folder"
done
cat "$work/good.pem" "$work/good.key" >"$work/both.pem"
slots=$work/slots
mkdir "$slots"

# Prints the lines that were pasted into a slot of a configuration.
slot() { [ ! -e "$slots/$1" ] || cat "$slots/$1"; }

### The upstream #######################################################################################################

# It sends no Server header, so that the program recognizes the proxy in front of it.
behind=$(free_port)
cat >"$work/behind.caddy" <<CONF
{
    admin off
    auto_https off
}
:$behind {
    header -Server
    handle_path /get-only/* {
        @head method HEAD
        respond @head 405
        root * $files
        file_server
    }
    handle_path /https-only/* {
        @plain not header X-Forwarded-Proto https
        redir @plain https://{http.request.hostport}/https-only{uri} 301
        root * $files
        file_server
    }
}
CONF
export XDG_DATA_HOME=$work/caddy XDG_CONFIG_HOME=$work/caddy HOME=$work
start "$behind" caddy run --config "$work/behind.caddy" --adapter caddyfile || { cat "$work/start.log" >&2; exit 2; }

### The servers ########################################################################################################

nginx_configuration() {
    cat <<CONF
pid $work/nginx.pid;
error_log $work/nginx.log info;
worker_processes 1;
events { worker_connections 64; }
http {
    access_log off;
    include /etc/nginx/mime.types;
    $(slot nginx-http)
    default_type application/octet-stream;
    client_body_temp_path $work/body;
    proxy_temp_path $work/proxy;
    fastcgi_temp_path $work/fastcgi;
    uwsgi_temp_path $work/uwsgi;
    scgi_temp_path $work/scgi;
    root $files;
    server {
        listen 127.0.0.1:$port ssl;
        server_name cdn.example.org;
        ssl_certificate $work/good.pem;
        ssl_certificate_key $work/good.key;
        location /plain/ {
            $(slot nginx-plain)
        }
        location /octet/ {
            types { text/css css; }
            $(slot nginx-octet)
        }
        location /filter/ {
            $([ -e "$slots/nginx-filter" ] && slot nginx-filter || echo 'ssi on;')
            ssi_types image/png;
        }
        location /gzip/ {
            $([ -e "$slots/nginx-gzip" ] && slot nginx-gzip || echo 'gzip_static always;')
        }
        location /get-only/ {
            proxy_pass http://127.0.0.1:$behind;
            $(slot nginx-get-only)
        }
        location /https-only/ {
            proxy_pass http://127.0.0.1:$behind;
            proxy_set_header Host \$http_host;
            $(slot nginx-https-only)
        }
    }
}
CONF
}

apache_configuration() {
    local module
    for module in mpm_event authz_core mime ssl env setenvif rewrite headers filter substitute deflate proxy proxy_http; do
        echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
    done
    [ "$(id -u)" != 0 ] || printf 'User www-data\nGroup www-data\n'
    cat <<CONF
ServerName cdn.example.org
Listen 127.0.0.1:$port
PidFile $work/apache.pid
ErrorLog $work/apache.log
DefaultRuntimeDir $work
Mutex file:$work
TypesConfig /etc/mime.types
DocumentRoot $files
SSLEngine on
SSLCertificateFile $work/good.pem
SSLCertificateKeyFile $work/good.key
<Directory $files>
    Require all granted
    AllowOverride All
</Directory>
<Directory $files/octet>
    AddType application/octet-stream .png
</Directory>
<Directory $files/filter>
    SetOutputFilter SUBSTITUTE
    Substitute "s/never there/at all/n"
</Directory>
<Directory $files/gzip>
    SetOutputFilter DEFLATE
    SetEnv force-gzip 1
</Directory>
ProxyPreserveHost On
<Location /https-only/>
    ProxyPass http://127.0.0.1:$behind/https-only/
    $(slot apache-https-only)
</Location>
CONF
}

caddy_configuration() {
    cat <<CONF
{
    admin 127.0.0.1:$admin
    auto_https off
}
https://cdn.example.org:$port {
    tls $work/good.pem $work/good.key
    $(slot caddy-site)
    header /octet/* Content-Type application/octet-stream
    reverse_proxy /get-only/* 127.0.0.1:$behind {
        $(slot caddy-proxy)
    }
    root * $files
    file_server
}
CONF
}

lighttpd_configuration() {
    cat <<CONF
server.modules = ( "mod_openssl", "mod_cgi" )
server.document-root = "$files"
server.port = $port
server.bind = "127.0.0.1"
server.errorlog = "$work/lighttpd.log"
ssl.engine = "enable"
ssl.pemfile = "$work/both.pem"
mimetype.assign = ( ".css" => "text/css", ".png" => "image/png" )
cgi.assign = ( ".cgi" => "" )
$([ -e "$slots/lighttpd-stream" ] && slot lighttpd-stream || echo 'server.stream-response-body = 1')
\$HTTP["url"] =~ "^/octet/" { mimetype.assign = ( ".png" => "application/octet-stream" ) }
$(slot lighttpd-end)
CONF
}

# Writes the configuration of a server, and starts it on $port.
serve() {
    "$1_configuration" >"$work/$1.conf"
    case $1 in
        nginx) start "$port" nginx -p "$work" -c "$work/nginx.conf" -e "$work/nginx.log" -g 'daemon off;' ;;
        apache) start "$port" apache2 -f "$work/apache.conf" -DFOREGROUND ;;
        caddy) start "$port" caddy run --config "$work/caddy.conf" --adapter caddyfile ;;
        lighttpd) start "$port" lighttpd -D -f "$work/lighttpd.conf" ;;
    esac
}

# Runs a command as it was printed, with the configuration of this test.
pasted() {
    nginx() { command nginx -p "$work" -c "$work/nginx.conf" -e "$work/nginx.log" "$@"; }
    caddy() { command caddy "$@" --config "$work/caddy.conf" --adapter caddyfile --address "127.0.0.1:$admin"; }
    eval "$1" >"$work/pasted.log" 2>&1
    local code=$?
    unset -f nginx caddy
    return "$code"
}

### The cases ##########################################################################################################

# Pastes the lines where the recipe says, and makes the server read them: with the printed command, if there is one,
# else with a restart. .htaccess needs neither.
apply() {
    local server=$1 place=$2 path=$3
    if [ "$place" = htaccess ]; then
        htaccess "$path"
        return
    fi
    "${server}_configuration" >"$work/$server.conf"
    if [ -n "$command" ]; then
        pasted "$command"
    else
        stop "$server_process"
        serve "$server"
        server_process=$process
    fi
}

# Writes the .htaccess of the folder of a path.
htaccess() {
    local folder
    folder=$files$(dirname "$1")
    {
        [ "${folder##*/}" != nohead ] || echo 'RewriteEngine On'
        slot htaccess
        [ "${folder##*/}" != nohead ] || printf 'RewriteCond %%{REQUEST_METHOD} ^(HEAD|TRACE|TRACK)$\nRewriteRule .* - [F]\n'
    } >"$folder/.htaccess"
}

# Starts a server with a fault, reads the recipe for it, applies it, and checks again: server, path, code of the
# finding, words of the recipe, the slot for its lines.
fixes() {
    local server=$1 path=$2 code=$3 recipe=$4 place=$5 url before after
    port=$(free_port) admin=$(free_port)
    url=https://cdn.example.org:$port$path
    rm -f "$slots"/* "$files"/*/.htaccess
    [ "$place" != htaccess ] || htaccess "$path"
    serve "$server" || { count no "$server does not start" "$(<"$work/start.log")" "$(cat "$work/$server.log")"; return; }
    server_process=$process
    run "$port" check "$url"
    before=$output
    if [ "$status" = 0 ] || ! grep -qF "[$code]" <<<"$output" || ! grep -qi "hint:  $server: .*$recipe" <<<"$output"; then
        count no "$server $path: wanted $code, fixed by '$recipe', not exit $status:" "$output" "$(<"$work/stderr")"
    else
        keep '^(nginx|caddy) '
        printf '%s\n' "$lines" >"$slots/$place"
        apply "$server" "$place" "$path" || echo "not applied: $(<"$work/pasted.log")" >>"$work/start.log"
        for _ in $(seq 20); do
            run "$port" check "$url"
            [ "$status" != 0 ] || break
            sleep 0.1
        done
        after=$([ -n "$lines" ] && [ "$status" = 0 ] && echo yes)
        count "$after" "$server $path is not fixed by $(<"$work/printed")" "$before" "$output" "$(<"$work/start.log")"
    fi
    stop "$server_process"
}

generic=generic-content-type
fixes nginx /plain/a.pix "$generic" "map the file's extension to image/png" nginx-http
fixes nginx /octet/a.png "$generic" "map the file's extension to image/png" nginx-octet
fixes nginx /plain/picture "$generic" 'set the type of files without an extension to image/png' nginx-plain
fixes nginx /filter/a.png missing-content-length 'something changes the file on the fly' nginx-filter
fixes nginx /gzip/a.png content-encoded 'files are sent compressed' nginx-gzip
fixes nginx /get-only/a.png http-status 'allow HEAD' nginx-get-only
fixes nginx /https-only/a.png http-status 'assumes a request without TLS' nginx-https-only

fixes apache /plain/a.pix missing-content-type "map the file's extension to image/png" htaccess
fixes apache /octet/a.png "$generic" "map the file's extension to image/png" htaccess
fixes apache /plain/picture missing-content-type 'set the type of the file to image/png' htaccess
fixes apache /filter/a.png missing-content-length 'a filter or a program changes the file' htaccess
fixes apache /gzip/a.png content-encoded 'files are sent compressed' htaccess
fixes apache /nohead/a.png http-status 'allow HEAD' htaccess
fixes apache /https-only/a.png http-status 'assumes a request without TLS' apache-https-only

fixes caddy /plain/a.pix missing-content-type "map the file's extension to image/png" caddy-site
fixes caddy /octet/a.png "$generic" "map the file's extension to image/png" caddy-site
fixes caddy /plain/picture missing-content-type 'set the type of the file to image/png' caddy-site
fixes caddy /get-only/a.png http-status 'allow HEAD' caddy-proxy

fixes lighttpd /plain/a.pix "$generic" "map the file's extension to image/png" lighttpd-end
fixes lighttpd /octet/a.png "$generic" "map the file's extension to image/png" lighttpd-end
fixes lighttpd /plain/picture "$generic" 'set the type of the file to image/png' lighttpd-end
fixes lighttpd /stream.cgi missing-content-length "is forwarded before its end is known" lighttpd-stream

finish
