#!/usr/bin/env bash
# Starts a PostgreSQL of its own as an ordinary process and waits until it takes connections.
#   postgres.sh start FOLDER   data, log, the file 'port' and the file 'password' (of the user postgres) in FOLDER; reached from this machine only
#   postgres.sh stop FOLDER    ends exactly what start began
#   postgres.sh kill FOLDER    the same without warning, as a power cut would
# Started again on the same folder it keeps its port and its data. What it confirmed is on disk (fsync is on).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
action=$1
folder=$(mkdir -p "$2" && cd "$2" && pwd)
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$programs" ] || fail "PostgreSQL is not installed: apt-get install postgresql"
as_owner=$(as postgres)

# pg_ctl reads from its own folder that the process with the noted id is truly this server.
runs() { (cd "$folder" && $as_owner "$programs/pg_ctl" -D "$folder/data" status >/dev/null 2>&1); }

case $action in
start)
    ! runs || exit 0
    if [ ! -e "$folder/port" ]; then
        [ -s "$folder/password" ] || (umask 077 && secret >"$folder/password")
        [ -z "$as_owner" ] || chown postgres "$folder" "$folder/password"
        rm -rf "$folder/data"
        (cd "$folder" && $as_owner "$programs/initdb" -D "$folder/data" -U postgres -A scram-sha-256 --pwfile="$folder/password" -E UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1) \
            || { tail -5 "$folder/initdb.log" >&2; fail "The database could not be made: $folder/initdb.log"; }
        free_ports 1 >"$folder/port.new"
        mv "$folder/port.new" "$folder/port"
    fi
    # Ten processes with pools of their own are connected; a connection that never asks costs little.
    (cd "$folder" && setsid $as_owner "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 120 \
        -o "-c listen_addresses=127.0.0.1 -c port=$(cat "$folder/port") -c unix_socket_directories= -c max_connections=400" start >"$folder/start.log" 2>&1 </dev/null) \
        || { tail -5 "$folder/log" >&2; fail "PostgreSQL did not start: $folder/log"; }
    ;;
stop | kill)
    runs || exit 0
    mode=fast
    [ "$action" = stop ] || mode=immediate
    (cd "$folder" && $as_owner "$programs/pg_ctl" -D "$folder/data" -m "$mode" -w -t 60 stop >/dev/null) || fail "PostgreSQL did not end"
    ;;
*)
    echo "postgres.sh start|stop|kill FOLDER" >&2
    exit 2
    ;;
esac
