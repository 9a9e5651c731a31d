#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# dist.sh BUILD VERSION: a tarball of the sources, one of the ROMs, and SHA256SUMS over both and
# every ROM, in BUILD/dist. The same commit gives the same bytes. DIRTY=yes leaves out changes that
# are not committed instead of refusing.
set -eu
build=$1 version=$2
dist=$build/dist name=pvrom-$version
stop() {
	echo "dist: $1" >&2
	exit 2
}
git rev-parse -q --verify HEAD > /dev/null || stop "this is no git work tree with a commit: the sources come from there"
if [ "${DIRTY-}" != yes ] && [ -n "$(git status --porcelain)" ]; then
	stop "there are changes that are not committed: commit them, or say DIRTY=yes to leave them out"
fi
LC_ALL=C TZ=UTC
export LC_ALL TZ
time=$(git log -1 --format=%ct)
rm -rf "$dist"
mkdir -p "$dist/$name-roms"
git archive --format=tar --prefix="$name/" HEAD | gzip -9n > "$dist/$name.tar.gz"
cp "$build"/rom/*.rom "$dist/$name-roms/"
chmod 644 "$dist/$name-roms"/*
(cd "$dist/$name-roms" && sha256sum -- *.rom > SHA256SUMS)
tar -C "$dist" --format=ustar --sort=name --owner=0 --group=0 --numeric-owner \
	--mode=u=rwX,go=rX --mtime="@$time" -cf - "$name-roms" | gzip -9n > "$dist/$name-roms.tar.gz"
(cd "$dist" && sha256sum "$name.tar.gz" "$name-roms.tar.gz" "$name-roms"/*.rom > SHA256SUMS)
echo "$dist: $(cd "$dist" && ls -d "$name.tar.gz" "$name-roms.tar.gz" SHA256SUMS | tr '\n' ' ')"
