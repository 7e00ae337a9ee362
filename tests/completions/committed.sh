#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# committed.sh PROGRAM FOLDER: whether the scripts in FOLDER are those PROGRAM prints.
set -eu
program=$1
folder=$2
bad=0
for pair in bash:topicloop.bash zsh:_topicloop fish:topicloop.fish; do
  file=$folder/${pair#*:}
  "$program" completion "${pair%%:*}" | diff -u "$file" - || {
    echo "$file is not what \`topicloop completion ${pair%%:*}\` prints: run ./dev generate"
    bad=1
  }
done
exit $bad
