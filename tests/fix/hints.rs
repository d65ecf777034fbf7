//! The hint of `check` is a command, and the command does what it says.

use super::Folder;

/// Returns the commands that `check` names, without the name of the program.
fn commands(folder: &Folder, arguments: &[&str]) -> Vec<Vec<String>> {
    let outcome = folder.run(&[&["check", "--format", "json"], arguments].concat()).exits(1);
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
            folder.run(&[&command[..], &["--force"]].concat()).exits(0);
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

#[test]
fn a_name_that_cannot_be_pasted_gets_no_command() {
    let folder = Folder::new().with("images/still.gif");
    std::fs::rename(folder.path("still.gif"), folder.path("a\nb.gif")).expect("renamed");
    assert!(commands(&folder, &["a\nb.gif"]).is_empty());
    std::fs::rename(folder.path("a\nb.gif"), folder.path("a b.gif")).expect("renamed");
    folder.run(&["check", "a b.gif"]).exits(1).says("Run `runway-preflight fix 'a b.gif'`.");
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
