// SPDX-License-Identifier: GPL-2.0-only
#include "rom_image.h"

#include <string.h>

struct vrom_header *rom_image_header(uint8_t *rom)
{
	return (struct vrom_header *)rom;
}

struct vrom_pcir *rom_image_pcir(uint8_t *rom)
{
	return (struct vrom_pcir *)(rom + ROM_IMAGE_PCIR);
}

struct vrom_pnp *rom_image_pnp(uint8_t *rom)
{
	return (struct vrom_pnp *)(rom + ROM_IMAGE_PNP);
}

/* Makes `size` bytes sum to 0 by the byte `checksum` among them. */
static void mend(uint8_t *checksum, const uint8_t *bytes, size_t size)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += bytes[i];
	*checksum -= sum;
}

void rom_image_sign(uint8_t *rom)
{
	struct vrom_header *header = rom_image_header(rom);

	mend(&header->rom_pad0, rom, header->rom_length * VROM_BLOCK);
}

void rom_image_sign_pnp(uint8_t *rom)
{
	struct vrom_pnp *pnp = rom_image_pnp(rom);

	mend(&pnp->checksum, (const uint8_t *)pnp, sizeof(*pnp));
}

static void put_jump(uint8_t *rom, uint32_t slot, uint32_t target)
{
	uint32_t at = VROM_SLOT_TABLE + slot * VROM_SLOT_SIZE, distance = target - (at + 5);

	rom[at] = 0xE9;
	memcpy(rom + at + 1, &distance, sizeof(distance));
}

struct vrom_directory *rom_image_directory(uint8_t *rom)
{
	return (struct vrom_directory *)(rom + VROM_DIRECTORY);
}

struct vrom_capability *rom_image_capability(uint8_t *rom, int call)
{
	return (struct vrom_capability *)(rom + rom_image_directory(rom)->capabilities_offs) + call;
}

static uint8_t answer(const struct vmi_abi *abi, int call)
{
	return abi->calls[call].answers & 1 << VMI_RELOCATION_JUMP_REL ? VMI_RELOCATION_JUMP_REL :
									 VMI_RELOCATION_CALL_REL;
}

uint8_t rom_image_answer(int call)
{
	return answer(vmi_abi_of(false), call);
}

static void sign_directory(uint8_t *rom, struct vrom_directory *d)
{
	size_t size = rom_image_header(rom)->rom_length * VROM_BLOCK;
	size_t table = (size_t)d->capability_count * d->capability_size;
	uint8_t sum = 0;

	if (d->capabilities_offs + table <= size && d->groups_offs + d->groups_size <= size) {
		mend(&sum, rom + d->capabilities_offs, table);
		mend(&sum, rom + d->groups_offs, d->groups_size);
		d->tables_checksum = sum;
	}
	mend(&d->checksum, (const uint8_t *)d, d->length);
	rom_image_sign(rom);
}

void rom_image_sign_directory(uint8_t *rom)
{
	sign_directory(rom, rom_image_directory(rom));
}

void rom_image_offer(uint8_t *rom, int call, unsigned int place, const uint8_t *bytes,
		     uint8_t length)
{
	struct vrom_capability *c = rom_image_capability(rom, call);
	uint32_t changed = vmi_calls[call].out | vmi_calls[call].clobber;

	c->inline_offs = (uint16_t)(ROM_IMAGE_INLINE + 16 * place);
	c->inline_length = length;
	c->inline_clobbers = (changed & VMI_REG_EAX ? VROM_INLINE_EAX : 0) |
			     (changed & VMI_REG_ECX ? VROM_INLINE_ECX : 0) |
			     (changed & VMI_REG_EDX ? VROM_INLINE_EDX : 0) |
			     (changed & VMI_REG_EBX ? VROM_INLINE_EBX : 0) |
			     (changed & VMI_REG_FLAGS ? VROM_INLINE_FLAGS : 0);
	c->kinds |= VMI_CAPABILITY_INLINE;
	memcpy(rom + c->inline_offs, bytes, length);
	rom_image_sign_directory(rom);
}

/* The atomic groups: a count and as many numbers, each. Result: their bytes. */
static uint16_t put_groups(const struct vmi_abi *abi, uint8_t *to)
{
	uint16_t size = 0;

	for (int group = 0; group < abi->group_count; group++) {
		uint16_t count = size++;

		if (!abi->groups[group].atomic) {
			size = count;
			continue;
		}
		for (int call = 0; call < abi->call_count; call++)
			if (!abi->calls[call].reserved && abi->calls[call].group == group)
				to[size++] = (uint8_t)call;
		to[count] = (uint8_t)(size - count - 1);
	}
	return size;
}

/* Where the entries of `calls` say that they are. */
static void put_capabilities(const struct vmi_abi *abi, struct vrom_capability *to, uint16_t calls)
{
	memset(to, 0, (size_t)abi->call_count * sizeof(*to));
	for (int call = 0; call < abi->call_count; call++)
		if (!abi->calls[call].reserved)
			to[call] = (struct vrom_capability){
				.entry_offs = (uint16_t)(calls + 16 * call),
				.kinds = (uint8_t)(1 << answer(abi, call)),
				.detail = answer(abi, call),
			};
}

static void put_directory(uint8_t *rom)
{
	const struct vmi_abi *abi = vmi_abi_of(false);

	*rom_image_directory(rom) = (struct vrom_directory){
		.signature = VROM_DIRECTORY_SIGNATURE, .length = sizeof(struct vrom_directory),
		.version = VROM_DIRECTORY_VERSION, .capability_size = sizeof(struct vrom_capability),
		.capabilities_offs = ROM_IMAGE_CAPABILITIES, .capability_count = VMI_CALLS,
		.groups_offs = ROM_IMAGE_GROUPS,
		.groups_size = put_groups(abi, rom + ROM_IMAGE_GROUPS),
		.init_offs = ROM_IMAGE_INIT, .get_reloc_offs = ROM_IMAGE_GET_RELOC,
		.version_offs = ROM_IMAGE_PRODUCT, .config_offs = ROM_IMAGE_INLINE,
	};
	put_capabilities(abi, rom_image_capability(rom, 0), ROM_IMAGE_CALLS);
}

struct vrom_abi *rom_image_abi(uint8_t *rom)
{
	return (struct vrom_abi *)(rom + ROM_IMAGE64_ABIS);
}

struct vrom_directory *rom_image_directory64(uint8_t *rom)
{
	return (struct vrom_directory *)(rom + ROM_IMAGE64_DIRECTORY);
}

struct vrom_capability *rom_image_capability64(uint8_t *rom, int call)
{
	return (struct vrom_capability *)(rom + ROM_IMAGE64_CAPABILITIES) + call;
}

uint8_t rom_image_answer64(int call)
{
	return answer(vmi_abi_of(true), call);
}

void rom_image_sign64(uint8_t *rom)
{
	sign_directory(rom, rom_image_directory64(rom));
	rom_image_sign_directory(rom);
}

void rom_image_widen(uint8_t *rom)
{
	static const uint8_t endbr64[] = { 0xF3, 0x0F, 0x1E, 0xFA };
	const struct vmi_abi *abi = vmi_abi_of(true);

	for (uint32_t i = ROM_IMAGE_SIZE; i < ROM_IMAGE64_SIZE; i++)
		rom[i] = (uint8_t)(i * 59 + 7);
	rom_image_header(rom)->rom_length = ROM_IMAGE64_SIZE / VROM_BLOCK;
	rom_image_pcir(rom)->image_length = ROM_IMAGE64_SIZE / VROM_BLOCK;
	rom_image_directory(rom)->abis_offs = ROM_IMAGE64_ABIS;
	rom_image_directory(rom)->abi_count = 1;
	*rom_image_abi(rom) = (struct vrom_abi){
		.major = VMI64_MAJOR, .minor = VMI64_MINOR, .width = 64,
		.directory_offs = ROM_IMAGE64_DIRECTORY,
	};
	*rom_image_directory64(rom) = (struct vrom_directory){
		.signature = VROM_DIRECTORY_SIGNATURE, .length = sizeof(struct vrom_directory),
		.version = VROM_DIRECTORY_VERSION, .capability_size = sizeof(struct vrom_capability),
		.capabilities_offs = ROM_IMAGE64_CAPABILITIES, .capability_count = VMI64_CALLS,
		.groups_offs = ROM_IMAGE64_GROUPS,
		.groups_size = put_groups(abi, rom + ROM_IMAGE64_GROUPS),
		.init_offs = ROM_IMAGE64_INIT, .get_reloc_offs = ROM_IMAGE64_GET_RELOC,
		.version_offs = ROM_IMAGE_PRODUCT, .config_offs = ROM_IMAGE_INLINE,
	};
	put_capabilities(abi, rom_image_capability64(rom, 0), ROM_IMAGE64_CALLS);
	memcpy(rom + ROM_IMAGE64_INIT, endbr64, sizeof(endbr64));
	memcpy(rom + ROM_IMAGE64_GET_RELOC, endbr64, sizeof(endbr64));
	for (int call = 0; call < abi->call_count; call++)
		memcpy(rom + ROM_IMAGE64_CALLS + 16 * call, endbr64, sizeof(endbr64));
	rom_image_sign64(rom);
}

void rom_image_build(uint8_t *rom, uint8_t major, uint8_t minor)
{
	struct vrom_header *header = rom_image_header(rom);
	struct vrom_pcir *pcir = rom_image_pcir(rom);
	struct vrom_pnp *pnp = rom_image_pnp(rom);

	for (uint32_t i = 0; i < ROM_IMAGE_SIZE; i++)
		rom[i] = (uint8_t)(i * 167 + 13); /* code that nobody runs */
	memset(rom, 0, VROM_SLOT_TABLE);
	header->rom_signature = VROM_SIGNATURE;
	header->rom_length = ROM_IMAGE_SIZE / VROM_BLOCK;
	header->vrom_signature = VROM_VMI_SIGNATURE;
	header->api_version_maj = major;
	header->api_version_min = minor;
	header->jump_slots = VROM_SLOT_CALL0 + VMI_CALLS;
	header->license_offs = ROM_IMAGE_LICENSE;
	header->pci_header_offs = ROM_IMAGE_PCIR;
	header->pnp_header_offs = ROM_IMAGE_PNP;
	put_jump(rom, VROM_SLOT_INIT, ROM_IMAGE_INIT);
	put_jump(rom, VROM_SLOT_GET_RELOC, ROM_IMAGE_GET_RELOC);
	for (uint32_t call = 0; call < VMI_CALLS; call++)
		put_jump(rom, VROM_SLOT_CALL0 + call, ROM_IMAGE_CALLS + 16 * call);

	strcpy((char *)rom + ROM_IMAGE_LICENSE, VMI_LICENSE);
	strcpy((char *)rom + ROM_IMAGE_MANUFACTURER, VMI_MANUFACTURER);
	strcpy((char *)rom + ROM_IMAGE_PRODUCT, VMI_PRODUCT);
	*pcir = (struct vrom_pcir){
		.signature = VROM_PCIR_SIGNATURE, .vendor = VROM_PCI_VENDOR,
		.device = VROM_PCI_DEVICE, .length = sizeof(*pcir),
		.image_length = header->rom_length, .indicator = VROM_PCIR_LAST_IMAGE,
	};
	*pnp = (struct vrom_pnp){
		.signature = VROM_PNP_SIGNATURE, .revision = 1, .length = sizeof(*pnp) / 16,
		.manufacturer_offs = ROM_IMAGE_MANUFACTURER, .product_offs = ROM_IMAGE_PRODUCT,
	};
	rom_image_sign_pnp(rom);
	if (major == VROM_API_MAJOR && minor >= VROM_DIRECTORY_MINOR) {
		put_directory(rom);
		rom_image_sign_directory(rom);
	}
	rom_image_sign(rom);
}
