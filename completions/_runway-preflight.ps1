
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
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Write the data URI of a file to standard output, unless the API would reject it')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write copies of files that the API accepts, with the least changes that its rules require')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rules in force, each with its bound, unit, source and date')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer as Runway''s API does, on this machine, for tests of code that uses the official SDKs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show what runway-preflight.toml sets, for check, body and diagnose')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write shell completions to standard output')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write a manual page to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;check' {
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Format of @LIST and - [default: from the file extension, else text]')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'Column with the assets: a CSV header, or a key or JSON pointer of JSON Lines')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Expected kind of asset [default: from field, model, Content-Type and bytes]')
            [CompletionResult]::new('--ratio', '--ratio', [CompletionResultType]::ParameterName, 'Accepted aspect ratios (width / height), both ends included')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Check local files for this way of sending only')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write results to FILE, atomically; JSON Lines are appended as they arrive')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results to FILE, atomically; JSON Lines are appended as they arrive')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write results to PATH, atomically; repeatable')
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
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Apply this model''s limits (`runway-preflight rules` lists the models)')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Apply this endpoint''s limits; a path below /v1/, such as `image_to_video`')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Request field that the asset is for; printed before each message, as in the API''s response')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'Lists are separated by NUL instead of line ends')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'Lists are separated by NUL instead of line ends')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'With --format reasons: every message, not only the first of each asset')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Omit the summary; -qq prints nothing')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Omit the summary; -qq prints nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Also show accepted assets, and what was observed')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also show accepted assets, and what was observed')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar (none is shown in CI, with --quiet, or without a terminal)')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show query values, which may be secrets; refused in CI')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 instead of 1 or 3')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first rejected asset')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Check only what needs no network')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Allow private and loopback addresses and non-public host names')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore configuration files')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;body' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write results to FILE, atomically; JSON Lines are appended as they arrive')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write results to FILE, atomically; JSON Lines are appended as they arrive')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write results to PATH, atomically; repeatable')
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
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Endpoint path below /v1/ [default: detected from each body]')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Resume an interrupted run from the JSON Lines file of --output; assets that already have a verdict are skipped')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'With --format reasons: every message, not only the first of each asset')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Omit the summary; -qq prints nothing')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Omit the summary; -qq prints nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Also show accepted assets, and what was observed')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also show accepted assets, and what was observed')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar (none is shown in CI, with --quiet, or without a terminal)')
            [CompletionResult]::new('--show-query', '--show-query', [CompletionResultType]::ParameterName, 'Show query values, which may be secrets; refused in CI')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Treat warnings as errors')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 instead of 1 or 3')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first rejected asset')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Check only what needs no network')
            [CompletionResult]::new('--allow-private', '--allow-private', [CompletionResultType]::ParameterName, 'Allow private and loopback addresses and non-public host names')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Ignore configuration files')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;diagnose' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Expected kind of asset [default: from field, model, Content-Type and bytes]')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for downloading each asset')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Use this proxy (http:// or https://); it resolves the host names')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in FILE (PEM), for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to use color')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Apply this model''s limits (`runway-preflight rules` lists the models)')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Apply this endpoint''s limits; a path below /v1/, such as `image_to_video`')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Request field that the asset is for; printed before each message, as in the API''s response')
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
            [CompletionResult]::new('--retryable', '--retryable', [CompletionResultType]::ParameterName, 'Print never, after-delay or may for a code; exit with 0 where the request may be retried, 1 where not, 2 where unknown')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;encode' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Expected kind of asset [default: from field, model, Content-Type and bytes]')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Apply this model''s limits (`runway-preflight rules` lists the models)')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Apply this endpoint''s limits; a path below /v1/, such as `image_to_video`')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Request field that the asset is for; printed before each message, as in the API''s response')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'runway-preflight;fix' {
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Format of @LIST and - [default: from the file extension, else text]')
            [CompletionResult]::new('--column', '--column', [CompletionResultType]::ParameterName, 'Column with the assets: a CSV header, or a key or JSON pointer of JSON Lines')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result to FILE; otherwise photo.png becomes photo.fixed.png next to it')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result to FILE; otherwise photo.png becomes photo.fixed.png next to it')
            [CompletionResult]::new('--output-dir', '--output-dir', [CompletionResultType]::ParameterName, 'Write the results into DIR, under the names of the files')
            [CompletionResult]::new('--crop', '--crop', [CompletionResultType]::ParameterName, 'Where the shape is outside the window, cut it: keep the center, top, bottom, left or right')
            [CompletionResult]::new('--pad', '--pad', [CompletionResultType]::ParameterName, 'Where the shape is outside the window, add an area: a color such as ffffff, black, white, or blur')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The format of the results: jpeg, png, webp, mp4, mov, mp3 or wav')
            [CompletionResult]::new('--quality', '--quality', [CompletionResultType]::ParameterName, 'The best quality of JPEG; it is lowered where the result has too many bytes')
            [CompletionResult]::new('--trim', '--trim', [CompletionResultType]::ParameterName, 'Keep only this part of a video or audio file, in seconds')
            [CompletionResult]::new('--ffmpeg', '--ffmpeg', [CompletionResultType]::ParameterName, 'The ffmpeg program, for video and audio')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The form of what is said: lines, one JSON object a file, or an HTML page')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of what is said: lines, one JSON object a file, or an HTML page')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write what is said to PATH, atomically; html=PATH shows each picture before and after; repeatable')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Maximum files fixed concurrently [default: one per core]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Maximum files fixed concurrently [default: one per core]')
            [CompletionResult]::new('--ratio', '--ratio', [CompletionResultType]::ParameterName, 'Accepted aspect ratios (width / height), both ends included')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'How the file is sent; otherwise it has to fit the transport that takes most bytes')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Expected kind of asset [default: from field, model, Content-Type and bytes]')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for downloading each asset')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Use this proxy (http:// or https://); it resolves the host names')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in FILE (PEM), for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Apply this model''s limits (`runway-preflight rules` lists the models)')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Apply this endpoint''s limits; a path below /v1/, such as `image_to_video`')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Request field that the asset is for; printed before each message, as in the API''s response')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'Lists are separated by NUL instead of line ends')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'Lists are separated by NUL instead of line ends')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Write nothing; say what would be done, for video and audio as a command')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace results that exist')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Fetch no address')
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
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Turn Runway''s OpenAPI document into a file of request rules, for --rules')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'List what an OpenAPI document changes against the rules on request bodies in force')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'runway-preflight;rules;import' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the rules to FILE, atomically, instead of standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the rules to FILE, atomically, instead of standard output')
            [CompletionResult]::new('--date', '--date', [CompletionResultType]::ParameterName, 'The date of the document [default: the date on which its file was last modified]')
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
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'Use the rules in PATH instead of the embedded ones: asset rules (TOML, as printed by `rules --format toml`) or request rules (JSON, as written by `rules import`); repeatable, once for each')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Time limit for downloading each asset')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Use this proxy (http:// or https://); it resolves the host names')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in FILE (PEM), for private test servers')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'Connect to ADDR for HOST and PORT instead of resolving the name; repeatable')
            [CompletionResult]::new('--allow-net', '--allow-net', [CompletionResultType]::ParameterName, 'Allow the non-public addresses of NET, such as 10.1.2.0/24; repeatable')
            [CompletionResult]::new('--print-env', '--print-env', [CompletionResultType]::ParameterName, 'Print RUNWAYML_BASE_URL=http://... as a line of an environment file')
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
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'As for check and diagnose')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'As for check, body and diagnose')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'As for check and body')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'As for check and body')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'As for check and body')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'As for check and body')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read defaults from PATH instead of the nearest runway-preflight.toml here or in a parent directory')
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
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Write the data URI of a file to standard output, unless the API would reject it')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write copies of files that the API accepts, with the least changes that its rules require')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'Print the rules in force, each with its bound, unit, source and date')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer as Runway''s API does, on this machine, for tests of code that uses the official SDKs')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show what runway-preflight.toml sets, for check, body and diagnose')
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
