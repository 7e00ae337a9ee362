#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# render.sh PROGRAM: whether groff shows each manual page that PROGRAM writes without a warning, and
# whether mandoc, where there is one, finds no error.
set -eu
program=$1
command -v groff >/dev/null || {
  echo "skipped: groff is not installed"
  exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$program" __man "$folder/man"
"$program" __man "$folder/again"
diff -r "$folder/man" "$folder/again"

bad=0
for page in "$folder"/man/*.1; do
  groff -man -ww -Tutf8 -P-cbou "$page" >"$folder/shown" 2>"$folder/warnings"
  name=$(basename "$page" .1)
  if [ -s "$folder/warnings" ]; then
    cat "$folder/warnings"
    bad=1
  fi
  for section in NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES 'EXIT STATUS' 'SEE ALSO'; do
    grep -q "$section" "$folder/shown" || {
      echo "$name has no $section"
      bad=1
    }
  done
  # Others' names must not be broken: where the page points, there is one.
  others=$(sed -n 's/\\//g; s/^\.BR \([^ ]*\) .*/\1/p' "$page")
  for other in $others; do
    [ -f "$folder/man/$other.1" ] || {
      echo "$name refers to $other, which has no page"
      bad=1
    }
  done
  if command -v mandoc >/dev/null; then mandoc -T lint -W error "$page" || bad=1; fi
done
exit $bad
