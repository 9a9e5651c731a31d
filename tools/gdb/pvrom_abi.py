# SPDX-License-Identifier: GPL-2.0-only
"""The ABIs of both widths, from build/gen/vmi*_abi.json, which abigen makes of spec/."""
import json
import os

import gdb

import pvrom_machine as machine


class Abi:
    """One width's. `machine`: the key of its calling convention in the data."""

    def __init__(self, path, width):
        self.width = width
        self.word = width // 8  # bytes of a return address
        self.machine, self.prototype, self.first = {
            32: ("i386", "prototype", "eax"),
            64: ("x86_64", "prototype64", "rdi")}[width]
        try:
            with open(path, encoding="ascii") as data:
                self.data = json.load(data)
        except (OSError, ValueError) as error:
            raise gdb.GdbError("%s: cannot read the ABI: %s; run make" % (path, error))
        self.calls = self.data["calls"]
        self.values = {"%s_%s" % (s["prefix"], v["name"]): v["value"]
                       for kind in ("flags", "constants") for s in self.data[kind]
                       for v in s["values"]}
        self.structs = {s["name"]: s for s in self.data["structs"]}

    def __getitem__(self, name):
        return self.values[name]

    def offset(self, struct, field):
        return next(f["offset"] for f in self.structs[struct]["fields"] if f["name"] == field)

    def slots(self):
        """(slot, name) of every call that has a number and a body; of 3.x, its jump slot."""
        yield self["VROM_SLOT_INIT"], "VMI_Init"
        yield self["VROM_SLOT_GET_RELOC"], "GetRelocationInfo"
        for call in self.calls:
            if not call["reserved"]:
                yield self["VROM_SLOT_CALL0"] + call["number"], call["name"]

    def slot(self, name):
        """None where no call of this width has the name."""
        for slot, known in self.slots():
            if known.lower() == name.lower():
                return slot
        return None

    def name(self, slot):
        return dict(self.slots()).get(slot, "?")

    def call(self, slot):
        """The spec's row; None for VMI_Init and GetRelocationInfo."""
        number = slot - self["VROM_SLOT_CALL0"]
        return self.calls[number] if 0 <= number < len(self.calls) else None

    def _row(self, slot):
        return self.call(slot)[self.machine]

    def arguments(self, slot):
        """(type, name, place) of each argument at entry."""
        call = self.call(slot)
        if not call:
            get = slot == self["VROM_SLOT_GET_RELOC"]
            return [("u32", "call", {"reg": self.first})] if get else []
        text = call[self.prototype]
        inside = text[text.index("(") + 1:text.rindex(")")]
        places = {p["arg"]: p for p in self._row(slot)["in"]}
        pairs = [a.split() for a in inside.split(",") if len(a.split()) == 2]
        return [(kind, name, places[name]) for kind, name in pairs]

    def results(self, slot):
        """(name, place) of each result."""
        if self.call(slot):
            return [(p["arg"], p) for p in self._row(slot)["out"]]
        if slot == self["VROM_SLOT_INIT"]:
            return [("status", {"reg": "eax"})]
        return [("eip" if self.width == 32 else "rip", {"reg": "eax" if self.width == 32 else "rax"}),
                ("type", {"reg": "edx"})]

    def returns(self, slot):
        return not self.call(slot) or not self._row(slot)["noreturn"]


class Abis:
    """That of each width, and which one holds in the processor's mode."""

    def __init__(self, paths):
        self.all = {width: Abi(path, width) for width, path in paths.items()}

    def now(self):
        return self.all[64 if machine.long_mode() else 32]

    def named(self, name):
        """(abi, slot) of each width that has the call."""
        found = [(abi, abi.slot(name)) for abi in self.all.values() if abi.slot(name) is not None]
        if not found:
            raise gdb.GdbError("no call is named `%s`: see `vmi calls`" % name)
        return found


def find():
    """The files beside the build's copy of these scripts, or in the build folder."""
    here = os.path.dirname(os.path.abspath(__file__))
    places = [os.path.join(here, "..", "gen"), os.path.join(here, "..", "..", "build", "gen")]
    for place in places:
        paths = {32: os.path.join(place, "vmi_abi.json"), 64: os.path.join(place, "vmi64_abi.json")}
        if all(os.path.exists(path) for path in paths.values()):
            return Abis(paths)
    raise gdb.GdbError("%s: vmi_abi.json or vmi64_abi.json is not there: run make" % places[0])
