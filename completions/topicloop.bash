# bash completion for topicloop. Made by `topicloop completion bash`: do not edit.

# Sets what there is at the command $1: further commands, flags, which of them take a value
# or may have one, and what the arguments are.
_topicloop_command() {
  case $1 in
    '')
      commands='loop exec serve-topics serve-webhook forward replay subscribe publish webhook capture token bench doctor help completion' flags='-h --help --version'
      valued='' optional=''
      arguments=()
      ;;
    'loop')
      commands='' flags='-h --help --in --out --message --transform -n --count --timeout --stats --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color'
      valued='--in --out --message --transform -n --count --timeout --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=()
      ;;
    'exec')
      commands='' flags='-h --help --webhook --cache --listen --http --retain --require-auth --fault --limits -v --verbose'
      valued='--webhook --cache --listen --http --retain --fault --limits' optional=''
      arguments=('')
      ;;
    'serve-topics')
      commands='' flags='-h --help --listen --cache --retain --webhook-concurrency --http --http-poll-timeout --state --require-auth --auth-secret --admin-key-file --tls-cert --tls-key --fault --limits -o --output --color --ready-file --exit-with-parent'
      valued='--listen --cache --retain --webhook-concurrency --http --http-poll-timeout --state --auth-secret --admin-key-file --tls-cert --tls-key --fault --limits -o --output --color --ready-file' optional=''
      arguments=()
      ;;
    'serve-webhook')
      commands='' flags='-h --help --listen --path --tls-cert --tls-key --register --keep-webhook --public-url --ngrok --ngrok-api --secret-file --webhook --no-verify --max-age --transform --exec --exec-timeout --exec-concurrency --binary --pipe --pipe-timeout --sqlite --forward-to --publish-to --capture --redact --respond --respond-body --respond-delay --dedupe --aggregate --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color --ready-file --exit-with-parent'
      valued='--listen --path --tls-cert --tls-key --register --public-url --ngrok-api --secret-file --webhook --max-age --transform --exec --exec-timeout --exec-concurrency --pipe --pipe-timeout --sqlite --forward-to --publish-to --capture --redact --respond --respond-body --respond-delay --dedupe --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color --ready-file' optional='--ngrok --binary --aggregate --local'
      arguments=()
      ;;
    'forward')
      commands='' flags='-h --help --to --lambda --secret-file --webhook --retry --retry-max-time --timeout --concurrency --ordered --dead-letter -n --count --from --resume-file --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color --ready-file'
      valued='--to --lambda --secret-file --webhook --retry --retry-max-time --timeout --concurrency --dead-letter -n --count --from --resume-file --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color --ready-file' optional='--local'
      arguments=('topics...')
      ;;
    'replay')
      commands='' flags='-h --help --to --to-topic --print --dry-run --select --id --repeat --shuffle --keep-signature --resign --secret-file --set --speed --rate --concurrency --retry --retry-max-time --timeout --expect --compare --ignore --max-ms --expect-topic --expect-file --unordered --update --fail-fast --allow-empty --report --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color'
      valued='--to --to-topic --select --id --repeat --shuffle --secret-file --set --speed --rate --concurrency --retry --retry-max-time --timeout --expect --ignore --max-ms --expect-topic --expect-file --report --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=('file...')
      ;;
    'subscribe')
      commands='' flags='-h --help -n --count --timeout --idle-timeout --fail-on-gap --from --resume-file --match --show --capture --redact --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color --ready-file'
      valued='-n --count --timeout --idle-timeout --from --resume-file --match --show --capture --redact --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color --ready-file' optional='--local'
      arguments=('topics...')
      ;;
    'publish')
      commands='' flags='-h --help -f --file --input --binary -n --repeat --rate --in-flight --retry --keep-going --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color'
      valued='-f --file --input -n --repeat --rate --in-flight --retry --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=('topics' '')
      ;;
    'webhook')
      commands='put list delete secret rotate send sign verify' flags='-h --help'
      valued='' optional=''
      arguments=()
      ;;
    'webhook put')
      commands='' flags='-h --help --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color --topic --url'
      valued='--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color --topic --url' optional='--local'
      arguments=('webhooks')
      ;;
    'webhook list')
      commands='' flags='-h --help --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color --show-credentials'
      valued='--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=()
      ;;
    'webhook delete')
      commands='' flags='-h --help --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color'
      valued='--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=('webhooks')
      ;;
    'webhook secret')
      commands='' flags='-h --help --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color'
      valued='--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=('webhooks')
      ;;
    'webhook rotate')
      commands='' flags='-h --help --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color'
      valued='--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=('webhooks')
      ;;
    'webhook send')
      commands='' flags='-h --help --topic --cache --text -f --file --sequence-number --token-id --age --timeout --secret-file -o --output --color'
      valued='--topic --cache --text -f --file --sequence-number --token-id --age --timeout --secret-file -o --output --color' optional=''
      arguments=('')
      ;;
    'webhook sign')
      commands='' flags='-h --help --secret-file -o --output --color'
      valued='--secret-file -o --output --color' optional=''
      arguments=('file')
      ;;
    'webhook verify')
      commands='' flags='-h --help --signature --max-age --explain --secret-file -o --output --color'
      valued='--signature --max-age --secret-file -o --output --color' optional=''
      arguments=('file')
      ;;
    'capture')
      commands='show stat check merge convert' flags='-h --help'
      valued='' optional=''
      arguments=()
      ;;
    'capture show')
      commands='' flags='-h --help -o --output --color --details'
      valued='-o --output --color' optional=''
      arguments=('file...')
      ;;
    'capture stat')
      commands='' flags='-h --help -o --output --color'
      valued='-o --output --color' optional=''
      arguments=('file...')
      ;;
    'capture check')
      commands='' flags='-h --help -o --output --color'
      valued='-o --output --color' optional=''
      arguments=('file...')
      ;;
    'capture merge')
      commands='' flags='-h --help -o --output --color -f --output-file'
      valued='-o --output --color -f --output-file' optional=''
      arguments=('file...')
      ;;
    'capture convert')
      commands='' flags='-h --help -o --output --color --to'
      valued='-o --output --color --to' optional=''
      arguments=('file...')
      ;;
    'token')
      commands='create' flags='-h --help'
      valued='' optional=''
      arguments=()
      ;;
    'token create')
      commands='' flags='-h --help --caches --topics --role --superuser --token-id --expires --auth-secret --bare --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color'
      valued='--caches --topics --role --token-id --expires --auth-secret --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=()
      ;;
    'bench')
      commands='publish subscribe loop webhook' flags='-h --help'
      valued='' optional=''
      arguments=()
      ;;
    'bench publish')
      commands='' flags='-h --help --messages --warm-up --size --in-flight --rate -o --output --color --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert'
      valued='--messages --warm-up --size --in-flight --rate -o --output --color --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert' optional='--local'
      arguments=()
      ;;
    'bench subscribe')
      commands='' flags='-h --help --messages --warm-up --size --in-flight --rate -o --output --color --subscribers --timeout --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert'
      valued='--messages --warm-up --size --in-flight --rate -o --output --color --subscribers --timeout --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert' optional='--local'
      arguments=()
      ;;
    'bench loop')
      commands='' flags='-h --help --messages --warm-up --size --in-flight --rate -o --output --color --timeout --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert'
      valued='--messages --warm-up --size --in-flight --rate -o --output --color --timeout --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert' optional='--local'
      arguments=()
      ;;
    'bench webhook')
      commands='' flags='-h --help --messages --warm-up --size --in-flight --rate -o --output --color --to --secret-file --timeout'
      valued='--messages --warm-up --size --in-flight --rate -o --output --color --to --secret-file --timeout' optional=''
      arguments=()
      ;;
    'doctor')
      commands='' flags='-h --help --topic --cache --local --connect-timeout --api-key-file --api-key --endpoint --profile --tls --cacert -o --output --color'
      valued='--topic --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color' optional='--local'
      arguments=()
      ;;
    'help')
      commands='' flags='-h --help'
      valued='' optional=''
      arguments=('commands...')
      ;;
    'completion')
      commands='' flags='-h --help'
      valued='' optional=''
      arguments=('words bash zsh fish')
      ;;
  esac
}

# Sets kind to what the value of the flag $2 of the command $1 is.
_topicloop_value() {
  case "$1 $2" in
    'loop --in') kind='topics' ;;
    'loop --out') kind='topics' ;;
    'loop --transform') kind='words identity lower upper' ;;
    'loop --cache') kind='caches' ;;
    'loop --api-key-file') kind='file' ;;
    'loop --profile') kind='profiles' ;;
    'loop --cacert') kind='file' ;;
    'loop -o' | 'loop --output') kind='words json raw text' ;;
    'loop --color') kind='words auto always never' ;;
    'exec --webhook') kind='topics' ;;
    'exec --cache') kind='caches' ;;
    'exec --limits') kind='words momento off' ;;
    'serve-topics --cache') kind='caches' ;;
    'serve-topics --state') kind='directory' ;;
    'serve-topics --auth-secret') kind='file' ;;
    'serve-topics --admin-key-file') kind='file' ;;
    'serve-topics --tls-cert') kind='file' ;;
    'serve-topics --tls-key') kind='file' ;;
    'serve-topics --limits') kind='words momento off' ;;
    'serve-topics -o' | 'serve-topics --output') kind='words json raw text' ;;
    'serve-topics --color') kind='words auto always never' ;;
    'serve-topics --ready-file') kind='file' ;;
    'serve-webhook --tls-cert') kind='file' ;;
    'serve-webhook --tls-key') kind='file' ;;
    'serve-webhook --register') kind='topics' ;;
    'serve-webhook --secret-file') kind='file' ;;
    'serve-webhook --webhook') kind='webhooks' ;;
    'serve-webhook --transform') kind='words identity lower upper' ;;
    'serve-webhook --sqlite') kind='file' ;;
    'serve-webhook --publish-to') kind='topics' ;;
    'serve-webhook --capture') kind='file' ;;
    'serve-webhook --cache') kind='caches' ;;
    'serve-webhook --api-key-file') kind='file' ;;
    'serve-webhook --profile') kind='profiles' ;;
    'serve-webhook --cacert') kind='file' ;;
    'serve-webhook -o' | 'serve-webhook --output') kind='words json raw text' ;;
    'serve-webhook --color') kind='words auto always never' ;;
    'serve-webhook --ready-file') kind='file' ;;
    'forward --secret-file') kind='file' ;;
    'forward --webhook') kind='webhooks' ;;
    'forward --dead-letter') kind='file' ;;
    'forward --from') kind='words beginning' ;;
    'forward --resume-file') kind='file' ;;
    'forward --cache') kind='caches' ;;
    'forward --api-key-file') kind='file' ;;
    'forward --profile') kind='profiles' ;;
    'forward --cacert') kind='file' ;;
    'forward -o' | 'forward --output') kind='words json raw text' ;;
    'forward --color') kind='words auto always never' ;;
    'forward --ready-file') kind='file' ;;
    'replay --to-topic') kind='topics' ;;
    'replay --secret-file') kind='file' ;;
    'replay --expect-topic') kind='topics' ;;
    'replay --expect-file') kind='file' ;;
    'replay --cache') kind='caches' ;;
    'replay --api-key-file') kind='file' ;;
    'replay --profile') kind='profiles' ;;
    'replay --cacert') kind='file' ;;
    'replay -o' | 'replay --output') kind='words json raw text' ;;
    'replay --color') kind='words auto always never' ;;
    'subscribe --from') kind='words beginning' ;;
    'subscribe --resume-file') kind='file' ;;
    'subscribe --show') kind='words heartbeats gaps' ;;
    'subscribe --capture') kind='file' ;;
    'subscribe --cache') kind='caches' ;;
    'subscribe --api-key-file') kind='file' ;;
    'subscribe --profile') kind='profiles' ;;
    'subscribe --cacert') kind='file' ;;
    'subscribe -o' | 'subscribe --output') kind='words json raw text' ;;
    'subscribe --color') kind='words auto always never' ;;
    'subscribe --ready-file') kind='file' ;;
    'publish -f' | 'publish --file') kind='file' ;;
    'publish --input') kind='words text json' ;;
    'publish --cache') kind='caches' ;;
    'publish --api-key-file') kind='file' ;;
    'publish --profile') kind='profiles' ;;
    'publish --cacert') kind='file' ;;
    'publish -o' | 'publish --output') kind='words json raw text' ;;
    'publish --color') kind='words auto always never' ;;
    'webhook put --cache') kind='caches' ;;
    'webhook put --api-key-file') kind='file' ;;
    'webhook put --profile') kind='profiles' ;;
    'webhook put --cacert') kind='file' ;;
    'webhook put -o' | 'webhook put --output') kind='words json raw text' ;;
    'webhook put --color') kind='words auto always never' ;;
    'webhook put --topic') kind='topics' ;;
    'webhook list --cache') kind='caches' ;;
    'webhook list --api-key-file') kind='file' ;;
    'webhook list --profile') kind='profiles' ;;
    'webhook list --cacert') kind='file' ;;
    'webhook list -o' | 'webhook list --output') kind='words json raw text' ;;
    'webhook list --color') kind='words auto always never' ;;
    'webhook delete --cache') kind='caches' ;;
    'webhook delete --api-key-file') kind='file' ;;
    'webhook delete --profile') kind='profiles' ;;
    'webhook delete --cacert') kind='file' ;;
    'webhook delete -o' | 'webhook delete --output') kind='words json raw text' ;;
    'webhook delete --color') kind='words auto always never' ;;
    'webhook secret --cache') kind='caches' ;;
    'webhook secret --api-key-file') kind='file' ;;
    'webhook secret --profile') kind='profiles' ;;
    'webhook secret --cacert') kind='file' ;;
    'webhook secret -o' | 'webhook secret --output') kind='words json raw text' ;;
    'webhook secret --color') kind='words auto always never' ;;
    'webhook rotate --cache') kind='caches' ;;
    'webhook rotate --api-key-file') kind='file' ;;
    'webhook rotate --profile') kind='profiles' ;;
    'webhook rotate --cacert') kind='file' ;;
    'webhook rotate -o' | 'webhook rotate --output') kind='words json raw text' ;;
    'webhook rotate --color') kind='words auto always never' ;;
    'webhook send --topic') kind='topics' ;;
    'webhook send --cache') kind='caches' ;;
    'webhook send -f' | 'webhook send --file') kind='file' ;;
    'webhook send --secret-file') kind='file' ;;
    'webhook send -o' | 'webhook send --output') kind='words json raw text' ;;
    'webhook send --color') kind='words auto always never' ;;
    'webhook sign --secret-file') kind='file' ;;
    'webhook sign -o' | 'webhook sign --output') kind='words json raw text' ;;
    'webhook sign --color') kind='words auto always never' ;;
    'webhook verify --secret-file') kind='file' ;;
    'webhook verify -o' | 'webhook verify --output') kind='words json raw text' ;;
    'webhook verify --color') kind='words auto always never' ;;
    'capture show -o' | 'capture show --output') kind='words json raw text' ;;
    'capture show --color') kind='words auto always never' ;;
    'capture stat -o' | 'capture stat --output') kind='words json raw text' ;;
    'capture stat --color') kind='words auto always never' ;;
    'capture check -o' | 'capture check --output') kind='words json raw text' ;;
    'capture check --color') kind='words auto always never' ;;
    'capture merge -o' | 'capture merge --output') kind='words json raw text' ;;
    'capture merge --color') kind='words auto always never' ;;
    'capture merge -f' | 'capture merge --output-file') kind='file' ;;
    'capture convert -o' | 'capture convert --output') kind='words json raw text' ;;
    'capture convert --color') kind='words auto always never' ;;
    'capture convert --to') kind='words har curl cloudevents' ;;
    'token create --caches') kind='caches' ;;
    'token create --topics') kind='topics' ;;
    'token create --role') kind='words read write readwrite' ;;
    'token create --expires') kind='words never' ;;
    'token create --auth-secret') kind='file' ;;
    'token create --cache') kind='caches' ;;
    'token create --api-key-file') kind='file' ;;
    'token create --profile') kind='profiles' ;;
    'token create --cacert') kind='file' ;;
    'token create -o' | 'token create --output') kind='words json raw text' ;;
    'token create --color') kind='words auto always never' ;;
    'bench publish -o' | 'bench publish --output') kind='words json raw text' ;;
    'bench publish --color') kind='words auto always never' ;;
    'bench publish --cache') kind='caches' ;;
    'bench publish --api-key-file') kind='file' ;;
    'bench publish --profile') kind='profiles' ;;
    'bench publish --cacert') kind='file' ;;
    'bench subscribe -o' | 'bench subscribe --output') kind='words json raw text' ;;
    'bench subscribe --color') kind='words auto always never' ;;
    'bench subscribe --cache') kind='caches' ;;
    'bench subscribe --api-key-file') kind='file' ;;
    'bench subscribe --profile') kind='profiles' ;;
    'bench subscribe --cacert') kind='file' ;;
    'bench loop -o' | 'bench loop --output') kind='words json raw text' ;;
    'bench loop --color') kind='words auto always never' ;;
    'bench loop --cache') kind='caches' ;;
    'bench loop --api-key-file') kind='file' ;;
    'bench loop --profile') kind='profiles' ;;
    'bench loop --cacert') kind='file' ;;
    'bench webhook -o' | 'bench webhook --output') kind='words json raw text' ;;
    'bench webhook --color') kind='words auto always never' ;;
    'bench webhook --secret-file') kind='file' ;;
    'doctor --topic') kind='topics' ;;
    'doctor --cache') kind='caches' ;;
    'doctor --api-key-file') kind='file' ;;
    'doctor --profile') kind='profiles' ;;
    'doctor --cacert') kind='file' ;;
    'doctor -o' | 'doctor --output') kind='words json raw text' ;;
    'doctor --color') kind='words auto always never' ;;
  esac
}

# Sets REPLY to what the shell would make of the word $1, which may lack its closing quote.
_topicloop_unquote() {
  local rest=$1 text=
  case $rest in
    \'*)
      rest=${rest#\'}
      REPLY=${rest%\'}
      return
      ;;
    \"*)
      rest=${rest#\"}
      [[ $rest == *[!\\]\" ]] && rest=${rest%\"}
      ;;
  esac
  while [[ $rest == *\\* ]]; do
    text+=${rest%%\\*}
    rest=${rest#*\\}
    text+=${rest:0:1}
    rest=${rest:1}
  done
  REPLY=$text$rest
}

# Sets words to the words up to the cursor. COMP_WORDS is also split at : and =, so what nothing
# stood between is joined again.
_topicloop_split() {
  local i line=$COMP_LINE before
  words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    before=$line
    line=${line#"${line%%[![:space:]]*}"}
    if ((i > 0)) && [[ $line == "$before" ]]; then
      words[${#words[@]} - 1]+=${COMP_WORDS[i]}
    else
      words+=("${COMP_WORDS[i]}")
    fi
    line=${line#"${COMP_WORDS[i]}"}
  done
}

# Reads what stands before the cursor: the command, the flag whose value is next, how many
# arguments there are, and whether there was a --.
_topicloop_read() {
  local i word
  path= flag= seen=0 dashes=0 given=()
  _topicloop_command ''
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    _topicloop_unquote "${words[i]}"
    word=$REPLY
    given+=("$word")
    if [[ -n $flag ]]; then
      flag=
    elif ((dashes)); then
      ((++seen))
    elif [[ $word == -- ]]; then
      dashes=1
    elif [[ $word == -* ]]; then
      [[ " $valued " == *" $word "* ]] && flag=$word
      # A flag that may go without a value has the next word if that is an address.
      [[ " $optional " == *" $word "* && ${words[i + 1]} == *:* ]] && flag=$word
    elif [[ " $commands " == *" $word "* ]]; then
      path=${path:+$path }$word
      _topicloop_command "$path"
    else
      ((++seen))
    fi
  done
}

# Sets kind to what is wanted at the cursor.
_topicloop_kind() {
  local last=$((${#arguments[@]} - 1))
  kind=
  if [[ -n $flag ]]; then
    _topicloop_value "$path" "$flag"
  elif ((!dashes)) && [[ $current == -* ]]; then
    kind="words $flags"
  elif [[ -n $commands ]]; then
    kind="words $commands"
  elif ((seen <= last)); then
    kind=${arguments[seen]%...}
  elif ((last >= 0)) && [[ ${arguments[last]} == *... ]]; then
    kind=${arguments[last]%...}
  fi
}

# Puts those of the candidates that begin as the current word does into COMPREPLY, quoted as it is.
_topicloop_reply() {
  local candidate text start=
  _topicloop_unquote "$current"
  local typed=$REPLY
  # The shell replaces only what stands behind the last colon.
  if [[ $current != [\"\']* && $COMP_WORDBREAKS == *:* && $current == *:* ]]; then
    _topicloop_unquote "${current%"${current##*:}"}"
    start=$REPLY
  fi
  for candidate in "${candidates[@]}"; do
    [[ $candidate == "$typed"* ]] || continue
    case $current in
      \'*)
        [[ $candidate == *\'* ]] && continue
        text=$candidate
        ;;
      \"*)
        text=${candidate//\\/\\\\}
        text=${text//\"/\\\"}
        text=${text//\$/\\\$}
        text=${text//\`/\\\`}
        ;;
      *) printf -v text %q "${candidate#"$start"}" ;;
    esac
    COMPREPLY+=("$lead$text")
  done
}

_topicloop() {
  local IFS=$' \t\n' REPLY
  local words path flag seen dashes given commands flags valued optional arguments kind
  local current candidates=() lead= line
  COMPREPLY=()
  _topicloop_split
  _topicloop_read
  current=${words[${#words[@]} - 1]}
  if [[ -z $flag && $dashes == 0 && $current == --*=* ]]; then
    flag=${current%%=*}
    [[ $COMP_WORDBREAKS == *=* ]] || lead=$flag=
    current=${current#*=}
  fi
  _topicloop_kind
  case $kind in
    words\ *) read -ra candidates <<<"${kind#words }" ;;
    file) compopt -o default 2>/dev/null ;;
    directory) compopt -o dirnames 2>/dev/null ;;
    ?*)
      while IFS= read -r line; do
        candidates+=("$line")
      done < <("${1/#\~\//$HOME/}" __complete "$kind" -- "${given[@]}" 2>/dev/null)
      ;;
  esac
  _topicloop_reply
}

complete -F _topicloop topicloop
