// SPDX-License-Identifier: GPL-2.0-only
/* The real-time clock: its registers in all four formats, and the days since 1970. */
#include "rtc.h"
#include "io.h"
#include "memory.h"

#define INDEX 0x70
#define DATA 0x71
#define STATUS_A 10
#define STATUS_B 11
#define UPDATING 0x80u
#define PM 0x80u
#define FORMAT (RTC_B_BINARY | RTC_B_24_HOURS)
#define TRIES 1000000u

enum { SECOND, MINUTE, HOUR, DAY, MONTH, YEAR, CENTURY, FIELDS };
static const uint8_t registers[FIELDS] = { 0, 2, 4, 7, 8, 9, 0x32 };

static uint8_t read(uint8_t index)
{
	outb(INDEX, index);
	return inb(DATA);
}

static void read_fields(uint8_t fields[FIELDS])
{
	for (unsigned i = 0; i < FIELDS; i++)
		fields[i] = read(registers[i]);
}

/* No update was under way, and two readings agree. */
static bool read_settled(uint8_t fields[FIELDS])
{
	uint8_t again[FIELDS];

	for (unsigned i = 0; i < TRIES; i++) {
		if (read(STATUS_A) & UPDATING)
			continue;
		read_fields(fields);
		read_fields(again);
		if (!memcmp(fields, again, FIELDS))
			return true;
	}
	return false;
}

static void to_binary(uint8_t fields[FIELDS], uint8_t status)
{
	bool pm = fields[HOUR] & PM;

	if (!(status & RTC_B_24_HOURS))
		fields[HOUR] &= (uint8_t)~PM;
	for (unsigned i = 0; i < FIELDS && !(status & RTC_B_BINARY); i++)
		fields[i] = (uint8_t)((fields[i] >> 4) * 10 + (fields[i] & 15));
	if (!(status & RTC_B_24_HOURS))
		fields[HOUR] = (uint8_t)(fields[HOUR] % 12 + (pm ? 12 : 0));
}

static bool leap(uint32_t year)
{
	return (year % 4 == 0 && year % 100) || year % 400 == 0;
}

bool rtc_seconds(uint64_t *seconds)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint8_t f[FIELDS];
	uint32_t year, days = 0;

	if (!read_settled(f))
		return false;
	to_binary(f, rtc_format());
	year = f[CENTURY] * 100u + f[YEAR];
	if (year < 1970 || year > 2500 || f[MONTH] < 1 || f[MONTH] > 12 || f[DAY] < 1)
		return false;
	for (uint32_t y = 1970; y < year; y++)
		days += leap(y) ? 366 : 365;
	for (uint32_t m = 1; m < f[MONTH]; m++)
		days += lengths[m - 1] + (m == 2 && leap(year));
	days += f[DAY] - 1u;
	*seconds = (uint64_t)days * 86400 + f[HOUR] * 3600u + f[MINUTE] * 60u + f[SECOND];
	return true;
}

uint8_t rtc_format(void)
{
	return read(STATUS_B);
}

void rtc_set_format(uint8_t format)
{
	uint8_t status = (uint8_t)((read(STATUS_B) & ~FORMAT) | (format & FORMAT));

	outb(INDEX, STATUS_B);
	outb(DATA, status);
}
