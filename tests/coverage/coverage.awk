# SPDX-License-Identifier: GPL-2.0-only
# coverage.awk: the calls of vmi_abi.h, then logs of guests (*.guest) and of the cpu lane
# (*.cpu). Writes the table to `report`; `bad` = runs that have failed already; `free` =
# numbers of the calls that need not be answered.

BEGIN {
	n = split(free, numbers)
	for (i = 1; i <= n; i++)
		may_be_none[numbers[i] + 0] = 1
}

function reached(call, test) {
	if (!((call, test) in seen)) {
		seen[call, test] = 1
		tests[call] = tests[call] (tests[call] == "" ? "" : ", ") test
		count[call]++
	}
}

# 	VMI_CALL_SetCR3 = 17, /* ... */
FILENAME ~ /vmi_abi\.h$/ {
	if ($1 ~ /^VMI_CALL_/ && $2 == "=" && $3 ~ /^[0-9]+,$/) {
		number = $3 + 0
		name[number] = substr($1, length("VMI_CALL_") + 1)
		if (number > last)
			last = number
		calls++
	}
	next
}

FILENAME ~ /\.cpu$/ {
	if ($1 == "cpu" && $2 ~ /^[0-9]+$/) {
		sub(/:$/, "", $4)
		if (!($2 + 0 in lane) || lane[$2 + 0] == "none") # of the later one what it alone answers
			lane[$2 + 0] = $4
	}
	next
}

$1 == "answered" {
	for (i = 2; i <= NF; i++)
		answered[$i + 0] = 1
}
$1 == "covers" {
	for (i = 3; i <= NF; i++)
		reached($i + 0, $2)
}
# What a guest cannot say itself: the good verdict on its run stands for the call.
$1 == "bind" && $2 == "vmi_ops.shutdown" {
	shutdown_call = $5 == "rom" ? $3 + 0 : -1
}
$1 == "end" && $2 == "shutdown" && shutdown_call >= 0 {
	reached(shutdown_call, "end.shutdown (the run)")
}

END {
	print "# Calls and their tests\n" > report
	print "Made by tests/coverage/coverage.sh from what ran, on profile full, and for calls that it" > report
	print "leaves to the guest on the ROM of tests/served. A guest" > report
	print "test counts for a call if it was ok while a slot led to the ROM's entry;" > report
	print "`cpu` is the verdict of `pvrom cpu`.\n" > report
	print "| no | call | answered | cpu | guest tests |" > report
	print "|---|---|---|---|---|" > report
	for (n = 0; n <= last; n++) {
		if (!(n in name))
			continue
		printf "| %d | %s | %s | %s | %s |\n", n, name[n], n in answered ? "yes" : "no", \
			n in lane ? lane[n] : "-", tests[n] == "" ? "-" : tests[n] > report
		if (!(n in answered) && n in may_be_none)
			continue
		why = ""
		if (!(n in answered))
			why = "profile full does not answer it"
		else if (!count[n])
			why = "no guest test reached it"
		else if (lane[n] != "ok" && lane[n] != "exception")
			why = "the cpu lane says `" lane[n] "`, expected ok or exception"
		if (why == "") {
			passed++
			continue
		}
		failed++
		printf "not ok coverage of %d %s: %s\n", n, name[n], why
	}
	close(report)
	if (!calls || !passed) {
		print "not ok coverage: no call was read, or none was reached"
		failed++
	}
	printf "%d passed, %d failed\n", passed, failed + bad
	exit failed + bad ? 1 : 0
}
