//! The line of a list or body that an asset stands on, with its place above and a mark below, as compilers show it.

use crate::asset::Location;

/// One line of an excerpt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// What stands left of the text: an arrow, a bar, the line's number.
    pub(super) margin: String,
    /// The place, the asset, or the mark under it.
    pub(super) text: String,
    /// Whether the text is the mark.
    pub(super) is_mark: bool,
}

/// Shows an asset, which must be on one line and without secrets, at its place. What stands before it on its line is
/// not known, only that there is something. A text wider than `width` is left whole, so that it can be copied, and
/// has no mark.
pub(super) fn lines(place: &Location, asset: &str, width: Option<usize>) -> Vec<Line> {
    let Location { file, line, column } = place;
    let number = line.to_string();
    let space = " ".repeat(number.len());
    let before = if *column > 1 { "…" } else { "" };
    let (room, start) = (asset.chars().count(), before.chars().count());
    let margin = number.len() + 4;
    let row = |margin: String, text: String| Line { margin, text, is_mark: false };
    let mut lines = vec![
        row(format!(" {space}--> "), format!("{}:{line}:{column}", file.escaped())),
        row(format!(" {space} |"), String::new()),
        row(format!(" {number} | "), format!("{before}{asset}")),
    ];
    if width.is_none_or(|width| margin + start + room <= width) {
        let text = format!("{}{}", " ".repeat(start), "^".repeat(room.max(1)));
        lines.push(Line { margin: format!(" {space} | "), text, is_mark: true });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::untrusted::UntrustedText;

    fn shown(line: u64, column: u64, asset: &str, width: Option<usize>) -> Vec<String> {
        let place = Location { file: UntrustedText::from("list.txt"), line, column };
        lines(&place, asset, width).iter().map(|line| format!("{}{}", line.margin, line.text)).collect()
    }

    #[test]
    fn the_asset_is_marked_on_its_line() {
        assert_eq!(shown(3, 1, "http://h", None), ["  --> list.txt:3:1", "   |", " 3 | http://h", "   | ^^^^^^^^"]);
        let body = ["    --> list.txt:120:18", "     |", " 120 | …a.png", "     |  ^^^^^"];
        assert_eq!(shown(120, 18, "a.png", Some(80)), body);
    }

    #[test]
    fn what_does_not_fit_is_left_whole_without_a_mark() {
        let asset = "a".repeat(36);
        assert_eq!(shown(3, 1, &asset, Some(40)).len(), 3);
        assert_eq!(shown(3, 1, &asset, Some(41)).len(), 4);
        assert_eq!(shown(3, 1, &asset, Some(40))[2], format!(" 3 | {asset}"));
    }
}
