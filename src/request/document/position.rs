//! Bytes of a text as lines and columns.

/// A line and a column, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, ended by a line feed.
    pub line: usize,
    /// The column in characters, not bytes.
    pub column: usize,
}

/// The number of bytes between two marks. Finding a position counts at most this many characters, so 100,000 positions
/// in a single line of 64 MiB take no longer than in short lines.
const STRIDE: usize = 128;

/// The positions of a text, kept every [`STRIDE`] bytes.
#[derive(Debug)]
pub(super) struct LineIndex {
    marks: Vec<(usize, Position)>,
}

impl LineIndex {
    /// Indexes a text whose first line has the number `first_line`.
    pub(super) fn of(text: &str, first_line: usize) -> Self {
        let mut position = Position { line: first_line, column: 1 };
        let mut marks = vec![(0, position)];
        let mut due = STRIDE;
        for (at, character) in text.char_indices() {
            if at >= due {
                marks.push((at, position));
                due = at.saturating_add(STRIDE);
            }
            position = position.after(character);
        }
        Self { marks }
    }

    /// Returns the position of the character that begins at byte `at` of the indexed text; past the end, that of the end.
    pub(super) fn position(&self, text: &str, at: usize) -> Position {
        let next = self.marks.partition_point(|(mark, _)| *mark <= at);
        let Some((mark, position)) = next.checked_sub(1).and_then(|index| self.marks.get(index)) else {
            return Position { line: 1, column: 1 };
        };
        let rest = text.get(*mark..).unwrap_or_default();
        let between = rest.char_indices().take_while(|(offset, _)| mark.saturating_add(*offset) < at);
        between.fold(*position, |position, (_, character)| position.after(character))
    }

    /// Returns the byte of the character at a position.
    pub(super) fn offset(&self, text: &str, position: Position) -> Option<usize> {
        let next = self.marks.partition_point(|(_, mark)| *mark <= position);
        let (mut at, mut found) = *self.marks.get(next.checked_sub(1)?)?;
        for character in text.get(at..)?.chars() {
            if found >= position {
                break;
            }
            found = found.after(character);
            at = at.saturating_add(character.len_utf8());
        }
        Some(at)
    }
}

impl Position {
    fn after(self, character: char) -> Self {
        if character == '\n' {
            Self { line: self.line.saturating_add(1), column: 1 }
        } else {
            Self { line: self.line, column: self.column.saturating_add(1) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_in_a_long_text_equal_those_of_counting() {
        let text = "é🙂 a\r\nbc\n".repeat(900);
        let lines = LineIndex::of(&text, 1);
        let mut expected = Position { line: 1, column: 1 };
        for (at, character) in text.char_indices() {
            assert_eq!(lines.position(&text, at), expected, "byte {at}");
            expected = expected.after(character);
        }
        assert_eq!(lines.position(&text, text.len()), expected);
        assert_eq!(lines.position(&text, text.len() + 99), expected);
    }

    #[test]
    fn an_empty_text_has_one_position() {
        assert_eq!(LineIndex::of("", 7).position("", 0), Position { line: 7, column: 1 });
    }
}
