# fish completion for topicloop. Made by `topicloop completion fish`: do not edit.

# Names that a service or this machine knows: $argv[1] is caches, topics, webhooks, profiles or
# commands.
function __topicloop_names
    set -l words (commandline -opc)
    $words[1] __complete $argv[1] -- $words[2..-1] 2>/dev/null
end

# Whether the cursor is at the command $argv[1], behind $argv[2] arguments ("2+": or more) if given.
function __topicloop_at
    set -l path
    set -l seen 0
    set -l skip 0
    set -l dashes 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if test $dashes = 1
            set seen (math $seen + 1)
        else if test "$word" = --
            set dashes 1
        else if string match -q -- '-*' "$word"
            contains -- "$word" (__topicloop_valued "$path"); and set skip 1
        else if contains -- "$(string join ' ' $path $word)" $__topicloop_commands
            set path (string join ' ' $path $word)
        else
            set seen (math $seen + 1)
        end
    end
    test "$path" = "$argv[1]"; or return 1
    set -q argv[2]; or return 0
    if string match -q -- '*+' $argv[2]
        test $seen -ge (string replace + '' $argv[2])
    else
        test $seen = $argv[2]
    end
end

set -g __topicloop_commands 'loop' 'serve-topics' 'serve-webhook' 'forward' 'subscribe' 'publish' 'webhook' 'webhook put' 'webhook list' 'webhook delete' 'webhook secret' 'webhook rotate' 'webhook send' 'webhook sign' 'webhook verify' 'capture' 'capture show' 'capture stat' 'capture check' 'capture merge' 'capture convert' 'token' 'token create' 'doctor' 'help' 'completion'

# The flags of the command $argv[1] that take a value.
function __topicloop_valued
    switch "$argv[1]"
        case 'loop'
            string split ' ' -- '--in --out --message --transform -n --count --timeout --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color'
        case 'serve-topics'
            string split ' ' -- '--listen --cache --retain --webhook-concurrency --http --http-poll-timeout --state --auth-secret --admin-key-file --tls-cert --tls-key --fault --limits -o --output --color --ready-file'
        case 'serve-webhook'
            string split ' ' -- '--listen --path --tls-cert --tls-key --register --public-url --ngrok-api --secret-file --webhook --max-age --transform --exec --exec-timeout --exec-concurrency --pipe --pipe-timeout --sqlite --forward-to --publish-to --capture --redact --respond --respond-body --respond-delay --dedupe --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color --ready-file'
        case 'forward'
            string split ' ' -- '--to --lambda --secret-file --webhook --retry --retry-max-time --timeout --concurrency --dead-letter -n --count --from --resume-file --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color --ready-file'
        case 'subscribe'
            string split ' ' -- '-n --count --timeout --idle-timeout --from --resume-file --match --show --capture --redact --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color --ready-file'
        case 'publish'
            string split ' ' -- '-f --file --input -n --repeat --rate --in-flight --retry --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color'
        case 'webhook put'
            string split ' ' -- '--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color --topic --url'
        case 'webhook list'
            string split ' ' -- '--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color'
        case 'webhook delete'
            string split ' ' -- '--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color'
        case 'webhook secret'
            string split ' ' -- '--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color'
        case 'webhook rotate'
            string split ' ' -- '--cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color'
        case 'webhook send'
            string split ' ' -- '--topic --cache --text -f --file --sequence-number --token-id --age --timeout --secret-file -o --output --color'
        case 'webhook sign'
            string split ' ' -- '--secret-file -o --output --color'
        case 'webhook verify'
            string split ' ' -- '--signature --max-age --secret-file -o --output --color'
        case 'capture show'
            string split ' ' -- '-o --output --color'
        case 'capture stat'
            string split ' ' -- '-o --output --color'
        case 'capture check'
            string split ' ' -- '-o --output --color'
        case 'capture merge'
            string split ' ' -- '-o --output --color -f --output-file'
        case 'capture convert'
            string split ' ' -- '-o --output --color --to'
        case 'token create'
            string split ' ' -- '--caches --topics --role --token-id --expires --auth-secret --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color'
        case 'doctor'
            string split ' ' -- '--topic --cache --connect-timeout --api-key-file --api-key --endpoint --profile --cacert -o --output --color'
    end
end

complete -c topicloop -f

# topicloop
complete -c topicloop -n '__topicloop_at \'\' 0' -a loop -d 'Run the whole loop: publish, webhook, process, publish, subscribe'
complete -c topicloop -n '__topicloop_at \'\' 0' -a serve-topics -d 'Run an embedded Momento-compatible topic service'
complete -c topicloop -n '__topicloop_at \'\' 0' -a serve-webhook -d 'Receive webhooks, verify them, process them, publish on'
complete -c topicloop -n '__topicloop_at \'\' 0' -a forward -d 'Follow topics and POST each message as a signed webhook'
complete -c topicloop -n '__topicloop_at \'\' 0' -a subscribe -d 'Follow one or more topics'
complete -c topicloop -n '__topicloop_at \'\' 0' -a publish -d 'Publish messages to a topic'
complete -c topicloop -n '__topicloop_at \'\' 0' -a webhook -d 'Manage webhooks on the service; send, sign and verify events'
complete -c topicloop -n '__topicloop_at \'\' 0' -a capture -d 'Look into capture files and convert them'
complete -c topicloop -n '__topicloop_at \'\' 0' -a token -d 'Make keys for a service that requires them'
complete -c topicloop -n '__topicloop_at \'\' 0' -a doctor -d 'Check key, endpoint, TLS, cache, clock, ports and ngrok'
complete -c topicloop -n '__topicloop_at \'\' 0' -a help -d 'Show the help of a command'
complete -c topicloop -n '__topicloop_at \'\' 0' -a completion -d 'Print a completion script for a shell'
complete -c topicloop -n '__topicloop_at \'\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'\'' -l version -d 'Display program version information and exit'

# topicloop loop
complete -c topicloop -n '__topicloop_at \'loop\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'loop\'' -l in -x -a '(__topicloop_names topics)' -d 'Inbound topic'
complete -c topicloop -n '__topicloop_at \'loop\'' -l out -x -a '(__topicloop_names topics)' -d 'Outbound topic'
complete -c topicloop -n '__topicloop_at \'loop\'' -l message -x -d 'Message to send round; repeatable (else each line of standard input)'
complete -c topicloop -n '__topicloop_at \'loop\'' -l transform -x -a 'identity lower upper' -d 'What to do to the text: identity, upper or lower (full Unicode)'
complete -c topicloop -n '__topicloop_at \'loop\'' -s n -l count -x -d 'End after this many messages'
complete -c topicloop -n '__topicloop_at \'loop\'' -l timeout -x -d 'How long a message may take'
complete -c topicloop -n '__topicloop_at \'loop\'' -l stats -d 'Show how long the loop took'
complete -c topicloop -n '__topicloop_at \'loop\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'loop\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'loop\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'loop\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'loop\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'loop\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'loop\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'loop\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'loop\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'loop\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'loop\'' -l color -x -a 'auto always never' -d 'auto, always or never'

# topicloop serve-topics
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l listen -x -d 'Address for gRPC; or unix:PATH'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache to make at start; repeatable'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l retain -x -d 'Messages kept per topic, for resume'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l webhook-concurrency -x -d 'Deliveries under way per webhook, up to 1024; 1 keeps them in order'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l http -x -d 'Address for the HTTP API, health, metrics and state; or none'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l http-poll-timeout -x -d 'How long a GET of a topic waits for a message'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l state -x -a '(__fish_complete_directories)' -d 'Keep caches, webhooks and secrets here, no messages'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l require-auth -d 'Serve only callers with a key of this service'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l auth-secret -r -F -d 'Secret that signs keys, made if missing (else kept by --state, or new)'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l admin-key-file -r -F -d 'Write a key there that permits everything, before ready'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l tls-cert -r -F -d 'Serve TLS with this certificate chain, PEM'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l tls-key -r -F -d 'Its private key, PEM'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l fault -x -d 'Fault to inject, see below; repeatable'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l limits -x -a 'momento off' -d 'Limits to enforce, see below; repeatable'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'serve-topics\'' -l ready-file -r -F -d 'Write this file once ready, remove it at the end'

# topicloop serve-webhook
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l listen -x -d 'Where to listen; port 0 picks a free one'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l path -x -d 'Path that receives'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l tls-cert -r -F -d 'Serve TLS with this certificate chain, PEM'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l tls-key -r -F -d 'Its private key, PEM'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l register -x -a '(__topicloop_names topics)' -d 'Create or update a webhook on this topic that points here'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l keep-webhook -d 'Leave the webhook that --register created when this ends'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l public-url -x -d 'URL to register, if the service reaches us by another one'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l ngrok -d 'Register the URL of ngrok\'s tunnel to us; ngrok is started if none runs'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l ngrok-api -x -d 'Where the ngrok agent answers (NGROK_API, else http://127.0.0.1:4040)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l secret-file -r -F -d 'Signing secret; repeatable, any may match (or TOPICLOOP_WEBHOOK_SECRET)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l webhook -x -a '(__topicloop_names webhooks)' -d 'Use this webhook\'s secret; with --register: the name to register'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l no-verify -d 'Accept requests without a valid signature'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l max-age -x -d 'Refuse events fired longer ago than this; 0 accepts any'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l transform -x -a 'identity lower upper' -d 'What to do to the text: identity, upper or lower (full Unicode)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l exec -x -d 'Run this for each event: payload in, what it writes goes on'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l exec-timeout -x -d 'Kill it and fail the event after this'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l exec-concurrency -x -d 'How many may run at once'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l binary -d 'What --exec writes is bytes, not text'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l pipe -x -d 'Start this once: an event\'s JSON in, a line of JSON back'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l pipe-timeout -x -d 'Restart it and fail the event without an answer after this'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l sqlite -r -F -d 'Keep each event as a row of the table events in this database'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l forward-to -x -d 'POST the request on to this URL, body and signature unchanged; repeatable'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l publish-to -x -a '(__topicloop_names topics)' -d 'Publish the result to this topic, e.g. {topic}/done; repeatable'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l capture -r -F -d 'Append every request and our answer to this file, before answering; .gz or .zst compresses'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l redact -x -d 'Leave this header\'s or JSON member\'s value out of the capture; repeatable'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l respond -x -d 'Answer accepted events with this status; several: in turn, the last stays'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l respond-body -x -d 'And with this body, JSON or text'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l respond-delay -x -d 'And this much later'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l dedupe -x -d 'Do not do an event again that was done within this time; still answer 200'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l aggregate -d 'Show counts and rates by topic and token id, this often (1s)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'serve-webhook\'' -l ready-file -r -F -d 'Write this file once ready, remove it at the end'

# topicloop forward
complete -c topicloop -n '__topicloop_at \'forward\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'forward\'' -l to -x -d 'URL to POST every message to; repeatable'
complete -c topicloop -n '__topicloop_at \'forward\'' -l lambda -x -d 'Lambda runtime emulator to invoke with every message, as API Gateway would'
complete -c topicloop -n '__topicloop_at \'forward\'' -l secret-file -r -F -d 'Signing secret (else TOPICLOOP_WEBHOOK_SECRET)'
complete -c topicloop -n '__topicloop_at \'forward\'' -l webhook -x -a '(__topicloop_names webhooks)' -d 'Sign with the secret of this webhook'
complete -c topicloop -n '__topicloop_at \'forward\'' -l retry -x -d 'Try again so often: no answer, 408, 429 (Retry-After honoured), 5xx'
complete -c topicloop -n '__topicloop_at \'forward\'' -l retry-max-time -x -d 'No attempt begins later than this after a message\'s first'
complete -c topicloop -n '__topicloop_at \'forward\'' -l timeout -x -d 'How long an endpoint may take to answer'
complete -c topicloop -n '__topicloop_at \'forward\'' -l concurrency -x -d 'Deliveries at a time to each URL, in any order'
complete -c topicloop -n '__topicloop_at \'forward\'' -l ordered -d 'Each topic\'s messages one after the other, retries included'
complete -c topicloop -n '__topicloop_at \'forward\'' -l dead-letter -r -F -d 'Append what cannot be delivered to this capture file, and go on'
complete -c topicloop -n '__topicloop_at \'forward\'' -s n -l count -x -d 'End after so many messages, once delivered'
complete -c topicloop -n '__topicloop_at \'forward\'' -l from -x -a 'beginning' -d 'Begin with this sequence number, or with what the service still has'
complete -c topicloop -n '__topicloop_at \'forward\'' -l resume-file -r -F -d 'Begin after what the last run with this file delivered; kept up to date'
complete -c topicloop -n '__topicloop_at \'forward\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'forward\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'forward\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'forward\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'forward\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'forward\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'forward\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'forward\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'forward\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'forward\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'forward\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'forward\'' -l ready-file -r -F -d 'Write this file once ready, remove it at the end'
complete -c topicloop -n '__topicloop_at \'forward\' 0+' -a '(__topicloop_names topics)'

# topicloop subscribe
complete -c topicloop -n '__topicloop_at \'subscribe\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -s n -l count -x -d 'End after this many messages'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l timeout -x -d 'End with 124 after this long'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l idle-timeout -x -d 'End with 124 once no message was shown for this long'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l fail-on-gap -d 'End with 6 if messages are missing'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l from -x -a 'beginning' -d 'Begin with this sequence number, or with what the service still has'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l resume-file -r -F -d 'Begin where the last run with this file ended; kept up to date'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l match -x -d 'Show and count only messages that match this regular expression (RE2)'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l show -x -a 'heartbeats gaps' -d 'What else to show: heartbeats; gaps always are'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l capture -r -F -d 'Append messages and gaps to this file; .gz or .zst compresses'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l redact -x -d 'Leave this header\'s or JSON member\'s value out of the capture; repeatable'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'subscribe\'' -l ready-file -r -F -d 'Write this file once ready, remove it at the end'
complete -c topicloop -n '__topicloop_at \'subscribe\' 0+' -a '(__topicloop_names topics)'

# topicloop publish
complete -c topicloop -n '__topicloop_at \'publish\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'publish\'' -s f -l file -r -F -d 'The whole file is one message; - is standard input'
complete -c topicloop -n '__topicloop_at \'publish\'' -l input -x -a 'text json' -d 'What each line is: text; or json, also of a file: as subscribe -o json or a capture has it'
complete -c topicloop -n '__topicloop_at \'publish\'' -l binary -d 'Publish as bytes instead of text'
complete -c topicloop -n '__topicloop_at \'publish\'' -s n -l repeat -x -d 'Publish the value or the file so many times'
complete -c topicloop -n '__topicloop_at \'publish\'' -l rate -x -d 'Publish so many messages a second (else: at once)'
complete -c topicloop -n '__topicloop_at \'publish\'' -l in-flight -x -d 'Messages on their way at a time, up to 1024; 1 keeps them in order'
complete -c topicloop -n '__topicloop_at \'publish\'' -l retry -x -d 'Try a message again so often if the failure may pass; it may arrive twice'
complete -c topicloop -n '__topicloop_at \'publish\'' -l keep-going -d 'Go on after a message that failed; the exit code is the first one\'s'
complete -c topicloop -n '__topicloop_at \'publish\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'publish\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'publish\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'publish\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'publish\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'publish\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'publish\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'publish\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'publish\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'publish\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'publish\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'publish\' 0' -a '(__topicloop_names topics)'

# topicloop webhook
complete -c topicloop -n '__topicloop_at \'webhook\' 0' -a put -d 'Create or update a webhook; prints its secret'
complete -c topicloop -n '__topicloop_at \'webhook\' 0' -a list -d 'List webhooks: name, topic and URL, separated by tabs'
complete -c topicloop -n '__topicloop_at \'webhook\' 0' -a delete -d 'Delete a webhook'
complete -c topicloop -n '__topicloop_at \'webhook\' 0' -a secret -d 'Print a webhook\'s signing secret'
complete -c topicloop -n '__topicloop_at \'webhook\' 0' -a rotate -d 'Replace a webhook\'s signing secret at once; prints the new one'
complete -c topicloop -n '__topicloop_at \'webhook\' 0' -a send -d 'POST one signed event to a URL'
complete -c topicloop -n '__topicloop_at \'webhook\' 0' -a sign -d 'Print the signature of a body'
complete -c topicloop -n '__topicloop_at \'webhook\' 0' -a verify -d 'Check the signature of a body'
complete -c topicloop -n '__topicloop_at \'webhook\'' -s h -l help -d 'Print this help message and exit'

# topicloop webhook put
complete -c topicloop -n '__topicloop_at \'webhook put\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l topic -x -a '(__topicloop_names topics)' -d 'Topic whose messages it sends'
complete -c topicloop -n '__topicloop_at \'webhook put\'' -l url -x -d 'Where to POST them'
complete -c topicloop -n '__topicloop_at \'webhook put\' 0' -a '(__topicloop_names webhooks)'

# topicloop webhook list
complete -c topicloop -n '__topicloop_at \'webhook list\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'webhook list\'' -l color -x -a 'auto always never' -d 'auto, always or never'

# topicloop webhook delete
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'webhook delete\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'webhook delete\' 0' -a '(__topicloop_names webhooks)'

# topicloop webhook secret
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'webhook secret\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'webhook secret\' 0' -a '(__topicloop_names webhooks)'

# topicloop webhook rotate
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'webhook rotate\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'webhook rotate\' 0' -a '(__topicloop_names webhooks)'

# topicloop webhook send
complete -c topicloop -n '__topicloop_at \'webhook send\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l topic -x -a '(__topicloop_names topics)' -d 'The event\'s topic'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l text -x -d 'The event\'s text'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -s f -l file -r -F -d 'The event\'s text is this file\'s content; - is standard input'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l sequence-number -x -d 'Its topic_sequence_number'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l token-id -x -d 'Its token_id'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l age -x -d 'Fire it as if it were so long ago'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l timeout -x -d 'How long the answer may take'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l secret-file -r -F -d 'Signing secret (else TOPICLOOP_WEBHOOK_SECRET)'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'webhook send\'' -l color -x -a 'auto always never' -d 'auto, always or never'

# topicloop webhook sign
complete -c topicloop -n '__topicloop_at \'webhook sign\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'webhook sign\'' -l secret-file -r -F -d 'Signing secret (else TOPICLOOP_WEBHOOK_SECRET)'
complete -c topicloop -n '__topicloop_at \'webhook sign\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'webhook sign\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'webhook sign\' 0' -F

# topicloop webhook verify
complete -c topicloop -n '__topicloop_at \'webhook verify\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'webhook verify\'' -l signature -x -d 'What the header momento-signature said'
complete -c topicloop -n '__topicloop_at \'webhook verify\'' -l max-age -x -d 'Also refuse an event fired longer ago than this; 0 accepts any'
complete -c topicloop -n '__topicloop_at \'webhook verify\'' -l explain -d 'Try out what may have gone wrong and say what did'
complete -c topicloop -n '__topicloop_at \'webhook verify\'' -l secret-file -r -F -d 'Signing secret; repeatable, any may match (or TOPICLOOP_WEBHOOK_SECRET)'
complete -c topicloop -n '__topicloop_at \'webhook verify\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'webhook verify\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'webhook verify\' 0' -F

# topicloop capture
complete -c topicloop -n '__topicloop_at \'capture\' 0' -a show -d 'Print what is in captures'
complete -c topicloop -n '__topicloop_at \'capture\' 0' -a stat -d 'Count what is in captures'
complete -c topicloop -n '__topicloop_at \'capture\' 0' -a check -d 'Check that every line of captures is sound'
complete -c topicloop -n '__topicloop_at \'capture\' 0' -a merge -d 'Write several captures into one, by time'
complete -c topicloop -n '__topicloop_at \'capture\' 0' -a convert -d 'Print captures as another tool reads them'
complete -c topicloop -n '__topicloop_at \'capture\'' -s h -l help -d 'Print this help message and exit'

# topicloop capture show
complete -c topicloop -n '__topicloop_at \'capture show\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'capture show\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'capture show\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'capture show\'' -l details -d 'Headers and bodies of requests, too'
complete -c topicloop -n '__topicloop_at \'capture show\' 0+' -F

# topicloop capture stat
complete -c topicloop -n '__topicloop_at \'capture stat\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'capture stat\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'capture stat\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'capture stat\' 0+' -F

# topicloop capture check
complete -c topicloop -n '__topicloop_at \'capture check\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'capture check\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'capture check\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'capture check\' 0+' -F

# topicloop capture merge
complete -c topicloop -n '__topicloop_at \'capture merge\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'capture merge\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'capture merge\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'capture merge\'' -s f -l output-file -r -F -d 'The new capture, not there yet; .gz or .zst compresses; - is stdout'
complete -c topicloop -n '__topicloop_at \'capture merge\' 0+' -F

# topicloop capture convert
complete -c topicloop -n '__topicloop_at \'capture convert\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'capture convert\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'capture convert\'' -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c topicloop -n '__topicloop_at \'capture convert\'' -l to -x -a 'har curl cloudevents' -d 'har, curl (a command a line) or cloudevents (JSON Lines)'
complete -c topicloop -n '__topicloop_at \'capture convert\' 0+' -F

# topicloop token
complete -c topicloop -n '__topicloop_at \'token\' 0' -a create -d 'Make a key and print it'
complete -c topicloop -n '__topicloop_at \'token\'' -s h -l help -d 'Print this help message and exit'

# topicloop token create
complete -c topicloop -n '__topicloop_at \'token create\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'token create\'' -l caches -x -a '(__topicloop_names caches)' -d 'Cache it is for, * for all; repeatable (else that of --cache)'
complete -c topicloop -n '__topicloop_at \'token create\'' -l topics -x -a '(__topicloop_names topics)' -d 'Topic it is for, a trailing * stands for any ending; repeatable'
complete -c topicloop -n '__topicloop_at \'token create\'' -l role -x -a 'read write readwrite' -d 'read (subscribe), write (publish) or readwrite (both)'
complete -c topicloop -n '__topicloop_at \'token create\'' -l superuser -d 'It permits everything'
complete -c topicloop -n '__topicloop_at \'token create\'' -l token-id -x -d 'Label that subscribers see as the publisher\'s id'
complete -c topicloop -n '__topicloop_at \'token create\'' -l expires -x -a 'never' -d 'How long it is valid; never only with --auth-secret'
complete -c topicloop -n '__topicloop_at \'token create\'' -l auth-secret -r -F -d 'Make it here with the service\'s signing secret, without asking the service'
complete -c topicloop -n '__topicloop_at \'token create\'' -l bare -d 'Print the key alone, not an SDK\'s credential'
complete -c topicloop -n '__topicloop_at \'token create\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'token create\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'token create\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'token create\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'token create\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'token create\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'token create\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'token create\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'token create\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'token create\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'token create\'' -l color -x -a 'auto always never' -d 'auto, always or never'

# topicloop doctor
complete -c topicloop -n '__topicloop_at \'doctor\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l topic -x -a '(__topicloop_names topics)' -d 'Topic to subscribe to for a moment'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l cache -x -a '(__topicloop_names caches)' -d 'Cache of the topic (MOMENTO_CACHE_NAME, the profile\'s, default-cache)'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l local -d 'Local service, 127.0.0.1:8080 by itself (TOPICLOOP_LOCAL); or unix:PATH'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l connect-timeout -x -d 'How long to wait for a service that is not up yet'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l api-key-file -r -F -d 'File with the API key to send (else MOMENTO_API_KEY, else the profile\'s)'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l api-key -x -d 'The API key itself, for all on this machine to see; better in a file'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l endpoint -x -d 'Service the key is for (else as the key says, else MOMENTO_ENDPOINT)'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l profile -x -a '(__topicloop_names profiles)' -d 'Profile in ~/.momento to use (MOMENTO_PROFILE, else default)'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l tls -d 'Connect with TLS; the system\'s authorities are trusted'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l cacert -r -F -d 'Connect with TLS; these authorities are trusted, PEM'
complete -c topicloop -n '__topicloop_at \'doctor\'' -s o -l output -x -a 'json raw text' -d 'text, json (one object a line) or raw (payload bytes only)'
complete -c topicloop -n '__topicloop_at \'doctor\'' -l color -x -a 'auto always never' -d 'auto, always or never'

# topicloop help
complete -c topicloop -n '__topicloop_at \'help\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'help\' 0+' -a '(__topicloop_names commands)'

# topicloop completion
complete -c topicloop -n '__topicloop_at \'completion\'' -s h -l help -d 'Print this help message and exit'
complete -c topicloop -n '__topicloop_at \'completion\' 0' -a 'bash zsh fish'
