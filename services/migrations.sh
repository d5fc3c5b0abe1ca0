#!/bin/sh
# Regenerates a service's migrations for both databases: services/migrations.sh Applications
# Until the first release there is one migration, Initial: nobody has data that a second one would have to carry over.
set -eu
service=${1:?name of a service, such as Applications}
cd "$(dirname "$0")/.."
dotnet tool restore >/dev/null
rm -rf "services/$service/Migrations"
dotnet build "services/$service" -v q --nologo -clp:ErrorsOnly
for provider in Sqlite Postgres; do
    dotnet ef migrations add Initial --no-build --project "services/$service" --context "$provider${service}Db" --output-dir "Migrations/$provider"
done
