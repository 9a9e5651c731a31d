# SPDX-License-Identifier: GPL-2.0-only
# A trace of kvm_exit and kvm_pio becomes the guest's own lines, with `kvm exits MARK REASON NUMBER`
# at its marks, writes to `port` (guest-shim/mark.h). BusyBox's awk.
BEGIN {
	for (i = 0; i < 256; i++)
		code[sprintf("0x%x", i)] = i
}
function print_mark(mark,	reason, sum) {
	sum = 0
	for (reason in count) {
		if (count[reason])
			print "kvm exits " mark " " reason " " count[reason]
		sum += count[reason]
	}
	print "kvm exits " mark " sum " sum
}
/ kvm_exit: / {
	reason = $0
	sub(/.*reason (EXIT_)?/, "", reason)
	sub(/ .*/, "", reason)
	count[tolower(reason)]++
	last = tolower(reason)
}
/ kvm_pio: pio_write at 0x/ {
	at = $0
	sub(/.*pio_write at /, "", at)
	split(at, word, " ")
	if (word[1] == port) {
		count[last]-- # the mark's own
		if (code[word[7]])
			print_mark(code[word[7]])
		split("", count)
	}
	if (word[1] == "0x3f8") {
		if (word[7] == "0xa") {
			print line
			line = ""
		} else if (code[word[7]] >= 32) {
			line = line sprintf("%c", code[word[7]])
		}
	}
}
