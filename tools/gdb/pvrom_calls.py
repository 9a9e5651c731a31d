# SPDX-License-Identifier: GPL-2.0-only
"""Calls of the ROM: breakpoints at their entries, arguments and results by name."""
import re

import gdb

import pvrom_machine as machine


def place_value(place, esp):
    """What stands in a place of the spec; `esp` is the stack pointer at entry."""
    def half(reg, stack):
        if reg:
            return machine.register(reg)
        data = machine.read(esp + stack, 4)
        return machine.word(data, 0) if data else 0

    value = half(place.get("reg"), place.get("stack"))
    if "reg_high" in place or "stack_high" in place:
        value |= half(place.get("reg_high"), place.get("stack_high")) << 32
    return value


def arguments_text(abi, slot, esp):
    return ", ".join("%s %s=0x%x" % (kind, name, place_value(place, esp))
                     for kind, name, place in abi.arguments(slot))


def caller_text(address):
    symbol = gdb.execute("info symbol 0x%x" % address, to_string=True).split(" in section")[0]
    return "0x%08x%s" % (address, "" if symbol.startswith("No symbol") else
                         " " + symbol.strip().replace(" + ", "+"))


class Entry(gdb.Breakpoint):
    """At the instruction behind the ENDBR32, which call sites that were patched go to."""

    def __init__(self, calls, slot, address, condition=None, trace=False):
        super().__init__("*0x%x" % address, gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.calls, self.slot, self.trace, self.text = calls, slot, trace, condition
        self.silent = True
        if condition:
            self.condition = condition

    def stop(self):
        esp = machine.register("esp")
        back = machine.read(esp, 4)
        self.calls.hits[self.slot] = self.calls.hits.get(self.slot, 0) + 1
        self.calls.last = (self.slot, esp, machine.word(back, 0) if back else 0)
        if self.trace:
            caller = self.calls.last[2] if self.calls.abi.returns(self.slot) else None
            print("trace cpu%u %s(%s)%s" % (
                gdb.selected_thread().num - 1, self.calls.abi.name(self.slot),
                arguments_text(self.calls.abi, self.slot, esp),
                " from " + caller_text(caller) if caller else ""))
            return False
        return True


class Post(gdb.Breakpoint):
    """At the entry of an option ROM that may come to lie at `base`."""

    def __init__(self, calls, base):
        super().__init__("*0x%x" % (base + 3), gdb.BP_HARDWARE_BREAKPOINT, internal=True)
        self.calls, self.base, self.silent = calls, base, True


class Calls:
    def __init__(self, abi, finder):
        self.abi, self.finder = abi, finder
        self.hits = {}
        self.entries, self.posts, self.pending = [], [], []
        self.last = None

    def condition(self, slot, text):
        """Argument names in a condition become registers or stack words."""
        places = {name: place for _, name, place in self.abi.arguments(slot)}

        def put(match):
            place = places.get(match.group(0))
            if not place:
                return match.group(0)
            if "reg_high" in place:
                return "((((unsigned long long)(unsigned)$%s) << 32) | (unsigned)$%s)" % (
                    place["reg_high"], place["reg"])
            if "reg" in place:
                return "((unsigned)$%s)" % place["reg"]
            return "(*(unsigned *)($esp + %d))" % place["stack"]
        return re.sub(r"(?<![$\w])[A-Za-z_]\w*", put, text)

    def set(self, slot, condition=None, trace=False):
        """Sets it in each ROM, at each address. Result: how many were set."""
        count = 0
        for rom in self.finder.roms:
            for address in (a + o for a in rom.addresses() for o in rom.behind(slot)):
                if not any(e.slot == slot and e.address == address and e.trace == trace
                           for e in self.entries):
                    entry = Entry(self, slot, address, condition, trace)
                    entry.address, entry.rom = address, rom
                    self.entries.append(entry)
                    count += 1
        return count

    def want(self, slot, condition=None, trace=False):
        self.pending.append((slot, condition, trace))
        return self.set(slot, condition, trace)

    def again(self):
        """After a stop: entries that a new mapping or a new ROM brings; dead ones go."""
        for entry in list(self.entries):
            if entry.rom not in self.finder.roms:
                entry.delete()
                self.entries.remove(entry)
        for slot, condition, trace in self.pending:
            self.set(slot, condition, trace)

    def forget(self, trace):
        self.pending = [p for p in self.pending if p[2] != trace]
        for entry in [e for e in self.entries if e.trace == trace]:
            entry.delete()
            self.entries.remove(entry)

    def await_post(self):
        if not self.posts:
            self.posts = [Post(self, base) for base in range(
                self.abi["VROM_WINDOW_BASE"], self.abi["VROM_WINDOW_END"],
                self.abi["VROM_WINDOW_STEP"])]

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
        """(slot, esp at entry, return address) of the call that the processor is in."""
        pc, esp = machine.linear_pc(), machine.register("esp")
        rom, start = self.finder.find(pc)
        if not rom:
            raise gdb.GdbError("0x%x is in no VMI ROM: stop in a call first, with `vmi break NAME`"
                               % pc)
        slot = rom.slot_of(pc - start)
        if slot is None or rom.entry(slot) is None:
            raise gdb.GdbError("offset 0x%x lies in no call" % (pc - start))
        if pc - start in rom.entries(slot) + rom.behind(slot):
            back = machine.read(esp, 4)
            return slot, esp, machine.word(back, 0) if back else 0
        if self.last and self.last[0] == slot:
            return self.last
        raise gdb.GdbError("%s is not at its entry, and no `vmi break` saw it there"
                           % self.abi.name(slot))
