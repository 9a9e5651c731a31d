; SPDX-License-Identifier: GPL-2.0-only
; The image's first bytes: option-ROM header, VMI header, the fixed table of
; jump slots; then PCIR, $PnP, strings and the config block.
; spec/image.abi: vrom_header, vrom_pcir, vrom_pnp, vrom_config
%include "rom.inc"
%include "directory.inc"

extern post_entry, vmi_init, vmi_get_reloc, vmi_get_any_reloc, vmi_profile_name
extern rom_image_blocks, rom_resident_blocks
extern rom_capabilities, rom_build_id, rom_build_id_size
%ifndef ONE_WIDTH
extern rom_abis, rom_abi_count
%endif

section .header progbits alloc exec nowrite align=16
bits 16
global rom_header
rom_header:
vrom_header_start:
	field vrom_header, rom_signature
	dw VROM_SIGNATURE
	field vrom_header, rom_length
	db rom_image_blocks		; POST lowers it to what stays resident
	field vrom_header, rom_entry
	jmp near post_entry
	nop
	field vrom_header, rom_pad0
	db 0				; romsign makes the sum 0 here
	field vrom_header, vrom_signature
	dd VROM_VMI_SIGNATURE
	field vrom_header, api_version_min
	db VROM_API_MINOR
	field vrom_header, api_version_maj
	db VROM_API_MAJOR
	field vrom_header, jump_slots
	db VROM_SLOT_CALL0 + VMI_CALLS
	field vrom_header, reserved1
	db 0
	field vrom_header, virtual_top
	dd 0				; no hypervisor keeps any address space
	field vrom_header, reserved2
	dw 0
	field vrom_header, license_offs
	dw rom_license
	field vrom_header, pci_header_offs
	dw rom_pcir
	field vrom_header, pnp_header_offs
	dw rom_pnp
	field vrom_header, rom_pad3
	dd 0
	field vrom_header, reserved
rom_directory:
%ifdef ONE_WIDTH
	directory_of rom_capabilities, VMI_CALLS, rom_groups, rom_groups_size, vmi_init, vmi_get_any_reloc, 0, 0
%else
	directory_of rom_capabilities, VMI_CALLS, rom_groups, rom_groups_size, vmi_init, vmi_get_any_reloc, rom_abis, rom_abi_count
%endif
	times vrom_header.vmi_init - ($ - rom_header) db 0

; The table never moves: slot k at VROM_SLOT_TABLE + k * VROM_SLOT_SIZE. A slot
; is a bare jump, since ENDBR32 does not fit beside one.
bits 32
%macro slot 1
%%slot:
	jmp near %1
	times VROM_SLOT_SIZE - ($ - %%slot) db 0xCC
%endmacro
%macro call_slot 3			; NUMBER, NAME, ENTRY
	%ifidn %3, 0
		slot vmi_unprovided
	%else
		extern %3
		slot %3
	%endif
%endmacro
extern vmi_unprovided
	field vrom_header, vmi_init
	slot vmi_init
	field vrom_header, get_reloc
	slot vmi_get_reloc
	VMI_FOR_EACH_CALL call_slot

align 4, db 0
global rom_pcir
rom_pcir:
vrom_pcir_start:
	field vrom_pcir, signature
	dd VROM_PCIR_SIGNATURE
	field vrom_pcir, vendor
	dw VROM_PCI_VENDOR
	field vrom_pcir, device
	dw VROM_PCI_DEVICE
	field vrom_pcir, vpd
	dw 0
	field vrom_pcir, length
	dw vrom_pcir_size
	field vrom_pcir, revision
	db 0
	field vrom_pcir, class
	db 0, 0, 0xFF			; FF: fits no class
	field vrom_pcir, image_length
	dw rom_image_blocks		; POST lowers it too
	field vrom_pcir, rom_version_min
	db RELEASE_MINOR
	field vrom_pcir, rom_version_maj
	db RELEASE_MAJOR
	field vrom_pcir, code_type
	db 0
	field vrom_pcir, indicator
	db VROM_PCIR_LAST_IMAGE
	field vrom_pcir, reserved
	dw 0

align 16, db 0
rom_pnp:
vrom_pnp_start:
	field vrom_pnp, signature
	dd VROM_PNP_SIGNATURE
	field vrom_pnp, revision
	db 1
	field vrom_pnp, length
	db vrom_pnp_size / 16
	field vrom_pnp, next
	dw 0
	field vrom_pnp, reserved
	db 0
	field vrom_pnp, checksum
	db 0				; romsign
	field vrom_pnp, device_id
	dd 0
	field vrom_pnp, manufacturer_offs
	dw rom_manufacturer
	field vrom_pnp, product_offs
	dw rom_product
	field vrom_pnp, class
	db 0, 0, 0xFF
	field vrom_pnp, indicators
	db 0
	field vrom_pnp, bcv
	dw 0
	field vrom_pnp, disconnect
	dw 0
	field vrom_pnp, bev
	dw 0
	field vrom_pnp, reserved2
	dw 0
	field vrom_pnp, resource
	dw 0

align 16, db 0
global rom_config
rom_config:
vrom_config_start:
	field vrom_config, signature
	dd VROM_CONFIG_SIGNATURE
	field vrom_config, length
	dw vrom_config_size
	field vrom_config, version
	db VROM_CONFIG_VERSION
	field vrom_config, flags
	db CONFIG_FLAGS
	field vrom_config, load_segment
	dw 0
	field vrom_config, image_blocks
	db rom_image_blocks
	field vrom_config, resident_blocks
	db rom_resident_blocks
	field vrom_config, profile_offs
	dw vmi_profile_name
	field vrom_config, release_offs
	dw rom_release
	field vrom_config, power_port
	times vrom_config_size - ($ - rom_config) db 0

rom_license:
	db VMI_LICENSE, 0
rom_manufacturer:
	db VMI_MANUFACTURER, 0
rom_product:
	db VMI_PRODUCT, 0
global rom_release
rom_release:
	db RELEASE, 0

; The groups that bind whole or not at all.
rom_groups:
	VMI_ATOMIC_GROUPS
rom_groups_size equ $ - rom_groups
