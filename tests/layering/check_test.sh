#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The layering check must report every planted violation by file and line, and nothing else.
set -eu
cd "$(dirname "$0")"

expected=$({ grep -rn '// planted' planted | cut -d: -f1,2; echo planted/attic/old.cpp:1; } | sort)
if output=$(sh check.sh planted); then
  echo "the check passed in spite of the planted violations"
  exit 1
fi
reported=$(printf '%s\n' "$output" | cut -d: -f1,2 | sed 's|^|planted/|' | sort)
if [ "$reported" != "$expected" ]; then
  printf 'expected:\n%s\nreported:\n%s\n' "$expected" "$output"
  exit 1
fi
