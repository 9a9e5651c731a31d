#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# installed.sh WORK SOURCE: called by install.sh, from a copy: tries the pvrom that lies in `WORK/else
# where/pre fix`. SOURCE is the folder that must be empty now, or -.
set -u
work=$1 source=$2
. "$work/check.sh"
prefix="$work/else where/pre fix"
share=$prefix/share/pvrom
PATH=$prefix/bin:/usr/local/bin:/usr/bin:/bin
export PATH
unset PVROM_BUILD PVROM_QEMU
mkdir "$work/cwd" && cd "$work/cwd" || exit 2

if [ "$source" != - ]; then
	[ -z "$(ls -A "$source")" ] && good source-hidden || bad source-hidden "$source is not empty"
fi
status help 0 pvrom help
commands=$(awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on && $1 != "help" { print $1 }' "$work/out")
[ -n "$commands" ] && good commands || bad commands 'help lists no command'
status version 0 pvrom --version
for command in $commands; do
	status "help-$command" 0 pvrom help "$command"
done
status run 0 pvrom run --rom "$share/vmi.rom" --timeout 120 --append test=iret --keep kept
says run-verdict 'pvrom: good: '
says run-used 'vmi.rom: initialised at POST at 0x'
status kept 0 sh -c 'cd kept && cat command verdict run.json guest.log firmware.log 1-vmi.rom 1-vmi.elf 1-vmi.map'
status run-native 0 pvrom run --timeout 120 --append test=iret.cs
status run-json 0 pvrom run --rom "$share/rom/min.rom" --timeout 120 --append test=iret.cs --json
says run-json-said '"outcome":'
status matrix 0 pvrom matrix "$share/runs/machines.cfg" --filter why-
says matrix-last ' passed, 0 failed'
status matrix-variants 0 pvrom matrix "$share/runs/variants.cfg" --filter API_
status matrix-client 0 pvrom matrix "$share/runs/client.cfg" --filter full/q35/smp1/pae
# Every run list can be read, and finds its files.
for list in "$share"/runs/*.cfg; do
	status "list-$(basename "$list")" 0 pvrom matrix --list "$list"
	pvrom matrix --list --verbose "$list" | sed -n 's/^ *repeat it: //p' > "$work/lines"
	while IFS= read -r line; do
		eval "set -- $line" # quoted for a shell
		while [ $# -gt 1 ]; do
			case $1 in --rom | --pci | --kernel | --under | --module) [ -e "$2" ] || echo "$2" ;; esac
			shift
		done
	done < "$work/lines" | sort -u > "$work/out"
	if [ ! -s "$work/lines" ]; then
		bad "files-$(basename "$list")" 'no run says how to repeat it'
	elif [ -s "$work/out" ]; then
		bad "files-$(basename "$list")" "missing: $(head -3 "$work/out" | tr '\n' ' ')"
	else
		good "files-$(basename "$list")"
	fi
done
status cpu 0 pvrom cpu "$share/rom/full.rom" --rounds 30
status bind 0 pvrom bind "$share/vmi.rom"
status abidiff 0 pvrom abidiff "$(pvrom --version | sed 's/.* VMI //')" "$share/vmi.rom"
says abidiff-said ': compatible: 0 breaking'
status bench-diff 3 pvrom bench-diff "$share/vmi.rom" "$share/vmi.rom"
says bench-diff-said 'expected the head of a bench.tsv'
status mutate 0 pvrom mutate "$share/vmi.rom" no-cr3.rom --drop SetCR3
status census 1 pvrom census "$share/vmi.rom" no-cr3.rom
says census-slot 'slot pv_mmu_ops.write_cr3'
init=$(awk '$2 == "vmi_init" { print substr($1, length($1) - 3) }' "$share/vmi.map")
status addr2call 0 pvrom addr2call --base 0xc0000 0xc00c0118 "0xc$init"
says addr2call-slot 'call 17 SetCR3'
says addr2call-line ' before rom/init.asm:'
status addr2call-kept 0 pvrom addr2call --base 0xc0000 --rom kept/1-vmi.rom "0xc$init"
says addr2call-kept-line 'VMI_Init, vmi_init+0x0, '
status cover 0 pvrom cover --abi 3.0 --kernel 2.6.32.9 --minimum expressible
says cover-set '33 IRET -'
status cover-guest 0 pvrom cover --kernel guest --minimum direct
status inspect 0 pvrom inspect "$share/vmi.rom"
status verify 0 pvrom verify "$share/vmi.rom"
status conform 0 pvrom conform --rounds 24 --filter pc/smp1 --level full "$share/rom/full.rom"
says conform-level 'level     full, as far as these runs show'
says conform-guest 'passed    M3  guest/pc/smp1/2level: '
says conform-guest64 'passed    M18 guest64/pc/smp1/near: '
status conform-offline 1 pvrom conform --no-qemu --rounds 2 --json "$share/tests/hostile/init_hang.rom"
says conform-json '"V12"'
[ -s "$prefix/share/man/man1/pvrom.1" ] && good page || bad page 'no man page'
status completion 0 bash -c '. "$1" && complete -p pvrom' bash "$prefix/share/bash-completion/completions/pvrom"
for file in README.md LICENSE LICENSES/BSD-2-Clause.txt docs/linux.md vmi_abi.md guest-shim/options.h; do
	[ -s "$prefix/share/doc/pvrom/$file" ] && good "doc-$file" || bad "doc-$file" missing
done
finish
