/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC, at a fixed address of the kernel. */
#ifndef APIC_H
#define APIC_H

#include <stdbool.h>
#include <stdint.h>

#define MSR_APIC_BASE 0x1bu
#define APIC_ID 0x020
#define APIC_EOI 0x0b0
#define APIC_SPURIOUS 0x0f0
#define APIC_LVT_LINT0 0x350
#define APIC_LVT_NMI 0x00000400u
#define APIC_LVT_MASKED 0x00010000u
#define APIC_ICR_LOW 0x300
#define APIC_ICR_HIGH 0x310
#define APIC_ISR 0x100
#define APIC_ESR 0x280
#define APIC_IRR 0x200
#define APIC_LVTT 0x320
#define APIC_INITIAL 0x380
#define APIC_CURRENT 0x390
#define APIC_DIVIDE 0x3e0
#define APIC_MASKED 0x10000u
#define APIC_PERIODIC 0x20000u
#define APIC_DIVIDE_1 0x0bu
#define APIC_ICR_INIT 0x00004500u    /* level asserted */
#define APIC_ICR_STARTUP 0x00004600u /* or'ed with the page number */
#define APIC_ICR_FIXED 0x00004000u

/* Maps the APIC on the first processor; then enables it on this one. False: there is none. */
bool apic_init(void);
/*
 * Switches this processor's to x2APIC mode, and those of processors that start later: registers
 * are MSRs from then on. A note says which, or that there is none.
 */
void apic_switch_x2(void);
bool apic_x2(void);
/* This processor's id. */
uint32_t apic_id(void);
/*
 * Whether `reg`, a multiple of 16 up to 0x3f0, is a register that can be read or written in both
 * modes. Calls 63 and 64 reach only these in x2APIC mode.
 */
bool apic_readable(uint32_t reg);
bool apic_writable(uint32_t reg);
/* Switches it off by MSR, for good: QEMU has no way back. */
void apic_switch_off(void);
/* Whether the first processor found one. */
bool apic_present(void);
/* Straight to the page or the MSR, past the slots. */
uint32_t apic_read(uint32_t reg);
void apic_write(uint32_t reg, uint32_t value);
/* Sends an interrupt command to one APIC, once the last one has left; `command`: APIC_ICR_*. */
void apic_send(uint8_t id, uint32_t command);

#endif
