
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
            cand encode 'Write the data URI of a file to standard output, unless the API would reject it'
            cand fix 'Write copies of files that the API accepts, with the least changes that its rules require'
            cand rules 'Print the rules in force, each with its bound, unit, source and date'
            cand serve 'Answer as Runway''s API does, on this machine, for tests of code that uses the official SDKs'
            cand config 'Show what runway-preflight.toml sets, for check, body and diagnose'
            cand completions 'Write shell completions to standard output'
            cand man 'Write a manual page to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;check'= {
            cand --input 'Format of @LIST and - [default: from the file extension, else text]'
            cand --column 'Column with the assets: a CSV header, or a key or JSON pointer of JSON Lines'
            cand --kind 'Expected kind of asset [default: from field, model, Content-Type and bytes]'
            cand --ratio 'Accepted aspect ratios (width / height), both ends included'
            cand --as 'Check local files for this way of sending only'
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write results to FILE, atomically; JSON Lines are appended as they arrive'
            cand --output 'Write results to FILE, atomically; JSON Lines are appended as they arrive'
            cand --report 'Also write results to PATH, atomically; repeatable'
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
            cand --allow-net 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --config 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --model 'Apply this model''s limits (`runway-preflight rules` lists the models)'
            cand --endpoint 'Apply this endpoint''s limits; a path below /v1/, such as `image_to_video`'
            cand --field 'Request field that the asset is for; printed before each message, as in the API''s response'
            cand -0 'Lists are separated by NUL instead of line ends'
            cand --null 'Lists are separated by NUL instead of line ends'
            cand --resume 'Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped'
            cand --all 'With --format reasons: every message, not only the first of each asset'
            cand -q 'Omit the summary; -qq prints nothing'
            cand --quiet 'Omit the summary; -qq prints nothing'
            cand -v 'Also show accepted assets, and what was observed'
            cand --verbose 'Also show accepted assets, and what was observed'
            cand --no-progress 'Show no progress bar (none is shown in CI, with --quiet, or without a terminal)'
            cand --show-query 'Show query values, which may be secrets; refused in CI'
            cand --strict 'Treat warnings as errors'
            cand --exit-zero 'Exit with 0 instead of 1 or 3'
            cand --fail-fast 'Stop at the first rejected asset'
            cand --offline 'Check only what needs no network'
            cand --allow-private 'Allow private and loopback addresses and non-public host names'
            cand --no-config 'Ignore configuration files'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;body'= {
            cand -f 'Output format'
            cand --format 'Output format'
            cand -o 'Write results to FILE, atomically; JSON Lines are appended as they arrive'
            cand --output 'Write results to FILE, atomically; JSON Lines are appended as they arrive'
            cand --report 'Also write results to PATH, atomically; repeatable'
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
            cand --allow-net 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --config 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --endpoint 'Endpoint path below /v1/ [default: detected from each body]'
            cand --resume 'Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped'
            cand --all 'With --format reasons: every message, not only the first of each asset'
            cand -q 'Omit the summary; -qq prints nothing'
            cand --quiet 'Omit the summary; -qq prints nothing'
            cand -v 'Also show accepted assets, and what was observed'
            cand --verbose 'Also show accepted assets, and what was observed'
            cand --no-progress 'Show no progress bar (none is shown in CI, with --quiet, or without a terminal)'
            cand --show-query 'Show query values, which may be secrets; refused in CI'
            cand --strict 'Treat warnings as errors'
            cand --exit-zero 'Exit with 0 instead of 1 or 3'
            cand --fail-fast 'Stop at the first rejected asset'
            cand --offline 'Check only what needs no network'
            cand --allow-private 'Allow private and loopback addresses and non-public host names'
            cand --no-config 'Ignore configuration files'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;diagnose'= {
            cand --kind 'Expected kind of asset [default: from field, model, Content-Type and bytes]'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --timeout 'Time limit for downloading each asset'
            cand --proxy 'Use this proxy (http:// or https://); it resolves the host names'
            cand --cacert 'Also trust the certificates in FILE (PEM), for private test servers'
            cand --resolve 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable'
            cand --allow-net 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable'
            cand -f 'Output format'
            cand --format 'Output format'
            cand --color 'Whether to use color'
            cand --config 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --model 'Apply this model''s limits (`runway-preflight rules` lists the models)'
            cand --endpoint 'Apply this endpoint''s limits; a path below /v1/, such as `image_to_video`'
            cand --field 'Request field that the asset is for; printed before each message, as in the API''s response'
            cand --allow-private 'Allow private and loopback addresses and non-public host names'
            cand --show-query 'Show query values, which may be secrets; refused in CI'
            cand --no-config 'Ignore configuration files'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;explain'= {
            cand -f 'Output format'
            cand --format 'Output format'
            cand --retryable 'Print never, after-delay or may for a code; exit with 0 where the request may be retried, 1 where not, 2 where unknown'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;encode'= {
            cand --kind 'Expected kind of asset [default: from field, model, Content-Type and bytes]'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --model 'Apply this model''s limits (`runway-preflight rules` lists the models)'
            cand --endpoint 'Apply this endpoint''s limits; a path below /v1/, such as `image_to_video`'
            cand --field 'Request field that the asset is for; printed before each message, as in the API''s response'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;fix'= {
            cand --input 'Format of @LIST and - [default: from the file extension, else text]'
            cand --column 'Column with the assets: a CSV header, or a key or JSON pointer of JSON Lines'
            cand -o 'Write the result to FILE; otherwise photo.png becomes photo.fixed.png next to it'
            cand --output 'Write the result to FILE; otherwise photo.png becomes photo.fixed.png next to it'
            cand --output-dir 'Write the results into DIR, under the names of the files'
            cand --crop 'Where the shape is outside the window, cut it: keep the center, top, bottom, left or right'
            cand --pad 'Where the shape is outside the window, add an area: a color such as ffffff, black, white, or blur'
            cand --to 'The format of the results: jpeg, png, webp, mp4, mov, mp3 or wav'
            cand --quality 'The best quality of JPEG; it is lowered where the result has too many bytes'
            cand --trim 'Keep only this part of a video or audio file, in seconds'
            cand --ffmpeg 'The ffmpeg program, for video and audio'
            cand -f 'The form of what is said: lines, one JSON object a file, or an HTML page'
            cand --format 'The form of what is said: lines, one JSON object a file, or an HTML page'
            cand --report 'Also write what is said to PATH, atomically; html=PATH shows each picture before and after; repeatable'
            cand -j 'Maximum files fixed concurrently [default: one per core]'
            cand --jobs 'Maximum files fixed concurrently [default: one per core]'
            cand --ratio 'Accepted aspect ratios (width / height), both ends included'
            cand --as 'How the file is sent; otherwise it has to fit the transport that takes most bytes'
            cand --kind 'Expected kind of asset [default: from field, model, Content-Type and bytes]'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --timeout 'Time limit for downloading each asset'
            cand --proxy 'Use this proxy (http:// or https://); it resolves the host names'
            cand --cacert 'Also trust the certificates in FILE (PEM), for private test servers'
            cand --resolve 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable'
            cand --allow-net 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable'
            cand --model 'Apply this model''s limits (`runway-preflight rules` lists the models)'
            cand --endpoint 'Apply this endpoint''s limits; a path below /v1/, such as `image_to_video`'
            cand --field 'Request field that the asset is for; printed before each message, as in the API''s response'
            cand -0 'Lists are separated by NUL instead of line ends'
            cand --null 'Lists are separated by NUL instead of line ends'
            cand --dry-run 'Write nothing; say what would be done, for video and audio as a command'
            cand --force 'Replace results that exist'
            cand --offline 'Fetch no address'
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
            cand import 'Turn Runway''s OpenAPI document into a file of request rules, for --rules'
            cand diff 'List what an OpenAPI document changes against the rules on request bodies in force'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;rules;import'= {
            cand -o 'Write the rules to FILE, atomically, instead of standard output'
            cand --output 'Write the rules to FILE, atomically, instead of standard output'
            cand --date 'The date of the document [default: the date on which its file was last modified]'
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
            cand import 'Turn Runway''s OpenAPI document into a file of request rules, for --rules'
            cand diff 'List what an OpenAPI document changes against the rules on request bodies in force'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;rules;help;import'= {
        }
        &'runway-preflight;rules;help;diff'= {
        }
        &'runway-preflight;rules;help;help'= {
        }
        &'runway-preflight;serve'= {
            cand --host 'The address to listen on; other machines can reach any but a loopback address'
            cand --port 'The port to listen on; 0 takes a free one'
            cand --polls 'The poll that answers the final state of a task'
            cand --task-time 'How long a task takes, by the server''s clock, instead of a number of polls'
            cand --concurrency 'Tasks of one model that run at the same time; more are THROTTLED'
            cand --scenario 'A TOML file with behaviors, queued at the start and after each reset'
            cand --assets 'How the assets of request bodies are checked'
            cand --rules 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each'
            cand --timeout 'Time limit for downloading each asset'
            cand --proxy 'Use this proxy (http:// or https://); it resolves the host names'
            cand --cacert 'Also trust the certificates in FILE (PEM), for private test servers'
            cand --resolve 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable'
            cand --allow-net 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable'
            cand --print-env 'Print RUNWAYML_BASE_URL=http://... as a line of an environment file'
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
            cand --model 'As for check and diagnose'
            cand --endpoint 'As for check, body and diagnose'
            cand -j 'As for check and body'
            cand --jobs 'As for check and body'
            cand -f 'As for check and body'
            cand --format 'As for check and body'
            cand --config 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
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
            cand encode 'Write the data URI of a file to standard output, unless the API would reject it'
            cand fix 'Write copies of files that the API accepts, with the least changes that its rules require'
            cand rules 'Print the rules in force, each with its bound, unit, source and date'
            cand serve 'Answer as Runway''s API does, on this machine, for tests of code that uses the official SDKs'
            cand config 'Show what runway-preflight.toml sets, for check, body and diagnose'
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
            cand import 'Turn Runway''s OpenAPI document into a file of request rules, for --rules'
            cand diff 'List what an OpenAPI document changes against the rules on request bodies in force'
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
