// SPDX-License-Identifier: GPL-2.0-only
/*
 * What POST needs of the firmware, which is past it: the ROMs' files, as QEMU still hands them over
 * (fw_cfg's genroms/), and an option-ROM window that can be written (the chipset's PAM registers).
 */
#include "post.h"
#include "console.h"
#include "io.h"
#include "memory.h"

#define FW_CFG_KEY 0x510u /* 16 bits; what it names is read byte by byte at the next port */
#define FW_CFG_SIGNATURE 0u
#define FW_CFG_FILES 0x19u
#define FOLDER "genroms/"
#define PCI_ADDRESS 0xcf8u
#define PCI_DATA 0xcfcu
#define PCI_ON 0x80000000u /* bus 0, device 0, function 0: the host's bridge */
enum { FILES_MAX = 256, PAM_REGISTERS = 7, PAM_ALL = 0x33 /* both halves are RAM, read and written */ };

struct file {
	uint32_t size;
	uint16_t key;
	char name[56];
};

static uint16_t pam_at; /* in the bridge's configuration space; 0: there is none */
static uint8_t pam[PAM_REGISTERS];

static void choose(uint16_t key)
{
	asm volatile("outw %0, %1" : : "a"(key), "Nd"((uint16_t)FW_CFG_KEY) : "memory");
}

static void read(void *to, uint32_t size)
{
	for (uint8_t *at = to; size; size--)
		*at++ = inb(FW_CFG_KEY + 1);
}

static uint32_t big_endian(unsigned bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | inb(FW_CFG_KEY + 1);
	return value;
}

bool rom_file(unsigned which, uint8_t *to, uint32_t room, uint32_t *size)
{
	char signature[4];
	struct file found = { 0 }, file;
	uint32_t count;

	choose(FW_CFG_SIGNATURE);
	read(signature, sizeof(signature));
	if (memcmp(signature, "QEMU", sizeof(signature)))
		return false;
	choose(FW_CFG_FILES);
	count = big_endian(4);
	for (uint32_t i = 0; i < count && i < FILES_MAX; i++) {
		file.size = big_endian(4);
		file.key = (uint16_t)big_endian(2);
		big_endian(2);
		read(file.name, sizeof(file.name));
		if (memcmp(file.name, FOLDER, sizeof(FOLDER) - 1) || which--)
			continue;
		found = file;
		break;
	}
	*size = found.size < room ? found.size : room;
	if (!found.key)
		return false;
	choose(found.key);
	read(to, *size);
	return true;
}

static uint32_t pci(uint32_t reg)
{
	uint32_t value;

	outl(PCI_ADDRESS, PCI_ON | (reg & ~3u));
	asm volatile("inl %1, %0" : "=a"(value) : "Nd"((uint16_t)PCI_DATA) : "memory");
	return value;
}

static void set_pam(unsigned i, uint8_t value)
{
	uint32_t reg = pam_at + i;

	outl(PCI_ADDRESS, PCI_ON | (reg & ~3u));
	outb((uint16_t)(PCI_DATA + (reg & 3)), value);
}

void window_open(void)
{
	uint32_t bridge = pci(0);

	pam_at = bridge == 0x12378086u ? 0x59 : bridge == 0x29c08086u ? 0x90 : 0; /* i440fx, q35 */
	for (unsigned i = 0; pam_at && i < PAM_REGISTERS; i++) {
		pam[i] = (uint8_t)(pci(pam_at + i) >> (pam_at + i) % 4 * 8);
		set_pam(i, PAM_ALL);
	}
}

void window_close(void)
{
	for (unsigned i = 0; pam_at && i < PAM_REGISTERS; i++)
		set_pam(i, pam[i]);
}
