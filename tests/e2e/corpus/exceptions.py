"""Where the program and the other reader differ for a reason: measure, files, reason."""

UNREADABLE = "nothing unreadable that both read"
ACCEPTED = "nothing accepted that both refuse"

EXCEPTIONS = (
    ("size", "gif-test-suite/image-outside-bg.gif", "Pillow enlarges the screen of a GIF to its frames; the API takes no GIF"),
    ("size", "gif-test-suite/image-overlap-bg.gif", "Pillow enlarges the screen of a GIF to its frames; the API takes no GIF"),
    ("size", "reftests/bug785447.ico", "the larger picture lies after the bytes that are read; the API takes no icons"),
    ("size", "test/images/test-rotated.tiff", "Pillow turns a TIFF upright by itself; the API takes no TIFF"),
    ("animation", "apng/chunk_no_fctl.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("animation", "apng/chunk_repeat_fctl.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    ("animation", "apng/dispose_op_background_p_mode.png", "one frame of animation and a picture beside it: Pillow counts two, nothing moves"),
    (UNREADABLE, "avif/test.avifs", "an AVIF sequence, which the API does not take"),
    (UNREADABLE, "heic/heic_msf1.heic", "a HEIC sequence, which the API does not take"),
    (UNREADABLE, "data/no-tags.3g2", "sound only in a container that the API takes for video"),
    (ACCEPTED, "data/106-short-picture-block-size.flac", "the length of a picture block is wrong; blocks are not walked, since they may be megabytes"),
)
