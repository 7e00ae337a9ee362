#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# interactive.sh SHELL PROGRAM FOLDER: types command lines with Tab in them into a real SHELL (bash,
# zsh or fish) on a terminal of tmux's, with the scripts of FOLDER, and compares which arguments
# arrive. PROGRAM serves the names; what is run is a program that only notes its arguments.
set -eu
shell=$1
program=$2
scripts=$3

for needed in "$shell" tmux; do
  command -v "$needed" >/dev/null || {
    echo "skipped: $needed is not installed"
    exit 77
  }
done

[ -e /dev/pts/ptmx ] || {
  echo "skipped: no terminal can be made, as /dev/pts is not mounted"
  exit 77
}

folder=$(mktemp -d)
service=
terminal=0
tmux_here() { tmux -L "topicloop-$$-$terminal" -f /dev/null "$@"; }
end() {
  tmux_here kill-server 2>/dev/null || true
  [ -z "$service" ] || kill "$service" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap end EXIT

fail() {
  printf '%s: %s\n' "$shell" "$*" >&2
  tmux_here capture-pane -p >&2 || true
  exit 1
}

# await CONDITION...: until it holds; fails after half a minute.
await() {
  deadline=$(($(date +%s) + 30))
  until "$@"; do
    [ "$(date +%s)" -lt "$deadline" ] || fail "waited in vain for: $*"
    sleep 0.05
  done
}

# A service with names to complete, some of them awkward.
export HOME="$folder" LANG=C.UTF-8
"$program" serve-topics --listen 127.0.0.1:0 --http 127.0.0.1:0 --cache orders-cache \
  --cache default-cache --ready-file "$folder/ready" >"$folder/log" 2>&1 &
service=$!
await test -s "$folder/ready"
TOPICLOOP_LOCAL=$(cat "$folder/ready")
TOPICLOOP_HTTP=$(sed -n 's|^ *http: http://||p' "$folder/log")
export TOPICLOOP_LOCAL TOPICLOOP_HTTP
# shellcheck disable=SC2016  # The dollar is part of the name.
for topic in 'topic one' 'orders:new:yes' 'it'\''s $5 "net"' straße; do
  "$program" publish "$topic" x
done
"$program" publish queue x --cache orders-cache
"$program" webhook put upper --topic hooked --url http://127.0.0.1:1/ >/dev/null

mkdir "$folder/bin" "$folder/here"
: >"$folder/here/picture one.png"
: >"$folder/seen"
cat >"$folder/bin/topicloop" <<END
#!/bin/sh
if [ "\$1" = __complete ]; then
  shift
  exec "$program" __complete --patience 20s "\$@"  # However busy this machine is.
fi
{
  for argument; do printf '<%s>' "\$argument"; done
  echo
} >>"$folder/seen"
END
chmod +x "$folder/bin/topicloop"

# start COMMAND...: the shell on a terminal of its own.
start() {
  PATH="$folder/bin:$PATH" TERM=screen tmux_here new-session -d -x 200 -y 50 -c "$folder/here" "$@"
}

number=0
has_come() { [ "$(wc -l <"$folder/seen")" -ge "$number" ]; }
check() {
  await has_come
  seen=$(sed -n "${number}p" "$folder/seen")
  [ "$seen" = "$1" ] || fail "case $number: expected $1 but got $seen"
}

# Starts the shell and waits until it has read what makes it know the script.
begin() {
  case $shell in
    bash)
      start bash --norc --noprofile -i
      tmux_here send-keys -l "source '$scripts/topicloop.bash'; topicloop ready"
      ;;
    zsh)
      start zsh -f -i
      tmux_here send-keys -l "fpath=('$scripts' \$fpath); autoload -Uz compinit; compinit -u -D"
      tmux_here send-keys Enter
      tmux_here send-keys -l "topicloop ready"
      ;;
    fish)
      start fish --no-config -i
      tmux_here send-keys -l "set -p fish_complete_path '$scripts'; topicloop ready"
      ;;
  esac
  tmux_here send-keys Enter
  number=$((number + 1))
  check '<ready>'
}

# gives LINE ARGUMENTS: types LINE, where ~> is the Tab key, and Enter. Keys wait until the shell is
# done with those before, so there is no need to.
gives() {
  rest=$1
  number=$((number + 1))
  while [ "$rest" != "${rest#*~>}" ]; do
    tmux_here send-keys -l -- "${rest%%~>*}"
    tmux_here send-keys Tab
    rest=${rest#*~>}
  done
  [ -z "$rest" ] || tmux_here send-keys -l -- "$rest"
  tmux_here send-keys Enter
  check "$2"
}

begin

gives 'topicloop subsc~>' '<subscribe>'
gives 'topicloop webhook del~>' '<webhook><delete>'
gives 'topicloop webhook delete up~>' '<webhook><delete><upper>'
gives 'topicloop help webhook sec~>' '<help><webhook><secret>'
gives 'topicloop completion fi~>' '<completion><fish>'
gives 'topicloop publish x --keep-g~>' '<publish><x><--keep-going>'
gives 'topicloop subscribe x -o js~>' '<subscribe><x><-o><json>'
gives 'topicloop subscribe x --output=js~>' '<subscribe><x><--output=json>'
gives 'topicloop publish x --cache ord~>' '<publish><x><--cache><orders-cache>'
gives 'topicloop subscribe to~>' '<subscribe><topic one>'
gives 'topicloop subscribe topic\ o~>' '<subscribe><topic one>'
gives 'topicloop subscribe stra~>' '<subscribe><straße>'
gives 'topicloop subscribe hoo~>' '<subscribe><hooked>'
gives 'topicloop subscribe orders:new:~>' '<subscribe><orders:new:yes>'
gives 'topicloop subscribe or~>' '<subscribe><orders:new:yes>'
# shellcheck disable=SC2016
gives 'topicloop subscribe it~>' '<subscribe><it'\''s $5 "net">'
gives 'topicloop subscribe --cache orders-cache qu~>' '<subscribe><--cache><orders-cache><queue>'
gives "TOPICLOOP_LOCAL=unix:/nowhere topicloop subscribe --local $TOPICLOOP_LOCAL --cache ord~>" \
  "<subscribe><--local><$TOPICLOOP_LOCAL><--cache><orders-cache>"
gives "topicloop subscribe --local $TOPICLOOP_LOCAL to~>" \
  "<subscribe><--local><$TOPICLOOP_LOCAL><topic one>"
gives 'topicloop publish x --file pic~>' '<publish><x><--file><picture one.png>'
gives 'topicloop webhook put new --topic to~>' '<webhook><put><new><--topic><topic one>'
# The second argument of publish is a message, which nobody knows.
gives 'topicloop publish x to~>' '<publish><x><to>'
gives 'topicloop serve-topics --state ./../he~>x' '<serve-topics><--state><./../here/x>'
gives 'topicloop subscribe "topic o~>' '<subscribe><topic one>'

# Where there is a choice it is shown, by zsh and fish with what each is for. On a fresh terminal,
# so that only the choice can be what is seen.
is_shown() { tmux_here capture-pane -p | grep -qF -- "$1"; }
shows() {
  tmux_here kill-server
  terminal=$((terminal + 1))  # The server that ends may still be in its place.
  begin
  tmux_here send-keys -l -- "$1"
  tmux_here send-keys Tab
  [ "$shell" != bash ] || tmux_here send-keys Tab
  shift
  for text; do
    await is_shown "$text"
  done
}

shows 'topicloop serve-' serve-topics serve-webhook
shows 'topicloop publish --in' --in-flight --input
[ "$shell" = bash ] || shows 'topicloop token create --e' 'How long it is valid'
echo "$shell: $number command lines completed"
