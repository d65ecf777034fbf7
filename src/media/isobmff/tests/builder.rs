//! A movie built in memory, so that each test states only what differs from the default.

/// Wraps contents in a box.
pub(super) fn atom(kind: &[u8; 4], contents: impl AsRef<[u8]>) -> Vec<u8> {
    let contents = contents.as_ref();
    let size = u32::try_from(contents.len() + 8).unwrap();
    [&size.to_be_bytes(), kind.as_slice(), contents].concat()
}

/// Wraps contents in a box with a length of 64 bits, which may be false.
pub(super) fn long_atom(kind: &[u8; 4], size: u64, contents: impl AsRef<[u8]>) -> Vec<u8> {
    [&1_u32.to_be_bytes(), kind.as_slice(), &size.to_be_bytes(), contents.as_ref()].concat()
}

/// Concatenates numbers.
pub(super) fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A movie with one track.
#[derive(Clone, Debug)]
pub(super) struct MovieBuilder {
    pub(super) brand: &'static [u8; 4],
    /// Ticks of the movie in one second, and how many it lasts.
    pub(super) movie: (u32, u32),
    /// The same for the media.
    pub(super) media: (u32, u32),
    /// The first, second, fourth and fifth number of the matrix, in whole numbers.
    pub(super) turn: [i32; 4],
    /// Width and height of the track.
    pub(super) track: (u32, u32),
    pub(super) handler: &'static [u8; 4],
    pub(super) code: [u8; 4],
    /// Width and height in the sample entry.
    pub(super) size: (u16, u16),
    /// Boxes inside the sample entry.
    pub(super) extensions: Vec<u8>,
    /// Rows of the frame table.
    pub(super) frames: Vec<(u32, u32)>,
    /// Boxes in the track before the media.
    pub(super) before_media: Vec<u8>,
    /// Boxes in the index after the track.
    pub(super) after_track: Vec<u8>,
}

impl Default for MovieBuilder {
    fn default() -> Self {
        Self {
            brand: b"isom",
            movie: (1_000, 4_000),
            media: (12_800, 51_200),
            turn: [1, 0, 0, 1],
            track: (640, 360),
            handler: b"vide",
            code: *b"avc1",
            size: (640, 360),
            extensions: Vec::new(),
            frames: vec![(100, 512)],
            before_media: Vec::new(),
            after_track: Vec::new(),
        }
    }
}

impl MovieBuilder {
    /// Returns the file with the index before the frames.
    pub(super) fn file(&self) -> Vec<u8> {
        [self.ftyp(), self.moov(), atom(b"mdat", [7; 100])].concat()
    }

    pub(super) fn ftyp(&self) -> Vec<u8> {
        atom(b"ftyp", [self.brand.as_slice(), &[0; 4], b"isom"].concat())
    }

    pub(super) fn moov(&self) -> Vec<u8> {
        atom(b"moov", [self.mvhd(), self.trak(), self.after_track.clone()].concat())
    }

    pub(super) fn mvhd(&self) -> Vec<u8> {
        let mut numbers = vec![0, 0, 0, self.movie.0, self.movie.1, 0x10000, 0x0100_0000, 0, 0];
        numbers.extend([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000, 0, 0, 0, 0, 0, 0, 2]);
        atom(b"mvhd", words(&numbers))
    }

    pub(super) fn trak(&self) -> Vec<u8> {
        let [a, b, c, d] = self.turn.map(|number| number.wrapping_mul(0x10000).cast_unsigned());
        let (width, height) = (self.track.0.wrapping_mul(0x10000), self.track.1.wrapping_mul(0x10000));
        let mut numbers = vec![3, 0, 0, 1, 0, self.movie.1, 0, 0, 0, 0];
        numbers.extend([a, b, 0, c, d, 0, 0, 0, 0x4000_0000, width, height]);
        atom(b"trak", [atom(b"tkhd", words(&numbers)), self.before_media.clone(), self.mdia()].concat())
    }

    fn mdia(&self) -> Vec<u8> {
        let header = atom(b"mdhd", words(&[0, 0, 0, self.media.0, self.media.1, 0]));
        let handler = atom(b"hdlr", [&[0; 8], self.handler.as_slice(), &[0; 13]].concat());
        let table = [self.stsd(), self.stts(self.frames.len())].concat();
        atom(b"mdia", [header, handler, atom(b"minf", atom(b"stbl", table))].concat())
    }

    fn stsd(&self) -> Vec<u8> {
        let size = [self.size.0.to_be_bytes(), self.size.1.to_be_bytes()].concat();
        let entry = match self.handler {
            b"soun" => [vec![0; 28], self.extensions.clone()].concat(),
            _ => [vec![0; 24], size, vec![0; 50], self.extensions.clone()].concat(),
        };
        atom(b"stsd", [words(&[0, 1]), atom(&self.code, entry)].concat())
    }

    /// Returns the frame table, with a number of rows that may be false.
    pub(super) fn stts(&self, rows: usize) -> Vec<u8> {
        let table: Vec<_> = self.frames.iter().flat_map(|(count, each)| [*count, *each]).collect();
        atom(b"stts", [words(&[0, u32::try_from(rows).unwrap_or(u32::MAX)]), words(&table)].concat())
    }
}
