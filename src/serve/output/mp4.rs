//! Writes an MP4 file with one H.264 track, the index in front of the media (ISO/IEC 14496-12 and 14496-15).

use super::h264::{GROUP, H264Stream};

/// Ticks of the media clock per frame.
const TICKS: u32 = 1000;

/// The type of the file, with its compatible brands.
pub(super) const MP4: &[u8] = b"isom\0\0\x02\0isomiso2avc1mp41";
/// The type of a `QuickTime` file, whose boxes are the same.
pub(super) const QUICKTIME: &[u8] = b"qt  \0\0\x02\0qt  ";

/// Returns the file with `frames` frames of the stream.
pub(super) fn file(brands: &[u8], stream: &H264Stream, frames: u32) -> Vec<u8> {
    let samples: Vec<Vec<u8>> = (0..frames).map(|number| sized(&stream.frame(number))).collect();
    let ftyp = boxed(b"ftyp", &[brands]);
    // The offset of the media is known once the size of the index is.
    let index_size = index(stream, &samples, 0).len();
    let offset = u32::try_from(ftyp.len() + index_size + 8).unwrap_or(u32::MAX);
    let mut file = ftyp;
    file.extend(index(stream, &samples, offset));
    file.extend(be(u32::try_from(8 + samples.iter().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX)));
    file.extend(b"mdat");
    file.extend(samples.concat());
    file
}

/// Writes the movie box.
fn index(stream: &H264Stream, samples: &[Vec<u8>], offset: u32) -> Vec<u8> {
    let timescale = be(stream.fps * TICKS);
    let duration = be(count(samples) * TICKS);
    let matrix: Vec<u8> = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000].into_iter().flat_map(be).collect();
    let header = full(
        b"mvhd",
        0,
        &[&[0; 8], &timescale, &duration, &be(0x1_0000), &[1, 0], &[0; 10], &matrix, &[0; 24], &be(2)],
    );
    let size = [be(stream.width << 16), be(stream.height << 16)].concat();
    let track = full(b"tkhd", 3, &[&[0; 8], &be(1), &[0; 4], &duration, &[0; 16], &matrix, &size]);
    // The language is "und", packed in five bits per letter.
    let media = full(b"mdhd", 0, &[&[0; 8], &timescale, &duration, &[0x55, 0xc4], &[0; 2]]);
    let handler = full(b"hdlr", 0, &[&[0; 4], b"vide", &[0; 12], b"VideoHandler\0"]);
    let data = boxed(b"dinf", &[&full(b"dref", 0, &[&be(1), &full(b"url ", 1, &[])])]);
    let video = full(b"vmhd", 1, &[&[0; 8]]);
    let minf = boxed(b"minf", &[&video, &data, &sample_table(stream, samples, offset)]);
    boxed(b"moov", &[&header, &boxed(b"trak", &[&track, &boxed(b"mdia", &[&media, &handler, &minf])])])
}

fn sample_table(stream: &H264Stream, samples: &[Vec<u8>], offset: u32) -> Vec<u8> {
    let total = count(samples);
    let key_frames: Vec<u8> = (0..total.div_ceil(GROUP)).flat_map(|group| be(group * GROUP + 1)).collect();
    let sizes: Vec<u8> =
        samples.iter().flat_map(|sample| be(u32::try_from(sample.len()).unwrap_or(u32::MAX))).collect();
    boxed(
        b"stbl",
        &[
            &full(b"stsd", 0, &[&be(1), &sample_entry(stream)]),
            &full(b"stts", 0, &[&be(1), &be(total), &be(TICKS)]),
            &full(b"stss", 0, &[&be(total.div_ceil(GROUP)), &key_frames]),
            &full(b"stsc", 0, &[&be(1), &be(1), &be(total), &be(1)]),
            &full(b"stsz", 0, &[&be(0), &be(total), &sizes]),
            &full(b"stco", 0, &[&be(1), &be(offset)]),
        ],
    )
}

fn sample_entry(stream: &H264Stream) -> Vec<u8> {
    let (sequence, picture) = (stream.sequence_parameters(), H264Stream::picture_parameters());
    let profile = sequence.get(1..4).unwrap_or_default();
    let configuration =
        boxed(b"avcC", &[&[1], profile, &[0xff, 0xe1], &short(&sequence), &sequence, &[1], &short(&picture), &picture]);
    let size = [be(stream.width), be(stream.height)].concat();
    // Width and height have 16 bits each.
    let size = [&size[2..4], &size[6..8]].concat();
    let resolution = be(72 << 16).repeat(2);
    boxed(
        b"avc1",
        &[
            &[0; 6],
            &[0, 1],
            &[0; 16],
            &size,
            &resolution,
            &[0; 4],
            &[0, 1],
            &[0; 32],
            &[0, 24, 0xff, 0xff],
            &configuration,
        ],
    )
}

fn count(samples: &[Vec<u8>]) -> u32 {
    u32::try_from(samples.len()).unwrap_or(u32::MAX)
}

/// Prefixes a NAL unit with its length, as samples have it.
fn sized(nal: &[u8]) -> Vec<u8> {
    [&be(u32::try_from(nal.len()).unwrap_or(u32::MAX)), nal].concat()
}

fn be(value: u32) -> [u8; 4] {
    value.to_be_bytes()
}

fn short(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes()
}

fn boxed(name: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&be(u32::try_from(content.len() + 8).unwrap_or(u32::MAX)), name, &content].concat()
}

/// Writes a box with version 0 and these flags.
fn full(name: &[u8], flags: u32, parts: &[&[u8]]) -> Vec<u8> {
    boxed(name, &[&be(flags), &parts.concat()])
}
