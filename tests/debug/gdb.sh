#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# gdb.sh: drives gdb through POST, VMI_Init and a call, by `pvrom run --gdb` and its script: symbols,
# source lines and argument names must be those of rom/ and spec/. Then a whole run of the
# trace build whose records must be as many as gdb's breakpoints at the entries were hit.
# The last line is `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'end_session; rm -rf "$work"' EXIT
. tests/check.sh
. tests/debug/session.sh

session steps "$refused
python refused('vmi rom')
python refused('vmi args')
python refused('vmi break NoSuchCall')
vmi break SetCR3 if value == 0x1
vmi post
vmi where16
vmi step
vmi step
vmi next
vmi break VMI_Init
python refused('vmi finish')
continue
vmi args
vmi step
vmi next
vmi finish
vmi delete
vmi break SetLinearMapping if pages > 1 && ppn == 0
continue
vmi rom
vmi args
vmi step
vmi finish
vmi calls
vmi slots
vmi break IRET
continue
vmi args
python refused('vmi finish')
set {unsigned char}0xc00c0e90 = 0x90
vmi rom
python print('stale', [e.slot for e in calls.entries if e.rom not in finder.roms])
python print('entries', len(calls.entries))
python refused('kill')" --rom "$PVROM_BUILD/rom/full.rom" --append test=irq
has early "^refused: vmi rom: no VMI ROM is in 0xc0000 to 0xeffff: .*not copied it yet"
has nowhere "^refused: vmi args: .* is in no VMI ROM"
has unknown "^refused: vmi break NoSuchCall: no call is named"
has post "^vmi: POST of the ROM at 0xc0000"
has post.where "^c000:0003 linear 0x000c0003"
has post.code "0xc0003:.*jmp .*<post_entry>"
has post.source "rom/header.asm:[0-9]+.jmp near post_entry"
has post.step "^0x000c.* post_entry	rom/post.asm:[0-9]+	pushad"
has post.next "post_entry \+ [0-9]+	rom/post.asm:[0-9]+	push "
has post.finish "^refused: vmi finish: "
has init.args "^VMI_Init\(\)"
has init.caller "called from 0x[0-9a-f]+ probe_enter"
has init.source "vmi_init \+ [0-9]+	rom/init.asm:[0-9]+	call forget_guest"
has init.result "^VMI_Init returned status=0x0"
has mapped "^  at: 0x000c0000 0xc00c0000"
has elf "^  symbols: .*rom/full.elf"
has call.args "^SetLinearMapping\(u32 slot=0x0, u32 va=0xc0000000, u32 pages=0x[0-9a-f]+, u32 ppn=0x0\)"
has call.caller "called from 0x[0-9a-f]+ paging_tell"
has call.source "vmi_set_linear_mapping \+ [0-9]+	rom/calls/mmu.asm:[0-9]+	jnz .done"
has call.result "^SetLinearMapping returned"
has calls "^ +48 SetLinearMapping +0xc00c[0-9a-f]{4} +1$"
has slots "^pv_mmu_ops.set_pud +SetPxELong +0xc00c[0-9a-f]{4} rom    0xc00c0000\+0x"
has slots.native "^pv_mmu_ops.flush_tlb_others +- .* native "
has iret "^refused: vmi finish: IRET does not return to its caller"
has replaced "^vmi: the ROM at 0xc0000 was replaced: now ROM 0x000c0000"
has replaced.stale "^stale \[\]"
has replaced.entries "^entries [1-9]"
has replaced.elf "symbols: none, it is not .*full.elf: 1 bytes differ, the first at offset 0xe90"

session copy "$refused
vmi post
hbreak paging_tell
continue
vmi slots
vmi rom
vmi break SetLinearMapping
continue
info symbol \$pc
python refused('kill')" --rom "$PVROM_BUILD/rom/full.rom" --append "window=copy test=irq"
has copy.rom "^copy 0x00[0-9a-f]{6}: VMI 3.2, release .*, profile full"
has copy.symbol "^vmi_set_linear_mapping \+ 4 in section .resident of .*full.elf"

session no-rom "$refused
python refused('vmi post')" --append test=irq
has no-rom.says "^refused: vmi post: the machine has ended .*no VMI ROM was run"

printf 'vmi post\nkill\nquit\n' | timeout 120 "$pvrom" run --gdb=start --timeout 100 --order first \
	--rom "$PVROM_BUILD/rom/full.rom" > "$work/out" 2>&1
has start "POST of the ROM at 0xc0000"

session counts "$refused
vmi post
vmi trace on
python refused('continue')
vmi calls" --rom "$PVROM_BUILD/rom/full-trace.rom" --append test=irq --trace "$work/trace"
has trace.line "^trace cpu0 SetLinearMapping\(u32 slot=0x0, u32 va=0xc0000000, u32 pages=0x[0-9a-f]+, u32 ppn=0x0\)"
awk 'NF == 4 && $3 ~ /^0x/ && $4 > 0 { print $2, $4 }' "$work/out" | sort > "$work/hits"
"$pvrom" trace --stat "$work/trace" 2>&1 | sed -n 's/^call \([^ ]*\) count=\([0-9]*\) .*/\1 \2/p' |
	sort > "$work/records"
check counts.many [ "$(awk '{ n += $2 } END { print n + 0 }' "$work/hits")" -gt 100 ]
check counts.equal diff "$work/hits" "$work/records"
check counts.run grep -q "^pvrom: good: " "$work/run"
finish
