#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# gdb64.sh: gdb.sh for a guest in long mode: POST in real mode under qemu-system-x86_64, then the 64-bit
# entries where the guest maps them: near its kernel, above 4 GiB in either half, with four levels of
# tables and five, and in a copy; and a 32-bit guest on that machine. The last line is
# `N passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'end_session; rm -rf "$work"' EXIT
. tests/check.sh
. tests/debug/session.sh

rom=$PVROM_BUILD/rom/full.rom
long="--guest $PVROM_BUILD/guest64.elf --rom $rom"
# shellcheck disable=SC2086 # a list
session near "$refused
python refused('vmi rom')
python refused('vmi break NoSuchCall')
vmi post
vmi where16
vmi step
vmi next
vmi break VMI_Init
vmi break SetMapping if kind == 1 && size > 1
continue
vmi rom
vmi slots
python refused('vmi args')
continue
vmi args
vmi step
x/i \$pc
vmi next
vmi finish
continue
vmi args
info symbol \$pc
vmi step
vmi finish
vmi calls
vmi delete
vmi break FlushTLBMulti
hbreak test_run_all
continue
vmi slots
vmi break IRET
continue
vmi args
python refused('vmi finish')
vmi step
python refused('kill')" $long --append test=irq
has near.early "^refused: vmi rom: no VMI ROM is in 0xc0000 to 0xeffff"
has near.unknown "^refused: vmi break NoSuchCall: no call is named"
has near.post "^vmi: POST of the ROM at 0xc0000"
has near.post.where "^c000:0003 linear 0x000c0003"
has near.post.code "0xc0003:.*jmp .*<post_entry>"
has near.post.step "^0x000c.* post_entry	rom/post.asm:[0-9]+	pushad"
has near.post.next "post_entry \\+ [0-9]+	rom/post.asm:[0-9]+	push "
has near.told "^vmi: a guest in long mode will stop where it has mapped the ROM"
has near.mapped "^vmi: the guest has mapped the ROM at .*0xffffffffb00c0000: set at [1-9]"
has near.at "^  at: 0x000c0000 .*0xffffffffb00c0000"
has near.elf "^  symbols: .*rom/full.elf"
has near.title "^ROM 0x000c0000: VMI 3.2, .*, 4.0 in 64 bit$"
has near.outside "^refused: vmi args: 0xffffffff8.* is in no VMI ROM"
has near.init.args "^VMI_Init\(\)"
has near.init.caller "called from 0xffffffff8[0-9a-f]+ probe_enter"
has near.init.source "vmi64_init \\+ [0-9]+	rom/x86_64/init.inc:[0-9]+	call forget_guest64"
has near.init.code "<vmi64_init\\+[0-9]+>:.*call +0xffffffffb00c.* <forget_guest64>"
has near.init.next "vmi64_init \\+ [0-9]+	rom/x86_64/init.inc:[0-9]+	jc .entered"
has near.init.result "^VMI_Init returned status=0x0"
has near.args "^SetMapping\(u32 kind=0x1, u64 physical=0xfee00000, u64 linear=0xffffffff[0-9a-f]+, u64 size=0x1000\)"
has near.caller "called from 0xffffffff8[0-9a-f]+ load_tell"
has near.symbol "^vmi64_set_mapping \\+ 4 in section .resident of .*full.elf"
has near.source "vmi64_set_mapping \\+ [0-9]+	rom/calls/guest.asm:[0-9]+"
has near.result "^SetMapping returned refused=0x0"
has near.calls "^ +75 SetMapping +0xffffffffb00c[0-9a-f]{4} +1$"
has near.calls.new "^ +81 SwapGS +0xffffffffb00c[0-9a-f]{4} "
has near.slots.early "^pv_cpu_ops.write_idt_entry +WriteIDTEntry +0xffffffff8.* native "
has near.no-body "^vmi: FlushTLBMulti: set already, or without a body"
has near.slots "^pv_cpu_ops.write_idt_entry +WriteIDTEntry +0xffffffffb00c[0-9a-f]{4} rom +0xffffffffb00c0000\\+0x"
has near.iret "^refused: vmi finish: IRET does not return to its caller"
has near.iret.step "vmi64_iret \\+ [0-9]+	rom/x86_64/flow.asm:[0-9]+	jnz .outer"

# Above 4 GiB in the lower half, five levels of tables, four processors.
# shellcheck disable=SC2086
session low "$refused
vmi post
vmi break APICWrite if reg == 0x320
continue
vmi rom
continue
vmi args
vmi finish
python refused('kill')" $long --smp 4 --append "test=irq smp=4 window-at=low" -- -cpu max
has low.at "^  at: .* 0x451234000c0000( |$)"
has low.args "^APICWrite\(u32 reg=0x320, u32 value=0xa0\)"
has low.result "^APICWrite returned$"

# In the upper half, four levels, and stopped elsewhere.
# shellcheck disable=SC2086
session told "$refused
vmi post
python refused('vmi at')
vmi at no_such_function
vmi break VMI_Init
vmi at load_and_report
continue
continue
vmi args
info symbol \$pc
python refused('kill')" $long --append "test=irq window-at=far" -- -cpu qemu64
has told.usage "^refused: vmi at: usage"
has told.args "^VMI_Init\(\)"
has told.symbol "^vmi64_init \\+ 4 in section .resident"
has told.unknown "^vmi: where a guest in long mode has mapped the ROM is not known: found no symbol for &no_such"
has told.mapped "^vmi: the guest has mapped the ROM at .*0xffffc900000c0000"

# shellcheck disable=SC2086
session copy "$refused
vmi post
hbreak paging_tell
continue
vmi slots
vmi rom
vmi break SetLinearMapping
continue
info symbol \$pc
python refused('kill')" $long --append "window=copy test=irq"
has copy.rom "^copy 0xffffffff[0-9a-f]{8}: VMI 3.2, release .*, profile full, .*, 4.0 in 64 bit$"
has copy.symbol "^vmi64_set_linear_mapping \\+ 4 in section .resident of .*full.elf"

# shellcheck disable=SC2086
session counts "$refused
vmi post
vmi trace on
continue
python refused('continue')
vmi calls" ${long%.rom}-trace.rom --append test=irq --trace "$work/trace"
has counts.line "^trace cpu0 SetMapping\(u32 kind=0x1, u64 physical=0xfee00000, "
awk 'NF == 4 && $3 ~ /^0x/ && $4 > 0 { print $2, $4 }' "$work/out" | sort > "$work/hits"
"$pvrom" trace --stat "$work/trace" 2>&1 | sed -n 's/^call \([^ ]*\) count=\([0-9]*\) .*/\1 \2/p' |
	sort > "$work/records"
check counts.many [ "$(awk '{ n += $2 } END { print n + 0 }' "$work/hits")" -gt 100 ]
check counts.equal diff "$work/hits" "$work/records"
check counts.run grep -q "^pvrom: good: " "$work/run"

PVROM_QEMU=qemu-system-x86_64 session narrow "$refused
vmi post
vmi break SetLinearMapping if pages > 1 && ppn == 0
continue
vmi args
x/i \$pc
vmi step
vmi finish
python refused('kill')" --rom "$rom" --append test=irq
has narrow.args "^SetLinearMapping\(u32 slot=0x0, u32 va=0xc0000000, u32 pages=0x[0-9a-f]+, u32 ppn=0x0\)"
has narrow.code "<vmi_set_linear_mapping\\+4>:.*test +%eax,%eax"
has narrow.source "vmi_set_linear_mapping \\+ [0-9]+	rom/calls/mmu.asm:[0-9]+	jnz .done"
has narrow.result "^SetLinearMapping returned"
finish
