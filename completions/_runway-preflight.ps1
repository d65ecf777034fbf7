
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'runway-preflight' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'runway-preflight'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'runway-preflight' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write completions for a shell to standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual page to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;check' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'The kind every asset must be; worked out from field, Content-Type and bytes otherwise')
            [CompletionResult]::new('--ratio', '--ratio', [CompletionResultType]::ParameterName, 'The aspect ratios that pass, as MIN:MAX of width / height, ends included')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'The request field the assets are meant for; stands before each sentence, as in the API''s answer')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'For local files: judge only this way of sending them')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for each asset''s download')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Assets looked at at once')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Assets looked at at once')
            [CompletionResult]::new('--per-host', '--per-host', [CompletionResultType]::ParameterName, 'Assets looked at at once on one host')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in FILE (PEM) as well, for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Use ADDR for HOST on PORT instead of asking for it; may be repeated')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The form of the results')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the results')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use colour')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Judge only what needs no network')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Dial private and loopback addresses, and hosts that are no public names')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'With --format reasons: every sentence, not only the first of each asset')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write only assets that are not accepted')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write only assets that are not accepted')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write what was observed as well')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write what was observed as well')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show the values of URL queries, which may be secrets; refused where CI is set')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Count warnings as errors')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 instead of 1 or 3')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first rejected asset')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;man' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Judge assets: https:// URLs, data: URIs, runway:// URIs, local files, @LIST, or - for a list on standard input')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write completions for a shell to standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual page to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;help;check' {
            break
        }
        'runway-preflight;help;completions' {
            break
        }
        'runway-preflight;help;man' {
            break
        }
        'runway-preflight;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
