// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel that has never heard of an APIC. Nothing maps the page, so whoever touches it all
 * the same runs into a page fault.
 */
#include "apic.h"
#include "console.h"
#include "exit.h"

bool apic_init(void)
{
	return false;
}

bool apic_present(void)
{
	return false;
}

bool apic_x2(void)
{
	return false;
}

bool apic_readable(uint32_t reg)
{
	(void)reg;
	return false;
}

bool apic_writable(uint32_t reg)
{
	(void)reg;
	return false;
}

/* Callers ask apic_present() first: who comes here is a mistake of the kernel's. */
__attribute__((noreturn)) static void misled(const char *who)
{
	printf("exception: %s in a kernel without an APIC\n", who);
	guest_exit(GUEST_EXIT_EXCEPTION);
}

uint32_t apic_read(uint32_t reg)
{
	(void)reg;
	misled("apic_read");
}

void apic_write(uint32_t reg, uint32_t value)
{
	(void)reg;
	(void)value;
	misled("apic_write");
}

uint32_t apic_id(void)
{
	return 0; /* the one processor */
}

void apic_send(uint8_t id, uint32_t command)
{
	(void)id;
	(void)command;
	misled("apic_send");
}

void apic_switch_off(void)
{
	printf("note this kernel has no APIC to switch off\n");
}

void apic_switch_x2(void)
{
	printf("note this kernel has no APIC to switch to x2APIC mode\n");
}
