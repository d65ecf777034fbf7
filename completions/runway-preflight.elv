
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
            cand completions 'Write completions for a shell to standard output'
            cand man 'Write the manual page to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;check'= {
            cand --kind 'The kind every asset must be; worked out from field, Content-Type and bytes otherwise'
            cand --ratio 'The aspect ratios that pass, as MIN:MAX of width / height, ends included'
            cand --field 'The request field the assets are meant for; stands before each sentence, as in the API''s answer'
            cand --as 'For local files: judge only this way of sending them'
            cand --depth 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does'
            cand --timeout 'Time for each asset''s download'
            cand -j 'Assets looked at at once'
            cand --jobs 'Assets looked at at once'
            cand --per-host 'Assets looked at at once on one host'
            cand --cacert 'Trust the certificates in FILE (PEM) as well, for private test servers'
            cand --resolve 'Use ADDR for HOST on PORT instead of asking for it; may be repeated'
            cand -f 'The form of the results'
            cand --format 'The form of the results'
            cand -o 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line'
            cand --output 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line'
            cand --color 'Whether to use colour'
            cand --offline 'Judge only what needs no network'
            cand --allow-private 'Dial private and loopback addresses, and hosts that are no public names'
            cand --all 'With --format reasons: every sentence, not only the first of each asset'
            cand -q 'Write only assets that are not accepted'
            cand --quiet 'Write only assets that are not accepted'
            cand -v 'Write what was observed as well'
            cand --verbose 'Write what was observed as well'
            cand --show-query 'Show the values of URL queries, which may be secrets; refused where CI is set'
            cand --strict 'Count warnings as errors'
            cand --exit-zero 'Exit with 0 instead of 1 or 3'
            cand --fail-fast 'Stop at the first rejected asset'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
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
            cand completions 'Write completions for a shell to standard output'
            cand man 'Write the manual page to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'runway-preflight;help;check'= {
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
