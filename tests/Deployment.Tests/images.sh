#!/usr/bin/env bash
# Builds images with the project's Dockerfile where no registry can be reached: base images from this machine's files, packages from its caches.
#   TOOLS=FOLDER images.sh STORAGE PROJECT ...    TOOLS holds mkroot.sh and containers.conf; images end as localhost/grants/PROJECT in STORAGE
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
storage=$1
shift
export CONTAINERS_CONF=$TOOLS/containers.conf
mkdir -p "$storage"/{root,run,scratch}
store=(--root "$storage/root" --runroot "$storage/run")
MKROOT=$TOOLS/mkroot.sh bash "$here/base-images.sh" "$storage/scratch" "${store[@]}"

printf 'prefer-offline=true\nomit-lockfile-registry-resolved=true\n' >"$storage/npmrc"
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
node=$(readlink -f "$(command -v node)")
for project in "$@"; do
    buildah "${store[@]}" --runtime runc bud --layers --network none --pull-never \
        --volume "${NUGET_PACKAGES:-$HOME/.nuget/packages}:/root/.nuget/packages:O" --volume "$HOME/.npm:/root/.npm:O" --volume "$storage/npmrc:/root/.npmrc:ro" \
        --volume "$dotnet:/usr/share/dotnet:ro" --volume "$node:/usr/bin/node:ro" --volume "$(npm root -g):/usr/lib/node_modules:ro" \
        --build-arg NODE_IMAGE=localhost/tools --build-arg SDK_IMAGE=localhost/tools --build-arg RUNTIME_IMAGE=localhost/runtime --build-arg "PROJECT=$project" \
        -t "localhost/grants/${project,,}" "$here/../.."
done
