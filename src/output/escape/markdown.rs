//! GitHub-flavored Markdown inside a table: untrusted text is written in code spans, where it cannot become a link, an
//! image, HTML or a mention.

use super::visible;

/// Writes text as one code span of a table's cell: the fence is longer than any run of backticks inside.
#[must_use]
pub fn code_span(text: &str) -> String {
    if text.is_empty() {
        return "–".to_owned();
    }
    let mut text = pipes(&visible(text));
    let mut longest = longest_run(&text);
    if longest > MAX_RUN {
        text = text.replace('`', "\\x60");
        longest = 0;
    }
    let fence = "`".repeat(longest + 1);
    // Renderers strip one space on each side, so padding protects backticks and spaces at the ends.
    let at_end = |character: char| matches!(character, '`' | ' ');
    let pad = if text.starts_with(at_end) || text.ends_with(at_end) { " " } else { "" };
    // Renderers do not strip a span of only spaces.
    let pad = if text.trim_matches(' ').is_empty() { "" } else { pad };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The longest run of backticks that is not escaped: GitHub's parser accepts fences of at most 80.
const MAX_RUN: usize = 64;

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

/// Escapes pipes, which would end the cell. A backslash before a pipe cannot be escaped, so it is written as `\x5c`.
fn pipes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '|' {
            if escaped.ends_with('\\') {
                escaped.push_str("x5c");
            }
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use comrak::nodes::NodeValue;
    use comrak::{Arena, Options};
    use proptest::prelude::*;

    use super::*;

    /// Parses a table of one cell as GitHub does; returns the texts of its code spans and the number of other nodes.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser has many node types that must not occur")]
    fn read(cell: &str) -> (Vec<String>, usize) {
        let mut options = Options::default();
        options.extension.table = true;
        options.extension.autolink = true;
        options.extension.strikethrough = true;
        let arena = Arena::new();
        let root = comrak::parse_document(&arena, &format!("| a | b |\n|---|---|\n| {cell} | z |\n"), &options);
        let (mut spans, mut others) = (Vec::new(), 0);
        for node in root.descendants() {
            match &node.data.borrow().value {
                NodeValue::Code(code) => spans.push(code.literal.clone()),
                NodeValue::Document
                | NodeValue::Table(_)
                | NodeValue::TableRow(_)
                | NodeValue::TableCell
                | NodeValue::Text(_) => {}
                _ => others += 1,
            }
        }
        let cells = root.descendants().filter(|node| matches!(node.data.borrow().value, NodeValue::TableCell)).count();
        assert_eq!(cells, 4, "{cell}");
        (spans, others)
    }

    fn expected(text: &str) -> String {
        visible(text).replace("\\|", "\\x5c|")
    }

    #[test]
    fn more_backticks_than_a_fence_may_have_are_escaped() {
        for (count, is_escaped) in [(64, false), (65, true), (79, true), (80, true), (500, true)] {
            let text = format!("a{}<img src=x>` @b", "`".repeat(count));
            let (spans, others) = read(&code_span(&text));
            let shown = if is_escaped { text.replace('`', "\\x60") } else { text };
            assert_eq!((spans, others), (vec![shown], 0), "{count}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_one_span(text in "(`|\\||\\\\| |<img src=x>|!\\[\\]\\(https://h\\)|@a|#1|\n|\\PC){1,30}") {
            let (spans, others) = read(&code_span(&text));
            prop_assert_eq!(spans, vec![expected(&text)]);
            prop_assert_eq!(others, 0);
        }
    }

    #[test]
    fn known_texts() {
        assert_eq!(code_span("a|b"), "`a\\|b`");
        assert_eq!(code_span("a\\|b"), "`a\\x5c\\|b`");
        assert_eq!(code_span("``x"), "``` ``x ```");
        assert_eq!(code_span("a\n|"), "`a\\x0a\\|`");
        assert_eq!(code_span(""), "–");
    }
}
