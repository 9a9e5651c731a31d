# SPDX-License-Identifier: GPL-2.0-only
# Turns the logs of bench.sh, PLATFORM-WHATPAE.RUN.log, into report/bench.tsv, one line for each
# subject and platform, and checks the figures against their limits. `missing`: a file that says
# why there are none of KVM.
#
#   subject platform instructions spread exits spread runs note
#
# subject: a slot; batch and stress, .pae with PAE; stress/REASON: the exits of that reason alone.
# The lines that count are `hv exits MARK REASON NUMBER`, `kvm exits ...` likewise, and behind
# them that of what was counted.
BEGIN {
	platforms = split("native bound kvm-npt kvm-shadow trap rom", platform, " ")
	while ((getline line < missing) > 0)
		why = line
	OFS = "\t"
	print "subject", "platform", "instructions", "spread", "exits", "spread", "runs", "note" > tsv
}
FNR == 1 {
	file = FILENAME
	sub(/.*\//, "", file)
	on = file
	sub(/-[a-z]*[01]\.[0-9]*\.log$/, "", on)
	pae = file ~ /1\.[0-9]*\.log$/ ? ".pae" : ""
	split("", counted)
}
function value(name,	i, pair) {
	for (i = 2; i <= NF; i++)
		if (split($i, pair, "=") == 2 && pair[1] == name)
			return pair[2]
	return "-"
}
# One figure of one run: the lowest and the highest are kept.
function keep(subject, what, number,	key) {
	if (!(subject in known)) {
		known[subject] = ++subjects
		subject_of[subjects] = subject
	}
	key = subject SUBSEP on SUBSEP what
	seen[key]++
	if (number == "-")
		return
	if (!(key in low) || number + 0 < low[key])
		low[key] = number + 0
	if (!(key in high) || number + 0 > high[key])
		high[key] = number + 0
}
function take(subject, mark,	reason, part) {
	# Time is real on KVM: there the counter counts no instructions.
	keep(subject, "instructions", on ~ /^kvm/ ? "-" : value("instructions"))
	keep(subject, "exits", (mark, "sum") in counted ? counted[mark, "sum"] : "-")
	if (subject ~ /^stress/)
		for (reason in counted) {
			split(reason, part, SUBSEP)
			if (part[1] == mark && part[2] != "sum")
				keep(subject "/" part[2], "exits", counted[reason])
		}
	split("", counted)
}
{ sub(/\r$/, "") }
/^(hv|kvm) exits [0-9]+ / {
	# A mark's first line begins anew: what stands there is of an earlier one.
	if (ended[$3])
		for (key in counted)
			if (index(key, $3 SUBSEP) == 1)
				delete counted[key]
	ended[$3] = $4 == "sum"
	counted[$3, $4] = $5
}
/^slot-run / {
	# Page-table calls of one format alone, all others once.
	if ((pae == "") != ($3 == 39 || $3 == 41))
		take($2, 128)
	split("", counted)
}
/^batch updates=/ { take("batch" pae, 2) }
/^stress hash=/ {
	take("stress" pae, 1)
	hash[value("hash")]++
	hashes_of[on]++
}
function figure(subject, on, what,	key) {
	key = subject SUBSEP on SUBSEP what
	return key in low ? low[key] OFS high[key] - low[key] : "-" OFS "-"
}
function of(subject, on, what,	key) {
	key = subject SUBSEP on SUBSEP what
	return key in low ? low[key] : -1
}
function differs(subject, on, what,	key) {
	key = subject SUBSEP on SUBSEP what
	return key in low && high[key] != low[key]
}
function below(subject, on, what,	key) {
	key = subject SUBSEP on SUBSEP what
	return key in low && low[key] < 0
}
function verdict(good, text) {
	print (good ? "ok " : "not ok ") text
	if (good)
		passed++
	else
		failed++
}
# Exits: at most so many in batch, and so many times fewer than by trap in stress.
function check(pae,	few, many) {
	few = of("batch" pae, "rom", "exits")
	many = of("batch" pae, "trap", "exits")
	verdict(few > 0 && few <= 20 && many >= 1000, "batch" pae ": " few " exits through the ROM (at most 20), " many " by trap (1000 or more)")
	few = of("stress" pae, "rom", "exits")
	many = of("stress" pae, "trap", "exits")
	verdict(few > 0 && many >= 5 * few, "stress" pae ": " few " exits through the ROM, " many " by trap (5 times as many or more)")
}
END {
	for (s = 1; s <= subjects; s++) {
		subject = subject_of[s]
		for (p = 1; p <= platforms; p++) {
			on = platform[p]
			n = seen[subject, on, "exits"] + 0
			if (subject ~ /\// && !n)
				continue
			note = n >= runs ? "" : on ~ /^kvm/ ? "missing: " why : "missing: a run of it failed"
			print subject, on, figure(subject, on, "instructions"), figure(subject, on, "exits"), n, note > tsv
			if (on !~ /^kvm/ && subject !~ /\// && n != runs)
				torn++
			if (on !~ /^kvm/)
				spread += differs(subject, on, "instructions") + differs(subject, on, "exits")
			negative += below(subject, on, "instructions") + below(subject, on, "exits")
			rows++
		}
	}
	hashes = 0
	for (h in hash)
		hashes++
	verdict(rows > 300 && !torn, rows + 0 " figures, " torn + 0 " of them without all " runs " runs")
	verdict(rows > 0 && !negative, negative + 0 " figures below 0")
	if (runs > 1)
		verdict(rows > 0 && !spread, spread + 0 " figures that differ from run to run")
	verdict(hashes == 1 && hashes_of["native"] && hashes_of["trap"] && hashes_of["rom"], \
		hashes " hash of the stress case natively, by trap and through the ROM")
	check("")
	check(".pae")
	printf "%d passed, %d failed\n", passed, failed
	exit failed || !passed
}
