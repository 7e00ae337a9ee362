#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh PROGRAM: runs the examples at the end of each help page as they stand there, against a real
# service and in a network of their own, where the default ports are free. An example must end with
# 0, or go on until it is told to end. Not run: what needs a tunnel, an endpoint or a profile.
set -eu
program=$1

if [ "${2:-}" != inside ]; then
  for needed in unshare ip openssl; do
    command -v "$needed" >/dev/null || {
      echo "skipped: $needed is not installed"
      exit 77
    }
  done
  unshare -rn ip link set lo up 2>/dev/null || {
    echo "skipped: a network of our own is not permitted"
    exit 77
  }
  exec unshare -rn bash "$0" "$program" inside
fi

ip link set lo up
folder=$(mktemp -d)
service=
trap 'stop_service; rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# await CONDITION...: false after half a minute.
await() {
  local deadline=$((SECONDS + 30))
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# What the examples assume: files of the user's, and a service at the default address.
mkdir bin .zfunc
ln -s "$program" bin/topicloop
export HOME=$folder PATH=$folder/bin:$PATH
printf '#!/bin/sh\nexec cat\n' >bin/jq
for runner in npm node; do printf '#!/bin/sh\nexec topicloop publish tested "$*" --retry 3\n' >bin/$runner; done
chmod 700 bin/*
unset MOMENTO_API_KEY MOMENTO_CACHE_NAME MOMENTO_CONFIG_DIR TOPICLOOP_LOCAL TOPICLOOP_WEBHOOK_SECRET
mkdir -p .local/share/bash-completion/completions .config/fish/completions
head -c 100 "$program" >picture.png
openssl rand -hex 16 >secret.txt
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
  -subj /CN=localhost -keyout key.pem -out cert.pem 2>/dev/null
chmod 600 key.pem secret.txt

start_service() {
  rm -f ready
  topicloop serve-topics --cache default-cache --cache orders --auth-secret signing.secret \
    --admin-key-file admin.key --ready-file ready >service.log 2>&1 &
  service=$!
  await test -s ready || fail "the service does not start:" "$(cat service.log)"
}

stop_service() {
  [ -n "$service" ] || return 0
  kill "$service" 2>/dev/null || true
  wait "$service" || true
  service=
}

# The examples at the end of a help page.
examples_of() {
  # shellcheck disable=SC2086  # The words of a command.
  topicloop help $1 | sed -n '/^Examples:/,/^[^ E]/s/^  //p'
}

# Those that stay say when they are ready. Somebody who waits for a message gets one; what still
# goes on then is told to end.
is_ready() { grep -qE '^(serving topics|receiving webhooks|forwarding|subscribed to)' errors; }
has_ended() { ! kill -0 -- "$1" 2>/dev/null; }
is_ready_or_over() { is_ready || has_ended "$1"; }

run() {
  local example=${1//\/tmp\//$folder/} code=0 patience=60
  [[ $example != *"topicloop serve-topics"* && $example != *"--listen 127.0.0.1:8080"* ]] ||
    stop_service
  : >output
  : >errors
  # What goes by the clock is seen for a moment only.
  [[ $example != *--rate* ]] || patience=3
  setsid timeout --signal=TERM --kill-after=20 --foreground "$patience" \
    bash -c "set -o pipefail; $example" >output 2>errors </dev/null &
  local id=$!
  await is_ready_or_over "$id" || true
  if is_ready; then
    [[ $example != *subscribe* ]] || topicloop publish "topic 2" message
    [[ $example == *--count* ]] || kill -TERM -- "-$id" 2>/dev/null || true
  fi
  wait "$id" || code=$?
  await has_ended "-$id" || fail "does not end: $example"
  case $code:$patience in
    0:* | 143:* | 124:3) ;;
    *) fail "exit code $code: $example" "$(cat output errors)" ;;
  esac
  ! grep -E '(error|warning): ' errors || fail "complains: $example"
  number=$((number + 1))
  [ -n "$service" ] || start_service
}

number=0
run_page() {
  local example found=0
  while IFS= read -r example; do
    found=1
    [[ $example != *--ngrok* && $example != *"bench webhook --to"* ]] || continue
    [[ " $1" != *" webhook"* && $example != *"--webhook upper"* ]] ||
      topicloop webhook put upper --topic "topic 1" --url http://127.0.0.1:9000/ >/dev/null
    run "$example"
  done < <(examples_of "$1")
  [ "$found" = 1 ] || fail "no examples: $1"
}

# start_receiver FLAG...
start_receiver() {
  rm -f receiving
  topicloop serve-webhook --secret-file secret.txt --ready-file receiving "$@" >receiver.log 2>&1 &
  receiver=$!
  await test -s receiving || fail "the receiver does not start:" "$(cat receiver.log)"
}

stop_receiver() {
  kill "$receiver"
  wait "$receiver" || true
}

# A capture of one request, under the names the examples use.
make_captures() {
  start_receiver --capture events.jsonl
  topicloop webhook send http://127.0.0.1:9000/ --secret-file secret.txt --text hello >/dev/null
  stop_receiver
  local name
  for name in events.jsonl.gz events.jsonl.zst monday.jsonl tuesday.jsonl.gz; do
    topicloop capture merge events.jsonl -f "$name" 2>/dev/null
  done
}

start_service
make_captures
topicloop subscribe written --count 1 -o json >messages.jsonl 2>written.log &
await grep -q '^subscribed' written.log || fail "cannot subscribe"
topicloop publish written "a message"
wait $!
for page in "" loop exec bench "bench publish" "bench subscribe" "bench loop" "bench webhook" publish subscribe serve-topics serve-webhook webhook "webhook put" "webhook list" \
  "webhook delete" "webhook secret" "webhook rotate" forward capture "capture show" "capture stat" \
  "capture check" "capture merge" "capture convert" token "token create" help completion; do
  run_page "$page"
done
start_receiver
run_page replay
stop_receiver
echo "$number examples run"
