#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# flat.sh [CELLS]: what pvrom matrix itself takes: a matrix of 10,000 cells with a script in
# QEMU's place. Its memory behind the last cell must be that behind the 500th, but for 256 KiB.
# The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
: "${PVROM_BUILD:?}"
count=${1:-10000}
work=$PVROM_BUILD/test-logs/flat
rm -rf "$work"
mkdir -p "$work"
cat > "$work/qemu" << 'END'
#!/bin/sh
echo 'census 1
vmi native why=VMI_E_NO_ROM
bind a 33 IRET native - none why=VMI_E_NO_BINDING
test a ok
summary 1 passed, 0 failed, 0 skipped'
exit 33
END
chmod +x "$work/qemu"
cat > "$work/flat.cfg" << END
matrix flat
    axis cell 1..$count
    rule 15
    append cell={cell}
    expect-bound none
    expect-reason VMI_E_NO_ROM
END
PVROM_QEMU=$work/qemu "$PVROM_BUILD/pvrom" matrix --results "$work/results" "$work/flat.cfg" \
	> "$work/log" 2>&1 &
pid=$!
first='' last='' line=''
while sleep 0.05; line=$(grep VmRSS "/proc/$pid/status" 2> /dev/null); [ -n "$line" ]; do
	done=$(grep -c '^ok ' "$work/log")
	last=$(echo "$line" | tr -dc 0-9)
	[ -n "$first" ] || [ "$done" -lt 500 ] || first=$last
done
wait "$pid"
status=$?
tail -n 2 "$work/log"
echo "memory: ${first:-?} KiB behind cell 500, ${last:-?} KiB at the end"
if [ "$status" -eq 0 ] && [ -n "$first" ] && [ $((last - first)) -le 256 ]; then
	echo "1 passed, 0 failed"
else
	echo "0 passed, 1 failed"
	exit 1
fi
