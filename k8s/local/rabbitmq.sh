#!/usr/bin/env bash
# Starts a RabbitMQ of its own as an ordinary process and waits until it takes connections.
#   rabbitmq.sh start FOLDER   data, logs and the file 'ports' (AMQP, management) in FOLDER; the user is 'guest', from this machine only
#   rabbitmq.sh stop FOLDER    ends exactly what start began
#   rabbitmq.sh kill FOLDER    the same without warning, as a power cut would
# Started again on the same folder it keeps its ports and its messages.
set -euo pipefail
action=$1
folder=$(mkdir -p "$2" && cd "$2" && pwd)
programs=/usr/lib/rabbitmq/bin

free_port() { python3 - 2>/dev/null <<'PY' || node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])
PY
}

if [ ! -e "$folder/ports" ]; then
    echo "$(free_port) $(free_port) $(free_port) $(free_port)" >"$folder/ports.new"
    mv "$folder/ports.new" "$folder/ports"
fi
read -r amqp management distribution epmd <"$folder/ports"

as_owner=()
if [ "$(id -u)" -eq 0 ]; then as_owner=(setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups); fi

case $action in
start)
    # The name makes the node's own: two of them on one machine never meet.
    export RABBITMQ_NODENAME="grants$amqp@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$amqp RABBITMQ_DIST_PORT=$distribution \
        ERL_EPMD_PORT=$epmd ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_MNESIA_BASE=$folder/data RABBITMQ_LOG_BASE=$folder/log \
        RABBITMQ_ENABLED_PLUGINS_FILE=$folder/plugins RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf RABBITMQ_PID_FILE=$folder/pid RABBITMQ_CONF_ENV_FILE=/dev/null HOME=$folder
    echo '[rabbitmq_management].' >"$folder/plugins"
    # Low marks of disk and memory would stop it on a small machine; the defaults of the statistics are of no use here.
    cat >"$folder/rabbitmq.conf" <<CONF
management.tcp.ip = 127.0.0.1
management.tcp.port = $management
disk_free_limit.absolute = 50MB
collect_statistics_interval = 1000
loopback_users = none
CONF
    [ "$(id -u)" -ne 0 ] || chown -R rabbitmq "$folder"
    cd "$folder"
    setsid "${as_owner[@]}" "$programs/rabbitmq-server" </dev/null >"$folder/output.log" 2>&1 &
    for _ in $(seq 1200); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$amqp") 2>/dev/null && (exec 3<>"/dev/tcp/127.0.0.1/$management") 2>/dev/null; then
            echo "$amqp $management"
            exit 0
        fi
        kill -0 $! 2>/dev/null || break
        sleep 0.1
    done
    echo "RabbitMQ did not start: $folder/output.log" >&2
    tail -5 "$folder/output.log" >&2
    exit 1
    ;;
stop | kill)
    # Everything that carries this node's name in its environment: the server, its helpers and the name service it started for itself.
    signal=TERM
    [ "$action" = stop ] || signal=KILL
    for round in $(seq 200); do
        pids=$(grep -laz "^ERL_EPMD_PORT=$epmd\$" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 || true)
        [ -n "$pids" ] || exit 0
        [ "$round" -lt 100 ] || signal=KILL
        # shellcheck disable=SC2086
        [ "$((round % 100))" -ne 1 ] || kill -s "$signal" $pids 2>/dev/null || true
        sleep 0.1
    done
    echo "RabbitMQ did not end" >&2
    exit 1
    ;;
*)
    echo "rabbitmq.sh start|stop|kill FOLDER" >&2
    exit 2
    ;;
esac
