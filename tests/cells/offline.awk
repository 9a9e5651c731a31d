# SPDX-License-Identifier: GPL-2.0-only
# offline.awk -v step=plan|judge: the two halves of offline.sh, which says what they are for.
#
# plan: from offline.txt and the logs of runs to lines CELL|LOG|NUMBER|ROMS|WORDS|OPTIONS
# for each run that is compared, NUMBER being the same wherever ROMs and options are.
# judge: from offline.txt and those lines to verdicts.

# Does `text` match a pattern in which * stands for anything?
function matches(text, pattern,  parts, n, i, at) {
	n = split(pattern, parts, "*")
	if (substr(text, 1, length(parts[1])) != parts[1] || (n == 1 && text != pattern))
		return 0
	text = substr(text, length(parts[1]) + 1)
	for (i = 2; i <= n; i++) {
		at = index(text, parts[i])
		if (parts[i] != "" && !at)
			return 0
		text = substr(text, at + length(parts[i]))
	}
	return parts[n] == "" || text == ""
}

# Is there an exception of this kind for `name`? It is used then.
function excepted(kind, name,  i) {
	for (i = 1; i <= exceptions; i++)
		if (kinds[i] == kind && matches(name, patterns[i])) {
			used[i] = 1
			return 1
		}
	return 0
}

function fail(name, why) {
	print "not ok offline " name ": " why
	failed++
}

# What a line says, without addresses; "" if the two need not agree on it.
function essence(line) {
	sub(/ # .*/, "", line)
	if (line ~ /^\{/) {
		if (line ~ /^\{"type":"candidate".*"version":null/)
			return ""
		gsub(/"0x[0-9a-f]*"/, "\"0x\"", line)
		return line
	}
	if (line !~ /^(vrom|vmi|bind|answer|override|range) / || line ~ /^vrom [^ ]* refused - /)
		return ""
	# Where these two numbers are addresses.
	if (line ~ /why=VMI_E_(NOT_BEST|OVERRIDE_ROM|RELOC_RANGE|RELOC_HEADER)/)
		sub(/ found=.*/, "", line)
	sub(/ at=0x[0-9a-f]*/, "", line)
	if (line !~ /^(override|range) /)
		sub(/ 0x[0-9a-f]*/, "", line)
	return line
}

# Fills `lines` with what the last census of a log says, and how often. Result: how many.
function read_log(path, lines,  line, text, count) {
	split("", lines)
	while ((getline line < path) > 0) {
		sub(/\r$/, "", line)
		if (line ~ /^census /) {
			split("", lines)
			count = 0
		}
		if ((text = essence(line)) != "") {
			lines[text]++
			count++
		}
	}
	close(path)
	return count
}

FNR == 1 { files++ }

# offline.txt
files == 1 {
	sub(/#.*/, "")
	if (NF) {
		kinds[++exceptions] = $1
		patterns[exceptions] = $2
		place[exceptions] = FNR
	}
	next
}

step == "plan" && FNR == 1 {
	cell = substr(FILENAME, length(cells) + 1)
	sub(/\.log$/, "", cell)
	log_of[cell] = FILENAME
	order[++count] = cell
}
step == "plan" && /^# (rom|pci) / {
	roms[cell] = roms[cell] " " $3
	next
}
step == "plan" && /^# kernel .*guest64\.elf$/ { options[cell] = options[cell] " --width=64" }
step == "plan" && /^# order / { options[cell] = options[cell] " --order=" $3 }
step == "plan" && /^# append / {
	for (i = 3; i <= NF; i++) {
		if (excepted("word", $i))
			left_out[cell] = 1
		if ($i ~ /^vmi=/)
			words[cell] = words[cell] " " $i
		if ($i ~ /^(range|mandatory)=/)
			options[cell] = options[cell] " --" $i
	}
	next
}
step == "plan" && /^census / { census[cell] = 1 }

step == "judge" {
	split($0, f, "|")
	n = split(f[4], files_of, " ")
	for (i = 1; i <= n; i++)
		booted[files_of[i]] = 1
	if (f[3] == "-")
		next
	bound = work "/" f[3] ".log"
	a = read_log(f[2], guest)
	b = read_log(bound, host)
	difference = ""
	for (line in guest)
		if (!(line in host) || guest[line] != host[line])
			difference = difference "    guest:   " line "\n"
	for (line in host)
		if (!(line in guest) || guest[line] != host[line])
			difference = difference "    offline: " line "\n"
	expected = excepted("cell", f[1])
	if (a && b && difference == "") {
		if (expected)
			fail(f[1], "both agree, yet offline.txt has an exception")
		else
			passed++
		for (i = 1; i <= n; i++)
			compared[files_of[i]] = 1
	} else if (!expected) {
		fail(f[1], "`pvrom bind` and the guest differ, in " bound " and " f[2])
		print substr(difference, 1, 2000)
	}
}

END {
	if (step == "plan") {
		for (i = 1; i <= count; i++) {
			cell = order[i]
			key = roms[cell] "\t" words[cell] "\t" options[cell]
			if (roms[cell] == "" || !census[cell] || left_out[cell])
				number = "-"
			else
				number = key in numbers ? numbers[key] : numbers[key] = ++last
			print cell "|" log_of[cell] "|" number "|" roms[cell] "|" words[cell] "|" options[cell]
		}
		for (i = 1; i <= exceptions; i++)
			if (kinds[i] == "word" && !used[i])
				print "unused\t" place[i] > (work "/unused")
		exit
	}
	for (rom in booted) {
		name = substr(rom, length(build) + 2)
		if (rom in compared || excepted("rom", name))
			passed++
		else
			fail(name, "no run compares this ROM with `pvrom bind`: add one, or say why in offline.txt")
	}
	while ((getline line < (work "/unused")) > 0) {
		split(line, f, "\t")
		fail("offline.txt:" f[2], "an exception that nothing needs")
	}
	for (i = 1; i <= exceptions; i++)
		if (kinds[i] != "word" && !used[i])
			fail("offline.txt:" place[i], "an exception that nothing needs")
	printf "%d passed, %d failed\n", passed, failed
	exit failed || !passed
}
