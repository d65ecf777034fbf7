
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
            [CompletionResult]::new('body', 'body', [CompletionResultType]::ParameterValue, 'Judge request bodies: JSON files, or - for standard input; JSON Lines are a body a line')
            [CompletionResult]::new('diagnose', 'diagnose', [CompletionResultType]::ParameterValue, 'Look at one URL from every side: HEAD and GET for several User-Agents, addresses, certificates, times')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what a reason, a code, a status or a pasted answer of the API means, and what to do next')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Write the data URI of a file to standard output, or refuse where the API would')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rules in force, each with its bound, unit, source and date')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer as Runway''s API does, on this machine, for tests of code that uses the official SDKs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show what runway-preflight.toml sets, for check, body and diagnose')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write completions for a shell to standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual page to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;check' {
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Judge only this share of the assets, for one of several runs; each is in one share, which follows from its text')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'The kind every asset must be; worked out from field, Content-Type and bytes otherwise')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model the assets are for: its windows and bounds hold (runway-preflight rules names them all)')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'The endpoint the assets are for, as its path below /v1/: image_to_video')
            [CompletionResult]::new('--ratio', '--ratio', [CompletionResultType]::ParameterName, 'The aspect ratios that pass, as MIN:MAX of width / height, ends included')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'The request field the assets are meant for; stands before each sentence, as in the API''s answer')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'For local files: judge only this way of sending them')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for each asset''s download')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Assets looked at at once')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Assets looked at at once')
            [CompletionResult]::new('--per-host', '--per-host', [CompletionResultType]::ParameterName, 'Assets looked at at once on one host')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Look again, up to N times, where a host gave no answer, was too slow, or answered with a status from 500 on')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through the proxy at URL (http:// or https://), which resolves the names itself')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in FILE (PEM) as well, for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Use ADDR for HOST on PORT instead of asking for it; may be repeated')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The form of the results')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the results')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write the results to PATH as well, whole or not at all; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Judge only what needs no network')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Dial private and loopback addresses, and hosts that are no public names')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with the jsonl FILE where an earlier run stopped, with the same assets and flags; what has a verdict there is not looked at again')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'With --format reasons: every sentence, not only the first of each asset')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write only assets that are not accepted')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write only assets that are not accepted')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write what was observed as well')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write what was observed as well')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress on standard error; there is none in CI, with --quiet, or where no terminal is')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show the values of URL queries, which may be secrets; refused where CI is set')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Count warnings as errors')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 instead of 1 or 3')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first rejected asset')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;body' {
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'The endpoint of the bodies, as its path below /v1/; recognised from each body otherwise')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'How far a URL is looked at: HEAD alone, the media header, or the whole body as the API does')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for each asset''s download')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Assets looked at at once')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Assets looked at at once')
            [CompletionResult]::new('--per-host', '--per-host', [CompletionResultType]::ParameterName, 'Assets looked at at once on one host')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Look again, up to N times, where a host gave no answer, was too slow, or answered with a status from 500 on')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through the proxy at URL (http:// or https://), which resolves the names itself')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in FILE (PEM) as well, for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Use ADDR for HOST on PORT instead of asking for it; may be repeated')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The form of the results')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the results')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the results to FILE: whole or not at all, except for jsonl, which grows line by line')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write the results to PATH as well, whole or not at all; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Judge only what needs no network')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Dial private and loopback addresses, and hosts that are no public names')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with the jsonl FILE where an earlier run stopped, with the same assets and flags; what has a verdict there is not looked at again')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'With --format reasons: every sentence, not only the first of each asset')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write only assets that are not accepted')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write only assets that are not accepted')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Write what was observed as well')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Write what was observed as well')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress on standard error; there is none in CI, with --quiet, or where no terminal is')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show the values of URL queries, which may be secrets; refused where CI is set')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Count warnings as errors')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 instead of 1 or 3')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first rejected asset')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;diagnose' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'The kind the asset must be')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model the asset is for: its windows and bounds hold')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'The endpoint the asset is for, as its path below /v1/')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'The request field the asset is meant for')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for each client''s download')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through the proxy at URL (http:// or https://), which resolves the names itself')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in FILE (PEM) as well, for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Use ADDR for HOST on PORT instead of asking for it; may be repeated')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Dial the addresses of NET (10.1.2.0/24) though they are not public; may be repeated')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The form of the diagnosis')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the diagnosis')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Dial private and loopback addresses, and hosts that are no public names')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show the values of the URL''s query, which may be secrets; refused where CI is set')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;explain' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the answer')
            [CompletionResult]::new('--retryable', '--retryable', [CompletionResultType]::ParameterName, 'Print never, after-delay or may for a code, and exit with 0 where the request may be sent again, with 1 where not, with 2 where that is not known')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;encode' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'The kind the asset must be')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model the asset is for: its windows and bounds hold')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'The endpoint the asset is for, as its path below /v1/')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'The request field the asset is meant for')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;rules' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Only rules that hold for this model')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Only rules that hold at this endpoint, named by its path below /v1/')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Only rules that hold for this kind of asset')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The form of the rules')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the rules')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Turn Runway''s OpenAPI document into a file of request rules, for --rules')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'List what an OpenAPI document changes against the rules on request bodies in force')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;rules;import' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the rules to FILE, whole or not at all, instead of standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the rules to FILE, whole or not at all, instead of standard output')
            [CompletionResult]::new('--date', '--date', [CompletionResultType]::ParameterName, 'The day of the document; the day on which its file was last changed otherwise')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;rules;diff' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The form of the list')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the list')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;rules;help' {
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Turn Runway''s OpenAPI document into a file of request rules, for --rules')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'List what an OpenAPI document changes against the rules on request bodies in force')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;rules;help;import' {
            break
        }
        'runway-preflight;rules;help;diff' {
            break
        }
        'runway-preflight;rules;help;help' {
            break
        }
        'runway-preflight;serve' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The address to listen on; other machines can reach any but a loopback address')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port to listen on; 0 takes a free one')
            [CompletionResult]::new('--polls', '--polls', [CompletionResultType]::ParameterName, 'The poll that answers the final state of a task')
            [CompletionResult]::new('--task-time', '--task-time', [CompletionResultType]::ParameterName, 'How long a task takes, by the server''s clock, instead of a number of polls')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Tasks of one model that run at the same time; more are THROTTLED')
            [CompletionResult]::new('--scenario', '--scenario', [CompletionResultType]::ParameterName, 'A TOML file with behaviors, queued at the start and after each reset')
            [CompletionResult]::new('--assets', '--assets', [CompletionResultType]::ParameterName, 'How the assets of request bodies are checked')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Judge by the rules in PATH instead of those of the program: asset rules (TOML, as rules --format toml prints them), or request rules (JSON, as rules import writes them); may be given once for each')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time for each asset''s download')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Go through the proxy at URL (http:// or https://), which resolves the names itself')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificates in FILE (PEM) as well, for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Use ADDR for HOST on PORT instead of asking for it; may be repeated')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Connect to the addresses of NET (10.1.2.0/24) though they are not public; may be repeated')
            [CompletionResult]::new('--print-env', '--print-env', [CompletionResultType]::ParameterName, 'Print RUNWAYML_BASE_URL=http://... as a line of an environment file')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Connect to private and loopback addresses, and to hosts that have no public name')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;config' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every value in force as TOML, with where it comes from: command line, file or default')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;config;show' {
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'As for check and diagnose')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'As for check, body and diagnose')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'As for check and body')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'As for check and body')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'As for check and body')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'As for check and body')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Take defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every value in force as TOML, with where it comes from: command line, file or default')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;config;help;show' {
            break
        }
        'runway-preflight;config;help;help' {
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
            [CompletionResult]::new('body', 'body', [CompletionResultType]::ParameterValue, 'Judge request bodies: JSON files, or - for standard input; JSON Lines are a body a line')
            [CompletionResult]::new('diagnose', 'diagnose', [CompletionResultType]::ParameterValue, 'Look at one URL from every side: HEAD and GET for several User-Agents, addresses, certificates, times')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what a reason, a code, a status or a pasted answer of the API means, and what to do next')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Write the data URI of a file to standard output, or refuse where the API would')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rules in force, each with its bound, unit, source and date')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer as Runway''s API does, on this machine, for tests of code that uses the official SDKs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show what runway-preflight.toml sets, for check, body and diagnose')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write completions for a shell to standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual page to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;help;check' {
            break
        }
        'runway-preflight;help;body' {
            break
        }
        'runway-preflight;help;diagnose' {
            break
        }
        'runway-preflight;help;explain' {
            break
        }
        'runway-preflight;help;encode' {
            break
        }
        'runway-preflight;help;rules' {
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Turn Runway''s OpenAPI document into a file of request rules, for --rules')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'List what an OpenAPI document changes against the rules on request bodies in force')
            break
        }
        'runway-preflight;help;rules;import' {
            break
        }
        'runway-preflight;help;rules;diff' {
            break
        }
        'runway-preflight;help;serve' {
            break
        }
        'runway-preflight;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every value in force as TOML, with where it comes from: command line, file or default')
            break
        }
        'runway-preflight;help;config;show' {
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
