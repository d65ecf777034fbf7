//! Bytes of a text as lines and columns.

/// A line and a column, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, ended by a line feed.
    pub line: usize,
    /// The column in characters, not bytes.
    pub column: usize,
}

/// How many bytes lie between two marks: a place is found by counting at most so many characters, so that 100,000
/// places in one line of 64 MiB take no longer than as many short lines.
const STRIDE: usize = 128;

/// The places of a text, kept every [`STRIDE`] bytes.
#[derive(Debug)]
pub(super) struct Lines {
    text: Box<str>,
    marks: Vec<(usize, Position)>,
}

impl Lines {
    /// Walks once over the text, whose first line has the number `first_line`.
    pub(super) fn of(text: &str, first_line: usize) -> Self {
        let mut place = Position { line: first_line, column: 1 };
        let mut marks = vec![(0, place)];
        let mut due = STRIDE;
        for (at, character) in text.char_indices() {
            if at >= due {
                marks.push((at, place));
                due = at.saturating_add(STRIDE);
            }
            place = place.after(character);
        }
        Self { text: text.into(), marks }
    }

    /// Returns the place of the character that begins at byte `at`; past the end, that of the end.
    pub(super) fn place(&self, at: usize) -> Position {
        let next = self.marks.partition_point(|(mark, _)| *mark <= at);
        let Some((mark, place)) = next.checked_sub(1).and_then(|index| self.marks.get(index)) else {
            return Position { line: 1, column: 1 };
        };
        let rest = self.text.get(*mark..).unwrap_or_default();
        let between = rest.char_indices().take_while(|(offset, _)| mark.saturating_add(*offset) < at);
        between.fold(*place, |place, (_, character)| place.after(character))
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
    fn every_character_of_a_long_text_has_the_place_that_counting_gives() {
        let text = "é🙂 a\r\nbc\n".repeat(900);
        let lines = Lines::of(&text, 1);
        let mut expected = Position { line: 1, column: 1 };
        for (at, character) in text.char_indices() {
            assert_eq!(lines.place(at), expected, "byte {at}");
            expected = expected.after(character);
        }
        assert_eq!(lines.place(text.len()), expected);
        assert_eq!(lines.place(text.len() + 99), expected);
    }

    #[test]
    fn an_empty_text_has_one_place() {
        assert_eq!(Lines::of("", 7).place(0), Position { line: 7, column: 1 });
    }
}
