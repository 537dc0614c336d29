#!/bin/sh
# Makes the fonts in this folder from the variable fonts of the packages fontpkg-heebo and
# fontpkg-frank-ruhl-libre: one file a weight, with the Latin and Hebrew letters only.
# TTF is for the figures (matplotlib takes no variable font), WOFF2 for the pages.
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")"
letters='U+0020-007E,U+00A0-017F,U+0218-021B,U+02C6,U+02DA,U+02DC,U+0591-05F4,U+200E,U+200F'
letters="$letters,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032,U+2033,U+2039,U+203A"
letters="$letters,U+20AA,U+20AC,U+2122,U+2212,U+2260,U+2264,U+2265,U+FB1D-FB4F"
for font in 'heebo Heebo 400 Regular' 'heebo Heebo 700 Bold' \
  'frank_ruhl_libre FrankRuhlLibre 400 Regular' 'frank_ruhl_libre FrankRuhlLibre 700 Bold'
do
  set -- $font
  folder=$("$bin/python" -c "import fontpkg_$1; print(fontpkg_$1.ROOT)")
  "$bin/fonttools" varLib.instancer -q "$folder/files/$2[wght].ttf" "wght=$3" -o "$2-$4.whole.ttf"
  "$bin/pyftsubset" "$2-$4.whole.ttf" --unicodes="$letters" --layout-features='*' \
    --flavor=woff2 --output-file="$2-$4.woff2"
  if [ "$1" = heebo ]; then
    "$bin/pyftsubset" "$2-$4.whole.ttf" --unicodes="$letters" --layout-features='*' \
      --output-file="$2-$4.ttf"
  fi
  rm "$2-$4.whole.ttf"
done
