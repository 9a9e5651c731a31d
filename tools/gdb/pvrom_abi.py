# SPDX-License-Identifier: GPL-2.0-only
"""The ABI, from build/gen/vmi_abi.json, which abigen makes of spec/."""
import json
import os

import gdb


class Abi:
    def __init__(self, path):
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
        """(slot, name) of every jump slot that has a body."""
        yield self["VROM_SLOT_INIT"], "VMI_Init"
        yield self["VROM_SLOT_GET_RELOC"], "GetRelocationInfo"
        for call in self.calls:
            if not call["reserved"]:
                yield self["VROM_SLOT_CALL0"] + call["number"], call["name"]

    def slot(self, name):
        for slot, known in self.slots():
            if known.lower() == name.lower():
                return slot
        raise gdb.GdbError("no call is named `%s`: see `vmi calls`" % name)

    def name(self, slot):
        return dict(self.slots()).get(slot, "?")

    def call(self, slot):
        """The spec's row; None for VMI_Init and GetRelocationInfo."""
        number = slot - self["VROM_SLOT_CALL0"]
        return self.calls[number] if 0 <= number < len(self.calls) else None

    def arguments(self, slot):
        """(type, name, place) of each argument at entry."""
        call = self.call(slot)
        if not call:
            get = slot == self["VROM_SLOT_GET_RELOC"]
            return [("u32", "call", {"reg": "eax"})] if get else []
        text = call["prototype"]
        inside = text[text.index("(") + 1:text.rindex(")")]
        places = {p["arg"]: p for p in call["i386"]["in"]}
        pairs = [a.split() for a in inside.split(",") if len(a.split()) == 2]
        return [(kind, name, places[name]) for kind, name in pairs]

    def results(self, slot):
        """(name, place) of each result."""
        call = self.call(slot)
        if call:
            return [(p["arg"], p) for p in call["i386"]["out"]]
        if slot == self["VROM_SLOT_INIT"]:
            return [("status", {"reg": "eax"})]
        return [("eip", {"reg": "eax"}), ("type", {"reg": "edx"})]

    def returns(self, slot):
        call = self.call(slot)
        return not call or not call["i386"]["noreturn"]


def find():
    """The file beside the build's copy of these scripts, or in the build folder."""
    here = os.path.dirname(os.path.abspath(__file__))
    places = [os.path.join(here, "..", "gen"), os.path.join(here, "..", "..", "build", "gen")]
    for place in places:
        path = os.path.join(place, "vmi_abi.json")
        if os.path.exists(path):
            return Abi(path)
    raise gdb.GdbError("%s: not found: run make" % os.path.join(places[0], "vmi_abi.json"))
