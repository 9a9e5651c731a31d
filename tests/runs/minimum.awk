# SPDX-License-Identifier: GPL-2.0-only
# minimum.awk spec/vmi.abi guest.tsv LEVEL.set ...: prints a run list (tools/run/runlist.h) for the
# smallest sets of calls that `pvrom cover --minimum LEVEL` computed. Of each set: a ROM that provides it and
# nothing else boots the guest and every call is bound; without one more call, its slots fall back to
# native code, each by name, and a guest that cannot do without it declines the ROM.
function read_level()
{
	level = FILENAME
	sub(/.*\//, "", level)
	sub(/\.set$/, "", level)
	levels[++level_count] = level
}

# Is every call of a group there? `without`: a call that is not.
function whole(g, without,  i) {
	for (i = 1; i <= call_count; i++)
		if (group[calls[i]] == g && (!((level, calls[i]) in set) || calls[i] == without))
			return 0
	return 1
}
function atomic_whole(g, without) {
	return whole(g, without) && (needs[g] == "" || whole(needs[g], without))
}

# The calls of the set that are bound, with `without` taken out (-1: none).
function bound(without,  i, n, text) {
	text = ""
	for (i = 1; i <= call_count; i++) {
		n = calls[i]
		if ((level, n) in set && n != without &&
		    (!atomic[group[n]] || atomic_whole(group[n], without)))
			text = text " " n
	}
	return text == "" ? " none" : text
}

# The others that go with it.
function lost(without,  i, n, text) {
	for (i = 1; i <= call_count; i++) {
		n = calls[i]
		if ((level, n) in set && n != without && atomic[group[n]] &&
		    !atomic_whole(group[n], without))
			text = text " " n
	}
	return text
}

function head(name, rule) {
	print "\nrun minimum-" name
	print "    rule redesigns.5" rule
}

function without_one(n, i) {
	head(level "-without-" n, lost(n) == "" ? " 17" : " 18")
	print "    rom tests/minimum/" level "-without-" n ".rom"
	print "    append test=binding"
	print "    expect-bound" bound(n)
	if (bound(n) == " none")
		print "    expect-reason ok"
	print "    expect-native " n " VMI_E_CALL_NONE"
	if (lost(n) != "")
		print "    expect-native" lost(n) " VMI_E_GROUP"
	for (i = 1; i <= slot_count; i++)
		if (call_of[i] == n)
			print "    expect-line bind " slot[i] " " n " " name[n] \
				" native - none why=VMI_E_CALL_NONE"
}

function declined(n) {
	head(level "-demanded-" n, " 14")
	print "    rom tests/minimum/" level "-without-" n ".rom"
	print "    append test=binding mandatory=" name[n]
	print "    expect-bound none"
	print "    expect-reason VMI_E_MANDATORY"
	print "    expect-skipped binding.in-image"
}

FNR == 1 && FILENAME ~ /\.set$/ { read_level() }
FILENAME ~ /\.abi$/ {
	if ($1 == "group" && /^group/)
		current = $2
	else if ($1 == "binds" && $2 == "atomic")
		atomic[current] = 1
	else if ($1 == "needs")
		needs[current] = $2
	else if ($1 == "call" && /^call/) {
		number = $2
		calls[++call_count] = $2
		name[$2] = $3
	} else if ($1 == "group")
		group[number] = $2
	next
}
FILENAME ~ /\.tsv$/ {
	if (FNR == 1)
		next
	split($0, column, "\t")
	slot[++slot_count] = column[2] "." column[3]
	split(column[8], word, " ")
	call_of[slot_count] = column[8] == "none" ? "" : word[1]
	next
}
{
	if (NF != 3 || name[$1] != $2) {
		print FILENAME ":" FNR ": error: found `" $0 "`, expected NUMBER NAME SLOT" >"/dev/stderr"
		exit 1
	}
	set[level, $1] = 1
	size[level]++
}
END {
	print "# Made by tests/runs/minimum.awk from `pvrom cover --minimum`; not edited."
	print "defaults"
	print "    qemu -icount shift=5,sleep=off -rtc clock=vm"
	for (l = 1; l <= level_count; l++) {
		level = levels[l]
		if (!size[level]) {
			print "error: the set of " level " is empty" >"/dev/stderr"
			exit 1
		}
		head(level, "")
		print "    rom tests/minimum/" level ".rom"
		print "    append test=stress"
		print "    expect-bound" bound(-1)
		if (level == "expressible")
			print "    canary yes"
		for (i = 1; i <= call_count; i++)
			if ((level, calls[i]) in set)
				without_one(calls[i])
		for (i = 1; i <= call_count; i++)
			if (level == "expressible" && (level, calls[i]) in set)
				declined(calls[i])
	}
}
