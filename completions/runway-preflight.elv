
use builtin;
use str;

set edit:completion:arg-completer[runway-preflight] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'runway-preflight'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'runway-preflight'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand check 'Check assets: URLs, data URIs, files, folders, or lists of them'
            cand body 'Check request bodies: JSON files, or - for standard input'
            cand diagnose 'Diagnose one URL: compare HEAD and GET across User-Agents; show addresses, certificates and timings'
            cand explain 'Explain a message, code, status or pasted response of the API, and what to do next'
            cand encode 'Write a file as a data URI to standard output, unless the API would reject it'
            cand fix 'Write fixed copies of files that the API would reject, with as few changes as possible'
            cand rules 'Print the rules in force, each with its bound, unit, source and date'
            cand serve 'Run a local stand-in for Runway''s API, to test code that uses the official SDKs'
            cand config 'Show the settings of check, body and diagnose, including those of runway-preflight.toml'
            cand completions 'Write shell completions to standard output'
            cand man 'Write a manual page to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;check'= {
            cand --input 'Format of @LIST and - [default: from the file extension, else text]'
            cand --column 'CSV header or JSON key that holds the assets'
            cand --kind 'Expected kind of asset'
            cand --ratio 'Range of accepted aspect ratios (width / height), inclusive'
            cand --as 'Check local files for this transport only'
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write results to FILE'
            cand --output 'Write results to FILE'
            cand --retry-from 'Copy the rows of an earlier run''s JSON Lines for the same assets, and check again what was undecided, timed out, or failed with a connection error or a 5xx status'
            cand --only 'Write only these results; the summary and the exit code count everything'
            cand --color 'Whether to use color'
            cand --depth 'How much of each URL to fetch: HEAD only, enough bytes for the media header, or the full body as the API does'
            cand -j 'Maximum assets checked concurrently'
            cand --jobs 'Maximum assets checked concurrently'
            cand --per-host 'Maximum assets checked concurrently per host'
            cand --retries 'Retry up to N times on connection failure, timeout or a 5xx status'
            cand --timeout 'Time limit for downloading each asset'
            cand --proxy 'Use this proxy (http:// or https://); it resolves the host names'
            cand --cacert 'Also trust the certificates in FILE (PEM), for private test servers'
            cand --resolve 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable'
            cand --allow-net 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --config 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --model 'Apply this model''s limits'
            cand --endpoint 'Apply this endpoint''s limits, such as `image_to_video`'
            cand --field 'Request field, such as promptImage'
            cand --report 'Also write results to PATH, atomically; repeatable'
            cand -0 'Entries of lists are separated by NUL instead of newlines'
            cand --null 'Entries of lists are separated by NUL instead of newlines'
            cand --resume 'Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped'
            cand --all 'With --format reasons: print every message, not only the first for each asset'
            cand -q 'Omit the summary; -qq prints nothing'
            cand --quiet 'Omit the summary; -qq prints nothing'
            cand -v 'Also show accepted assets and all observations'
            cand --verbose 'Also show accepted assets and all observations'
            cand --no-progress 'Hide the progress bar (always hidden in CI, with --quiet, or without a terminal)'
            cand --show-query 'Show query values, which may be secrets; refused in CI'
            cand --strict 'Treat warnings as errors'
            cand --exit-zero 'Exit with 0 instead of 1 or 3'
            cand --fail-fast 'Stop at the first rejected asset'
            cand --offline 'Run only checks that need no network access'
            cand --allow-private 'Allow private and loopback addresses and non-public host names'
            cand --no-config 'Ignore configuration files'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;body'= {
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write results to FILE'
            cand --output 'Write results to FILE'
            cand --retry-from 'Copy the rows of an earlier run''s JSON Lines for the same assets, and check again what was undecided, timed out, or failed with a connection error or a 5xx status'
            cand --only 'Write only these results; the summary and the exit code count everything'
            cand --color 'Whether to use color'
            cand --depth 'How much of each URL to fetch: HEAD only, enough bytes for the media header, or the full body as the API does'
            cand -j 'Maximum assets checked concurrently'
            cand --jobs 'Maximum assets checked concurrently'
            cand --per-host 'Maximum assets checked concurrently per host'
            cand --retries 'Retry up to N times on connection failure, timeout or a 5xx status'
            cand --timeout 'Time limit for downloading each asset'
            cand --proxy 'Use this proxy (http:// or https://); it resolves the host names'
            cand --cacert 'Also trust the certificates in FILE (PEM), for private test servers'
            cand --resolve 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable'
            cand --allow-net 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --config 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --endpoint 'Endpoint path below /v1/ [default: detected from each body]'
            cand --report 'Also write results to PATH, atomically; repeatable'
            cand --resume 'Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped'
            cand --all 'With --format reasons: print every message, not only the first for each asset'
            cand -q 'Omit the summary; -qq prints nothing'
            cand --quiet 'Omit the summary; -qq prints nothing'
            cand -v 'Also show accepted assets and all observations'
            cand --verbose 'Also show accepted assets and all observations'
            cand --no-progress 'Hide the progress bar (always hidden in CI, with --quiet, or without a terminal)'
            cand --show-query 'Show query values, which may be secrets; refused in CI'
            cand --strict 'Treat warnings as errors'
            cand --exit-zero 'Exit with 0 instead of 1 or 3'
            cand --fail-fast 'Stop at the first rejected asset'
            cand --offline 'Run only checks that need no network access'
            cand --allow-private 'Allow private and loopback addresses and non-public host names'
            cand --no-config 'Ignore configuration files'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;diagnose'= {
            cand --kind 'Expected kind of asset'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --timeout 'Time limit for downloading each asset'
            cand --proxy 'Use this proxy (http:// or https://); it resolves the host names'
            cand --cacert 'Also trust the certificates in FILE (PEM), for private test servers'
            cand --resolve 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable'
            cand --allow-net 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable'
            cand -f 'Output format'
            cand --format 'Output format'
            cand --color 'Whether to use color'
            cand --config 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --model 'Apply this model''s limits'
            cand --endpoint 'Apply this endpoint''s limits, such as `image_to_video`'
            cand --field 'Request field, such as promptImage'
            cand --allow-private 'Allow private and loopback addresses and non-public host names'
            cand --show-query 'Show query values, which may be secrets; refused in CI'
            cand --no-config 'Ignore configuration files'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;explain'= {
            cand -f 'Output format'
            cand --format 'Output format'
            cand --color 'Whether to use color'
            cand --retryable 'Print never, after-delay or may for a code; exit with 0 to retry, 1 not to, 2 where it is unknown'
            cand --list 'List every known code with its meaning'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;encode'= {
            cand --kind 'Expected kind of asset'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --model 'Apply this model''s limits'
            cand --endpoint 'Apply this endpoint''s limits, such as `image_to_video`'
            cand --field 'Request field, such as promptImage'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;fix'= {
            cand -o 'Write the result to FILE [default: photo.fixed.png for photo.png]'
            cand --output 'Write the result to FILE [default: photo.fixed.png for photo.png]'
            cand --output-dir 'Write results to DIR, under their input names'
            cand --crop 'If the aspect ratio is not accepted, crop and keep the center, top, bottom, left or right'
            cand --pad 'If the aspect ratio is not accepted, pad with black, white, a color such as ff8800, or blur'
            cand --to 'Result format: jpeg, png, webp, mp4, mov, mp3 or wav'
            cand --quality 'Maximum JPEG quality; lowered if the result would be too large'
            cand --trim 'Keep only this part, in seconds'
            cand --ffmpeg 'The ffmpeg program, for video and audio'
            cand -f 'Output format'
            cand --format 'Output format'
            cand -j 'Maximum files fixed concurrently [default: one per core]'
            cand --jobs 'Maximum files fixed concurrently [default: one per core]'
            cand --ratio 'Range of accepted aspect ratios (width / height), inclusive'
            cand --as 'How the file is sent'
            cand --kind 'Expected kind of asset'
            cand --input 'Format of @LIST and - [default: from the file extension, else text]'
            cand --column 'CSV header or JSON key that holds the assets'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --timeout 'Time limit for downloading each asset'
            cand --proxy 'Use this proxy (http:// or https://); it resolves the host names'
            cand --cacert 'Also trust the certificates in FILE (PEM), for private test servers'
            cand --resolve 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable'
            cand --allow-net 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable'
            cand --model 'Apply this model''s limits'
            cand --endpoint 'Apply this endpoint''s limits, such as `image_to_video`'
            cand --field 'Request field, such as promptImage'
            cand --report 'Also write the results to PATH, atomically; html=PATH shows each picture before and after; repeatable'
            cand --dry-run 'Write nothing; print what would be done'
            cand --force 'Overwrite existing results'
            cand --show-query 'Show query values, which may be secrets; refused in CI'
            cand --offline 'Do not fetch URLs'
            cand -0 'Entries of lists are separated by NUL instead of newlines'
            cand --null 'Entries of lists are separated by NUL instead of newlines'
            cand --allow-private 'Allow private and loopback addresses and non-public host names'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;rules'= {
            cand --kind 'Only rules for this kind of asset'
            cand -f 'Output format'
            cand --format 'Output format'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --model 'Only rules for this model'
            cand --endpoint 'Only rules for this endpoint; a path below /v1/'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand import 'Convert Runway''s OpenAPI document to a file of request rules, for --rules'
            cand diff 'List the differences between an OpenAPI document and the request rules in force'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;rules;import'= {
            cand -o 'Write the rules to FILE, atomically, instead of standard output'
            cand --output 'Write the rules to FILE, atomically, instead of standard output'
            cand --date 'Date of the document [default: the modification date of its file]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;rules;diff'= {
            cand -f 'Output format'
            cand --format 'Output format'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;rules;help'= {
            cand import 'Convert Runway''s OpenAPI document to a file of request rules, for --rules'
            cand diff 'List the differences between an OpenAPI document and the request rules in force'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;rules;help;import'= {
        }
        &'runway-preflight;rules;help;diff'= {
        }
        &'runway-preflight;rules;help;help'= {
        }
        &'runway-preflight;serve'= {
            cand --host 'Address to listen on; addresses other than loopback are reachable from other machines'
            cand --port 'Port to listen on; 0 selects a free port'
            cand --polls 'Number of polls until a task reaches its final state'
            cand --task-time 'Duration of a task by the server''s clock, instead of a number of polls'
            cand --concurrency 'Maximum concurrent tasks per model; further tasks are THROTTLED'
            cand --scenario 'TOML file of behaviors to queue at startup and after each reset'
            cand --assets 'How to check the assets in request bodies'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --timeout 'Time limit for downloading each asset'
            cand --proxy 'Use this proxy (http:// or https://); it resolves the host names'
            cand --cacert 'Also trust the certificates in FILE (PEM), for private test servers'
            cand --resolve 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable'
            cand --allow-net 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable'
            cand --print-env 'Print the URL as RUNWAYML_BASE_URL=http://..., for an environment file'
            cand --stop-on-stdin-eof 'Stop when standard input ends: it does if the program that started the server is killed'
            cand --allow-private 'Allow private and loopback addresses and non-public host names'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;config'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Print every value as TOML, with its origin: command line, file or default'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;config;show'= {
            cand -j 'Same as in check and body'
            cand --jobs 'Same as in check and body'
            cand -f 'Same as in check and body'
            cand --format 'Same as in check and body'
            cand --config 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --model 'Same as in check and diagnose'
            cand --endpoint 'Same as in check, body and diagnose'
            cand --no-config 'Ignore configuration files'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;config;help'= {
            cand show 'Print every value as TOML, with its origin: command line, file or default'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;config;help;show'= {
        }
        &'runway-preflight;config;help;help'= {
        }
        &'runway-preflight;completions'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;man'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;help'= {
            cand check 'Check assets: URLs, data URIs, files, folders, or lists of them'
            cand body 'Check request bodies: JSON files, or - for standard input'
            cand diagnose 'Diagnose one URL: compare HEAD and GET across User-Agents; show addresses, certificates and timings'
            cand explain 'Explain a message, code, status or pasted response of the API, and what to do next'
            cand encode 'Write a file as a data URI to standard output, unless the API would reject it'
            cand fix 'Write fixed copies of files that the API would reject, with as few changes as possible'
            cand rules 'Print the rules in force, each with its bound, unit, source and date'
            cand serve 'Run a local stand-in for Runway''s API, to test code that uses the official SDKs'
            cand config 'Show the settings of check, body and diagnose, including those of runway-preflight.toml'
            cand completions 'Write shell completions to standard output'
            cand man 'Write a manual page to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;help;check'= {
        }
        &'runway-preflight;help;body'= {
        }
        &'runway-preflight;help;diagnose'= {
        }
        &'runway-preflight;help;explain'= {
        }
        &'runway-preflight;help;encode'= {
        }
        &'runway-preflight;help;fix'= {
        }
        &'runway-preflight;help;rules'= {
            cand import 'Convert Runway''s OpenAPI document to a file of request rules, for --rules'
            cand diff 'List the differences between an OpenAPI document and the request rules in force'
        }
        &'runway-preflight;help;rules;import'= {
        }
        &'runway-preflight;help;rules;diff'= {
        }
        &'runway-preflight;help;serve'= {
        }
        &'runway-preflight;help;config'= {
            cand show 'Print every value as TOML, with its origin: command line, file or default'
        }
        &'runway-preflight;help;config;show'= {
        }
        &'runway-preflight;help;completions'= {
        }
        &'runway-preflight;help;man'= {
        }
        &'runway-preflight;help;help'= {
        }
    ]
    $completions[$command]
}
