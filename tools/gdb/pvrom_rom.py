# SPDX-License-Identifier: GPL-2.0-only
"""VMI ROMs in the guest's memory: where they are, which build they are, their symbols."""
import os

import gdb

import pvrom_machine as machine

PAGE_OFFSET = 0xc0000000  # where a 32-bit guest's linear mapping begins, until its tables tell
ENDBR = {32: b"\xf3\x0f\x1e\xfb", 64: b"\xf3\x0f\x1e\xfa"}
JMP_REL32 = 0xe9


def elf_section(path, wanted):
    """The bytes of a section of an ELF32 file; None where there is none."""
    try:
        with open(path, "rb") as source:
            data = source.read()
        if data[:5] != b"\x7fELF\x01":
            return None
        table, size = machine.word(data, 32), machine.word(data, 46, 2)
        count, names = machine.word(data, 48, 2), machine.word(data, 50, 2)
        strings = machine.word(data, table + names * size + 16)
        for index in range(count):
            header = table + index * size
            start = strings + machine.word(data, header)
            if data[start:data.index(b"\0", start)].decode("ascii", "replace") == wanted:
                offset, length = machine.word(data, header + 16), machine.word(data, header + 20)
                return data[offset:offset + length]
    except (OSError, ValueError):
        pass
    return None


class Rom:
    """One image; `base` is physical, or virtual of a copy that was met."""

    def __init__(self, abi, base, read, copy=False):
        self.abi, self.base, self.read, self.copy = abi, base, read, copy
        header = read(base, abi.structs["vrom_header"]["size"])
        size = header[abi.offset("vrom_header", "rom_length")] * abi["VROM_BLOCK"]
        self.major = header[abi.offset("vrom_header", "api_version_maj")]
        self.minor = header[abi.offset("vrom_header", "api_version_min")]
        self.jump_slots = header[abi.offset("vrom_header", "jump_slots")]
        self.image = read(base, size) or header
        self.config = self._find_config()
        self.elf, self.why = None, "no `vmi file` names an .elf"
        self.loaded = set()

    def _find_config(self):
        signature = self.abi["VROM_CONFIG_SIGNATURE"].to_bytes(4, "little")
        size = self.abi.structs["vrom_config"]["size"]
        for at in range(0, len(self.image) - size + 1, 16):
            if self.image[at:at + 4] == signature:
                return at
        return None

    def _config(self, field, size):
        return machine.word(self.image, self.config + self.abi.offset("vrom_config", field), size)

    def _string(self, field):
        if self.config is None:
            return "?"
        start = self._config(field, 2)
        end = self.image.find(b"\0", start, start + 64)
        return self.image[start:end].decode("ascii", "replace") if end > start else "?"

    def posted(self):
        return self.config is not None and bool(
            self._config("flags", 1) & self.abi["VROM_CONFIG_POSTED"])

    def title(self):
        further = "".join(", %u.%u in %u bit" % abi[:3] for abi in self._further_abis())
        return "%s 0x%08x: VMI %u.%u, release %s, profile %s, %u bytes, %s%s" % (
            "copy" if self.copy else "ROM", self.base, self.major, self.minor,
            self._string("release_offs"), self._string("profile_offs"), len(self.image),
            "POST has run" if self.posted() else "POST has not run to its end", further)

    def stable(self):
        """What romsign and POST leave alone: zeros stand for the rest."""
        image = bytearray(self.image)
        resident = len(image)
        if self.config is not None:
            size = self.abi.structs["vrom_config"]["size"]
            resident = min(resident, self._config("resident_blocks", 1) * self.abi["VROM_BLOCK"])
            image[self.config:self.config + size] = bytes(size)
        pcir = machine.word(self.image, self.abi.offset("vrom_header", "pci_header_offs"), 2)
        length = pcir + self.abi.offset("vrom_pcir", "image_length")
        image[length:length + 2] = bytes(2)
        pnp = machine.word(self.image, self.abi.offset("vrom_header", "pnp_header_offs"), 2)
        checksum = pnp + self.abi.offset("vrom_pnp", "checksum")
        image[checksum:checksum + 1] = bytes(1)
        for at in self._further_directories():
            for field in ("checksum", "tables_checksum"):
                at_field = at + self.abi.offset("vrom_directory", field)
                image[at_field:at_field + 1] = bytes(1)
        return bytes(image[self.abi["VROM_SLOT_TABLE"]:resident]).ljust(1, b"\0")

    def _directory_field(self, directory, field, size=2):
        at = directory + self.abi.offset("vrom_directory", field)
        return machine.word(self.image, at, size)

    def _further_abis(self):
        """(major, minor, width, offset of its directory) of further ABIs, those in the image."""
        start, size = self.abi["VROM_DIRECTORY"], self.abi.structs["vrom_directory"]["size"]
        if machine.word(self.image, start) != self.abi["VROM_DIRECTORY_SIGNATURE"]:
            return
        at = self._directory_field(start, "abis_offs")
        count = self._directory_field(start, "abi_count")
        step = self.abi.structs["vrom_abi"]["size"]
        to = self.abi.offset("vrom_abi", "directory_offs")
        for abi in range(at, min(at + count * step, len(self.image) - step + 1), step):
            directory = machine.word(self.image, abi + to, 2)
            if directory + size <= len(self.image):
                yield (*self.image[abi:abi + 3], directory)

    def _further_directories(self):
        return [directory for _, _, _, directory in self._further_abis()]

    def choose_elf(self, paths):
        """Takes the .elf whose bytes are these; else says in `why` what differs."""
        best = None
        for path in paths:
            linked = elf_section(path, ".resident")
            if linked is None:
                self.why = "%s is no linked ROM" % path
                continue
            other = Rom.__new__(Rom)
            other.abi, other.image, other.jump_slots = self.abi, linked, self.jump_slots
            other.config = other._find_config()
            mine, theirs = self.stable(), other.stable()
            wrong = [i for i in range(min(len(mine), len(theirs))) if mine[i] != theirs[i]]
            if not wrong and len(mine) == len(theirs):
                self.elf, self.why = path, None
                return
            if best is None or len(wrong) < best[0]:
                at = (wrong[0] if wrong else min(len(mine), len(theirs))) \
                    + self.abi["VROM_SLOT_TABLE"]
                best = (len(wrong), path, at)
        if best:
            self.why = "it is not %s: %u bytes differ, the first at offset 0x%x" % (
                best[1], best[0], best[2])

    def load_symbols(self, address):
        if self.elf and address not in self.loaded:
            gdb.execute('add-symbol-file "%s" -o 0x%x' % (self.elf, address), to_string=True)
            self.loaded.add(address)

    def drop_symbols(self):
        for address in self.loaded:
            try:
                gdb.execute("remove-symbol-file -a 0x%x" % (address + self.text()), to_string=True)
            except gdb.error:
                pass
        self.loaded.clear()

    @staticmethod
    def text():
        return 0  # the first section of rom/vmi.lds is linked at 0

    def _jump_slot(self, slot):
        """The offset that a jump slot leads to; None where it is no jump within the image."""
        at = self.abi["VROM_SLOT_TABLE"] + slot * self.abi["VROM_SLOT_SIZE"]
        if slot >= self.jump_slots or self.image[at:at + 1] != bytes([JMP_REL32]):
            return None
        return (at + 5 + machine.word(self.image, at + 1)) & 0xffffffff

    def _by_directory(self, directory, slot):
        """The offset that a directory names for the slot's call; 0 for none."""
        for known, field in (("VROM_SLOT_INIT", "init_offs"),
                             ("VROM_SLOT_GET_RELOC", "get_reloc_offs")):
            if slot == self.abi[known]:
                return self._directory_field(directory, field)
        number = slot - self.abi["VROM_SLOT_CALL0"]
        if number >= self._directory_field(directory, "capability_count"):
            return 0
        size = self._directory_field(directory, "capability_size", 1)
        at = self._directory_field(directory, "capabilities_offs") + number * size
        return machine.word(self.image, at + self.abi.offset("vrom_capability", "entry_offs"), 2)

    def entries(self, abi, slot):
        """Offsets of the entries of a call: in 32 bit the jump slot's and, of GetRelocationInfo, what
        the directory names beside it; in another width what its own directory names."""
        if abi.width == 32:
            found = [self._jump_slot(slot)]
            at = self.abi["VROM_DIRECTORY"]
            if slot == self.abi["VROM_SLOT_GET_RELOC"] and \
                    machine.word(self.image, at) == self.abi["VROM_DIRECTORY_SIGNATURE"]:
                found.append(self._directory_field(at, "get_reloc_offs"))
        else:
            found = [self._by_directory(directory, slot)
                     for _, _, width, directory in self._further_abis() if width == abi.width]
        return [e for e in dict.fromkeys(found) if e and e < len(self.image)]

    def entry(self, abi, slot):
        return next(iter(self.entries(abi, slot)), None)

    def behind(self, abi, slot):
        """The offsets of the instructions behind the entries' ENDBR."""
        return [e + 4 if self.image[e:e + 4] == ENDBR[abi.width] else e
                for e in self.entries(abi, slot)]

    def addresses(self):
        """Where the image may be called: as mapped now, and where 32-bit Linux maps it."""
        if self.copy:
            return [self.base]
        guessed = [] if machine.long_mode() else [PAGE_OFFSET + self.base]
        return list(dict.fromkeys(machine.virtual_of(self.base) + guessed))

    def contains(self, address):
        for start in self.addresses():
            if start <= address < start + len(self.image):
                return start
        return None

    def slot_of(self, abi, offset):
        """The slot with the nearest entry at or below an offset."""
        entries = [(e, s) for s, _ in abi.slots() for e in self.entries(abi, s)]
        below = [pair for pair in entries if pair[0] <= offset]
        # Numbers without a body share one entry: the first of them stands for all.
        return min(s for e, s in below if e == max(below)[0]) if below else None


class Finder:
    """All ROMs that are known; refresh() after each stop."""

    def __init__(self, abi):
        self.abi = abi
        self.roms, self.elfs = [], []

    def _is_vmi(self, head):
        return head and machine.word(head, 0, 2) == self.abi["VROM_SIGNATURE"] and head[2] and \
            machine.word(head, 8) == self.abi["VROM_VMI_SIGNATURE"]

    def _add(self, rom):
        rom.choose_elf(self.elfs)
        self.roms.append(rom)

    def refresh(self, say):
        """Looks again; `say` gets a line for each ROM that came, went or changed."""
        for rom in list(self.roms):
            head = rom.read(rom.base, 16)
            now = Rom(self.abi, rom.base, rom.read, rom.copy) if self._is_vmi(head) else None
            if now and now.stable() == rom.stable():
                rom.image = now.image
                continue
            say("%s at 0x%x was replaced: %s; what was loaded and set for it is gone" % (
                "the copy" if rom.copy else "the ROM", rom.base,
                "now " + now.title() if now else "there is none now"))
            rom.drop_symbols()
            self.roms.remove(rom)
        known = {rom.base for rom in self.roms}
        for base in range(self.abi["VROM_WINDOW_BASE"], self.abi["VROM_WINDOW_END"],
                          self.abi["VROM_WINDOW_STEP"]):
            if base not in known and self._is_vmi(machine.read_physical(base, 16)):
                self._add(Rom(self.abi, base, machine.read_physical))
        real = machine.real_mode()
        for rom in self.roms:
            for address in [rom.base] if real else rom.addresses():
                rom.load_symbols(address)

    def find(self, address):
        """(rom, where it begins) of an address; looks for a copy around it, too."""
        for rom in self.roms:
            start = rom.contains(address)
            if start is not None:
                return rom, start
        step = self.abi["VROM_WINDOW_STEP"]
        for base in range(address & -step, max(address - 128 * 1024, 0), -step):
            if self._is_vmi(machine.read(base, 16)):
                rom = Rom(self.abi, base, machine.read, copy=True)
                if address < base + len(rom.image):
                    self._add(rom)
                    rom.load_symbols(base)
                    return rom, base
        return None, None

    def need(self):
        """The ROMs, or an error that says why there are none."""
        if not self.roms:
            raise gdb.GdbError(
                "no VMI ROM is in 0x%x to 0x%x: the firmware has not copied it yet (`vmi post` "
                "stops at its first instruction), or the machine has none (pvrom run --rom FILE)"
                % (self.abi["VROM_WINDOW_BASE"], self.abi["VROM_WINDOW_END"] - 1))
        return self.roms
