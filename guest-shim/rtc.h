/* SPDX-License-Identifier: GPL-2.0-only */
/* The real-time clock, read by the guest itself. */
#ifndef RTC_H
#define RTC_H

#include <stdbool.h>
#include <stdint.h>

#define RTC_B_BINARY 0x04u   /* status B: binary numbers, else BCD */
#define RTC_B_24_HOURS 0x02u

/* Seconds since 1970 (the clock runs in UTC); false if it shows no date. */
bool rtc_seconds(uint64_t *seconds);
/* Status B, and its format bits set to `format` (RTC_B_*). */
uint8_t rtc_format(void);
void rtc_set_format(uint8_t format);

#endif
