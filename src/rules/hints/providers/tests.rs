//! The table of providers and its recipes: complete, sourced, safe to paste; look-alike hosts get none.

mod case;
mod recipe_triggers;

use std::collections::BTreeSet;

use super::table::{ProviderTable, Recipe, TEXT};
use crate::text::shell;
use case::{APACHE, AZURE, BARE, CDN, Case, GITHUB, NGINX, S3, S3_SIGNED, STORE, TYPE, page, status, typed};

#[test]
fn look_alike_hosts_match_no_provider() {
    for url in [
        "https://evil-s3.amazonaws.com.example.org/a.png",
        "https://b.s3.amazonaws.com.example.org/a.png",
        "https://example.org/b.s3.amazonaws.com/a.png",
        "https://storage.googleapis.com.example.org/b/a.png",
        "https://notstorage.googleapis.com.co/b/a.png",
        "https://acct.blob.core.windows.net.example.org/c/a.png",
        "https://res.cloudinary.com.example.org/demo/a",
        "https://mydropbox.com/scl/fi/1/a.png",
        "https://raw.githubusercontent.com.example.org/o/r/main/a.png",
        "https://notdiscordapp.com/attachments/1/2/a.png",
        "https://vercel.app.example.org/a.png",
        "https://example.org/?drive.google.com/file/d/1",
    ] {
        for case in [typed(url, TYPE, ""), status(url, 403, &[], "<Code>AccessDenied</Code>", ""), page(url, "")] {
            let hint = case.hint();
            let known = ProviderTable::embedded()
                .provider
                .iter()
                .find(|provider| hint.starts_with(&format!("{}: ", provider.name)));
            assert!(known.is_none() && !hint.starts_with("no "), "{url}: {hint}");
        }
    }
}

#[test]
fn the_table_parses_and_every_recipe_has_a_source_and_quoted_placeholders() {
    let table: ProviderTable = toml::from_str(TEXT).expect("the table of providers");
    let mut used = BTreeSet::new();
    let recipes =
        |provider: &'static super::table::Provider| provider.recipes.iter().map(move |recipe| (provider, recipe));
    for (provider, recipe) in ProviderTable::embedded().provider.iter().flat_map(recipes) {
        let name = &provider.name;
        assert!(table.source.contains_key(&recipe.source), "{name}: no source {}", recipe.source);
        used.insert(recipe.source.as_str());
        assert!(
            !provider.urls.is_empty() || !provider.headers.is_empty() || provider.query.is_some(),
            "{name} cannot be recognized"
        );
        assert!(!recipe.on.is_empty() && recipe.hint.ends_with(['.', ':', ')', 'T']), "{name}: {}", recipe.hint);
        assert_eq!(
            recipe.hint.ends_with(':'),
            recipe.command.is_some() || recipe.link.is_some() || recipe.config.is_some(),
            "{name}: {}",
            recipe.hint
        );
        for (index, text) in recipe.command.iter().flat_map(|command| command.split('\'').enumerate()) {
            assert!(index % 2 == 1 || !text.contains(['{', '}', '$', '`', '\\', ';', '|', '<', '>']), "{name}: {text}");
            assert!(index % 2 == 0 || shell::quote(text).is_some(), "{name}: {text}");
        }
    }
    assert_eq!(used, table.source.keys().map(String::as_str).collect(), "each source is used");
    for (name, source) in &table.source {
        assert!(source.page.starts_with("https://") && source.date.len() == 10, "{name}");
    }
}

#[test]
fn commands_are_on_one_line_and_name_the_object() {
    let words = |url: &'static str| typed(url, TYPE, "").hint();
    assert_eq!(
        words("https://b.s3.eu-west-1.amazonaws.com/my%20photo%27s;id.png").lines().nth(1),
        Some(
            r#"  aws s3 cp --content-type 'image/png' --metadata-directive REPLACE 's3://b/my photo'"'"'s;id.png' 's3://b/my photo'"'"'s;id.png'"#
        )
    );
    assert!(words("https://b.s3.amazonaws.com/a%0aid.png").contains("'s3://b/KEY' 's3://b/KEY'"));
    assert!(
        words(AZURE).contains("--account-name='acct' --container-name='c' --name='a.png' --content-type='image/png'")
    );
    assert!(words(STORE).contains(
        "--endpoint-url='https://store.h.com:9000' --content-type='image/png' --metadata-directive=REPLACE 's3://b/a/c.png' "
    ));
    let lines = |case: Case| case.hint().lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(typed(CDN, NGINX, ""))[..2], ["  types { image/png png; }", "  nginx -t && nginx -s reload"]);
    let apache = ["  <Files \"picture\">", "    ForceType image/png", "  </Files>"];
    assert_eq!(lines(typed(BARE, APACHE, ""))[..3], apache);
    let hostile = Case { url: "https://cdn.h.com/a%22%3E;{x}", ..typed(BARE, APACHE, "") };
    assert_eq!(lines(hostile)[0], "  <Files \"FILE\">");
    let hint = page(GITHUB, "").hint();
    assert_eq!(hint.lines().nth(1), Some("  https://raw.githubusercontent.com/o/r/main/a.png"));
    assert!(!status(S3_SIGNED, 403, &[], "", "").hint().contains("abcdef"), "no secret is in a hint");
}

/// A shell reads the hostile names in a command as plain words.
#[test]
fn hostile_names_stay_words() {
    let hostile = "a'b%27%3Btouch%20pwned;$(id)`id`&&id|id%20--delete%20-";
    for prefix in
        ["https://b.s3.amazonaws.com/", "https://storage.googleapis.com/b/", "https://acct.blob.core.windows.net/c/"]
    {
        let asset = format!("{prefix}{hostile}");
        let case = Case { url: Box::leak(asset.into_boxed_str()), ..typed(S3, TYPE, "") };
        let hint = case.hint();
        let command = hint.lines().nth(1).expect("a command").trim_start();
        // Functions that print their arguments replace the programs.
        let script = format!(
            "aws() {{ printf '%s\\n' \"$@\"; }}; gcloud() {{ aws \"$@\"; }}; az() {{ aws \"$@\"; }}; {command}"
        );
        let output = std::process::Command::new("bash").args(["--norc", "-c", &script]).output().expect("bash");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(output.status.success() && output.stderr.is_empty(), "{command}");
        assert!(text.lines().any(|word| word.ends_with("a'b';touch pwned;$(id)`id`&&id|id --delete -")), "{text}");
    }
}

#[test]
fn a_more_specific_recipe_wins() {
    let specificity = |more: &str| {
        let text = format!("on = [\"type\"]\nhint = \"do it\"\nsource = \"page\"\n{more}");
        toml::from_str::<Recipe>(&text).expect("a recipe").specificity()
    };
    assert_eq!(specificity(""), 0);
    assert_eq!(specificity("signed = true"), 1);
    assert_eq!(specificity("body = \"abcd\""), 4);
    assert_eq!(specificity("header = \"server: nginx\""), 11);
    assert_eq!(specificity("body = \"abcd\"\nheader = \"server: nginx\"\nsigned = true"), 16);
}
