#!/usr/bin/env bash
# Tests what is said about the test files of other projects against what Pillow and ffprobe say about them.
#
#   tests/e2e/corpus.sh BINARY FOLDER...
#
# Every file below the folders is checked offline. Nothing is downloaded; these repositories hold good files:
#   python-pillow/Pillow (Tests/images), GNOME/gdk-pixbuf (tests), pnggroup/libpng (contrib/pngsuite), mirrorer/giflib,
#   libexif/libexif-testsuite, Roughsketch/imagesize, shibukawa/imagesize_py, quodlibet/mutagen (tests/data),
#   vstinner/hachoir (tests/files)
#
# Needs ffprobe, and a Python with Pillow (PYTHON names it, python3 otherwise). ORACLES names a file that remembers what
# they say, for a second run. The bounds are in corpus/compare.py, the differences that are meant in corpus/exceptions.py.
# Exits 1 where a bound is missed, 77 where something is missing that it needs.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
python=${PYTHON:-python3}
binary=$(realpath "${1:?the program}")
shift
: "${1:?a folder}"
if ! command -v ffprobe >/dev/null || ! "$python" -c 'import PIL' 2>/dev/null; then
    echo "ffprobe or Pillow is missing: nothing is compared"
    exit 77
fi
exec "$python" "$here/corpus/compare.py" "$binary" "$@"
