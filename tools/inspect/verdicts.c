/* SPDX-License-Identifier: GPL-2.0-only */
/* Who would take an image, and by which rule not. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "inspect/internal.h"

struct subject {
	const struct inspect_request *request;
	const struct romfile_images *images;
	const struct romfile_image *image;
	const struct inspect_seen *seen;
	size_t index;
};

struct verdict {
	bool accepted;
	char rule[300];
};

static struct verdict say(bool accepted, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static struct verdict say(bool accepted, const char *format, ...)
{
	struct verdict v = { .accepted = accepted };
	va_list args;

	va_start(args, format);
	vsnprintf(v.rule, sizeof(v.rule), format, args);
	va_end(args);
	return v;
}
#define ACCEPTED(...) say(true, __VA_ARGS__)
#define REFUSED(...) say(false, __VA_ARGS__)

#define CLASS_DISPLAY 3

static struct verdict seabios(const struct subject *s)
{
	const struct romfile_image *image = s->image;
	unsigned int length = image->blocks;
	uint8_t sum = romfile_image_sum(image);

	if (image->efi)
		return REFUSED("code type %d: it runs images of type %d only", VROM_PCIR_CODE_EFI,
			       VROM_PCIR_CODE_PC_AT);
	if (!length)
		return REFUSED("length byte: found 0, expected 1 or more blocks of %d bytes; there "
			       "is no line about it in its log", VROM_BLOCK);
	if (sum)
		return REFUSED("checksum: the %u bytes by the length byte sum to 0x%02x, expected 0%s",
			       length * VROM_BLOCK, sum, length * VROM_BLOCK > image->room ?
			       "; the file ends before them" : "");
	if (s->index && !s->request->dump)
		return ACCEPTED("as the ROM of a PCI device only, if no image before this one fits");
	if (image->pnp.bytes)
		return ACCEPTED("%u bytes, sum 0, $PnP at 0x%04zx: initialised during POST",
				length * VROM_BLOCK, image->pnp.at);
	if (image->pcir.bytes && romfile_image_pcir(image).class[2] == CLASS_DISPLAY)
		return ACCEPTED("%u bytes, sum 0, class display: initialised first, as the ROM of "
				"its device", length * VROM_BLOCK);
	return ACCEPTED("%u bytes, sum 0, no $PnP: initialised late, as a boot entry; as the first "
			"display's ROM, before all others", length * VROM_BLOCK);
}

static struct verdict virtualbox(const struct subject *s)
{
	if (s->request->size > VROM_VIRTUALBOX_MAX)
		return REFUSED("size of the file: found %zu, expected at most %d (56 KiB), the room "
			       "for its LAN boot ROM", s->request->size, VROM_VIRTUALBOX_MAX);
	if (!s->image->blocks || romfile_image_sum(s->image))
		return REFUSED("checksum: the bytes by the length byte sum to 0x%02x, expected 0 over "
			       "1 or more", romfile_image_sum(s->image));
	return ACCEPTED("%zu of at most %d bytes (56 KiB), as its LAN boot ROM", s->request->size,
			VROM_VIRTUALBOX_MAX);
}

/* As the client compares it: all of the string. */
static bool is_string(const struct romfile_image *image, size_t offset, const char *text)
{
	return romfile_string(image, offset) == (long)strlen(text) &&
	       !memcmp(image->bytes + offset, text, strlen(text));
}

static bool leads_on(const struct ask_one *one)
{
	return one->edx == VMI_RELOCATION_CALL_REL || one->edx == VMI_RELOCATION_JUMP_REL;
}

static struct verdict linux_calls(const struct subject *s)
{
	const struct ask_report *ask = &s->seen->ask;
	const struct ask_one *iret = &ask->answer[VMI_CALL_IRET][0][0];
	const struct ask_one *sysexit = &ask->answer[VMI_CALL_SYSEXIT][0][0];

	if (ask->init[0].lost & EMU_LOST_RETURN)
		return REFUSED("VMI_Init %s: it would hang or fault", emu_end_names[ask->init[0].end]);
	if (ask->init[0].eax)
		return REFUSED("VMI_Init: found 0x%x, expected 0: it prints \"VMI ROM failed to "
			       "initialize!\" and boots native", ask->init[0].eax);
	if (!leads_on(iret) || !leads_on(sysexit))
		return REFUSED("IRET, SYSEXIT: found types 0x%x and 0x%x, expected call or jump: it "
			       "has no code of its own there and dies", iret->edx, sysexit->edx);
	return ACCEPTED("\"cVmi\", version 3, licence, PCIR; VMI_Init answers 0, IRET and SYSEXIT "
			"are provided");
}

static struct verdict linux_client(const struct subject *s)
{
	const struct romfile_image *image = s->image;
	const struct vrom_header *h = (const void *)image->bytes;
	uint64_t at = s->request->base + image->offset;

	if (!image->vmi)
		return REFUSED("offset 0x%02zx: found no \"cVmi\"",
			       offsetof(struct vrom_header, vrom_signature));
	if (s->request->dump && (at < VROM_WINDOW_BASE || at >= VROM_CLIENT_WINDOW_END))
		return REFUSED("address: found 0x%llx, expected 0x%x to 0x%x, where it looks",
			       (unsigned long long)at, VROM_WINDOW_BASE, VROM_CLIENT_WINDOW_END - 1);
	if (h->api_version_maj != VROM_API_MAJOR)
		return REFUSED("offset 0x%02zx api_version_maj: found %u.%u, expected %d.x",
			       offsetof(struct vrom_header, api_version_maj), h->api_version_maj,
			       h->api_version_min, VROM_API_MAJOR);
	if (!is_string(image, h->license_offs, VMI_LICENSE) &&
	    !is_string(image, h->license_offs, VMI_LICENSE_OTHER))
		return REFUSED("offset 0x%02zx license_offs: 0x%04x leads to another licence than "
			       "\"%s\" or \"%s\"", offsetof(struct vrom_header, license_offs),
			       h->license_offs, VMI_LICENSE_OTHER, VMI_LICENSE);
	if (!h->pci_header_offs)
		return REFUSED("offset 0x%02zx pci_header_offs: found 0, expected the offset of PCIR",
			       offsetof(struct vrom_header, pci_header_offs));
	if (s->seen->asked)
		return linux_calls(s);
	return ACCEPTED("\"cVmi\", version 3, licence, PCIR; its calls were not tried");
}

static struct verdict our_loader(const struct subject *s)
{
	const struct vmi_candidate *c = &s->seen->candidate;
	const struct vmi_reason_info *info = NULL;
	char place[80] = "";

	if (c->usable && c->reason == VMI_OK)
		return ACCEPTED("of a guest's slots %u use it, %u are native, %u empty",
				s->seen->bound, s->seen->native, s->seen->nop);
	for (size_t i = 0; i < vmi_reason_count; i++)
		if (vmi_reasons[i].number == c->reason)
			info = &vmi_reasons[i];
	if (c->reason == VMI_E_INIT_CALL && !s->seen->asked)
		return ACCEPTED("every field; its calls were not tried");
	if (c->field)
		snprintf(place, sizeof(place), " %s at 0x%llx:", c->field,
			 (unsigned long long)(c->where - c->base));
	if (!info)
		return REFUSED("reason %d", c->reason);
	if (c->found == c->expected)
		return REFUSED("%s:%s %s; %s", info->name, place, info->cause, info->remedy);
	return REFUSED("%s:%s found 0x%llx, expected 0x%llx; %s", info->name, place,
		       (unsigned long long)c->found, (unsigned long long)c->expected, info->cause);
}

static struct verdict pci_structure(const struct romfile_image *image,
				    const struct vrom_pcir *pcir)
{
	size_t least = sizeof(*pcir);

	if (pcir->revision >= VROM_PCIR_REVISION_MORE)
		least += sizeof(struct vrom_pcir_more);
	if (image->pcir.at % 4)
		return REFUSED("pci_header_offs: found 0x%04zx, expected a multiple of 4",
			       image->pcir.at);
	if (pcir->length < least)
		return REFUSED("vrom_pcir.length: found %u, expected %zu or more in revision %u",
			       pcir->length, least, pcir->revision);
	if (!pcir->image_length)
		return REFUSED("vrom_pcir.image_length: found 0, expected 1 or more");
	if (!inspect_constant("VROM_PCIR_CODE", pcir->code_type))
		return REFUSED("vrom_pcir.code_type: found %u, expected 0 to %d", pcir->code_type,
			       VROM_PCIR_CODE_EFI);
	return ACCEPTED("%s", "");
}

static struct verdict pci_rules(const struct subject *s)
{
	const struct romfile_image *image = s->image;
	bool last = s->index + 1 == s->images->count;

	if (!image->pcir.bytes)
		return REFUSED("pci_header_offs: 0x%04x %s", image->pcir.pointer,
			       image->pcir.fault ? image->pcir.fault : "says that there is no PCIR");
	struct vrom_pcir pcir = romfile_image_pcir(image);
	struct verdict v = pci_structure(image, &pcir);
	size_t length = romfile_chain_length(image);
	if (!v.accepted)
		return v;
	if (length > image->room)
		return REFUSED("vrom_pcir.image_length: found %zu bytes, expected at most the %zu "
			       "that the file has from here on", length, image->room);
	if (image->stated > length)
		return REFUSED("vrom_pcir.image_length: found %zu bytes, expected at least the %zu "
			       "of the header", length, image->stated);
	if (pcir.code_type == VROM_PCIR_CODE_PC_AT && romfile_image_sum(image))
		return REFUSED("checksum: the %zu bytes by the length byte sum to 0x%02x, expected 0",
			       image->stated, romfile_image_sum(image));
	if (pcir.code_type == VROM_PCIR_CODE_EFI && !image->efi)
		return REFUSED("offset 0x%02zx: found no EFI signature 0x%04x, which code type %d "
			       "needs", offsetof(struct vrom_efi, signature), VROM_EFI_SIGNATURE,
			       VROM_PCIR_CODE_EFI);
	if (image->efi) {
		struct vrom_efi efi;

		memcpy(&efi, image->bytes, sizeof(efi));
		if (efi.image_offs < sizeof(efi) || efi.image_offs >= image->length)
			return REFUSED("vrom_efi.image_offs: found 0x%04x, expected 0x%04zx to 0x%04zx",
				       efi.image_offs, sizeof(efi), image->length - 1);
	}
	if (last && !s->images->complete && !s->request->dump)
		return REFUSED("%.280s", s->images->end);
	return ACCEPTED("PCIR at 0x%04zx, %zu bytes, code type %u, for device %04x:%04x",
			image->pcir.at, length, pcir.code_type, pcir.vendor, pcir.device);
}

void inspect_verdicts(cJSON *to, const struct inspect_request *request,
		      const struct romfile_images *images, size_t index,
		      const struct inspect_seen *seen)
{
	static const struct {
		const char *name;
		struct verdict (*judge)(const struct subject *s);
		bool legacy; /* looks at images for a BIOS only */
		bool file;   /* looks at the file as a whole */
	} consumers[] = {
		{ "SeaBIOS", seabios, false, false },
		{ "VirtualBox", virtualbox, false, true },
		{ "Linux VMI client", linux_client, true, false },
		{ "our loader", our_loader, true, false },
		{ "PCI firmware rules", pci_rules, false, false },
	};
	struct subject s = { request, images, &images->image[index], seen, index };
	cJSON *list = cJSON_AddArrayToObject(to, "verdicts");

	for (size_t i = 0; i < sizeof(consumers) / sizeof(consumers[0]); i++) {
		if ((consumers[i].legacy && s.image->efi) ||
		    (consumers[i].file && (index || request->dump)))
			continue;
		struct verdict v = consumers[i].judge(&s);
		cJSON *item = cJSON_CreateObject();
		if (!cJSON_AddItemToArray(list, item)) {
			cJSON_Delete(item);
			return;
		}
		cJSON_AddStringToObject(item, "consumer", consumers[i].name);
		cJSON_AddBoolToObject(item, "accepted", v.accepted);
		cJSON_AddStringToObject(item, "rule", v.rule);
	}
}
