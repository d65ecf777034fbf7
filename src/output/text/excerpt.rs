//! The source line of a request body with the span of a value underlined and labelled, drawn by `annotate-snippets`.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Style;
use crate::finding::FindingKind;
use crate::output::causes::CauseGroup;
use crate::output::escape;
use crate::report::excerpt::Excerpt;

/// The longest label, in characters.
const LABEL_CHARACTERS: usize = 60;

/// Writes the line. The renderer's own location is omitted: the excerpt may start in the middle of its line, so its
/// columns are not those of the file.
pub(super) fn write(
    writer: &mut impl Write,
    line: u64,
    excerpt: &Excerpt,
    group: &CauseGroup<'_>,
    style: Style,
) -> io::Result<()> {
    let text = escape::visible(&excerpt.text);
    // Escaping twice changes nothing. If it did, the span could be invalid; then the line is omitted.
    if text.get(excerpt.start..excerpt.end).is_none() {
        return Ok(());
    }
    let label = label(group);
    let annotation = AnnotationKind::Primary.span(excerpt.start..excerpt.end).label(label.as_str());
    let snippet = Snippet::source(text.as_str()).line_start(usize::try_from(line).unwrap_or(1)).annotation(annotation);
    let group = Group::with_level(Level::ERROR).element(snippet);
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width.unwrap_or(200));
    for line in renderer.render(&[group]).lines() {
        writeln!(writer, "  {}", line.trim_end())?;
    }
    Ok(())
}

/// Returns a short description of the problem with the value.
fn label(group: &CauseGroup<'_>) -> String {
    let main = group.main;
    let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let candidates = match &main.kind {
        FindingKind::Schema(_) => {
            // Of a long message, what precedes the values that are expected.
            let kind = main.message().split(": ").next().unwrap_or_default().to_owned();
            [first_line(&main.hint), main.message(), kind]
        }
        FindingKind::Reason(_) | FindingKind::Lint { .. } => {
            [first_line(&main.detail), first_line(main.info().title), String::new()]
        }
    };
    let fits = |text: &String| !text.is_empty() && text.chars().count() <= LABEL_CHARACTERS;
    let label = candidates.into_iter().find(fits).unwrap_or_else(|| main.code().to_owned());
    escape::visible(&label)
}
