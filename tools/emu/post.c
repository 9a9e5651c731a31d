/* SPDX-License-Identifier: GPL-2.0-only */
/* POST's part of vrom_config, played. */
#include "emu/post.h"

#include <string.h>

#include "emu/emu.h"
#include "vmi_abi.h"

#define CONFIG_ALIGN 16u
#define FIRST_MIB 0xFFFFFu
#define WIDE (1ull << 32)
#define NS_PER_SECOND 1000000000u
#define APIC_HZ NS_PER_SECOND /* nothing counts here: any rate will do */
#define FRACTION_BITS 32

/* The offset of our own images' vrom_config; 0 in others. */
static uint32_t emu_config(const uint8_t *image, size_t size)
{
	for (uint32_t at = CONFIG_ALIGN; at + VROM_CONFIG_LENGTH_MIN <= size; at += CONFIG_ALIGN) {
		struct vrom_config config;

		memcpy(&config, image + at, VROM_CONFIG_LENGTH_MIN);
		if (config.signature == VROM_CONFIG_SIGNATURE &&
		    config.version == VROM_CONFIG_VERSION &&
		    config.length >= VROM_CONFIG_LENGTH_MIN && config.length <= size - at)
			return at;
	}
	return 0;
}

static uint64_t per_tick(uint64_t rate, uint64_t tsc_hz)
{
	return (rate << FRACTION_BITS) / tsc_hz;
}

static uint8_t sum(const uint8_t *bytes, size_t size)
{
	uint8_t total = 0;

	while (size)
		total = (uint8_t)(total + bytes[--size]);
	return total;
}

/* Where it was loaded, physically; what is left of `base` is what the mapping adds. */
static uint32_t load_address(uint64_t base)
{
	return (uint32_t)(base < WIDE ? base & FIRST_MIB : base % VROM_LINEAR_STEP);
}

/* Its state's physical address: from WIDE on in the other half of a step, far from the image. */
static uint32_t state_of(uint64_t base)
{
	if (base < WIDE)
		return EMU_STATE - (uint32_t)(base - load_address(base));
	return EMU_STATE + (load_address(base) < VROM_LINEAR_STEP / 2 ? VROM_LINEAR_STEP / 2 : 0);
}

uint64_t emu_state_place(uint64_t base)
{
	return base < WIDE ? EMU_STATE : base - load_address(base) + state_of(base);
}

uint32_t emu_post(uint8_t *image, size_t size, uint64_t base, const struct emu_clock *clock)
{
	uint32_t at = emu_config(image, size);
	uint8_t before = sum(image, size);
	struct vrom_config config;
	size_t length;

	if (!at)
		return 0;
	memcpy(&config, image + at, VROM_CONFIG_LENGTH_MIN);
	length = config.length < sizeof(config) ? config.length : sizeof(config);
	memcpy(&config, image + at, length);
	config.flags |= VROM_CONFIG_POSTED | VROM_CONFIG_TIME | VROM_CONFIG_LINEAR;
	config.load_segment = (uint16_t)((base & FIRST_MIB) >> 4);
	config.load_address = load_address(base);
	config.state = state_of(base); /* the ROM adds what the mapping adds */
	config.tsc_hz = clock->tsc_hz;
	config.apic_hz = APIC_HZ;
	config.tsc_source = VROM_SOURCE_PIT;
	config.ns_per_tick = per_tick(NS_PER_SECOND, clock->tsc_hz);
	config.apic_per_tick = per_tick(APIC_HZ, clock->tsc_hz);
	config.pit_per_tick = per_tick(VROM_PIT_HZ, clock->tsc_hz);
	config.wallclock_ns = clock->wallclock_ns;
	config.wallclock_tsc = clock->wallclock_tsc;
	memcpy(image + at, &config, length);
	image[offsetof(struct vrom_header, rom_pad0)] =
		(uint8_t)(image[offsetof(struct vrom_header, rom_pad0)] + before - sum(image, size));
	return at;
}
