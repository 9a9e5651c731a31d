# SPDX-License-Identifier: GPL-2.0-only
"""The machine behind gdb's remote protocol: registers, memory of both kinds, page tables."""
import os
import tempfile

import gdb

CR0_PE, CR0_PG = 1, 1 << 31
CR4_PSE, CR4_PAE = 1 << 4, 1 << 5
PRESENT, LARGE = 1, 1 << 7
PAGE = 4096


def connection():
    """The remote connection, or an error that says what is missing."""
    found = gdb.selected_inferior().connection
    if not isinstance(found, gdb.RemoteTargetConnection):
        raise gdb.GdbError("there is no machine: connect with `target remote`, as the script "
                           "that `pvrom run --gdb` writes does")
    return found


def register(name):
    """A register's number, whatever type the description gives it."""
    try:
        return int(gdb.execute("output/x $%s" % name, to_string=True), 16)
    except (gdb.error, ValueError):
        raise gdb.GdbError("register %s cannot be read: is this qemu-system-i386, and has it "
                           "stopped?" % name)


def real_mode():
    return not register("cr0") & CR0_PE


def linear_pc():
    eip = register("eip")
    return (register("cs") * 16 + (eip & 0xffff)) if real_mode() else eip


def read(address, size):
    """Bytes as the stopped processor sees them, None where nothing is mapped."""
    try:
        return bytes(gdb.selected_inferior().read_memory(address, size))
    except gdb.MemoryError:
        return None


def read_physical(address, size):
    link = connection()
    link.send_packet("Qqemu.PhyMemMode:1")
    try:
        return read(address, size)
    finally:
        link.send_packet("Qqemu.PhyMemMode:0")


def word(data, offset, size=4):
    return int.from_bytes(data[offset:offset + size], "little")


def _entries(table, size):
    data = read_physical(table, PAGE) or b""
    return [word(data, i, size) for i in range(0, len(data), size)]


class Stop:
    """What holds until the machine runs again."""
    inside = False  # a command runs and stops it many times: nothing is looked at meanwhile
    mappings = {}


def virtual_of(physical):
    """Every virtual address of a physical page's first byte; itself without paging."""
    if physical not in Stop.mappings:
        paging = register("cr0") & CR0_PG
        Stop.mappings[physical] = _walk(physical) if paging else [physical]
    return Stop.mappings[physical]


def _walk(physical):
    cr3, cr4 = register("cr3"), register("cr4")
    pae = bool(cr4 & CR4_PAE)
    size, large = (8, 21) if pae else (4, 22)
    address = (1 << 52) - PAGE if pae else 0xfffff000
    roots = [cr3 & 0xfffff000]
    if pae:
        pointers = read_physical(cr3 & ~31 & 0xffffffff, 32) or b""
        roots = [word(pointers, i, 8) for i in range(0, len(pointers), 8)]
    found = []
    for top, root in enumerate(roots):
        if pae and not root & PRESENT:
            continue
        for index, directory in enumerate(_entries(root & address, size)):
            virtual = top << 30 | index << large
            if not directory & PRESENT:
                continue
            if directory & LARGE and (pae or cr4 & CR4_PSE):
                start = directory & address & ~((1 << large) - 1)
                if start <= physical < start + (1 << large):
                    found.append(virtual + physical - start)
                continue
            for slot, entry in enumerate(_entries(directory & address, size)):
                if entry & PRESENT and entry & address == physical & ~(PAGE - 1):
                    found.append(virtual + slot * PAGE + physical % PAGE)
    return found


class Architecture:
    """16-bit disassembly in real mode, 32-bit elsewhere: gdb must be told by a description.

    QEMU's own description says i386. One that says i8086 has the same registers, whose list
    the stub hands out."""

    def __init__(self):
        self.folder = None
        self.real = None

    def _description(self):
        if not self.folder:
            data = b""
            while True:
                part = connection().send_packet(
                    b"qXfer:features:read:i386-32bit.xml:%x,400" % len(data))
                data += part[1:]
                if part[:1] != b"m":
                    break
            if part[:1] != b"l":
                raise gdb.GdbError("no list of registers from QEMU: 16-bit disassembly needs "
                                   "qemu-system-i386, not qemu-system-x86_64")
            self.folder = tempfile.TemporaryDirectory(prefix="pvrom-gdb-")
            with open(os.path.join(self.folder.name, "i386-32bit.xml"), "wb") as out:
                out.write(data)
            with open(os.path.join(self.folder.name, "i8086.xml"), "w") as out:
                out.write('<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd">\n'
                          '<target><architecture>i8086</architecture>'
                          '<xi:include href="i386-32bit.xml"/></target>\n')
        return os.path.join(self.folder.name, "i8086.xml")

    def follow(self):
        """Makes gdb's architecture that of the processor's mode."""
        real = real_mode()
        if real == self.real:
            return
        self.real = real
        if real:
            gdb.execute("set tdesc filename " + self._description(), to_string=True)
            gdb.execute("set architecture i8086", to_string=True)
        else:
            gdb.execute("unset tdesc filename", to_string=True)
            gdb.execute("set architecture i386", to_string=True)
