#!/bin/sh
# Makes the fonts in this folder from the variable fonts of the packages fontpkg-heebo and
# fontpkg-frank-ruhl-libre: one file a weight, with the Latin and Hebrew letters only.
# letters.txt says which, and the reader of a cohort warns of any other.
# TTF is for the figures (matplotlib takes no variable font), WOFF2 for the pages.
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")"
letters=$(cat letters.txt)
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
