#!/usr/bin/env bash
# Makes base images from this machine's own files, for where no registry can be reached: localhost/tools (a shell and what the .NET SDK and Node need; these two
# are mounted while building) and localhost/runtime (ASP.NET Core, ICU, time zones, no shell). Root file systems come from MKROOT, a script that makes a minimal one.
#   MKROOT=mkroot.sh base-images.sh SCRATCH-FOLDER [options of buildah ...]
set -euo pipefail
scratch=$1
shift
rm -rf "$scratch"
libraries=/usr/lib/x86_64-linux-gnu

bash "$MKROOT" "$scratch/runtime"
cp -P $libraries/libicu{uc,i18n,data}.so.* "$scratch/runtime$libraries/"
mkdir -p "$scratch/runtime/usr/share" "$scratch/runtime/usr/bin"
cp -r /usr/share/zoneinfo "$scratch/runtime/usr/share/"
cp -r "$scratch/runtime" "$scratch/tools"

dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
mkdir "$scratch/runtime/usr/share/dotnet"
cp -r "$dotnet/dotnet" "$dotnet/host" "$dotnet/shared" "$scratch/runtime/usr/share/dotnet/"

# What RUN lines and the tools' own scripts call.
ln -s usr/bin "$scratch/tools/bin"
mkdir -p "$scratch/tools/root"
for program in dash env ln mkdir; do
    cp -L "$(command -v $program)" "$scratch/tools/usr/bin/"
    ldd "$(command -v $program)" | grep -o '/[^ ]*' | xargs -I{} cp -nL {} "$scratch/tools$libraries/"
done
ln -s dash "$scratch/tools/usr/bin/sh"
ln -s /usr/share/dotnet/dotnet "$scratch/tools/usr/bin/dotnet"
ln -s /usr/lib/node_modules/npm/bin/npm-cli.js "$scratch/tools/usr/bin/npm"

for image in tools runtime; do
    container=$(buildah "$@" from --pull-never scratch)
    buildah "$@" copy -q "$container" "$scratch/$image" / >/dev/null
    [ $image = runtime ] || buildah "$@" config --env HOME=/root "$container"
    buildah "$@" commit -q "$container" "localhost/$image" >/dev/null
    buildah "$@" rm "$container" >/dev/null
done
