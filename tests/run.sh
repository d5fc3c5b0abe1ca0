#!/usr/bin/env bash
# Runs all tests on a fresh machine with the .NET 10 SDK and Node 20 and ends with one line: N passed, N failed.
# Installs what tests need besides (Chromium, PostgreSQL, RabbitMQ, ClamAV, fonts) when it may. Works from any folder; leaves nothing running.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
results=$PWD/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# Build servers would outlive this script.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Tests are over before what is learned about their code pays: counted, a seventh of the processors' time.
export DOTNET_TieredPGO=0
# The SDK needs a home to unpack into.
export DOTNET_CLI_HOME=${DOTNET_CLI_HOME:-${HOME:-/tmp}}

fail() {
    echo "$1"
    echo "0 passed, 1 failed"
    exit 1
}

install_missing() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
    command -v curl >/dev/null || missing+=(curl)
    [ -x /usr/sbin/clamd ] || missing+=(clamav-daemon)
    # Cyrillic and all diacritics of the region, for screenshots.
    [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
    local program
    for program in podman buildah runc iptables; do command -v $program >/dev/null || missing+=("$program"); done
    [ ${#missing[@]} -eq 0 ] && return
    if ! command -v apt-get >/dev/null; then
        echo "Please install: ${missing[*]}. Tests that need them will fail."
        return
    fi
    local sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
    echo "Installing ${missing[*]} ..."
    # Packages of servers start them when they are installed; tests start their own.
    local policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then
        policy=
    else
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
        "${sudo[@]}" chmod 755 "$policy"
    fi
    { "${sudo[@]}" apt-get update -q && DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"; } \
        >"$results/install.log" 2>&1 || echo "Could not install ${missing[*]}: see $results/install.log"
    [ -z "$policy" ] || "${sudo[@]}" rm -f "$policy"
}

command -v dotnet >/dev/null || fail "The .NET 10 SDK is needed: https://dot.net"
command -v node >/dev/null || fail "Node 20 is needed: https://nodejs.org"
install_missing

echo "Building ..."
# One compiler for all projects, warm after the first; it is ended right after.
UseSharedCompilation=true dotnet build GrantsPlatform.sln --nologo -v q >"$results/build.log" 2>&1
built=$?
dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
if [ $built -ne 0 ]; then
    grep -E 'error|warning' "$results/build.log" | sort -u | head -50
    fail "The build failed: $results/build.log"
fi

stop() {
    local group
    for group in "$results"/*.group; do [ -e "$group" ] && kill -- "-$(cat "$group")" 2>/dev/null; done
    exit 130
}
trap stop INT TERM

# run NAME PROJECT ARGUMENTS...: the tests of a project; NAME is that of its line and of its files of results.
run() {
    local name=$1 project=$2 started=$SECONDS
    shift 2
    # In a process group of its own, so that nothing it started stays behind.
    setsid timeout --kill-after=30 1500 dotnet test "tests/$project" --no-build --nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" "$@" \
        >"$results/$name.log" 2>&1 &
    local group=$!
    echo "$group" >"$results/$name.group"
    wait "$group"
    echo $? >"$results/$name.exit"
    kill -- "-$group" 2>/dev/null
    rm -f "$results/$name.group"
    node tests/summary.mjs project "$results" "$name" $((SECONDS - started))
}

# Whole products, one after the other: they wait more than they compute, so that the services' tests run beside them.
products() {
    # The long round also fails processes, servers and messages under load: see docs/operations.md.
    if [ "${GRANTS_LONG:-}" = 1 ]; then
        run EndToEnd.Tests EndToEnd.Tests
    else
        run EndToEnd.Tests EndToEnd.Tests --filter 'FullyQualifiedName!~.Failures.&FullyQualifiedName!~JourneyApart&FullyQualifiedName!~apart'
    fi
    run Deployment.Tests Deployment.Tests
}

# Each service's tests run on both databases. The default round repeats on PostgreSQL what may differ there (trait Database=both): where several write at once, where it
# searches, sorts or counts, and where money moves; the long round repeats all but what is of one database by itself, the rules in Domain and the gateway, which know of none.
if [ "${GRANTS_LONG:-}" = 1 ]; then
    postgres='Database!=sqlite&FullyQualifiedName!~.Tests.Domain.&FullyQualifiedName!~.Tests.Gateway.'
else
    postgres='Database=both|Database=postgres'
fi
services() {
    local project name
    for project in tests/*.Tests; do
        name=$(basename "$project")
        case $name in
            EndToEnd.Tests | Deployment.Tests) ;;
            Platform.Tests) run "$name" "$name" ;;
            *)
                run "$name" "$name" --filter 'Database!=postgres'
                GRANTS_TEST_DATABASE=postgres run "$name on PostgreSQL" "$name" --filter "$postgres"
                ;;
        esac
    done
}

products &
services &
wait
node tests/summary.mjs all "$results"
