//! The hint of `check` is a command, and the command does what it says.

use super::Folder;

/// Returns the commands that `check` names, without the name of the program.
fn commands(folder: &Folder, arguments: &[&str]) -> Vec<Vec<String>> {
    let outcome = folder.run(&[&["check", "--format", "json"], arguments].concat()).exit_code(1);
    let findings = outcome.json()["assets"][0]["findings"].as_array().expect("a list").clone();
    let hints = findings.iter().filter_map(|finding| finding["hint"].as_str());
    let commands = hints.filter_map(|hint| hint.strip_prefix("Run `runway-preflight ")?.strip_suffix("`."));
    commands.map(|command| command.split(' ').map(str::to_owned).collect()).collect()
}

#[test]
fn commands_in_hints_make_accepted_files() {
    let case = |fixture: &str, flags: &[&str], result: &str| {
        let name = fixture.rsplit('/').next().expect("a name");
        let folder = Folder::new().with(fixture);
        let commands = commands(&folder, &[flags, &[name]].concat());
        assert!(!commands.is_empty(), "{name}");
        for command in commands {
            let command: Vec<&str> = command.iter().map(String::as_str).collect();
            folder.run(&[&command[..], &["--force"]].concat()).exit_code(0);
        }
        folder.accepts(&[flags, &[result]].concat());
    };
    case("images/still.gif", &["--as", "url"], "still.fixed.jpg");
    case("images/old.bmp", &[], "old.fixed.jpg");
    case("images/2400x1000.png", &["--model", "gen4_turbo", "--field", "promptImage"], "2400x1000.fixed.png");
    // Each command has what all of the findings need.
    case("images/9000x100.png", &["--model", "gen4_turbo"], "9000x100.fixed.png");
    case("images/299x400.jpg", &["--model", "happyhorse_1_0"], "299x400.fixed.jpg");
}

/// Under other rules, the command has them too.
#[test]
fn commands_in_hints_keep_the_rules() {
    let folder = Folder::new().with("images/1170x2532.jpg");
    let rules = include_str!("../../src/rules/runway.toml").replace("max = 8000, source", "max = 2000, source");
    std::fs::write(folder.path("my.toml"), rules).expect("written");
    let flags = ["--rules", "my.toml"];
    let commands = commands(&folder, &[&flags[..], &["1170x2532.jpg"]].concat());
    let command: Vec<&str> = commands.first().expect("a command").iter().map(String::as_str).collect();
    folder.run(&command).exit_code(0).stdout_contains("fixed: 1170x2532.jpg");
    folder.accepts(&[&flags[..], &["1170x2532.fixed.jpg"]].concat());
}

/// A command of another program can be selected as a whole, on a narrow terminal, too.
#[test]
fn commands_of_other_programs_are_quoted_and_name_the_file() {
    let case = |fixture: &str, hint: &str| {
        let folder = Folder::new().with(fixture);
        let name = fixture.rsplit('/').next().expect("a name");
        folder.run(&["check", "-v", name]).stdout_contains(hint);
    };
    case("wild/mdhd-short.mp4", "Rewrite the headers: `ffmpeg -i mdhd-short.mp4 -c copy out.mp4`");
    case("wild/line-feed.mp3", "Remux it: `ffmpeg -i line-feed.mp3 -c copy out.mp3`");
    case("images/drawing.svg", "Convert it: `rsvg-convert drawing.svg -o out.png`");
    case("images/lfs-pointer.png", "Fetch the file that the pointer stands for: `git lfs pull`");
    case("images/error.json", "If it is a request body, check it with `runway-preflight body error.json`.");
}

#[test]
fn a_name_that_cannot_be_pasted_gets_no_command() {
    let folder = Folder::new().with("images/still.gif");
    std::fs::rename(folder.path("still.gif"), folder.path("a\nb.gif")).expect("renamed");
    assert!(commands(&folder, &["a\nb.gif"]).is_empty());
    std::fs::rename(folder.path("a\nb.gif"), folder.path("a b.gif")).expect("renamed");
    folder.run(&["check", "a b.gif"]).exit_code(1).stdout_contains("Run `runway-preflight fix 'a b.gif'`.");
}

#[test]
fn files_that_fix_cannot_fix_keep_their_own_hint() {
    let folder = Folder::new().with("images/drawing.svg").with("images/photo.png");
    assert!(commands(&folder, &["drawing.svg"]).is_empty());
    assert!(commands(&folder, &["--kind", "video", "photo.png"]).is_empty());
    let folder = folder.with("video/vp9.mp4").with("audio/layer2.mp3");
    for name in ["vp9.mp4", "layer2.mp3"] {
        assert!(commands(&folder, &["--model", "gen4_turbo", "--field", "promptImage", name]).is_empty(), "{name}");
    }
}

/// `fix` refuses a clip that is too short, so that no finding of it names a command.
#[test]
fn a_clip_that_is_too_short_gets_no_command() {
    let folder = Folder::new().with("video/vp9.mp4").with("video/h265.mkv");
    for name in ["vp9.mp4", "h265.mkv"] {
        let flags = ["--model", "aleph2", "--field", "videoUri", name];
        assert!(commands(&folder, &flags).is_empty(), "{name}");
        folder.run(&[&["check"], &flags[..]].concat()).exit_code(1).stdout_contains("Lengthen it to 2 s (loop it");
    }
}
