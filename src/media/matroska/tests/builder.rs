//! A movie built in memory, so that each test states only what differs from the default.

use super::*;

/// Wraps contents in an element, its length in one byte if that is enough, else in eight.
pub(super) fn element(id: u32, contents: impl AsRef<[u8]>) -> Vec<u8> {
    let contents = contents.as_ref();
    let length = contents.len() as u64;
    let size = match u8::try_from(length) {
        Ok(short @ ..0x7f) => vec![0x80 | short],
        Ok(_) | Err(_) => long(length),
    };
    [name(id), size, contents.to_vec()].concat()
}

/// Wraps contents in an element of unknown size.
pub(super) fn open(id: u32, contents: impl AsRef<[u8]>) -> Vec<u8> {
    [&name(id), &[0xff][..], contents.as_ref()].concat()
}

/// Writes an element with a length that may be false.
pub(super) fn lying(id: u32, length: u64, contents: impl AsRef<[u8]>) -> Vec<u8> {
    [&name(id), &long(length)[..], contents.as_ref()].concat()
}

fn long(length: u64) -> Vec<u8> {
    (length | 1 << 56).to_be_bytes().to_vec()
}

fn name(id: u32) -> Vec<u8> {
    id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect()
}

pub(super) fn uint(id: u32, number: u64) -> Vec<u8> {
    element(id, number.to_be_bytes())
}

pub(super) fn float(id: u32, number: f64) -> Vec<u8> {
    element(id, number.to_be_bytes())
}

pub(super) const VOID: u32 = 0xec;

/// A movie with one track.
#[derive(Clone, Debug)]
pub(super) struct SegmentBuilder {
    pub(super) doc_type: &'static str,
    pub(super) scale: u64,
    pub(super) length: Option<f64>,
    /// 1 for video, 2 for audio.
    pub(super) kind: u64,
    pub(super) codec: &'static str,
    pub(super) private: Vec<u8>,
    /// Nanoseconds a frame lasts.
    pub(super) frame: u64,
    pub(super) size: (u64, u64),
    /// Elements inside `Video`, or inside `Audio`.
    pub(super) inside: Vec<u8>,
    /// Elements in the track.
    pub(super) extra: Vec<u8>,
}

impl Default for SegmentBuilder {
    fn default() -> Self {
        Self {
            doc_type: "matroska",
            scale: 1_000_000,
            length: Some(4_000.0),
            kind: 1,
            codec: "V_VP9",
            private: Vec::new(),
            frame: 40_000_000,
            size: (640, 360),
            inside: Vec::new(),
            extra: Vec::new(),
        }
    }
}

impl SegmentBuilder {
    pub(super) fn file(&self) -> Vec<u8> {
        let cluster = element(CLUSTER, [0; 100]);
        [self.header(), element(SEGMENT, [self.info(), self.tracks(), cluster].concat())].concat()
    }

    pub(super) fn header(&self) -> Vec<u8> {
        element(EBML, [uint(0x4286, 1), element(0x4282, self.doc_type), uint(0x4287, 4)].concat())
    }

    pub(super) fn info(&self) -> Vec<u8> {
        let length = self.length.map(|length| float(0x4489, length)).unwrap_or_default();
        element(INFO, [uint(0x002a_d7b1, self.scale), length, element(0x4d80, "maker")].concat())
    }

    pub(super) fn tracks(&self) -> Vec<u8> {
        element(TRACKS, self.entry())
    }

    pub(super) fn entry(&self) -> Vec<u8> {
        let mut parts = vec![uint(0xd7, 1), uint(0x83, self.kind), element(0x86, self.codec)];
        if !self.private.is_empty() {
            parts.push(element(0x63a2, &self.private));
        }
        parts.push(self.extra.clone());
        if self.kind == 1 {
            let size = [uint(0xb0, self.size.0), uint(0xba, self.size.1)].concat();
            parts.extend([uint(0x0023_e383, self.frame), element(0xe0, [size, self.inside.clone()].concat())]);
        } else {
            parts.push(element(0xe1, &self.inside));
        }
        element(0xae, parts.concat())
    }
}
