# SPDX-License-Identifier: GPL-2.0-only
# comments.awk: spec/vmi.abi, then the sources of the ROM's calls. Their comments
# `; NUMBER NAME: PROTOTYPE` and `; clobbers REGISTERS` must say what spec/ says.

function complain(what) {
	printf "not ok %s:%d: %s\n", FILENAME, FNR, what
	failed++
}

# What a call changes besides its result, as the comments write it.
function clobbers(number,  list) {
	if (clobber[number] == "flags")
		return "flags"
	if (clobber[number] != "standard" || out[number] == "noreturn")
		return ""
	if (out[number] !~ /eax/)
		list = "EAX, "
	list = list "ECX, "
	if (out[number] !~ /edx/)
		list = list "EDX, "
	return list "flags"
}

FILENAME ~ /\.abi$/ {
	if ($1 == "call") {
		call = $2 + 0
		name[call] = $3
		entry["vmi_" $4] = call
	} else if ($1 == "proto") {
		proto[call] = substr($0, index($0, $2))
	} else if ($1 == "out32") {
		out[call] = $2
	} else if ($1 == "clobber32") {
		clobber[call] = $2
	}
	next
}

# ; 17 SetCR3: void SetCR3(u32 value)
/^; [0-9]+ [A-Z][A-Za-z0-9]*:/ {
	current = $2 + 0
	seen[current] = 1
	text = substr($0, index($0, $3))
	if (text != name[current] ": " proto[current])
		complain("found `" text "`, expected `" name[current] ": " proto[current] "`")
	else
		passed++
}
/^; clobbers / && current != "" {
	text = substr($0, length("; clobbers ") + 1)
	if (text != clobbers(current))
		complain("clobbers of " name[current] ": found `" text "`, expected `" \
			 clobbers(current) "`")
	else
		passed++
	current = ""
}
# An entry ends what stands above it, and belongs to a call that a comment tells of.
/^begin / {
	if ($2 in entry && !(entry[$2] in seen))
		complain("no comment of " name[entry[$2]] " above its entry")
	if (current != "" && clobbers(current) != "")
		complain("no clobbers of " name[current] " above its entry")
	current = ""
}

END {
	printf "%d passed, %d failed\n", passed, failed
	exit failed || !passed ? 1 : 0
}
