#!/usr/bin/env bash
# Runs the services apart on this machine, as ordinary processes on free ports of 127.0.0.1: a PostgreSQL and a RabbitMQ of its own, every service twice, and the
# gateway in front, in demonstration mode. Waits until all are ready; the last line is the address to open. down.sh ends it.
#   up.sh [FOLDER]    where all data, logs and passwords are; started again on the same folder it goes on with the same data
# BUILD=no takes the programs as they were built; CONFIGURATION=Release takes those. BROKER_PORT is where the services look for RabbitMQ instead of at its own
# port: tests put a bad line between.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/common.sh"
folder=${1:-${TMPDIR:-/tmp}/grants-local-$(id -u)}
configuration=${CONFIGURATION:-Debug}
services="accounts applications reviews disbursements notifications"
processes=$(for service in $services; do echo "$service-1 $service-2"; done; echo gateway-1)

for program in dotnet node curl psql setsid setpriv; do command -v $program >/dev/null || fail "$program is needed."; done
# Others may pass through to the servers' folders, which belong to their users; nothing else in here is for them.
mkdir -p -m 711 "$folder"
folder=$(cd "$folder" && pwd)
[ -O "$folder" ] || fail "$folder belongs to somebody else."
mkdir -p -m 700 "$folder/settings" "$folder/run" "$folder/log" "$folder/programs" "$folder/data"
exec 9>"$folder/lock"
flock -n 9 || fail "$folder is being started or ended."

ended_well=
finish() {
    [ -n "$ended_well" ] && return
    echo "Not started; ending what was begun." >&2
    exec 9>&-
    "$here/down.sh" "$folder" >/dev/null || true
}
trap finish EXIT

build() {
    local built="$root/artifacts/bin/Gateway/${configuration,,}/Gateway.dll"
    [ "${BUILD:-yes}" = yes ] || return 0
    local stamp=$root/artifacts/local-built-${configuration,,}
    [ ! -e "$built" ] || [ ! -e "$stamp" ] || [ -n "$(find "$root/services" "$root/gateway" "$root"/Directory.* -type f -newer "$stamp" -not -path '*/node_modules/*' -print -quit)" ] || return 0
    echo "Building ..."
    touch "$stamp.new"
    for project in services/AllInOne gateway; do
        dotnet build "$root/$project" -c "$configuration" --nologo -v q -p:UseSharedCompilation=false -nodeReuse:false 9>&- || fail "The build failed."
    done
    mv "$stamp.new" "$stamp"
}

# NAME=VALUE in a file of passwords, made once.
password() {
    if ! grep -qs "^$1=" "$folder/passwords"; then (umask 077 && echo "$1=$(secret)" >>"$folder/passwords"); fi
    sed -n "s/^$1=//p" "$folder/passwords"
}

port_of() { sed -n "s/^$1 //p" "$folder/ports"; }

addresses_of() { echo "http://127.0.0.1:$(port_of "$1-1");http://127.0.0.1:$(port_of "$1-2")"; }

sql() { PGPASSWORD=$(cat "$folder/postgres/password") psql -q -h 127.0.0.1 -p "$(cat "$folder/postgres/port")" -U postgres -v ON_ERROR_STOP=1 -d postgres >/dev/null; }

connection() { echo "Host=127.0.0.1;Port=$(cat "$folder/postgres/port");Database=$1;Username=$2;Password=$(password "$2");Maximum Pool Size=20"; }

# Each service has a database, which belongs to the one who releases; the service's own login only uses the rows of its tables.
make_databases() {
    {
        for service in $services; do
            for login in "$service" "${service}_owner"; do
                echo "select 'create role $login login' where not exists (select from pg_roles where rolname = '$login') \gexec"
                echo "alter role $login password '$(password "$login")';"
            done
            echo "select 'create database $service owner ${service}_owner' where not exists (select from pg_database where datname = '$service') \gexec"
        done
    } | sql
}

# The broker's management answers over HTTP at once; its command line takes a second each. The password does not stand on a command line.
broker() {
    local method=$1 path=$2 body=${3:-}
    printf 'user = "guest:%s"\n' "${broker_password:-$(password broker)}" \
        | curl -sf -K - -X "$method" -H 'content-type: application/json' ${body:+-d @/dev/fd/3} "http://127.0.0.1:$management/api/$path" 3<<<"$body"
}

# Each service has a login that reads queues of its own name only and publishes its own events only: what another service says can be neither read nor forged.
# It may declare the events of others, because who binds a queue to an event names it first.
make_broker() {
    local service name
    broker GET whoami >/dev/null || broker_password=guest broker PUT users/guest "{\"password\":\"$(password broker)\",\"tags\":\"administrator\"}" >/dev/null
    broker PUT vhosts/grants
    broker PUT permissions/grants/guest '{"configure":".*","write":".*","read":".*"}'
    broker PUT users/release "{\"password\":\"$(password broker_release)\",\"tags\":\"\"}"
    broker PUT permissions/grants/release '{"configure":".*","write":".*","read":".*"}'
    for service in $services; do
        name=${service^}
        broker PUT "users/$service" "{\"password\":\"$(password "broker_$service")\",\"tags\":\"\"}"
        broker PUT "permissions/grants/$service" "{\"configure\":\"^($service\\\\.|Grants\\\\.Contracts)\",\"write\":\"^($service\\\\.|Grants\\\\.Contracts\\\\.($name|Reconciliation):)\",\"read\":\"^($service\\\\.|Grants\\\\.Contracts)\"}"
    done
}

# What every process is told; the file holds passwords.
settings() {
    local service=$1
    shift
    (
        umask 077
        {
            printf "%s\n" ASPNETCORE_ENVIRONMENT=Development "Data__Folder='$folder/data'" "Files__Folder='$folder/data/files'" "Clock__OffsetFile='$folder/data/clock-offset'" \
                "PublicOrigin=http://localhost:$(port_of gateway-1)" Demo__Enabled=true Database__Provider=postgres Messaging__Transport=rabbitmq "Services__accounts='$(addresses_of accounts)'"
            printf "%s\n" "$@"
        } >"$folder/settings/$service.new"
    )
    mv "$folder/settings/$service.new" "$folder/settings/$service"
}

write_settings() {
    local service all=() addresses=() bin=$root/artifacts/bin
    for service in $services; do
        settings "$service" "ConnectionStrings__$service='$(connection "$service" "$service")'" \
            "ConnectionStrings__rabbitmq='amqp://$service:$(password "broker_$service")@127.0.0.1:$amqp/grants'" "Edge__ServiceCredential=$(password credential)"
        echo "$bin/${service^}/${configuration,,}/${service^}.dll" >"$folder/programs/$service"
        all+=("ConnectionStrings__$service='$(connection "$service" "${service}_owner")'" "Database__Roles__$service=$service")
        addresses+=("Services__$service='$(addresses_of "$service")'")
    done
    settings release "${all[@]}" "ConnectionStrings__rabbitmq='amqp://release:$(password broker_release)@127.0.0.1:$amqp/grants'" "Edge__ServiceCredential=$(password credential)"
    settings gateway "${addresses[@]}" "Edge__ServiceCredential=$(password credential)"
    echo "$bin/Gateway/${configuration,,}/Gateway.dll" >"$folder/programs/gateway"
}

release() (
    set -a
    . "$folder/settings/release"
    set +a
    cd "$root/artifacts/bin/AllInOne/${configuration,,}"
    dotnet AllInOne.dll --migrate >"$folder/log/release.log" 2>&1 9>&- || { tail -20 "$folder/log/release.log" >&2; fail "The release step failed: $folder/log/release.log"; }
)

build
if [ ! -e "$folder/ports" ]; then
    paste -d' ' <(printf '%s\n' $processes) <(free_ports "$(wc -w <<<"$processes")") >"$folder/ports.new"
    mv "$folder/ports.new" "$folder/ports"
fi

echo "Starting PostgreSQL and RabbitMQ ..."
"$here/postgres.sh" start "$folder/postgres" 9>&- &
postgres=$!
if [ ! -e "$folder/rabbitmq/ports" ] || ! curl -s -o /dev/null "http://127.0.0.1:$(cut -d' ' -f2 "$folder/rabbitmq/ports")/api/whoami"; then
    "$here/rabbitmq.sh" start "$folder/rabbitmq" >/dev/null 9>&-
fi
wait $postgres || fail "PostgreSQL did not start."
read -r amqp management _ <"$folder/rabbitmq/ports"
amqp=${BROKER_PORT:-$amqp}
make_databases
make_broker
write_settings

echo "Databases, queues and the demonstration ..."
release

echo "Starting the services ..."
# A few at a time: all at once would only wait for each other. The gateway last: before, it would find nobody to send a request to.
started=()
for process in $processes; do
    if [ "$process" = gateway-1 ] || [ ${#started[@]} -ge 4 ]; then
        for other in "${started[@]}"; do "$here/process.sh" wait "$folder" "$other"; done
        started=()
    fi
    "$here/process.sh" start "$folder" "$process" 9>&-
    started+=("$process")
done
for process in "${started[@]}"; do "$here/process.sh" wait "$folder" "$process"; done

ended_well=yes
echo "Data, logs and passwords are in $folder"
echo "http://localhost:$(port_of gateway-1)"
