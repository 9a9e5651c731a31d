// SPDX-License-Identifier: GPL-2.0-only
/*
 * The firmware measures each option ROM before it runs it, and writes an event log; ACPI says
 * where (table TCPA for TPM 1.2, TPM2 for 2.0). All of it is data from outside: nothing is read
 * that does not lie in RAM, nor behind the end of what leads to it.
 */
#include "tpm.h"
#include "console.h"
#include "memory.h"

#define RSDP_START 0xe0000u
#define RSDP_END 0x100000u
#define RSDP_SIZE 20u
#define RSDT_AT 16u
#define FIRMWARE_TOP 0x100000u /* of RAM, which the firmware keeps and does not count as such */
#define TABLE_HEADER 36u
#define TABLE_MAX 0x10000u
#define TCPA_LENGTH_AT 38u  /* u32; the address, a u64, follows */
#define TPM2_LENGTH_AT 64u
#define LOG_MAX 0x100000u
#define EVENTS_MAX 1000u
#define ROM_PCR 2u
#define NO_ACTION 3u
#define SHA1_SIZE 20u
#define ALGORITHMS_MAX 8u
#define ALGORITHM_SHA1 0x04u
#define ALGORITHM_SHA256 0x0bu
/* What is measured of an option ROM is this structure, the ROM's own digest within. */
#define ROM_EVENT_ID 7u
#define ROM_EVENT_SIZE 32u
#define ROM_DIGEST_AT 12u

/* A part of memory that is read from its start on. */
struct cursor {
	const uint8_t *at;
	uint32_t left;
};

static uint32_t end_of_ram;

static const uint8_t *memory(uint64_t address, uint32_t size)
{
	if (address >= end_of_ram || size > end_of_ram - address)
		return NULL;
	return (const void *)(uintptr_t)address;
}

static uint32_t u32_at(const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static bool sums_to_0(const uint8_t *p, uint32_t size)
{
	uint8_t sum = 0;

	while (size--)
		sum += *p++;
	return !sum;
}

static const uint8_t *take(struct cursor *c, uint32_t size)
{
	const uint8_t *at = c->at;

	if (size > c->left)
		return NULL;
	c->at += size;
	c->left -= size;
	return at;
}

/* A table with a good sum; *length is its own. */
static const uint8_t *table(uint32_t address, uint32_t *length)
{
	const uint8_t *t = memory(address, TABLE_HEADER);

	if (!t)
		return NULL;
	*length = u32_at(t + 4);
	if (*length < TABLE_HEADER || *length > TABLE_MAX || !memory(address, *length))
		return NULL;
	return sums_to_0(t, *length) ? t : NULL;
}

static const uint8_t *find_rsdt(uint32_t *length)
{
	for (uint32_t at = RSDP_START; at < RSDP_END; at += 16) {
		const uint8_t *p = memory(at, RSDP_SIZE);

		if (p && !memcmp(p, "RSD PTR ", 8) && sums_to_0(p, RSDP_SIZE))
			return table(u32_at(p + RSDT_AT), length);
	}
	return NULL;
}

/* The log that one of the tables names; false if none does. */
static bool find_log(struct cursor *log, bool *two)
{
	uint32_t length, size, field;
	const uint8_t *rsdt = find_rsdt(&length), *t;

	for (uint32_t i = TABLE_HEADER; rsdt && i + 4 <= length; i += 4) {
		t = table(u32_at(rsdt + i), &size);
		if (!t || (memcmp(t, "TCPA", 4) && memcmp(t, "TPM2", 4)))
			continue;
		*two = t[1] == 'P';
		field = *two ? TPM2_LENGTH_AT : TCPA_LENGTH_AT;
		if (field + 12 > size)
			continue; /* without the optional fields there is no log */
		log->left = u32_at(t + field);
		log->at = u32_at(t + field + 8) || log->left > LOG_MAX ? NULL :
			  memory(u32_at(t + field + 4), log->left);
		if (log->at && log->left)
			return true;
		printf("note tpm: log at 0x%08x%08x, found %u bytes, expected below 0x%08x\n",
		       u32_at(t + field + 8), u32_at(t + field + 4), log->left, end_of_ram);
	}
	return false;
}

static void print_digest(const char *name, const uint8_t *digest, uint32_t size)
{
	printf(" %s=", name);
	while (size--)
		printf("%02x", *digest++);
}

static uint32_t algorithm_size(uint16_t algorithm)
{
	switch (algorithm) {
	case ALGORITHM_SHA1: return SHA1_SIZE;
	case ALGORITHM_SHA256: return 32;
	case 0x0c: return 48; /* SHA-384 */
	case 0x0d: return 64; /* SHA-512 */
	case 0x12: return 32; /* SM3 */
	default: return 0; /* the log cannot be read on */
	}
}

static void print_event(uint32_t type, const struct cursor *digests, const uint8_t *event,
			uint32_t size, bool two)
{
	struct cursor c = *digests;

	printf("tpm event pcr=%u type=0x%x", ROM_PCR, type);
	while (c.left && two) {
		uint16_t algorithm = (uint16_t)(c.at[0] | c.at[1] << 8);

		take(&c, 2);
		if (algorithm == ALGORITHM_SHA1 || algorithm == ALGORITHM_SHA256)
			print_digest(algorithm == ALGORITHM_SHA1 ? "sha1" : "sha256", c.at,
				     algorithm_size(algorithm));
		take(&c, algorithm_size(algorithm));
	}
	if (!two)
		print_digest("sha1", c.at, SHA1_SIZE);
	if (size == ROM_EVENT_SIZE && u32_at(event) == ROM_EVENT_ID)
		print_digest("rom-sha1", event + ROM_DIGEST_AT, SHA1_SIZE);
	printf("\n");
}

/* Moves over the digests of one event. False where they cannot be understood. */
static bool take_digests(struct cursor *c, bool two, struct cursor *digests)
{
	const uint8_t *p = two ? take(c, 4) : NULL;
	uint32_t count = p ? u32_at(p) : 0;

	digests->at = c->at;
	if (!two && !take(c, SHA1_SIZE))
		return false;
	if (two && (!p || !count || count > ALGORITHMS_MAX))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t size = 0;

		p = take(c, 2);
		if (p)
			size = algorithm_size((uint16_t)(p[0] | p[1] << 8));
		if (!size || !take(c, size))
			return false;
	}
	digests->left = (uint32_t)(c->at - digests->at);
	return true;
}

/* Takes one event. False at the log's end: what follows is zeros, or no event. */
static bool take_event(struct cursor *c, bool two, unsigned *roms)
{
	const uint8_t *head = take(c, 8), *p, *event;
	struct cursor digests;
	uint32_t size;

	if (!head || (!u32_at(head) && !u32_at(head + 4)) || !take_digests(c, two, &digests))
		return false;
	p = take(c, 4);
	size = p ? u32_at(p) : 0;
	event = p ? take(c, size) : NULL;
	if (!event)
		return false;
	if (u32_at(head) == ROM_PCR && u32_at(head + 4) != NO_ACTION) {
		print_event(u32_at(head + 4), &digests, event, size, two);
		++*roms;
	}
	return true;
}

void tpm_report(uint32_t ram_end)
{
	unsigned events = 0, roms = 0;
	struct cursor log;
	bool two;

	end_of_ram = (ram_end > RSDP_END ? ram_end : RSDP_END) + FIRMWARE_TOP;
	if (!find_log(&log, &two))
		return;
	printf("tpm log %s bytes=%u\n", two ? "2.0" : "1.2", log.left);
	/* That of 2.0 begins with one event in the old form, which says that it is one of 2.0. */
	if (two && take_event(&log, false, &roms))
		events++;
	while (events < EVENTS_MAX && take_event(&log, two, &roms))
		events++;
	printf("tpm end events=%u pcr=%u: %u\n", events, ROM_PCR, roms);
}
