# SPDX-License-Identifier: GPL-2.0-only
# Turns the logs of slots64.sh, near.log and far.log, into the table, and holds the calls of one
# instruction to their limits: nothing but padding where the text is copied or native, a CALL and a RET
# where the ROM is called, a jump and its ENDBR64 more by a trampoline.
BEGIN {
	FS = "[ ]"
	limit_called = 2
	limit_trampoline = 4
	count = split("native indirect direct trampoline inline pad-inline patched-native pad-native", column, " ")
	why["one"] = "one instruction"
	why["moved"] = "one instruction in 32 bit; here its registers are not System V's"
	why["more"] = "more than one instruction"
	why["none"] = "no native text, or an empty one"
	header = "slot\tcall\tgroup"
	for (i = 1; i <= count; i++)
		header = header "\t" column[i]
	print header "\tkind\ttext" > table
}
FNR == 1 {
	place = FILENAME
	sub(/.*\//, "", place)
	sub(/\.log$/, "", place)
}
/\r$/ { sub(/\r$/, "") }
$1 == "slot-cost" {
	if (place == "near") {
		slot[++slots] = $2
		call[$2] = $3
		group[$2] = $4
	}
	for (i = 5; i <= NF; i++)
		if (split($i, pair, "=") == 2)
			value[place, $2, pair[1]] = pair[2]
}
$1 == "slot-text" && place == "near" {
	kind[$2] = $4
	text[$2] = $0
	sub(/^slot-text [^ ]+ [^ ]+ [^ ]+ /, "", text[$2])
}
/^test bench.slots ok/ { limits_hold[place] = 1 }
function of(s, what) {
	return what == "trampoline" ? value["far", s, what] : value["near", s, what]
}
function number(text) {
	return text ~ /^[0-9]+$/
}
# Instructions beside the native ones, all of `what` but its padding; a fault is noted.
function extra(s, what, limit,	more, pad) {
	if (!number(of(s, what)))
		return 0
	pad = what == "inline" || what == "patched-native" ? of(s, "pad-" (what == "inline" ? what : "native")) : "none"
	more = of(s, what) - of(s, "native") - (pad ~ /^(nop|jump):/)
	if (more != limit) {
		print "# " s ": " what " costs " more " more than the native text, not " limit
		faults++
	}
	return 1
}
function verdict(good, text) {
	print (good ? "ok " : "not ok ") text
	if (good)
		passed++
	else
		failed++
}
END {
	for (n = 1; n <= slots; n++) {
		s = slot[n]
		line = s "\t" call[s] "\t" group[s]
		for (i = 1; i <= count; i++)
			line = line "\t" (of(s, column[i]) == "" ? "?" : of(s, column[i]))
		line = line "\t" (kind[s] in why ? why[kind[s]] : "?") "\t" text[s]
		print line > table
		if (line ~ /\t\?/)
			torn++
		moved += kind[s] == "moved"
		# Jumps have no return to be counted; docs/iret.md says what IRET costs.
		if (kind[s] != "one" || group[s] == "flow")
			continue
		singles++
		faults += !number(of(s, "native")) || of(s, "native") != 1
		native += extra(s, "patched-native", 0)
		copied += extra(s, "inline", 0)
		called += extra(s, "direct", limit_called)
		jumped += extra(s, "trampoline", limit_trampoline)
	}
	verdict(slots > 0 && !torn, "slots64: " slots + 0 " lines, " torn + 0 " incomplete")
	verdict(limits_hold["near"] && limits_hold["far"], "slots64: the guest found every slot within its limits")
	verdict(singles >= 30 && !faults && native == singles && copied == singles && called == singles && jumped == singles,
		"slots64: of " singles + 0 " slots of one instruction " native + 0 " patched, " copied + 0 " copied, " \
		called + 0 " called, " jumped + 0 " by a trampoline, " faults + 0 " not as they should be")
	verdict(moved >= 5, "slots64: " moved + 0 " slots with other registers than their instruction's")
	printf "%d passed, %d failed\n", passed, failed
	exit failed || !passed
}
