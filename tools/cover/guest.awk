# SPDX-License-Identifier: GPL-2.0-only
# guest.awk spec/vmi.abi guest-shim/x86_32/slots_arch.h guest-shim/slots.h: the table of our own
# guest's slots in the form of spec/pvops/pvops.tsv, its kernel being called `guest`. FLOW and
# DIRECT fit as they are, WRAP needs a wrapper, NATIVE has no call.
function bad(what)
{
	print FILENAME ":" FNR ": error: " what >"/dev/stderr"
	failed = 1
	exit 1
}
BEGIN {
	class["FLOW"] = class["DIRECT"] = "direct"
	class["WRAP"] = "adapt"
	class["NATIVE"] = "native"
	print "kernel\tstruct\tslot\tsignature\tconvention\tcond\tclass\tvmi_calls\twidth\twants\tnote"
}
FILENAME ~ /\.abi$/ {
	if ($1 == "call")
		number[$3] = $2
	next
}
/^#define PV_SLOTS(_[A-Z]+)?\(/ { inside = 1; next }
inside {
	continued = /\\$/
	sub(/\\$/, "")
	text = text $0
	if (text ~ /^[ \t]*PV_SLOTS_[A-Z]+\(.*\)[ \t]*$/)
		text = "" # the rows of one width, from their own file
	if (text ~ /\)[ \t]*$/) {
		if (!match(text, /^[ \t]*[A-Z]+\(/))
			bad("found `" text "`, expected KIND(ID, SLOT, ...)")
		kind = substr(text, RSTART, RLENGTH - 1)
		gsub(/[ \t]/, "", kind)
		split(substr(text, RSTART + RLENGTH), word, /[ \t]*[,)][ \t]*/)
		if (!(kind in class))
			bad("found the kind `" kind "`, expected FLOW, DIRECT, WRAP or NATIVE")
		if (kind != "NATIVE" && !(word[3] in number))
			bad("found the call `" word[3] "`, which spec/vmi.abi does not have")
		dot = index(word[2], ".")
		calls = kind == "NATIVE" ? "none" : number[word[3]] " " word[3]
		print "guest\t" substr(word[2], 1, dot - 1) "\t" substr(word[2], dot + 1) \
			"\t-\tregparm(3)\t\t" class[kind] "\t" calls "\tany\t-\t"
		slots++
		text = ""
	}
	inside = continued
}
END {
	if (!failed && (!slots || text != ""))
		bad("found " slots + 0 " slots and `" text "` at the end of PV_SLOTS")
}
