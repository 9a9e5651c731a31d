# SPDX-License-Identifier: GPL-2.0-only
"""The machine behind gdb's remote protocol: registers, memory of both kinds, page tables."""
import os
import re
import tempfile

import gdb

CR0_PE, CR0_PG = 1, 1 << 31
CR4_PSE, CR4_PAE, CR4_LA57 = 1 << 4, 1 << 5, 1 << 12
EFER_LMA = 1 << 10
PRESENT, LARGE = 1, 1 << 7
PAGE = 4096
ADDRESS = (1 << 52) - PAGE  # in an entry, of either size
MAPPINGS_MAX = 32  # of one page, that are looked for


def connection():
    """The remote connection, or an error that says what is missing."""
    found = gdb.selected_inferior().connection
    if not isinstance(found, gdb.RemoteTargetConnection):
        raise gdb.GdbError("there is no machine: connect with `target remote`, as the script "
                           "that `pvrom run --gdb` writes does")
    return found


def _value(name):
    return int(gdb.execute("output/x $%s" % name, to_string=True), 16)


def register_exists(name):
    try:
        _value(name)
    except (gdb.error, ValueError):
        return False
    return True


def _halves(match):
    """A register of 64 bits as two of 32 in a description. Where gdb is told i386 it has buffers for no
    more, and does not look."""
    name, pointer = match.group(1), match.group(2)
    return '<reg name="e%s" bitsize="32" type="%s"/><reg name="e%s_high" bitsize="32" type="int32"' \
        % (name, pointer + "_ptr" if pointer else "int32", name)


def register(name):
    """A register's number, by the name that it has in 32 or 64 bits, under any description."""
    other = {"r": "e", "e": "r"}.get(name[0], "") + name[1:]
    for known in (name, other):
        try:
            low = _value(known)
        except (gdb.error, ValueError):
            continue
        if name[0] == "r" and known[0] == "e" and register_exists(known + "_high"):
            return _value(known + "_high") << 32 | low
        return low
    raise gdb.GdbError("register %s cannot be read: is this qemu-system-i386 or -x86_64, and has "
                       "it stopped?" % name)


def real_mode():
    return not register("cr0") & CR0_PE


def wide():
    """Is it a machine that has long mode? QEMU describes its registers so, in any mode."""
    return register_exists("r8")


def long_mode():
    return wide() and bool(_value("efer") & EFER_LMA)


def pc():
    return register("rip")


def stack_pointer():
    return register("rsp")


def linear_pc():
    return (register("cs") * 16 + (pc() & 0xffff)) if real_mode() else pc()


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


def _levels():
    """[(lowest bit of the index, may an entry be a large page)] from the root, bytes of an entry."""
    cr4 = register("cr4")
    if long_mode():
        root = [(48, False)] if cr4 & CR4_LA57 else []
        return root + [(39, False), (30, True), (21, True), (12, False)], 8
    if cr4 & CR4_PAE:
        return [(30, False), (21, True), (12, False)], 8
    return [(22, bool(cr4 & CR4_PSE)), (12, False)], 4


def _root(levels, size):
    cr3 = register("cr3")
    if size == 8 and len(levels) == 3:  # PAE's root: four entries, which no page border holds
        return read_physical(cr3 & ~31 & 0xffffffff, 32) or b""
    return read_physical(cr3 & ADDRESS, PAGE) or b""


def _walk(physical):
    levels, size = _levels()
    seen = {}  # by level and table: damaged tables may share them without end

    def search(data, level):
        bit, large = levels[level]
        found = []
        for index in range(len(data) // size):
            entry = word(data, index * size, size)
            if not entry & PRESENT or len(found) >= MAPPINGS_MAX:
                continue
            if level == len(levels) - 1 or large and entry & LARGE:
                start = entry & ADDRESS & -(1 << bit)
                below = [physical - start] if start <= physical < start + (1 << bit) else []
            else:
                key = (level + 1, entry & ADDRESS)
                if key not in seen:
                    seen[key] = search(read_physical(key[1], PAGE) or b"", level + 1)
                below = seen[key]
            found += [index << bit | offset for offset in below]
        return found[:MAPPINGS_MAX]

    found = search(_root(levels, size), 0)
    top = levels[0][0] + 8  # the highest bit of an address, which long mode repeats above it
    return [a | -(1 << top) & (1 << 64) - 1 if top > 32 and a >> top & 1 else a for a in found]


class Architecture:
    """16-bit disassembly in real mode, 64-bit in long mode, else 32-bit: gdb must be told.

    QEMU describes the registers of qemu-system-i386 as those of i386 and of qemu-system-x86_64 as those of
    x86-64, in any mode. Another architecture needs a description that says so: QEMU's own, with the
    names that gdb expects there. What long mode has in 64 bits keeps them."""

    def __init__(self):
        self.folder = None
        self.now = None

    def _registers(self, name):
        """The list that QEMU's description includes; None where it has none of that name."""
        data = b""
        while True:
            part = connection().send_packet(
                b"qXfer:features:read:%s:%x,400" % (name.encode(), len(data)))
            data += part[1:]
            if part[:1] != b"m":
                return data.decode("ascii", "replace") if part[:1] == b"l" else None

    def _description(self, architecture):
        if not self.folder:
            self.folder = tempfile.TemporaryDirectory(prefix="pvrom-gdb-")
        path = os.path.join(self.folder.name, architecture + ".xml")
        if not os.path.exists(path):
            text = self._registers("i386-%dbit.xml" % (64 if wide() else 32))
            if text is None:
                raise gdb.GdbError("no list of registers from QEMU, by which 16-bit code could be "
                                   "disassembled: expected qemu-system-i386 or -x86_64")
            # By their order alone: the halves shift the numbers, and `g` and `G` carry them all.
            text = text.replace(' regnum="0"', "")
            text = re.sub(r'<reg name="r([a-z]+)" bitsize="64" type="(?:int64|(code|data)_ptr)"',
                          _halves, text)
            with open(os.path.join(self.folder.name, "registers.xml"), "w",
                      encoding="ascii") as out:
                out.write(text)
            with open(path, "w", encoding="ascii") as out:
                out.write('<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd">\n'
                          '<target><architecture>%s</architecture>'
                          '<xi:include href="registers.xml"/></target>\n' % architecture)
        return path

    def follow(self):
        """Makes gdb's architecture that of the processor's mode."""
        self._become("i8086" if real_mode() else "i386:x86-64" if long_mode() else "i386")

    def before_running(self):
        """A machine that has long mode may stop there next: gdb must see all of its PC, or does not know
        its own breakpoints."""
        if wide():
            self._become("i386:x86-64")

    def _become(self, mode):
        if mode == self.now:
            return
        own = "i386:x86-64" if wide() else "i386"
        describe = "unset tdesc filename" if mode == own else \
            "set tdesc filename " + self._description(mode)
        try:
            gdb.execute(describe, to_string=True)
        except gdb.error:
            pass  # the registers are not those of the architecture that is left, as yet
        gdb.execute("set architecture " + mode, to_string=True)
        gdb.execute("set remote set-register-packet " + ("off" if wide() else "auto"),
                    to_string=True)
        self.now = mode
