#!/usr/bin/env bash
# Writes the Secrets that the chart and this folder's servers name, with random passwords made now, as manifests:
#   k8s/development/secrets.sh | kubectl -n grants apply -f -
# Run once: another run makes other passwords, which servers that have data already do not know.
set -euo pipefail
services="accounts applications reviews disbursements notifications"

random() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

# secret NAME KEY VALUE ...
secret() {
    printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\ntype: Opaque\ndata:\n' "$1"
    shift
    while [ $# -gt 0 ]; do
        printf '  %s: %s\n' "$1" "$(printf %s "$2" | base64 -w0)"
        shift 2
    done
}

database() { echo "Host=postgres;Database=$1;Username=$2;Password=$3"; }

passwords=(postgres "$(random)")
release=()
users=
permissions=
may() { permissions+="{\"user\":\"$1\",\"vhost\":\"grants\",\"configure\":\"$2\",\"write\":\"$3\",\"read\":\"$4\"},"; }
for service in $services; do
    owner=$(random) role=$(random) broker=$(random)
    passwords+=("${service}_owner" "$owner" "$service" "$role")
    release+=("$service" "$(database "$service" "${service}_owner" "$owner")")
    users+="{\"name\":\"$service\",\"password\":\"$broker\",\"tags\":\"\"},"
    # Its own queues, and its own events: what another service says can be neither read nor forged.
    may "$service" "^($service\\\\.|Grants\\\\.Contracts)" "^($service\\\\.|Grants\\\\.Contracts\\\\.(${service^}|Reconciliation):)" "^($service\\\\.|Grants\\\\.Contracts)"
    secret "grants-$service" database "$(database "$service" "$service" "$role")" rabbitmq "amqp://$service:$broker@rabbitmq:5672/grants"
done
broker=$(random)
users+="{\"name\":\"release\",\"password\":\"$broker\",\"tags\":\"\"}"
may release '.*' '.*' '.*'
secret grants-release "${release[@]}" rabbitmq "amqp://release:$broker@rabbitmq:5672/grants"
secret grants-edge credential "$(random)" key-encryption-key "$(head -c 32 /dev/urandom | base64)"
secret postgres-passwords "${passwords[@]}"
secret rabbitmq-definitions definitions.json "{\"vhosts\":[{\"name\":\"grants\"}],\"users\":[$users],\"permissions\":[${permissions%,}]}"
