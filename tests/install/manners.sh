#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# manners.sh: help, version, exit statuses, man page, completion, colours. The last line is `N
# passed, N failed`. Needs PVROM_BUILD.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/check.sh"
pvrom=$PVROM_BUILD/pvrom
top=$(dirname "$0")/../..

status version 0 "$pvrom" --version
says version-abi "pvrom $(sed -n 's/^RELEASE := //p' "$top/tools/tools.mk"), VMI $(sed -n 's/^abi vmi //p' "$top/spec/vmi.abi")"
status help 0 "$pvrom" help
says help-exit '`help exit`'
commands=$(awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on && $1 != "help" { print $1 }' "$work/out")
[ -n "$commands" ] && good commands || bad commands 'help lists no command'
status help-exit-table 0 "$pvrom" help exit
cp "$work/out" "$work/exit"
for command in $commands; do
	status "$command-help" 0 "$pvrom" "$command" --help
	cp "$work/out" "$work/help"
	status "help-$command" 0 "$pvrom" help "$command"
	cmp -s "$work/out" "$work/help" && good "$command-same" || bad "$command-same" 'help COMMAND is not COMMAND --help'
	says "$command-exit" 'Exit status: 0 '
	grep -q "^$command  *[a-z]" "$work/exit" && good "$command-in-table" ||
		bad "$command-in-table" "help exit does not list it"
	status "$command-bad-option" 2 "$pvrom" "$command" --no-such-option
done
status help-bogus 2 "$pvrom" help bogus
says help-bogus-said 'unknown command `bogus`'
status help-two 2 "$pvrom" help run cpu
status none 2 "$pvrom"
status bogus 2 "$pvrom" bogus
sh -c "'$pvrom' help > /dev/full" 2> "$work/out"
[ $? -eq 2 ] && good full || bad full 'a lost help was no error'

# Every long option of every command stands in the man page's section of that command, and no other.
options() { sort -u | sed '/^$/d'; }
for command in $commands; do
	"$pvrom" "$command" --help | grep -o -- '^ *\(-., *\)\?--[a-z0-9-]*' | grep -o -- '--[a-z0-9-]*' |
		grep -vx -e --help -e --usage | options > "$work/have"
	sed -n "/^\.SS \"pvrom $command /,/^\.S[SH] /p" "$PVROM_BUILD/pvrom.1" | sed 's/\\-/-/g' |
		sed -n 's/^.*\\fB\(--[a-z0-9-]*\)\\fR.*$/\1/p' | options > "$work/page"
	if [ -z "$(sed -n "/^\.SS \"pvrom $command /p" "$PVROM_BUILD/pvrom.1")" ]; then
		bad "$command-page" 'it has no section in the man page'
	elif diff "$work/have" "$work/page" > "$work/out"; then
		good "$command-page"
	else
		bad "$command-page" 'options differ (< help, > page)'
		cat "$work/out"
	fi
done
grep -q '^@' "$PVROM_BUILD/pvrom.1" && bad page-whole 'a line between @ signs is left' || good page-whole
sed 's/\\-/-/g' "$PVROM_BUILD/pvrom.1" > "$work/page"
while IFS= read -r line; do
	[ -z "$line" ] || grep -qxF -e "$line" "$work/page" || echo "$line"
done < "$work/exit" > "$work/out"
[ -s "$work/out" ] && bad page-exit "not in the page: $(cat "$work/out")" || good page-exit

# Completion, as bash calls it.
completes() { # NAME EXPECTED WORD...: the words so far, the last one to be completed
	name=$1 expected=$2
	shift 2
	found=$(bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pvrom
		printf "%s\n" "${COMPREPLY[@]}" | sort | tr "\n" " "' bash "$PVROM_BUILD/pvrom.bash" "$@")
	[ "$found" = "$expected " ] && good "$name" || bad "$name" "found '$found', expected '$expected '"
}
completes complete-command 'matrix mutate' pvrom m
completes complete-option '--machine' pvrom run --ma
completes complete-value 'seabios' pvrom run --firmware s
completes complete-equals 'pc' pvrom run --machine = p
completes complete-after-equals 'isapc microvm pc q35' pvrom run --machine =
completes complete-file "$PVROM_BUILD/vmi.rom" pvrom run -r "$PVROM_BUILD/vmi.r"
completes complete-help 'exit' pvrom help e
completes complete-none '' pvrom run --smp ''
for command in $commands; do
	# shellcheck disable=SC2046 # one word a line
	completes "complete-$command" "$(printf '%s\n' $("$pvrom" "$command" --help |
		grep -o -- '^ *\(-., *\)\?--[a-z0-9-]*' | grep -o -- '--[a-z0-9-]*') | sort | tr '\n' ' ' |
		sed 's/ $//')" pvrom "$command" --
done

# Colours: on a terminal, which `script` is, and not with NO_COLOR or a dumb one.
cat > "$work/qemu" <<'QEMU'
#!/bin/sh
echo 'census 1'; echo 'vmi native why=VMI_E_NO_ROM'; echo 'bind a 33 IRET native - none why=VMI_E_NO_BINDING'
echo 'test a ok'; echo 'summary 1 passed, 0 failed, 0 skipped'
exit 33
QEMU
chmod +x "$work/qemu"
PVROM_QEMU=$work/qemu
export PVROM_QEMU
escapes() { # NAME yes|no COMMAND
	script -qec "$3" /dev/null < /dev/null > "$work/out" 2>&1
	if grep -q "$(printf '\033')" "$work/out"; then found=yes; else found=no; fi
	grep -q 'passed' "$work/out" || found=silent
	[ "$found" = "$2" ] && good "$1" || bad "$1" "found $found, expected $2"
}
unset NO_COLOR
escapes colour-terminal yes "TERM=xterm $pvrom run"
escapes colour-refused no "TERM=xterm NO_COLOR=1 $pvrom run"
escapes colour-empty yes "TERM=xterm NO_COLOR= $pvrom run"
escapes colour-dumb no "TERM=dumb $pvrom run"
escapes colour-pipe no "TERM=xterm $pvrom run | cat"
finish
