# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_runway_preflight_global_optspecs
    string join \n h/help V/version
end

function __fish_runway_preflight_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_runway_preflight_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_runway_preflight_using_subcommand
    set -l cmd (__fish_runway_preflight_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -s V -l version -d 'Print version'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "check" -d 'Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "body" -d 'Judge request bodies: JSON files, or - for standard input; JSON Lines are a body a line'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "diagnose" -d 'Look at one URL from every side: HEAD and GET for several User-Agents, addresses, certificates, times'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "explain" -d 'Say what a reason, a code, a status or a pasted answer of the API means, and what to do next'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "encode" -d 'Write the data URI of a file to standard output, or refuse where the API would'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "rules" -d 'Print the rules in force, each with its bound, unit, source and date'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "serve" -d 'Answer as Runway\'s API does, on this machine, for tests of code that uses the official SDKs'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "config" -d 'Show what runway-preflight.toml sets, for check, body and diagnose'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "completions" -d 'Write completions for a shell to standard output'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "man" -d 'Write the manual page to standard output'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l shard -d 'Judge only this share of the assets, for one of several runs; each is in one share, which follows from its text' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l kind -d 'The kind every asset must be; worked out from field, Content-Type and bytes otherwise' -r -f -a "image\t''
video\t''
audio\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l model -d 'The model the assets are for: its windows and bounds hold (runway-preflight rules names them all)' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l endpoint -d 'The endpoint the assets are for, as its path below /v1/: image_to_video' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l ratio -d 'The aspect ratios that pass, as MIN:MAX of width / height, ends included' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l field -d 'The request field the assets are meant for; stands before each sentence, as in the API\'s answer' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l as -d 'For local files: judge only this way of sending them' -r -f -a "url\t''
data-uri\t''
upload\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l rules -d 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l depth -d 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does' -r -f -a "head\t''
header\t''
full\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l timeout -d 'Time for each asset\'s download' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s j -l jobs -d 'Assets looked at at once' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l per-host -d 'Assets looked at at once on one host' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l retries -d 'Look again, up to N times, where a host gave no answer, was too slow, or answered with a status from 500 on' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l proxy -d 'Go through the proxy at URL (http:// or https://), which resolves the names itself' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l cacert -d 'Trust the certificates in FILE (PEM) as well, for private test servers' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l resolve -d 'Use ADDR for HOST on PORT instead of asking for it; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l allow-net -d 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s f -l format -d 'The form of the results' -r -f -a "text\t''
concise\t''
reasons\t''
json\t''
jsonl\t''
github\t''
junit\t''
sarif\t''
markdown\t''
api\t'For request bodies: the API\'s answer and nothing else'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s o -l output -d 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l report -d 'Write the results to PATH as well, whole or not at all; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l config -d 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l offline -d 'Judge only what needs no network'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l allow-private -d 'Dial private and loopback addresses, and hosts that are no public names'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l resume -d 'Go on with the jsonl FILE where an earlier run stopped, with the same assets and flags; what has a verdict there is not looked at again'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l all -d 'With --format reasons: every sentence, not only the first of each asset'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s q -l quiet -d 'Write only assets that are not accepted'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s v -l verbose -d 'Write what was observed as well'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l no-progress -d 'Show no progress on standard error; there is none in CI, with --quiet, or where no terminal is'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l show-query -d 'Show the values of URL queries, which may be secrets; refused where CI is set'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l strict -d 'Count warnings as errors'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l exit-zero -d 'Exit with 0 instead of 1 or 3'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l fail-fast -d 'Stop at the first rejected asset'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l no-config -d 'Read no configuration file'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l endpoint -d 'The endpoint of the bodies, as its path below /v1/; recognised from each body otherwise' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l rules -d 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l depth -d 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does' -r -f -a "head\t''
header\t''
full\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l timeout -d 'Time for each asset\'s download' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -s j -l jobs -d 'Assets looked at at once' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l per-host -d 'Assets looked at at once on one host' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l retries -d 'Look again, up to N times, where a host gave no answer, was too slow, or answered with a status from 500 on' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l proxy -d 'Go through the proxy at URL (http:// or https://), which resolves the names itself' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l cacert -d 'Trust the certificates in FILE (PEM) as well, for private test servers' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l resolve -d 'Use ADDR for HOST on PORT instead of asking for it; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l allow-net -d 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -s f -l format -d 'The form of the results' -r -f -a "text\t''
concise\t''
reasons\t''
json\t''
jsonl\t''
github\t''
junit\t''
sarif\t''
markdown\t''
api\t'For request bodies: the API\'s answer and nothing else'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -s o -l output -d 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l report -d 'Write the results to PATH as well, whole or not at all; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l config -d 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l offline -d 'Judge only what needs no network'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l allow-private -d 'Dial private and loopback addresses, and hosts that are no public names'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l resume -d 'Go on with the jsonl FILE where an earlier run stopped, with the same assets and flags; what has a verdict there is not looked at again'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l all -d 'With --format reasons: every sentence, not only the first of each asset'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -s q -l quiet -d 'Write only assets that are not accepted'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -s v -l verbose -d 'Write what was observed as well'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l no-progress -d 'Show no progress on standard error; there is none in CI, with --quiet, or where no terminal is'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l show-query -d 'Show the values of URL queries, which may be secrets; refused where CI is set'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l strict -d 'Count warnings as errors'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l exit-zero -d 'Exit with 0 instead of 1 or 3'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l fail-fast -d 'Stop at the first rejected asset'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -l no-config -d 'Read no configuration file'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand body" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l kind -d 'The kind the asset must be' -r -f -a "image\t''
video\t''
audio\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l model -d 'The model the asset is for: its windows and bounds hold' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l endpoint -d 'The endpoint the asset is for, as its path below /v1/' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l field -d 'The request field the asset is meant for' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l rules -d 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l timeout -d 'Time for each client\'s download' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l proxy -d 'Go through the proxy at URL (http:// or https://), which resolves the names itself' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l cacert -d 'Trust the certificates in FILE (PEM) as well, for private test servers' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l resolve -d 'Use ADDR for HOST on PORT instead of asking for it; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l allow-net -d 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -s f -l format -d 'The form of the diagnosis' -r -f -a "text\t'For people'
json\t'For programs: one JSON document'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l config -d 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l allow-private -d 'Dial private and loopback addresses, and hosts that are no public names'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l show-query -d 'Show the values of the URL\'s query, which may be secrets; refused where CI is set'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -l no-config -d 'Read no configuration file'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand diagnose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand explain" -s f -l format -d 'The form of the answer' -r -f -a "text\t'For people'
json\t'For programs: one JSON document'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand explain" -l retryable -d 'Print never, after-delay or may for a code, and exit with 0 where the request may be sent again, with 1 where not, with 2 where that is not known' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand encode" -l kind -d 'The kind the asset must be' -r -f -a "image\t''
video\t''
audio\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand encode" -l model -d 'The model the asset is for: its windows and bounds hold' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand encode" -l endpoint -d 'The endpoint the asset is for, as its path below /v1/' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand encode" -l field -d 'The request field the asset is meant for' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand encode" -l rules -d 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand encode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -l model -d 'Only rules that hold for this model' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -l endpoint -d 'Only rules that hold at this endpoint, named by its path below /v1/' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -l kind -d 'Only rules that hold for this kind of asset' -r -f -a "image\t''
video\t''
audio\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -s f -l format -d 'The form of the rules' -r -f -a "text\t'For people'
json\t'For programs: one JSON document'
toml\t'The rules file of the program itself, to be changed and given back with --rules'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -l rules -d 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -f -a "import" -d 'Turn Runway\'s OpenAPI document into a file of request rules, for --rules'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -f -a "diff" -d 'List what an OpenAPI document changes against the rules on request bodies in force'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and not __fish_seen_subcommand_from import diff help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from import" -s o -l output -d 'Write the rules to FILE, whole or not at all, instead of standard output' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from import" -l date -d 'The day of the document; the day on which its file was last changed otherwise' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from diff" -s f -l format -d 'The form of the list' -r -f -a "text\t'One line a change: + only in the document, - only in the rules, ~ in both'
json\t'One JSON document'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from diff" -l rules -d 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "import" -d 'Turn Runway\'s OpenAPI document into a file of request rules, for --rules'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "diff" -d 'List what an OpenAPI document changes against the rules on request bodies in force'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l host -d 'The address to listen on; other machines can reach any but a loopback address' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l port -d 'The port to listen on; 0 takes a free one' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l polls -d 'The poll that answers the final state of a task' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l task-time -d 'How long a task takes, by the server\'s clock, instead of a number of polls' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l concurrency -d 'Tasks of one model that run at the same time; more are THROTTLED' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l scenario -d 'A TOML file with behaviors, queued at the start and after each reset' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l assets -d 'How the assets of request bodies are checked' -r -f -a "fetch\t'Fetch them, as the API does'
offline\t'Only what needs no network'
off\t'Not at all: only the schema of the body'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l rules -d 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l timeout -d 'Time for each asset\'s download' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l proxy -d 'Go through the proxy at URL (http:// or https://), which resolves the names itself' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l cacert -d 'Trust the certificates in FILE (PEM) as well, for private test servers' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l resolve -d 'Use ADDR for HOST on PORT instead of asking for it; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l allow-net -d 'Connect to the addresses of NET (10.1.2.0/24) though they are not public; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l print-env -d 'Print RUNWAYML_BASE_URL=http://... as a line of an environment file'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -l allow-private -d 'Connect to private and loopback addresses, and to hosts that have no public name'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and not __fish_seen_subcommand_from show help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and not __fish_seen_subcommand_from show help" -f -a "show" -d 'Print every value in force as TOML, with where it comes from: command line, file or default'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and not __fish_seen_subcommand_from show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from show" -l model -d 'As for check and diagnose' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from show" -l endpoint -d 'As for check, body and diagnose' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from show" -s j -l jobs -d 'As for check and body' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from show" -s f -l format -d 'As for check and body' -r -f -a "text\t''
concise\t''
reasons\t''
json\t''
jsonl\t''
github\t''
junit\t''
sarif\t''
markdown\t''
api\t'For request bodies: the API\'s answer and nothing else'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from show" -l no-config -d 'Read no configuration file'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print every value in force as TOML, with where it comes from: command line, file or default'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "check" -d 'Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "body" -d 'Judge request bodies: JSON files, or - for standard input; JSON Lines are a body a line'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "diagnose" -d 'Look at one URL from every side: HEAD and GET for several User-Agents, addresses, certificates, times'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "explain" -d 'Say what a reason, a code, a status or a pasted answer of the API means, and what to do next'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "encode" -d 'Write the data URI of a file to standard output, or refuse where the API would'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "rules" -d 'Print the rules in force, each with its bound, unit, source and date'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "serve" -d 'Answer as Runway\'s API does, on this machine, for tests of code that uses the official SDKs'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "config" -d 'Show what runway-preflight.toml sets, for check, body and diagnose'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "completions" -d 'Write completions for a shell to standard output'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "man" -d 'Write the manual page to standard output'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check body diagnose explain encode rules serve config completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "import" -d 'Turn Runway\'s OpenAPI document into a file of request rules, for --rules'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "diff" -d 'List what an OpenAPI document changes against the rules on request bodies in force'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print every value in force as TOML, with where it comes from: command line, file or default'
