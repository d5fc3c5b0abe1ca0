#!/usr/bin/env bash
# One process of the product that up.sh prepared in FOLDER: accounts-1, accounts-2, ... notifications-2, gateway-1.
#   process.sh start FOLDER NAME    starts it unless it runs, and does not wait until it is ready
#   process.sh wait  FOLDER NAME    until it is ready; says what it wrote last if it ends instead
#   process.sh stop  FOLDER NAME    asks it to end, and waits
#   process.sh kill  FOLDER NAME    ends it without warning
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
action=$1 folder=$(cd "$2" && pwd) name=$3
service=${name%-*}
log=$folder/log/$name.log
port=$(sed -n "s/^$name //p" "$folder/ports")
[ -n "$port" ] || fail "There is no $name in $folder."

pid= since=
noted() { [ -e "$folder/run/$name" ] && read -r pid since <"$folder/run/$name"; }
runs() { noted && [ -n "$since" ] && [ "$(began "$pid")" = "$since" ]; }

case $action in
start)
    ! runs || exit 0
    program=$(cat "$folder/programs/$service")
    set -a
    . "$folder/settings/$service"
    set +a
    # Started often and not busy: profiling costs more at the start than it gives later.
    export ASPNETCORE_URLS=http://127.0.0.1:$port DOTNET_TieredPGO=${DOTNET_TieredPGO:-0} OTEL_SERVICE_NAME=$name
    cd "$(dirname "$program")"
    setsid dotnet "$program" </dev/null >>"$log" 2>&1 9>&- &
    echo "$! $(began $!)" >"$folder/run/$name.new"
    mv "$folder/run/$name.new" "$folder/run/$name"
    ;;
wait)
    for _ in $(seq 1200); do
        [ "$(curl -s -o /dev/null -w '%{http_code}' -m 10 "http://127.0.0.1:$port/health/ready")" != 200 ] || exit 0
        runs || break
        sleep 0.1
    done
    echo "$name is not ready. The last lines of $log:" >&2
    tail -20 "$log" >&2
    exit 1
    ;;
stop | kill)
    runs || exit 0
    signal=TERM
    [ "$action" = stop ] || signal=KILL
    kill -s "$signal" "$pid" 2>/dev/null || true
    # Requests that are being answered are finished first; who takes a minute for that does not end by itself.
    for _ in $(seq 1200); do
        runs || break
        sleep 0.05
    done
    ! runs || kill -s KILL "$pid" 2>/dev/null || true
    rm -f "$folder/run/$name"
    ;;
*)
    echo "process.sh start|wait|stop|kill FOLDER NAME" >&2
    exit 2
    ;;
esac
