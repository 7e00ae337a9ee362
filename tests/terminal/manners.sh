#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# manners.sh PROGRAM: how the program behaves on a real terminal, which is one of tmux's: colour,
# control characters, hexdump, line of progress, Ctrl-C, signals and closed pipes.
set -eu
program=$1
command -v tmux >/dev/null || {
  echo "skipped: tmux is not installed"
  exit 77
}
[ -e /dev/pts/ptmx ] || {
  echo "skipped: no terminal can be made, as /dev/pts is not mounted"
  exit 77
}

folder=$(mktemp -d)
service=
reader=
terminal=0
tmux_here() { tmux -L "topicloop-$$-$terminal" -f /dev/null "$@"; }
end() {
  tmux_here kill-server 2>/dev/null || true
  for process in $service $reader; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$folder"
}
trap end EXIT

fail() {
  printf '%s: %s\n' "${title:-start}" "$*" >&2
  tmux_here capture-pane -e -p 2>/dev/null | sed 's/\x1b/<ESC>/g' >&2 || true
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

# The screen, with what sets how text looks as <ESC>[...m; but for tmux's own resets of the colour.
screen() { tmux_here capture-pane -e -p | sed 's/\x1b\[[34]9m//g; s/\x1b/<ESC>/g'; }
shows() { screen | grep -qE -- "$1"; }
now_shows() { await shows "$1"; }
shows_not() { if shows "$1"; then fail "must not show: $1"; fi; }

# on_terminal COMMAND: on a fresh terminal, $columns wide; its exit code is shown at its end.
columns=160
on_terminal() {
  tmux_here kill-server 2>/dev/null || true
  terminal=$((terminal + 1))
  cat >"$folder/command" <<END
trap : INT
PATH='$folder:$PATH'
$1
echo "exit code \$?."
while :; do sleep 60; done
END
  TERM=screen tmux_here new-session -d -x "$columns" -y 24 "bash '$folder/command'"
}

# subscriber FLAGS [BEFORE] [BEHIND]: shows the topic, ready once this returns.
subscriber() {
  rm -f "$folder/subscribed"
  on_terminal "${2:-} topicloop subscribe '$topic' --ready-file '$folder/subscribed' $1 ${3:-}"
  await test -s "$folder/subscribed"
}

publish() { "$program" publish "$topic" "$@"; }

unset NO_COLOR
ln -s "$program" "$folder/topicloop"
"$program" serve-topics --listen 127.0.0.1:0 --http none --ready-file "$folder/ready" \
  >"$folder/log" 2>&1 &
service=$!
await test -s "$folder/ready"
TOPICLOOP_LOCAL=$(cat "$folder/ready")
export TOPICLOOP_LOCAL

meta='[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}'

title="a terminal shows dimly where a message is from"
topic=dim
subscriber ""
publish hello
now_shows "^<ESC>\[2m$meta dim #1<ESC>\[0m hello"

title="a pipe gets the payload alone"
topic=pipe
subscriber "" "" "| cat"
publish hello
now_shows '^hello$'

title="NO_COLOR, a dumb terminal and --color never show the same without colour"
for way in "NO_COLOR=1|" "TERM=dumb|" "|--color never"; do
  topic="plain $way"
  subscriber "${way#*|}" "${way%|*}"
  publish hello
  now_shows "^$meta plain .* #1 hello$"
done

title="--color always beats NO_COLOR"
topic=always
subscriber "--color always" "NO_COLOR=1"
publish hello
now_shows "^<ESC>\[2m$meta always #1<ESC>\[0m hello"

title="binary messages are a hexdump below their origin"
topic=binary
subscriber ""
printf 'a\033[2J\377' | publish --binary --file -
now_shows "$meta binary #1 6 bytes"
now_shows '^(<ESC>\[0m)?00000000  61 1b 5b 32 4a ff  .*\|a\.\[2J\.\|'

title="escape sequences and control characters of a message are shown and not obeyed"
topic=escapes
subscriber "--color never"
publish "before"
publish "$(printf 'red \033[31m, clear \033[2J, title \033]0;x\007, c1 \302\2332J, back \b\r')"
now_shows 'red \\x1b\[31m, clear \\x1b\[2J, title \\x1b\]0;x\\x07, c1 \\xc2\\x9b2J, back \\x08'
now_shows '#1.* before'

title="with colour an escape can be told from a text that looks like one"
topic=marked
subscriber ""
publish "$(printf 'real \033 text \\x1b')"
now_shows 'real <ESC>\[7m\\x1b<ESC>\[0m text \\x1b$'

title="JSON on a terminal has none either"
topic=json
subscriber "-o json"
publish "$(printf 'a\302\2332Jb\177')"
now_shows '"text":"a\\u009b2Jb\\u007f"'

title="Ctrl-C ends with 130, and a service with its summary"
topic=interrupted
subscriber ""
tmux_here send-keys C-c
now_shows 'exit code 130\.'
on_terminal "topicloop serve-topics --listen 127.0.0.1:0 --http none"
now_shows 'serving topics on'
tmux_here send-keys C-c
now_shows 'webhook deliveries: 0 delivered'
now_shows 'exit code 130\.'

title="Ctrl-C twice ends also what cannot finish"
topic=stuck
mkfifo "$folder/stuck"
sleep 1000 <>"$folder/stuck" &
reader=$!
subscriber "" "" ">'$folder/stuck'"
head -c 200000 /dev/zero | tr '\0' x | publish --file -
# Two at the same moment may be one signal, hence again and again.
interrupted() {
  tmux_here send-keys C-c
  shows 'exit code 130\.'
}
await interrupted

title="SIGTERM ends with 143"
topic=terminated
subscriber "" "" "& echo \$! >'$folder/id'; wait \$!"
kill -TERM "$(cat "$folder/id")"
now_shows 'exit code 143\.'

title="a reader that has seen enough ends the program quietly"
topic='head'
subscriber "" "" "| head -1; echo \"codes \${PIPESTATUS[*]}\""
publish one
publish two
publish three
now_shows 'codes 0 0$'
shows_not 'error|rror:'

title="the line of progress is drawn while it works and gone at the end"
topic=progress
on_terminal "topicloop publish progress x --repeat 100 --rate 50"
now_shows '[0-9]+ of 100 messages \([0-9]+%\), '
now_shows 'exit code 0\.'
shows_not 'of 100'

title="and at Ctrl-C, for the summary"
on_terminal "topicloop publish progress x --repeat 100000 --rate 50"
now_shows '[0-9]+ of 100,000 messages \([0-9]+%\), '
tmux_here send-keys C-c
now_shows 'stopped; [0-9]+ published'
now_shows 'exit code 130\.'
shows_not 'of 100,000'

title="it fits a narrow window"
columns=12
on_terminal "topicloop publish progress x --repeat 100000 --rate 50"
now_shows '^[0-9]+ of '
tmux_here send-keys C-c
columns=160
now_shows 'exit code'
shows_not '[0-9]+ of '

title="a dumb terminal has no line of progress"
on_terminal "TERM=dumb topicloop publish progress x --repeat 60 --rate 50"
now_shows 'exit code 0\.'
shows_not 'of 60'

cat >"$folder/program" <<'END'
trap 'echo "INT number $((n = n + 1))"' INT
trap 'exit 7' QUIT
echo going
while :; do sleep 0.1; done
END
run_program="topicloop exec -- bash '$folder/program'"

title="Ctrl-C reaches what exec runs, once, and what that ends with is what exec ends with"
on_terminal "$run_program"
now_shows '^going'
tmux_here send-keys C-c
now_shows 'INT number 1'
tmux_here send-keys C-c
now_shows 'INT number 2'
tmux_here send-keys "C-\\"
now_shows 'exit code 7\.'
shows_not 'INT number 3'

title="Ctrl-Z stops exec and what it runs, and fg continues both"
on_terminal "set -m; $run_program; echo \"state \$?.\"; fg"
now_shows '^going'
tmux_here send-keys C-z
now_shows 'state 148\.'
tmux_here send-keys C-c
now_shows 'INT number 1'
tmux_here send-keys "C-\\"
now_shows 'exit code 7\.'

title="what is typed is read by what exec runs"
on_terminal "topicloop exec -- sh -c 'echo going; read line; echo \"read <\$line>\"'"
now_shows '^going'
tmux_here send-keys hello Enter
now_shows 'read <hello>'
now_shows 'exit code 0\.'

echo "all as it should be on a terminal"
