#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BINARY DIRECTORY install | TEST
#
# Tests BINARY with the official SDK. All happens in DIRECTORY, of the build tree: `install` copies
# the tests there and installs the SDK beside them, where their imports find it; TEST is then one of
# pattern, mirror, traps, faults, limits. Without the SDK a test is skipped (exit code 77), or fails
# if TOPICLOOP_REQUIRE_SDK is set.
set -eu
binary=$1
directory=$2
what=$3
sources=$(dirname "$0")
tests="sdk: pattern, sdk: mirror, sdk: traps, sdk: faults, sdk: limits"
installed=$directory/node_modules/.installed-package-lock.json

without_sdk() {
  echo "sdk: $1"
  if [ -n "${TOPICLOOP_REQUIRE_SDK:-}" ]; then
    echo "sdk: TOPICLOOP_REQUIRE_SDK is set, so this is a failure"
    exit 1
  fi
  echo "sdk: skipped: $2"
  exit 77
}

is_installed() {
  cmp -s "$directory/package-lock.json" "$installed"
}

# Few and short tries: without a network the tests are to be skipped, not to time out.
install_sdk() {
  (cd "$directory" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline \
    --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-timeout=30000) || return 1
  cp "$directory/package-lock.json" "$installed"
}

if [ "$what" = install ]; then
  for program in node npm; do
    command -v $program >/dev/null || without_sdk "$program is missing" "$tests"
  done
  mkdir -p "$directory"
  cp "$sources"/*.mjs "$sources"/package.json "$sources"/package-lock.json "$directory"
  is_installed || install_sdk || without_sdk "npm ci failed, see above" "$tests"
else
  is_installed || without_sdk "the SDK is not installed, see sdk: install" "sdk: $what"
  export TOPICLOOP_BINARY="$binary"
  exec node --test "$directory/$what.test.mjs"
fi
