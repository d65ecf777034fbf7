
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check assets: URLs, data URIs, files, folders, or lists of them')
            [CompletionResult]::new('body', 'body', [CompletionResultType]::ParameterValue, 'Check request bodies: JSON files, or - for standard input')
            [CompletionResult]::new('diagnose', 'diagnose', [CompletionResultType]::ParameterValue, 'Diagnose one URL: compare HEAD and GET across User-Agents; show addresses, certificates and timings')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a message, code, status or pasted response of the API, and what to do next')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Write a file as a data URI to standard output, unless the API would reject it')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write fixed copies of files that the API would reject, with as few changes as possible')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rules in force, each with its bound, unit, source and date')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run a local stand-in for Runway''s API, to test code that uses the official SDKs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the settings of check, body and diagnose, including those of runway-preflight.toml')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write shell completions to standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write a manual page to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;check' {
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Format of @LIST and - [default: from the file extension, else text]')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'CSV header or JSON key that holds the assets')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Expected kind of asset')
            [CompletionResult]::new('--ratio', '--ratio', [CompletionResultType]::ParameterName, 'Range of accepted aspect ratios (width / height), inclusive')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Check local files for this transport only')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write results to FILE')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results to FILE')
            [CompletionResult]::new('--retry-from', '--retry-from', [CompletionResultType]::ParameterName, 'Copy the rows of an earlier run''s JSON Lines for the same assets, and check again what was undecided, timed out, or failed with a connection error or a 5xx status')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Write only these results; the summary and the exit code count everything')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use color')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'How much of each URL to fetch: HEAD only, enough bytes for the media header, or the full body as the API does')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum assets checked concurrently')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum assets checked concurrently')
            [CompletionResult]::new('--per-host', '--per-host', [CompletionResultType]::ParameterName, 'Maximum assets checked concurrently per host')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times on connection failure, timeout or a 5xx status')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for downloading each asset')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Use this proxy (http:// or https://); it resolves the host names')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in FILE (PEM), for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Apply this model''s limits')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Apply this endpoint''s limits, such as `image_to_video`')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Request field, such as promptImage')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write results to PATH, atomically; repeatable')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'Entries of lists are separated by NUL instead of newlines')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'Entries of lists are separated by NUL instead of newlines')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'With --format reasons: print every message, not only the first for each asset')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Omit the summary; -qq prints nothing')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Omit the summary; -qq prints nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Also show accepted assets and all observations')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also show accepted assets and all observations')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Hide the progress bar (always hidden in CI, with --quiet, or without a terminal)')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show query values, which may be secrets; refused in CI')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 instead of 1 or 3')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first rejected asset')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Run only checks that need no network access')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Allow private and loopback addresses and non-public host names')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore configuration files')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;body' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write results to FILE')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results to FILE')
            [CompletionResult]::new('--retry-from', '--retry-from', [CompletionResultType]::ParameterName, 'Copy the rows of an earlier run''s JSON Lines for the same assets, and check again what was undecided, timed out, or failed with a connection error or a 5xx status')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Write only these results; the summary and the exit code count everything')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use color')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'How much of each URL to fetch: HEAD only, enough bytes for the media header, or the full body as the API does')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum assets checked concurrently')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum assets checked concurrently')
            [CompletionResult]::new('--per-host', '--per-host', [CompletionResultType]::ParameterName, 'Maximum assets checked concurrently per host')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Retry up to N times on connection failure, timeout or a 5xx status')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for downloading each asset')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Use this proxy (http:// or https://); it resolves the host names')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in FILE (PEM), for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Endpoint path below /v1/ [default: detected from each body]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write results to PATH, atomically; repeatable')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'With --format reasons: print every message, not only the first for each asset')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Omit the summary; -qq prints nothing')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Omit the summary; -qq prints nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Also show accepted assets and all observations')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also show accepted assets and all observations')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Hide the progress bar (always hidden in CI, with --quiet, or without a terminal)')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show query values, which may be secrets; refused in CI')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 instead of 1 or 3')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first rejected asset')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Run only checks that need no network access')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Allow private and loopback addresses and non-public host names')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore configuration files')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;diagnose' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Expected kind of asset')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for downloading each asset')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Use this proxy (http:// or https://); it resolves the host names')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in FILE (PEM), for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use color')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Apply this model''s limits')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Apply this endpoint''s limits, such as `image_to_video`')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Request field, such as promptImage')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Allow private and loopback addresses and non-public host names')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show query values, which may be secrets; refused in CI')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore configuration files')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;explain' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use color')
            [CompletionResult]::new('--retryable', '--retryable', [CompletionResultType]::ParameterName, 'Print never, after-delay or may for a code; exit with 0 to retry, 1 not to, 2 where it is unknown')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List every known code with its meaning')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;encode' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Expected kind of asset')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Apply this model''s limits')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Apply this endpoint''s limits, such as `image_to_video`')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Request field, such as promptImage')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;fix' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result to FILE [default: photo.fixed.png for photo.png]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result to FILE [default: photo.fixed.png for photo.png]')
            [CompletionResult]::new('--output-dir', '--output-dir', [CompletionResultType]::ParameterName, 'Write results to DIR, under their input names')
            [CompletionResult]::new('--crop', '--crop', [CompletionResultType]::ParameterName, 'If the aspect ratio is not accepted, crop and keep the center, top, bottom, left or right')
            [CompletionResult]::new('--pad', '--pad', [CompletionResultType]::ParameterName, 'If the aspect ratio is not accepted, pad with black, white, a color such as ff8800, or blur')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Result format: jpeg, png, webp, mp4, mov, mp3 or wav')
            [CompletionResult]::new('--quality', '--quality', [CompletionResultType]::ParameterName, 'Maximum JPEG quality; lowered if the result would be too large')
            [CompletionResult]::new('--trim', '--trim', [CompletionResultType]::ParameterName, 'Keep only this part, in seconds')
            [CompletionResult]::new('--ffmpeg', '--ffmpeg', [CompletionResultType]::ParameterName, 'The ffmpeg program, for video and audio')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum files fixed concurrently [default: one per core]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum files fixed concurrently [default: one per core]')
            [CompletionResult]::new('--ratio', '--ratio', [CompletionResultType]::ParameterName, 'Range of accepted aspect ratios (width / height), inclusive')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'How the file is sent')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Expected kind of asset')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Format of @LIST and - [default: from the file extension, else text]')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'CSV header or JSON key that holds the assets')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for downloading each asset')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Use this proxy (http:// or https://); it resolves the host names')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in FILE (PEM), for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Apply this model''s limits')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Apply this endpoint''s limits, such as `image_to_video`')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Request field, such as promptImage')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write the results to PATH, atomically; html=PATH shows each picture before and after; repeatable')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Write nothing; print what would be done')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite existing results')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show query values, which may be secrets; refused in CI')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Do not fetch URLs')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'Entries of lists are separated by NUL instead of newlines')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'Entries of lists are separated by NUL instead of newlines')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Allow private and loopback addresses and non-public host names')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;rules' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Only rules for this kind of asset')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Only rules for this model')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Only rules for this endpoint; a path below /v1/')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Convert Runway''s OpenAPI document to a file of request rules, for --rules')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'List the differences between an OpenAPI document and the request rules in force')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;rules;import' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the rules to FILE, atomically, instead of standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the rules to FILE, atomically, instead of standard output')
            [CompletionResult]::new('--date', '--date', [CompletionResultType]::ParameterName, 'Date of the document [default: the modification date of its file]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;rules;diff' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;rules;help' {
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Convert Runway''s OpenAPI document to a file of request rules, for --rules')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'List the differences between an OpenAPI document and the request rules in force')
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
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Address to listen on; addresses other than loopback are reachable from other machines')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port to listen on; 0 selects a free port')
            [CompletionResult]::new('--polls', '--polls', [CompletionResultType]::ParameterName, 'Number of polls until a task reaches its final state')
            [CompletionResult]::new('--task-time', '--task-time', [CompletionResultType]::ParameterName, 'Duration of a task by the server''s clock, instead of a number of polls')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Maximum concurrent tasks per model; further tasks are THROTTLED')
            [CompletionResult]::new('--scenario', '--scenario', [CompletionResultType]::ParameterName, 'TOML file of behaviors to queue at startup and after each reset')
            [CompletionResult]::new('--assets', '--assets', [CompletionResultType]::ParameterName, 'How to check the assets in request bodies')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for downloading each asset')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Use this proxy (http:// or https://); it resolves the host names')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in FILE (PEM), for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow non-public addresses in NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('--print-env', '--print-env', [CompletionResultType]::ParameterName, 'Print the URL as RUNWAYML_BASE_URL=http://..., for an environment file')
            [CompletionResult]::new('--stop-on-stdin-eof', '--stop-on-stdin-eof', [CompletionResultType]::ParameterName, 'Stop when standard input ends: it does if the program that started the server is killed')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Allow private and loopback addresses and non-public host names')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;config' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every value as TOML, with its origin: command line, file or default')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;config;show' {
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Same as in check and body')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Same as in check and body')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Same as in check and body')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Same as in check and body')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Same as in check and diagnose')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Same as in check, body and diagnose')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore configuration files')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every value as TOML, with its origin: command line, file or default')
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check assets: URLs, data URIs, files, folders, or lists of them')
            [CompletionResult]::new('body', 'body', [CompletionResultType]::ParameterValue, 'Check request bodies: JSON files, or - for standard input')
            [CompletionResult]::new('diagnose', 'diagnose', [CompletionResultType]::ParameterValue, 'Diagnose one URL: compare HEAD and GET across User-Agents; show addresses, certificates and timings')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a message, code, status or pasted response of the API, and what to do next')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Write a file as a data URI to standard output, unless the API would reject it')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write fixed copies of files that the API would reject, with as few changes as possible')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rules in force, each with its bound, unit, source and date')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run a local stand-in for Runway''s API, to test code that uses the official SDKs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the settings of check, body and diagnose, including those of runway-preflight.toml')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write shell completions to standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write a manual page to standard output')
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
        'runway-preflight;help;fix' {
            break
        }
        'runway-preflight;help;rules' {
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Convert Runway''s OpenAPI document to a file of request rules, for --rules')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'List the differences between an OpenAPI document and the request rules in force')
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
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every value as TOML, with its origin: command line, file or default')
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
