"""Where the program and the other reader differ for a reason: measure, files, reason."""

UNREADABLE = "nothing unreadable that both read"
ACCEPTED = "nothing accepted that both refuse"

EXCEPTIONS = (
    ("size", "gif-test-suite/image-outside-bg.gif", "Pillow enlarges the screen of a GIF to its frames; the API takes no GIF"),
    ("size", "gif-test-suite/image-overlap-bg.gif", "Pillow enlarges the screen of a GIF to its frames; the API takes no GIF"),
    ("size", "reftests/bug785447.ico", "the larger picture lies after the bytes that are read; the API takes no icons"),
    ("size", "images/decompression_bomb.gif", "Pillow enlarges the screen of a GIF to its frames; the API takes no GIF"),
    ("size", "images/crash-74d2a78403a5a59db1fb0a2b8735ac068a75f6e3.tif", "a damaged TIFF with two heights; the API takes no TIFF"),
    ("size", "images/g4_orientation_[5-8].tif", "Pillow turns a TIFF upright by itself; the API takes no TIFF"),
    ("size", "test/images/test-rotated.tiff", "Pillow turns a TIFF upright by itself; the API takes no TIFF"),
    ("animation", "apng/chunk_no_fctl.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("animation", "apng/chunk_repeat_fctl.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("animation", "apng/dispose_op_background_p_mode.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("animation", "apng/single_frame_default.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("animation", "apng/split_fdat.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("animation", "apng/split_fdat_zero_chunk.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("animation", "apng/syntax_num_frames_low.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("orientation", "images/exif_imagemagick_orientation.png", "in a compressed text of an old ImageMagick, which is never inflated"),
    ("orientation", "images/xmp_tags_orientation*.png", "in XMP only, which browsers and most decoders do not turn by"),
    ("duration", "data/example.opus", "it begins before zero: ffprobe counts what players skip; the API takes no Ogg with sound only"),
    (UNREADABLE, "avif/test.avifs", "an AVIF sequence, which the API does not take"),
    (UNREADABLE, "heic/heic_msf1.heic", "a HEIC sequence, which the API does not take"),
    (UNREADABLE, "data/no-tags.3g2", "sound only in a container that the API takes for video"),
    (ACCEPTED, "data/too-short.mp3", "one whole frame of 26 ms; ffprobe wants a second one"),
    (ACCEPTED, "data/106-short-picture-block-size.flac", "the length of a picture block is wrong; blocks are not walked, since they may be megabytes"),
)
