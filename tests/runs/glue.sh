#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# glue.sh: does guest-shim/redesign/glue.awk count what it says? The last line is `N passed, N failed`.
set -u
awk_=$(dirname "$0")/../../guest-shim/redesign/glue.awk
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# check NAME FILE EXPECTED: the text of stdin as FILE.
check() {
	cat > "$work/$2"
	found=$(awk -f "$awk_" "$work/$2" 2>&1 | sed "s|$work/||")
	if [ "$found" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok glue $1: found $found, expected $3"
	fi
}
check plain a.c '#define GLUE_one 4' << 'END'
void PV wrap_one(int a)
{
	call(a);
}
END
check comments a.c '#define GLUE_two 6' << 'END'
/* No wrap_none(here). */
uint64_t PV glue_two(uint32_t a,
		     uint32_t b)
{
	/* a comment
	 * of two lines */

	call(a); /* and a call */
	return b; // so
}
END
check declared a.c '' << 'END'
void PV wrap_one(int a);
#define X wrap_one(1)
	wrap_one(2);
END
check several a.c '#define GLUE_a 3
#define GLUE_b 3' << 'END'
int glue_a(void)
{
}

static void other(void)
{
	glue_a();
}
void wrap_b(void)
{
}
END
check assembly a.asm '#define GLUE_iret 2' << 'END'
global wrap_iret:function (wrap_iret.end - wrap_iret)
wrap_iret:
	; a comment
	call there
	ud2
.end:
END
check empty a.asm 'a.asm:2: found a function iret without a line, expected glue' << 'END'
wrap_iret:
.end:
END
check no-end a.c 'a.c: found no end of a' << 'END'
int wrap_a(void)
{
END
echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
