#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# browser.sh: opens the page from disk in headless Chromium, wide, narrow and dark, and uses it.
# Needs PVROM_BUILD. The last line is `N passed, N failed`, or why it was skipped.
set -u
build=$PVROM_BUILD
here=$(dirname "$0")
command -v chromium > /dev/null || { echo "skipped: no chromium: apt-get install chromium"; exit 0; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# A table of each kind, hostile text among it.
printf 'slot\tnative\n<b>one\t1\n' > "$work/slots.tsv"
echo '{"cells":[{"cell":"boot/full","status":"passed","why":"<i>","repeat":"build/pvrom run"}]}' > "$work/matrix.json"
# A guest, and two kernels beside each other; the others are missing.
mkdir -p "$work/cells/quick" "$work/cells/redesign"
run() { # LOG WHAT-X-BECAME NATIVE ADAPTER LINES
	cat > "$work/cells/$1.log" << END
census 1
vmi native why=VMI_E_NO_ROM
bind ops.x<b> 33 IRET native - none why=VMI_E_NO_BINDING
bind ops.y - - native - none why=VMI_E_NO_CALL
became ops.x<b> $2
became ops.y no-such-call - lines=0 # <i>
became-sum tried bound=0 native=$3 adapter=$4 no-such-call=1 lines=$5
END
}
run redesign/ordinary_full 'native IRET lines=0' 1 0 0
run redesign/redesign_no_vectors_full_pc 'adapter IRET lines=7' 0 1 7
cp "$work/cells/redesign/ordinary_full.log" "$work/cells/quick/boot_full_pc_none_3.2.log"
"$build/pvrom" report -r "$work" -o "$work/page.html" -c test || exit 1
{ sed 's,</body></html>,,' "$work/page.html"; echo '<script>'; cat "$here/browser.js"; echo '</script></body></html>'; } \
	> "$work/tried.html"
# A window is never narrower than 500; a frame may be.
echo '<!DOCTYPE html><pre id=said></pre><script>onmessage = e => { said.textContent = e.data; }</script>
<iframe width=360 height=800 style="border: 0" src=tried.html></iframe>' > "$work/phone.html"

look() { # NAME FILE EXPECTED OPTIONS...
	name=$1 file=$2 expected=$3
	shift 3
	timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync --enable-logging=stderr \
		--user-data-dir="$work/$name" "$@" --dump-dom --virtual-time-budget=5000 "file://$work/$file" > "$work/dom" 2> "$work/err"
	bad=$(grep 'CONSOLE' "$work/err")
	[ -z "$bad" ] || { echo "not ok $name: console: $bad"; failed=$((failed + 1)); }
	grep -e '^ok ' -e '^not ok ' "$work/dom" | sed "s|ok |ok $name: |; s|</pre>.*||" > "$work/said"
	cat "$work/said"
	grep -q "as asked: $expected" "$work/said" || { echo "not ok $name: expected a page $expected, tried to the end"
		failed=$((failed + 1)); }
	passed=$((passed + $(grep -c '^ok ' "$work/said")))
	failed=$((failed + $(grep -c '^not ok ' "$work/said")))
}
look desktop tried.html 1280,light --window-size=1280,900
look dark tried.html 1280,dark --window-size=1280,900 --blink-settings=preferredColorScheme=0
look phone phone.html 360,light --window-size=500,900
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
