#!/bin/sh
# Makes the fonts in this folder from the variable fonts of the packages fontpkg-heebo and
# fontpkg-frank-ruhl-libre: for each weight a file for every script in letters.txt, so that a page
# carries only what it needs, without fractions and the like, nor the old-style figures of Hebrew.
# The reader of a cohort warns of any other letter.
# TTF is for the figures (matplotlib takes no variable font), WOFF2 for the pages.
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")"
every=$(sed 's/^[a-z]* //' letters.txt | paste -sd,)
for font in 'heebo Heebo 400 Regular' 'heebo Heebo 700 Bold' \
  'frank_ruhl_libre FrankRuhlLibre 700 Bold'
do
  set -- $font
  folder=$("$bin/python" -c "import fontpkg_$1; print(fontpkg_$1.ROOT)")
  "$bin/fonttools" varLib.instancer -q "$folder/files/$2[wght].ttf" "wght=$3" -o "$2-$4.whole.ttf"
  while read -r script letters; do
    "$bin/pyftsubset" "$2-$4.whole.ttf" --unicodes="$letters" --layout-features=ccmp,kern,liga,mark,mkmk \
      --flavor=woff2 --no-hinting --desubroutinize --output-file="$2-$4.$script.woff2"
  done < letters.txt
  if [ "$1" = heebo ]; then
    "$bin/pyftsubset" "$2-$4.whole.ttf" --unicodes="$every" --layout-features='*' \
      --output-file="$2-$4.ttf"
  fi
  rm "$2-$4.whole.ttf"
done
