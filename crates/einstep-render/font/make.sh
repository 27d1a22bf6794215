#!/usr/bin/env bash
# Makes the subset of New Computer Modern Math that pages embed: make.sh NewCMMath-Regular.otf, with fonttools and brotli.
set -euo pipefail
cd "$(dirname "$0")"
pyftsubset "$1" --output-file=math.woff2 --flavor=woff2 --layout-features=ssty,dtls --no-hinting --desubroutinize \
    --name-IDs=0,1,2,4,13,14 \
    --unicodes=20-7E,A0,AC,B1,B7,D7,C0-FF,131,237,391-3A9,3B1-3C9,3D1,3D5,3D6,3F1,3F5,2016,2020,2026,2032,2102,210E,2113,211D,2192,21A6,2200-2203,2207-220B,2211-2213,2217,2218,221A,221E,2223,2225,2227-222B,2248,2260,2264,2265,2295-2299,22A4,22C5,22EE-22F1,27E8,27E9,2A00-2A02,1D434-1D467,1D6A4,1D6A5,1D6E2-1D71B,1D7CE-1D7CF,203E
