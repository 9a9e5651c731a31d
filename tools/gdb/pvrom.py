# SPDX-License-Identifier: GPL-2.0-only
"""gdb commands for VMI ROMs, their firmware and their guests: `help vmi`, docs/debugging.md.

`pvrom run --gdb` writes a script that sources this and connects."""
import os
import sys

import gdb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pvrom_abi  # noqa: E402
import pvrom_calls  # noqa: E402
import pvrom_machine as machine  # noqa: E402
import pvrom_rom  # noqa: E402
import pvrom_step  # noqa: E402

abi = pvrom_abi.find()
finder = pvrom_rom.Finder(abi)
calls = pvrom_calls.Calls(abi, finder)
architecture = machine.Architecture()


def say(line):
    print("vmi: " + line)


def refresh():
    machine.connection()
    machine.Stop.mappings.clear()
    architecture.follow()
    finder.refresh(say)
    calls.again()


def stopped(event):
    """Whatever stopped the machine: follow its mode, and the ROM where it goes."""
    if machine.Stop.inside:
        return
    try:
        refresh()
        finder.find(machine.linear_pc())
        if calls.posts and calls.at_post():
            calls.end_post()
            say("POST of the ROM at 0x%x" % (machine.linear_pc() - 3))
        elif calls.posts and calls.at_probe():
            say("entry of another option ROM: go on with `vmi continue`")
    except gdb.error as error:
        say("cannot look at the machine: %s" % error)


gdb.events.stop.connect(stopped)


class Vmi(gdb.Command):
    """VMI ROMs: rom, file, calls, slots, break, delete, args, finish, trace, post, step, next,
where16, continue."""

    def __init__(self):
        super().__init__("vmi", gdb.COMMAND_USER, prefix=True)


def command(name, help_text):
    """Makes a function the command `vmi NAME`; a wrong state is an error, no traceback."""
    def make(function):
        class Made(gdb.Command):
            __doc__ = help_text

            def __init__(self):
                super().__init__("vmi " + name, gdb.COMMAND_USER)

            def invoke(self, text, from_tty):
                function(text.strip())
        Made()
        return function
    return make


Vmi()


@command("file", "vmi file ELF: the linked ROM (build/rom/PROFILE.elf) that may be in memory.")
def vmi_file(path):
    if pvrom_rom.elf_section(path, ".resident") is None:
        raise gdb.GdbError("%s: found no ELF file with a section .resident, expected the .elf "
                           "beside a .rom; run make rom" % path)
    finder.elfs.append(path)
    for rom in finder.roms:
        rom.choose_elf(finder.elfs)


@command("rom", "vmi rom: the ROMs in memory, which build they are, where they are mapped.")
def vmi_rom(_):
    refresh()
    for rom in finder.need():
        print(rom.title())
        print("  symbols: %s" % (rom.elf or "none, " + rom.why))
        print("  at: %s" % " ".join("0x%08x" % a for a in sorted(rom.loaded or rom.addresses())))


@command("calls", "vmi calls: number, name, address and hits (of `vmi break`, `vmi trace`).")
def vmi_calls(_):
    if isinstance(gdb.selected_inferior().connection, gdb.RemoteTargetConnection):
        refresh()  # else the machine has ended: what was seen last
    rom = finder.need()[0]
    start = max(rom.loaded or rom.addresses())
    print("number name                 address    hits")
    for slot, name in abi.slots():
        entry = rom.entry(slot)
        call = abi.call(slot)
        print("%6s %-20s %s %4d" % (call["number"] if call else "-", name,
                                    "-         " if entry is None else "0x%08x" % (start + entry),
                                    calls.hits.get(slot, 0)))


@command("slots", "vmi slots: the guest's binding table: slot, call, who serves it.")
def vmi_slots(_):
    refresh()
    try:
        table = gdb.parse_and_eval("binding_slots")
        entries = gdb.parse_and_eval("slot_entry")
        nop = int(gdb.parse_and_eval("(unsigned)&pv_nop"))
    except gdb.error as error:
        raise gdb.GdbError("the guest's table is not known: %s; load its symbols with `file "
                           "build/guest32.elf`" % error)
    low, high = table.type.range()
    for row in range(low, high + 1):
        name, call = table[row]["name"], int(table[row]["call"])
        address = int(entries[row])
        if not int(name):
            raise gdb.GdbError("the guest has not filled its table yet: stop after "
                               "binding_native(), for instance `hbreak vmi_load`")
        rom, start = finder.find(address)
        if rom:
            who = "rom    %s+0x%x" % (hex(start), address - start)
        else:
            who = "nop" if address == nop else "native " + pvrom_calls.caller_text(address)
        print("%-34s %-20s 0x%08x %s" % (
            name.string(), abi.calls[call]["name"] if call >= 0 else "-", address, who))


@command("break", "vmi break NAME [if CONDITION]: stop in that call. A condition may name "
                  "arguments:\nvmi break SetCR3 if value == 0x22a000")
def vmi_break(text):
    name, _, condition = text.partition(" if ")
    if not name:
        raise gdb.GdbError("usage: vmi break NAME [if CONDITION]")
    slot = abi.slot(name.strip())
    condition = calls.condition(slot, condition) if condition.strip() else None
    refresh()
    count = calls.want(slot, condition)
    if count:
        say("%s: set at %u addresses" % (abi.name(slot), count))
    elif finder.roms:
        say("%s: set already, or without a body" % abi.name(slot))
    else:
        calls.await_post()
        say("%s: no ROM yet. The machine will stop at the ROM's first instruction, and the "
            "breakpoint is set then" % abi.name(slot))


@command("delete", "vmi delete: remove what `vmi break` set.")
def vmi_delete(_):
    calls.forget(False)
    calls.end_post()


@command("args", "vmi args: the arguments of the call that was entered, by name and type.")
def vmi_args(_):
    slot, esp, back = calls.here()
    print("%s(%s)" % (abi.name(slot), pvrom_calls.arguments_text(abi, slot, esp)))
    if abi.returns(slot):
        print("  called from %s" % pvrom_calls.caller_text(back))


@command("finish", "vmi finish: run until the call returns; its results by name.")
def vmi_finish(_):
    slot, esp, back = calls.here()
    if not abi.returns(slot):
        raise gdb.GdbError("%s does not return to its caller: `vmi step` follows it"
                           % abi.name(slot))
    ending = gdb.Breakpoint("*0x%x" % back, gdb.BP_HARDWARE_BREAKPOINT, internal=True)
    ending.silent = True
    ending.condition = "$esp == 0x%x" % (esp + 4)
    try:
        gdb.execute("continue", to_string=True)
        if machine.register("eip") != back:
            say("stopped elsewhere first, at 0x%x" % machine.linear_pc())
            return
        print("%s returned%s" % (abi.name(slot), "".join(
            " %s=0x%x" % (name, pvrom_calls.place_value(place, esp))
            for name, place in abi.results(slot))))
    finally:
        if ending.is_valid():
            ending.delete()


@command("trace", "vmi trace on [NAME...] | off: a line for each call, without a stop.")
def vmi_trace(text):
    words = text.split()
    if words[:1] == ["off"]:
        calls.forget(True)
        return
    if words[:1] != ["on"]:
        raise gdb.GdbError("usage: vmi trace on [NAME...] | vmi trace off")
    refresh()
    finder.need()
    chosen = [abi.slot(name) for name in words[1:]] or [slot for slot, _ in abi.slots()]
    print("tracing %u entries" % sum(calls.want(slot, trace=True) for slot in chosen))


@command("post", "vmi post: run until the firmware enters the ROM's POST.")
def vmi_post(_):
    refresh()
    if any(rom.posted() for rom in finder.roms):
        raise gdb.GdbError("POST has run already: attach to a machine that is at its reset "
                           "(pvrom run --gdb)")
    calls.await_post()
    try:
        gdb.execute("continue", to_string=True)
        while calls.posts and calls.at_probe():
            pvrom_step.leave_breakpoint()
            gdb.execute("continue", to_string=True)
    except gdb.error as error:
        calls.end_post()
        raise gdb.GdbError("the machine has ended (%s), and no VMI ROM was run: the `rom:` line "
                           "of pvrom run says why" % error)
    if calls.at_post():
        say("POST of the ROM at 0x%x" % (machine.linear_pc() - 3))
    pvrom_step.show()


pvrom_step.commands(command, finder, architecture, refresh)
try:
    refresh()
except gdb.GdbError:
    pass  # not connected yet
