
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
            cand check 'Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input'
            cand body 'Judge request bodies: JSON files, or - for standard input; JSON Lines are a body a line'
            cand diagnose 'Look at one URL from every side: HEAD and GET for several User-Agents, addresses, certificates, times'
            cand explain 'Say what a reason, a code, a status or a pasted answer of the API means, and what to do next'
            cand encode 'Write the data URI of a file to standard output, or refuse where the API would'
            cand rules 'Print the rules in force, each with its bound, unit, source and date'
            cand serve 'Answer as Runway''s API does, on this machine, for tests of code that uses the official SDKs'
            cand config 'Show what runway-preflight.toml sets, for check, body and diagnose'
            cand completions 'Write completions for a shell to standard output'
            cand man 'Write the manual page to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;check'= {
            cand --shard 'Judge only this share of the assets, for one of several runs; each is in one share, which follows from its text'
            cand --kind 'The kind every asset must be; worked out from field, Content-Type and bytes otherwise'
            cand --model 'The model the assets are for: its windows and bounds hold (runway-preflight rules names them all)'
            cand --endpoint 'The endpoint the assets are for, as its path below /v1/: image_to_video'
            cand --ratio 'The aspect ratios that pass, as MIN:MAX of width / height, ends included'
            cand --field 'The request field the assets are meant for; stands before each sentence, as in the API''s answer'
            cand --as 'For local files: judge only this way of sending them'
            cand --rules 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each'
            cand --depth 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does'
            cand --timeout 'Time for each asset''s download'
            cand -j 'Assets looked at at once'
            cand --jobs 'Assets looked at at once'
            cand --per-host 'Assets looked at at once on one host'
            cand --retries 'Look again, up to N times, where a host gave no answer, was too slow, or answered with a status from 500 on'
            cand --proxy 'Go through the proxy at URL (http:// or https://), which resolves the names itself'
            cand --cacert 'Trust the certificates in FILE (PEM) as well, for private test servers'
            cand --resolve 'Use ADDR for HOST on PORT instead of asking for it; may be repeated'
            cand --allow-net 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated'
            cand -f 'The form of the results'
            cand --format 'The form of the results'
            cand -o 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line'
            cand --output 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line'
            cand --report 'Write the results to PATH as well, whole or not at all; may be repeated'
            cand --color 'Whether to use colour'
            cand --config 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --offline 'Judge only what needs no network'
            cand --allow-private 'Dial private and loopback addresses, and hosts that are no public names'
            cand --resume 'Go on with the jsonl FILE where an earlier run stopped, with the same assets and flags; what has a verdict there is not looked at again'
            cand --all 'With --format reasons: every sentence, not only the first of each asset'
            cand -q 'Write only assets that are not accepted'
            cand --quiet 'Write only assets that are not accepted'
            cand -v 'Write what was observed as well'
            cand --verbose 'Write what was observed as well'
            cand --no-progress 'Show no progress on standard error; there is none in CI, with --quiet, or where no terminal is'
            cand --show-query 'Show the values of URL queries, which may be secrets; refused where CI is set'
            cand --strict 'Count warnings as errors'
            cand --exit-zero 'Exit with 0 instead of 1 or 3'
            cand --fail-fast 'Stop at the first rejected asset'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;body'= {
            cand --endpoint 'The endpoint of the bodies, as its path below /v1/; recognised from each body otherwise'
            cand --rules 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each'
            cand --depth 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does'
            cand --timeout 'Time for each asset''s download'
            cand -j 'Assets looked at at once'
            cand --jobs 'Assets looked at at once'
            cand --per-host 'Assets looked at at once on one host'
            cand --retries 'Look again, up to N times, where a host gave no answer, was too slow, or answered with a status from 500 on'
            cand --proxy 'Go through the proxy at URL (http:// or https://), which resolves the names itself'
            cand --cacert 'Trust the certificates in FILE (PEM) as well, for private test servers'
            cand --resolve 'Use ADDR for HOST on PORT instead of asking for it; may be repeated'
            cand --allow-net 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated'
            cand -f 'The form of the results'
            cand --format 'The form of the results'
            cand -o 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line'
            cand --output 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line'
            cand --report 'Write the results to PATH as well, whole or not at all; may be repeated'
            cand --color 'Whether to use colour'
            cand --config 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --offline 'Judge only what needs no network'
            cand --allow-private 'Dial private and loopback addresses, and hosts that are no public names'
            cand --resume 'Go on with the jsonl FILE where an earlier run stopped, with the same assets and flags; what has a verdict there is not looked at again'
            cand --all 'With --format reasons: every sentence, not only the first of each asset'
            cand -q 'Write only assets that are not accepted'
            cand --quiet 'Write only assets that are not accepted'
            cand -v 'Write what was observed as well'
            cand --verbose 'Write what was observed as well'
            cand --no-progress 'Show no progress on standard error; there is none in CI, with --quiet, or where no terminal is'
            cand --show-query 'Show the values of URL queries, which may be secrets; refused where CI is set'
            cand --strict 'Count warnings as errors'
            cand --exit-zero 'Exit with 0 instead of 1 or 3'
            cand --fail-fast 'Stop at the first rejected asset'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;diagnose'= {
            cand --kind 'The kind the asset must be'
            cand --model 'The model the asset is for: its windows and bounds hold'
            cand --endpoint 'The endpoint the asset is for, as its path below /v1/'
            cand --field 'The request field the asset is meant for'
            cand --rules 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each'
            cand --timeout 'Time for each client''s download'
            cand --proxy 'Go through the proxy at URL (http:// or https://), which resolves the names itself'
            cand --cacert 'Trust the certificates in FILE (PEM) as well, for private test servers'
            cand --resolve 'Use ADDR for HOST on PORT instead of asking for it; may be repeated'
            cand --allow-net 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated'
            cand -f 'The form of the diagnosis'
            cand --format 'The form of the diagnosis'
            cand --color 'Whether to use colour'
            cand --config 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --allow-private 'Dial private and loopback addresses, and hosts that are no public names'
            cand --show-query 'Show the values of the URL''s query, which may be secrets; refused where CI is set'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;explain'= {
            cand -f 'The form of the answer'
            cand --format 'The form of the answer'
            cand --retryable 'Print never, after-delay or may for a code, and exit with 0 where the request may be sent again, with 1 where not, with 2 where that is not known'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;encode'= {
            cand --kind 'The kind the asset must be'
            cand --model 'The model the asset is for: its windows and bounds hold'
            cand --endpoint 'The endpoint the asset is for, as its path below /v1/'
            cand --field 'The request field the asset is meant for'
            cand --rules 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;rules'= {
            cand --model 'Only rules that hold for this model'
            cand --endpoint 'Only rules that hold at this endpoint, named by its path below /v1/'
            cand --kind 'Only rules that hold for this kind of asset'
            cand -f 'The form of the rules'
            cand --format 'The form of the rules'
            cand --rules 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand import 'Turn Runway''s OpenAPI document into a file of request rules, for --rules'
            cand diff 'List what an OpenAPI document changes against the rules on request bodies in force'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;rules;import'= {
            cand -o 'Write the rules to FILE, whole or not at all, instead of standard output'
            cand --output 'Write the rules to FILE, whole or not at all, instead of standard output'
            cand --date 'The day of the document; the day on which its file was last changed otherwise'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;rules;diff'= {
            cand -f 'The form of the list'
            cand --format 'The form of the list'
            cand --rules 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each'
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
            cand --rules 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each'
            cand --timeout 'Time for each asset''s download'
            cand --proxy 'Go through the proxy at URL (http:// or https://), which resolves the names itself'
            cand --cacert 'Trust the certificates in FILE (PEM) as well, for private test servers'
            cand --resolve 'Use ADDR for HOST on PORT instead of asking for it; may be repeated'
            cand --allow-net 'Connect to the addresses of NET (10.1.2.0/24) though they are not public; may be repeated'
            cand --print-env 'Print RUNWAYML_BASE_URL=http://... as a line of an environment file'
            cand --allow-private 'Connect to private and loopback addresses, and to hosts that have no public name'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;config'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Print every value in force as TOML, with where it comes from: command line, file or default'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;config;show'= {
            cand --model 'As for check and diagnose'
            cand --endpoint 'As for check, body and diagnose'
            cand -j 'As for check and body'
            cand --jobs 'As for check and body'
            cand -f 'As for check and body'
            cand --format 'As for check and body'
            cand --config 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'runway-preflight;config;help'= {
            cand show 'Print every value in force as TOML, with where it comes from: command line, file or default'
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
            cand check 'Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input'
            cand body 'Judge request bodies: JSON files, or - for standard input; JSON Lines are a body a line'
            cand diagnose 'Look at one URL from every side: HEAD and GET for several User-Agents, addresses, certificates, times'
            cand explain 'Say what a reason, a code, a status or a pasted answer of the API means, and what to do next'
            cand encode 'Write the data URI of a file to standard output, or refuse where the API would'
            cand rules 'Print the rules in force, each with its bound, unit, source and date'
            cand serve 'Answer as Runway''s API does, on this machine, for tests of code that uses the official SDKs'
            cand config 'Show what runway-preflight.toml sets, for check, body and diagnose'
            cand completions 'Write completions for a shell to standard output'
            cand man 'Write the manual page to standard output'
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
            cand show 'Print every value in force as TOML, with where it comes from: command line, file or default'
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
