# SPDX-License-Identifier: GPL-2.0-only
"""Calls of the ROM: breakpoints at their entries, arguments and results by name."""
import re

import gdb

import pvrom_machine as machine


BITS = {"bool": 8, "u8": 8, "u16": 16, "u32": 32}  # of a type; any other fills its place
MAPPED_AT = "&vmi_load"  # the loader's, any guest's: before it looks for ROMs, they are mapped


def place_value(place, sp, kind=None):
    """What stands in a place of the spec; `sp` is the stack pointer at entry. A type narrower than its
    place lies in the low bits, the others are anything."""
    def half(reg, stack):
        if reg:
            return machine.register(reg)
        data = machine.read(sp + stack, 4)
        return machine.word(data, 0) if data else 0

    value = half(place.get("reg"), place.get("stack"))
    if "reg_high" in place or "stack_high" in place:
        value |= half(place.get("reg_high"), place.get("stack_high")) << 32
    return value & (1 << BITS.get(kind, 64)) - 1


def arguments_text(abi, slot, sp):
    return ", ".join("%s %s=0x%x" % (kind, name, place_value(place, sp, kind))
                     for kind, name, place in abi.arguments(slot))


def caller_text(address):
    symbol = gdb.execute("info symbol 0x%x" % address, to_string=True).split(" in section")[0]
    return "0x%08x%s" % (address, "" if symbol.startswith("No symbol") else
                         " " + symbol.strip().replace(" + ", "+"))


class Register(gdb.Function):
    """$_vmi_register(NAME). A condition keeps the numbers that registers had where it was written, and
    the architecture may be another one when it is judged: there $NAME would be another register."""

    def __init__(self):
        super().__init__("_vmi_register")

    def invoke(self, name):
        return gdb.Value(machine.register(name.string())).cast(
            gdb.lookup_type("unsigned long long"))


class Entry(gdb.Breakpoint):
    """At the instruction behind the ENDBR, which call sites that were patched go to."""

    def __init__(self, calls, abi, slot, address, condition=None, trace=False):
        super().__init__("*0x%x" % address, gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.calls, self.abi, self.slot, self.trace = calls, abi, slot, trace
        self.silent = True
        if condition:
            self.condition = condition

    def stop(self):
        abi, slot = self.abi, self.slot
        sp = machine.stack_pointer()
        back = machine.read(sp, abi.word)
        caller = machine.word(back, 0, abi.word) if back else 0
        self.calls.hits[abi.width, slot] = self.calls.hits.get((abi.width, slot), 0) + 1
        self.calls.last = (abi, slot, sp, caller)
        if self.trace:
            print("trace cpu%u %s(%s)%s" % (
                gdb.selected_thread().num - 1, abi.name(slot), arguments_text(abi, slot, sp),
                " from " + caller_text(caller) if abi.returns(slot) else ""))
            return False
        return True


class Mapped(gdb.Breakpoint):
    """Where a guest in long mode has mapped the ROM: no address can be guessed, as in 32 bit."""

    def __init__(self, address):
        super().__init__("*0x%x" % address, gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.address, self.silent = address, True


class Post(gdb.Breakpoint):
    """At the entry of an option ROM that may come to lie at `base`."""

    def __init__(self, calls, base):
        super().__init__("*0x%x" % (base + 3), gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.calls, self.base, self.silent = calls, base, True


class Calls:
    def __init__(self, abis, finder):
        self.abis, self.finder = abis, finder
        self.hits = {}  # by width and slot
        self.entries, self.posts, self.pending = [], [], []
        self.last = None
        self.mapped, self.mapped_at = None, MAPPED_AT
        Register()

    @staticmethod
    def condition(abi, slot, text):
        """Argument names in a condition become registers or stack words."""
        arguments = {name: (kind, place) for kind, name, place in abi.arguments(slot)}

        def put(match):
            if match.group(0) not in arguments:
                return match.group(0)
            kind, place = arguments[match.group(0)]
            if "stack" in place:
                return "(*(unsigned *)($_vmi_register(\"esp\") + %d))" % place["stack"]
            if "reg_high" in place:
                return "(($_vmi_register(\"%s\") << 32) | $_vmi_register(\"%s\"))" % (
                    place["reg_high"], place["reg"])
            return "($_vmi_register(\"%s\") & 0x%x)" % (
                place["reg"], (1 << BITS.get(kind, abi.width)) - 1)
        return re.sub(r"(?<![$\w])[A-Za-z_]\w*", put, text)

    def set(self, name, condition=None, trace=False):
        """Sets it in each ROM, at each address, as the mode calls it. Result: how many were set."""
        count, abi = 0, self.abis.now()
        slot = abi.slot(name)
        for rom in self.finder.roms if slot is not None else []:
            for address in (a + o for a in rom.addresses() for o in rom.behind(abi, slot)):
                if any((e.address, e.abi, e.slot, e.trace) == (address, abi, slot, trace)
                       for e in self.entries):
                    continue
                text = self.condition(abi, slot, condition) if condition else None
                entry = Entry(self, abi, slot, address, text, trace)
                entry.address, entry.rom = address, rom
                self.entries.append(entry)
                count += 1
        return count

    def want(self, name, condition=None, trace=False):
        self.abis.named(name)
        self.pending.append((name, condition, trace))
        return self.set(name, condition, trace)

    def again(self):
        """After a stop: entries that a new mapping, mode or ROM brings; dead ones go."""
        now = self.abis.now()
        for entry in list(self.entries):
            if entry.rom not in self.finder.roms or entry.abi is not now:
                entry.delete()
                self.entries.remove(entry)
        return sum(self.set(name, condition, trace) for name, condition, trace in self.pending)

    def forget(self, trace):
        self.pending = [p for p in self.pending if p[2] != trace]
        for entry in [e for e in self.entries if e.trace == trace]:
            entry.delete()
            self.entries.remove(entry)
        if not self.pending:
            self.end_mapped()

    def await_mapped(self):
        """Stops a guest in long mode where it has mapped the ROM. Result: None if it is not known where
        that is; else whether this is new."""
        if not machine.wide() or machine.long_mode() or self.mapped:
            return False
        try:
            address = int(gdb.parse_and_eval("(unsigned long long)(%s)" % self.mapped_at))
        except gdb.error:
            return None
        if address >> 32 == 0:
            return False  # a guest of 32 bits
        self.mapped = Mapped(address)
        return True

    def at_mapped(self):
        return self.mapped and machine.long_mode() and machine.pc() == self.mapped.address

    def end_mapped(self):
        if self.mapped:
            self.mapped.delete()
        self.mapped = None

    def await_post(self):
        if not self.posts:
            self.posts = [Post(self, base) for base in range(
                self.abis.all[32]["VROM_WINDOW_BASE"], self.abis.all[32]["VROM_WINDOW_END"],
                self.abis.all[32]["VROM_WINDOW_STEP"])]

    def at_post(self):
        """Is this the first instruction of a VMI ROM's POST?"""
        return machine.real_mode() and any(
            rom.base + 3 == machine.linear_pc() for rom in self.finder.roms)

    def at_probe(self):
        """Is this the first instruction of any option ROM?"""
        return machine.real_mode() and any(
            post.base + 3 == machine.linear_pc() for post in self.posts)

    def end_post(self):
        for post in self.posts:
            post.delete()
        self.posts = []

    def here(self):
        """(abi, slot, stack pointer at entry, return address) of the call that the processor is in."""
        abi, pc, sp = self.abis.now(), machine.linear_pc(), machine.stack_pointer()
        rom, start = self.finder.find(pc)
        if not rom:
            raise gdb.GdbError("0x%x is in no VMI ROM: stop in a call first, with `vmi break NAME`"
                               % pc)
        slot = rom.slot_of(abi, pc - start)
        if slot is None:
            raise gdb.GdbError("offset 0x%x lies in no call" % (pc - start))
        if pc - start in rom.entries(abi, slot) + rom.behind(abi, slot):
            back = machine.read(sp, abi.word)
            return abi, slot, sp, machine.word(back, 0, abi.word) if back else 0
        if self.last and self.last[:2] == (abi, slot):
            return self.last
        raise gdb.GdbError("%s is not at its entry, and no `vmi break` saw it there"
                           % abi.name(slot))
