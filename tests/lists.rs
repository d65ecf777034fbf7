//! Lists in every input format: CSV, TSV, JSON Lines, folders, NUL-separated names, quotation marks, missing schemes.

use std::fmt::Write as _;
use std::fs;

use crate::process::check;
use crate::program::{Outcome, program, program_in, skip};

fn offline(folder: &tempfile::TempDir, args: &[&str]) -> Outcome {
    program().current_dir(folder.path()).args(["check", "--offline"]).args(args).run()
}

#[test]
fn rows_of_a_large_table_have_the_line_where_they_begin() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut table = "id,note,url\n".to_owned();
    for id in 0..10_000 {
        let scheme = if id == 9_999 { "http" } else { "https" };
        // A String takes any text.
        let _ = writeln!(table, "{id},\"two\nlines, \"\"quoted\"\"\",{scheme}://cdn.example.com/{id}.png");
    }
    fs::write(folder.path().join("assets.csv"), table).expect("a file");
    let outcome = offline(&folder, &["@assets.csv", "--column", "url"]).exit_code(1);
    outcome
        .stdout_contains("--> assets.csv:20000: http://cdn.example.com/9999.png")
        .stdout_contains("10,000 assets: 9,999 not fetched, 1 rejected");
    offline(&folder, &["@assets.csv"])
        .exit_code(2)
        .stderr_contains("--column NAME, one of id, note, url")
        .stdout_is("");
    offline(&folder, &["@assets.csv", "--column", "uri"])
        .exit_code(2)
        .stderr_contains("one of id, note, url")
        .stdout_is("");
    offline(&folder, &["assets.csv"]).exit_code(2).stderr_contains("@assets.csv").stdout_is("");
}

/// Writes a table with a cell of two lines in each row.
fn table(rows: usize) -> String {
    (0..rows).fold("id,note,url\n".to_owned(), |table, id| {
        format!("{table}{id},\"two\nlines, \"\"quoted\"\"\",http://cdn.example.com/{id}.png\n")
    })
}

#[test]
fn a_large_table_takes_no_more_memory_than_a_small_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let memory = |rows: usize| {
        fs::write(folder.path().join("assets.csv"), table(rows)).expect("a file");
        let outcome = offline(&folder, &["@assets.csv", "--column", "url", "-f", "jsonl"]).exit_code(1);
        let last = outcome.json_lines().pop().expect("a row");
        assert_eq!(last["location"]["line"], 2 * rows, "the last row begins there");
        outcome.memory
    };
    let (small, large) = (memory(1_000), memory(10_000));
    // A run that is over immediately is not seen.
    assert!(small == 0 || large < small + 4 * 1024, "{small} KiB, then {large} KiB");
}

#[test]
fn keys_of_json_lines_and_columns_of_tsv_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.jsonl"), "{\"asset\": {\"url\": \"http://h.com/a\"}}\n\n{}\n").expect("a file");
    offline(&folder, &["@a.jsonl", "--column", "/asset/url"])
        .exit_code(1)
        .stdout_contains("--> a.jsonl:1: http://h.com/a");
    fs::write(folder.path().join("a.jsonl"), "{\"url\": \"http://h.com/a\"}\nnot JSON\n").expect("a file");
    offline(&folder, &["@a.jsonl", "--column", "url"]).exit_code(2).stderr_contains("line 2 is not JSON");
    fs::write(folder.path().join("a.tsv"), "n\turl\n1\thttp://h.com/b\n").expect("a file");
    offline(&folder, &["@a.tsv", "--column", "url"]).exit_code(1).stdout_contains("--> a.tsv:2: http://h.com/b");
    offline(&folder, &["@a.tsv", "--input", "text", "--column", "url"])
        .exit_code(2)
        .stderr_contains("--column needs a list of CSV");
}

#[test]
fn rows_without_an_asset_are_counted_aloud() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "{\"url\":\"http://h.com/a\"}\n\n{\"URL\":\"http://h.com/b\"}\n{\"url\":null}\n\"http://h.com/c\"\n";
    fs::write(folder.path().join("a.jsonl"), rows).expect("a file");
    offline(&folder, &["@a.jsonl", "--column", "url"])
        .exit_code(1)
        .stdout_contains("2 assets: 2 rejected")
        .stderr_contains("note: the list a.jsonl has 2 rows without an asset; the first is on line 3");
    fs::write(folder.path().join("a.csv"), "id,url\n1,http://h.com/a\n2\n3,\n").expect("a file");
    offline(&folder, &["@a.csv", "--column", "url"])
        .stderr_contains("note: the list a.csv has 2 rows without an asset; the first is on line 3");
}

#[test]
fn json_lines_may_be_texts_and_texts_may_be_cut_within_a_character() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.jsonl"), "\"http://h.com/a\"\n\"http://h.com/b\"\n").expect("a file");
    offline(&folder, &["@a.jsonl"]).exit_code(1).stdout_contains("2 assets: 2 rejected").stderr_is_empty();
    fs::write(folder.path().join("a.jsonl"), "{\"url\":\"http://h.com/a\",\"prompt\":\"cut \\ud83d\"}\n")
        .expect("a file");
    offline(&folder, &["@a.jsonl", "--column", "url"]).exit_code(1).stdout_contains("a.jsonl:1: http://h.com/a");
    offline(&folder, &["@a.jsonl"]).exit_code(2).stderr_contains("name the key that holds the assets: --column NAME");
    fs::write(folder.path().join("a.json"), "[\n  \"http://h.com/a\"\n]\n").expect("a file");
    offline(&folder, &["@a.json"]).exit_code(2).stderr_contains("`jq -c '.[]'`");
    offline(&folder, &["@a.json", "--input", "jsonl"])
        .exit_code(2)
        .stderr_contains("line 1 is not JSON")
        .stderr_contains("write each entry of an array on a line of its own");
}

#[test]
fn a_name_that_two_columns_have_is_an_error_and_nul_overrides_the_extension() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.csv"), "url,url\nhttp://h.com/a,http://h.com/b\n").expect("a file");
    offline(&folder, &["@a.csv", "--column", "url"]).exit_code(2).stderr_contains("several columns have the name url");
    fs::write(folder.path().join("a.csv"), "http://h.com/a\0http://h.com/b\0").expect("a file");
    offline(&folder, &["-0", "@a.csv"]).exit_code(1).stdout_contains("2 assets: 2 rejected");
    check().arg("@-").stdin("http://h.com/a\n").run().exit_code(1).stdout_contains("-->");
}

#[test]
fn a_folder_is_walked_for_media_files_without_ignored_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("media")).expect("a folder");
    for (name, text) in [("b.gif", "GIF89a"), ("a.gif", "GIF89a"), ("c.txt", "x"), ("d.gif", "x"), (".ignore", "d.gif")]
    {
        fs::write(folder.path().join("media").join(name), text).expect("a file");
    }
    let outcome = offline(&folder, &["media", "-f", "jsonl"]).exit_code(1);
    let assets: Vec<String> =
        outcome.stdout.lines().map(|line| line.split('"').nth(5).unwrap_or_default().to_owned()).collect();
    assert_eq!(assets, ["media/a.gif", "media/b.gif"]);
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    offline(&folder, &["empty"])
        .exit_code(0)
        .stderr_contains("has no assets")
        .stdout_contains("0 assets: nothing checked");
}

#[test]
fn files_that_git_ignores_are_left_out_inside_of_a_repository() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    for (name, text) in [("sub/a.gif", "GIF89a"), ("b.gif", "GIF89a"), (".gitignore", "sub/\n")] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let assets = |expected: usize| {
        let outcome = offline(&folder, &[".", "-f", "jsonl"]).exit_code(1);
        assert_eq!(outcome.stdout.lines().count(), expected, "{outcome}");
    };
    assets(2);
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    assets(1);
}

#[test]
fn mistakes_of_a_list_are_named_rather_than_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = |name: &str, text: &str, args: &[&str], complaint: &str| {
        fs::write(folder.path().join(name), text).expect("a file");
        let list = format!("@{name}");
        let outcome = offline(&folder, &[&[list.as_str()], args].concat()).exit_code(2).stderr_contains(complaint);
        outcome.output_lacks("https://a.example.com").output_lacks("bad.example.com").output_lacks("cAnArY");
    };
    let no_header = "so the list has no header";
    case("x.csv", "http://bad.example.com/a.png\n", &[], no_header);
    case("x.tsv", "https://u:cAnArY@a.example.com/a.png?sig=cAnArY\tb\nb.png\tc\n", &[], no_header);
    case("x.csv", "https://a.example.com/a.png\n", &["--column", "url"], no_header);
    case("x.csv", "a.png\nhttp://bad.example.com/b.png\n", &[], no_header);
    fs::write(folder.path().join("README"), "").expect("a file");
    case("x.csv", "README\nhttp://bad.example.com/b.png\n", &[], no_header);
    case("x.csv", "key_cAnArY0123456789012345678901,b\n1,2\n", &[], "--column NAME, one of key_[redacted], b");
    let unclosed = "the quotation mark on line 2 is not closed";
    case("u.csv", "id,url\n1,\"https://a.example.com/a\n2,http://bad.example.com/b\n", &["--column", "url"], unclosed);
    case(
        "u.csv",
        "id,url\n1,\"https://a.example.com/a\n2,\"http://bad.example.com\"\n",
        &["--column", "url"],
        unclosed,
    );
    let row = "{\"url\":\"http://bad.example.com/a.png\"}\n";
    case("j.jsonl", row, &["--column", "urll"], "no row has the key of --column; the keys of the first one are url");
    case("j.jsonl", row, &["--column", "/x/y/0"], "no row has the key of --column");
    case(
        "j.jsonl",
        "{\"url\":[\"b.png\"]}",
        &["--column", "url"],
        "line 1 has an array where --column expects the text",
    );
    case("j.jsonl", "{\"url\":5}", &["--column", "url"], "line 1 has a number");
    fs::write(folder.path().join("j.jsonl"), format!("{{}}\n{{\"url\":null}}\n{row}")).expect("a file");
    offline(&folder, &["@j.jsonl", "--column", "url"])
        .exit_code(1)
        .stdout_contains("--> j.jsonl:3: http://bad.example.com/a.png");
}

#[test]
fn names_may_be_separated_by_nul_quoted_or_lack_their_scheme() {
    let list = "http://h.com/a\0http://h.com/b # no comment\0";
    let outcome = check().args(["-0", "-", "-f", "reasons"]).stdin(list).run().exit_code(1);
    assert_eq!(outcome.stdout.lines().count(), 2);
    let list = "\"http://h.com/a.png\",\n'http://h.com/b.png'\n";
    let outcome = check().args(["-", "-f", "concise"]).stdin(list).run().exit_code(1);
    outcome
        .stdout_contains("-:1:1: http://h.com/a.png: error[not-https]")
        .stdout_contains("-:2:1: http://h.com/b.png: error[not-https]");
    let outcome = check().arg("-").stdin("cdn.example.com/a.png\ncdn.example.com/b.png\n").run().exit_code(0);
    outcome
        .stderr_contains("-:1: no such file; checking https://cdn.example.com/a.png instead")
        .stdout_contains("2 assets: 2 not fetched");
}

#[test]
fn an_unreadable_folder_is_not_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = folder.path().join("runway-preflight");
    fs::copy(env!("CARGO_BIN_EXE_runway-preflight"), &binary).expect("a copy");
    fs::create_dir_all(folder.path().join("media/closed")).expect("a folder");
    fs::write(folder.path().join("media/a.gif"), "GIF89a").expect("a file");
    // Root may read every folder.
    let script = "cd \"$(dirname \"$BINARY\")\" && chmod -R a+rX . && chmod 0 media/closed && exec \
        setpriv --reuid 61234 --regid 61234 --clear-groups \"$BINARY\" check --offline \"$@\"";
    let run = |words: &[&str]| program_in(script).args(words).env("BINARY", &binary).run();
    if run(&["data:"]).status != 1 {
        return skip("no other user can be had here");
    }
    run(&["-f", "concise", "media"]).exit_code(1).stdout_contains("media/closed: undecided[unreadable-file]");
    run(&["media/closed"]).exit_code(2).stderr_contains("media/closed cannot be read: Permission denied");
}

#[test]
fn empty_tables_are_a_notice_and_utf_16_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty.csv"), "").expect("a file");
    offline(&folder, &["@empty.csv", "--column", "url"]).exit_code(0).stderr_contains("the input has no assets");
    let utf16: Vec<u8> = "url\nhttp://h.com/a\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16 = [&b"\xff\xfe"[..], &utf16].concat();
    for name in ["a.csv", "a.txt"] {
        fs::write(folder.path().join(name), &utf16).expect("a file");
        offline(&folder, &[&format!("@{name}")]).exit_code(2).stderr_contains("the text is UTF-16; save it as UTF-8");
    }
}

#[test]
fn a_wrapped_url_on_the_command_line_gets_its_hint() {
    let folder = tempfile::tempdir().expect("a folder");
    offline(&folder, &["\"https://h.com/a.png\""])
        .exit_code(2)
        .stderr_contains("no such file. Remove the quotation marks");
    offline(&folder, &["https%3A%2F%2Fh.com%2Fa.png"]).exit_code(2).stderr_contains("no such file. Decode it");
}
