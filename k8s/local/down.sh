#!/usr/bin/env bash
# Ends exactly what up.sh started in this folder; the data stays.
#   down.sh [FOLDER]         the services finish what they are doing
#   down.sh FOLDER kill      without warning
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"
folder=${1:-${TMPDIR:-/tmp}/grants-local-$(id -u)}
[ -d "$folder" ] || fail "There is no $folder."
folder=$(cd "$folder" && pwd)
how=${2:-stop}
exec 9>"$folder/lock"
flock -w 60 9 || fail "$folder is being started or ended."

failed=0
# What people use first, then what that uses.
for process in $(cd "$folder/run" 2>/dev/null && ls); do
    "$here/process.sh" "$how" "$folder" "$process" 9>&- &
done
wait
if [ -e "$folder/rabbitmq/ports" ]; then "$here/rabbitmq.sh" "$how" "$folder/rabbitmq" 9>&- || failed=1; fi
if [ -e "$folder/postgres/port" ]; then "$here/postgres.sh" "$how" "$folder/postgres" 9>&- || failed=1; fi
exit $failed
