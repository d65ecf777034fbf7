//! Where every value and key of a JSON text begins, in one pass over its bytes.
//!
//! The pass runs before the text is parsed, so that the number of values is known to be bounded by then. It does not
//! require valid JSON: the positions in an invalid text are never used, because the parser rejects it.

use std::borrow::Cow;

use super::error::DocumentErrorKind;
use crate::request::MAX_LISTED;
use crate::request::path::{Path, Segment};

/// The maximum number of values in a body. This limit is ours; bodies that the API accepts have a few thousand at most.
pub const MAX_VALUES: usize = 500_000;

/// The longest key, in bytes. This limit is ours: the path of every finding repeats the key.
pub const MAX_KEY_LENGTH: usize = 1024;

/// How deep values may nest: the parser's bound.
const MAX_DEPTH: usize = 128;

/// A value that has no key.
const NO_KEY: u32 = u32::MAX;

/// A value: the byte at which it begins, that of its key, and the values directly inside it.
#[derive(Clone, Copy, Debug)]
struct SpanNode {
    at: u32,
    key_at: u32,
    first_child: u32,
    children: u32,
}

/// A duplicate key of an object: its path, and the bytes at which the later and the earlier one begin.
#[derive(Debug)]
pub(super) struct DuplicateKeySpan {
    pub(super) path: Path,
    pub(super) at: usize,
    pub(super) before: usize,
}

/// The values of a text. Those inside an object are sorted by key, each key once.
#[derive(Debug, Default)]
pub(super) struct SpanIndex {
    nodes: Vec<SpanNode>,
    children: Vec<u32>,
    /// The first duplicate keys.
    pub(super) duplicates: Vec<DuplicateKeySpan>,
    /// How many more there are.
    pub(super) more_duplicates: usize,
}

impl SpanIndex {
    /// Indexes a text.
    ///
    /// # Errors
    /// If the text has too many values or too long a key, with the byte at which that is.
    pub(super) fn of(text: &str) -> Result<Self, (DocumentErrorKind, usize)> {
        let mut indexer = SpanIndexer { text, index: Self::default(), open: Vec::new(), finished: Vec::new() };
        indexer.run()?;
        Ok(indexer.index)
    }

    /// Returns the byte at which the value at `path` begins, or the innermost value around it that exists.
    pub(super) fn value_at(&self, text: &str, path: &[Segment]) -> usize {
        let mut node = self.nodes.first();
        for segment in path {
            match node.and_then(|node| self.child(text, node, segment)) {
                Some(child) => node = Some(child),
                None => break,
            }
        }
        node.map_or(0, |node| usize_of(node.at))
    }

    /// Returns the byte at which the key of the member at `path` begins; `None` where there is none.
    pub(super) fn key_at(&self, text: &str, path: &[Segment]) -> Option<usize> {
        let mut node = self.nodes.first()?;
        for segment in path {
            node = self.child(text, node, segment)?;
        }
        (node.key_at != NO_KEY).then(|| usize_of(node.key_at))
    }

    fn child(&self, text: &str, node: &SpanNode, segment: &Segment) -> Option<&SpanNode> {
        let first = usize_of(node.first_child);
        let children = self.children.get(first..first.checked_add(usize_of(node.children))?)?;
        let of = |id: &u32| self.nodes.get(usize_of(*id));
        match segment {
            Segment::Key(name) => {
                let key = |id: &u32| of(id).map_or(Cow::Borrowed(""), |node| key(text, node.key_at));
                let index = children.binary_search_by(|id| (*key(id)).cmp(name)).ok()?;
                children.get(index).and_then(of).filter(|node| node.key_at != NO_KEY)
            }
            Segment::Index(index) => children.get(*index).and_then(of).filter(|node| node.key_at == NO_KEY),
        }
    }
}

/// One pass over a text. Open containers are on an explicit stack, so that nesting needs no recursion.
struct SpanIndexer<'a> {
    text: &'a str,
    index: SpanIndex,
    open: Vec<OpenContainer>,
    /// The values inside the open containers that are complete, those of the innermost last.
    finished: Vec<u32>,
}

/// An array or object whose end has not been reached.
struct OpenContainer {
    node: u32,
    /// Where its own values begin in [`SpanIndexer::finished`].
    first: usize,
    is_object: bool,
    /// The key of the next value.
    key_at: u32,
}

impl SpanIndexer<'_> {
    fn run(&mut self) -> Result<(), (DocumentErrorKind, usize)> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let end = match byte {
                b'"' => string_end(bytes, at),
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'{' | b'[' | b'}' | b']' => at.saturating_add(1),
                _ => scalar_end(bytes, at),
            };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {}
                b'}' | b']' => self.close(),
                // The parser rejects deeper nesting.
                b'{' | b'[' if self.open.len() >= MAX_DEPTH => return Ok(()),
                b'{' | b'[' => {
                    let node = self.value(at)?;
                    let (first, is_object) = (self.finished.len(), *byte == b'{');
                    self.open.push(OpenContainer { node, first, is_object, key_at: NO_KEY });
                }
                b'"' if self.expects_key() => self.key(at, end)?,
                _ => {
                    let node = self.value(at)?;
                    self.finished.push(node);
                }
            }
            at = end;
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|object| object.is_object && object.key_at == NO_KEY)
    }

    fn key(&mut self, at: usize, end: usize) -> Result<(), (DocumentErrorKind, usize)> {
        if end.saturating_sub(at) > MAX_KEY_LENGTH.saturating_add(2) {
            return Err((DocumentErrorKind::KeyTooLong, at));
        }
        if let Some(object) = self.open.last_mut() {
            object.key_at = u32_of(at);
        }
        Ok(())
    }

    /// Adds a value that begins here.
    fn value(&mut self, at: usize) -> Result<u32, (DocumentErrorKind, usize)> {
        if self.index.nodes.len() >= MAX_VALUES {
            return Err((DocumentErrorKind::TooManyValues, at));
        }
        let key_at = self.open.last_mut().map_or(NO_KEY, |object| std::mem::replace(&mut object.key_at, NO_KEY));
        let id = u32_of(self.index.nodes.len());
        self.index.nodes.push(SpanNode { at: u32_of(at), key_at, first_child: 0, children: 0 });
        Ok(id)
    }

    /// Ends the innermost container.
    fn close(&mut self) {
        let Some(OpenContainer { node, first, is_object, .. }) = self.open.pop() else { return };
        let mut inside = self.finished.split_off(first.min(self.finished.len()));
        if is_object {
            inside = self.sorted(node, inside);
        }
        let first_child = u32_of(self.index.children.len());
        if let Some(node) = self.index.nodes.get_mut(usize_of(node)) {
            (node.first_child, node.children) = (first_child, u32_of(inside.len()));
        }
        self.index.children.extend(inside);
        self.finished.push(node);
    }

    /// Sorts the members of an object by key, and keeps the last of duplicate keys.
    fn sorted(&mut self, object: u32, mut members: Vec<u32>) -> Vec<u32> {
        let (text, nodes) = (self.text, &self.index.nodes);
        let key_at = |id: u32| nodes.get(usize_of(id)).map_or(NO_KEY, |node| node.key_at);
        members.sort_by_cached_key(|id| key(text, key_at(*id)));
        let mut kept: Vec<u32> = Vec::with_capacity(members.len());
        let mut twice = Vec::new();
        for id in members {
            match kept.last_mut().filter(|last| key(text, key_at(**last)) == key(text, key_at(id))) {
                Some(last) => twice.push((key_at(std::mem::replace(last, id)), key_at(id))),
                None => kept.push(id),
            }
        }
        let room = MAX_LISTED.saturating_sub(self.index.duplicates.len());
        self.index.more_duplicates = self.index.more_duplicates.saturating_add(twice.len().saturating_sub(room));
        for (before, later) in twice.into_iter().take(room) {
            let mut path = self.path(object);
            path.push(Segment::Key(key(text, later).into_owned()));
            self.index.duplicates.push(DuplicateKeySpan { path, at: usize_of(later), before: usize_of(before) });
        }
        kept
    }

    /// Returns the path of the container that is about to be closed.
    fn path(&self, container: u32) -> Path {
        let closing = OpenContainer { node: container, first: self.finished.len(), is_object: true, key_at: NO_KEY };
        let containers: Vec<&OpenContainer> = self.open.iter().chain([&closing]).collect();
        let steps = containers.windows(2).filter_map(|pair| {
            let [outer, inner] = pair else { return None };
            let key_at = self.index.nodes.get(usize_of(inner.node))?.key_at;
            Some(match key_at {
                NO_KEY => Segment::Index(inner.first.saturating_sub(outer.first)),
                at => Segment::Key(key(self.text, at).into_owned()),
            })
        });
        steps.collect()
    }
}

/// Returns the key that begins at a byte, without its escapes.
fn key(text: &str, at: u32) -> Cow<'_, str> {
    let at = usize_of(at);
    let literal = text.get(at..string_end(text.as_bytes(), at)).unwrap_or_default();
    let bare = literal.strip_prefix('"').and_then(|literal| literal.strip_suffix('"')).unwrap_or_default();
    if bare.contains('\\') {
        return serde_json::from_str(literal).map_or(Cow::Borrowed(bare), Cow::Owned);
    }
    Cow::Borrowed(bare)
}

/// Returns the byte after the string that begins at `at`.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at.saturating_add(1);
    while let Some(byte) = bytes.get(end) {
        end = end.saturating_add(if *byte == b'\\' { 2 } else { 1 });
        if *byte == b'"' {
            break;
        }
    }
    end.min(bytes.len())
}

/// Returns the byte after the number or word that begins at `at`.
fn scalar_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",:\"[]{}".contains(byte);
    rest.iter().position(ends).map_or(bytes.len(), |length| at.saturating_add(length.max(1)))
}

/// Texts are shorter than 4 GiB, so nothing is lost.
fn u32_of(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn usize_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
