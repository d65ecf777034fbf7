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
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "completions" -d 'Write completions for a shell to standard output'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "man" -d 'Write the manual page to standard output'
complete -c runway-preflight -n "__fish_runway_preflight_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l kind -d 'The kind every asset must be; worked out from field, Content-Type and bytes otherwise' -r -f -a "image\t''
video\t''
audio\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l ratio -d 'The aspect ratios that pass, as MIN:MAX of width / height, ends included' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l field -d 'The request field the assets are meant for; stands before each sentence, as in the API\'s answer' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l as -d 'For local files: judge only this way of sending them' -r -f -a "url\t''
data-uri\t''
upload\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l depth -d 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does' -r -f -a "head\t''
header\t''
full\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l timeout -d 'Time for each asset\'s download' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s j -l jobs -d 'Assets looked at at once' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l per-host -d 'Assets looked at at once on one host' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l cacert -d 'Trust the certificates in FILE (PEM) as well, for private test servers' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l resolve -d 'Use ADDR for HOST on PORT instead of asking for it; may be repeated' -r
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s f -l format -d 'The form of the results' -r -f -a "text\t''
concise\t''
reasons\t''
json\t''
jsonl\t''"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s o -l output -d 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line' -r -F
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l offline -d 'Judge only what needs no network'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l allow-private -d 'Dial private and loopback addresses, and hosts that are no public names'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l all -d 'With --format reasons: every sentence, not only the first of each asset'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s q -l quiet -d 'Write only assets that are not accepted'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s v -l verbose -d 'Write what was observed as well'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l show-query -d 'Show the values of URL queries, which may be secrets; refused where CI is set'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l strict -d 'Count warnings as errors'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l exit-zero -d 'Exit with 0 instead of 1 or 3'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -l fail-fast -d 'Stop at the first rejected asset'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check completions man help" -f -a "check" -d 'Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check completions man help" -f -a "completions" -d 'Write completions for a shell to standard output'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check completions man help" -f -a "man" -d 'Write the manual page to standard output'
complete -c runway-preflight -n "__fish_runway_preflight_using_subcommand help; and not __fish_seen_subcommand_from check completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
