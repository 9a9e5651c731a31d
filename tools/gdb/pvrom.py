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

abis = pvrom_abi.find()
finder = pvrom_rom.Finder(abis.all[32])  # layout of the image: the same for both widths
calls = pvrom_calls.Calls(abis, finder)
architecture = machine.Architecture()


def say(line):
    print("vmi: " + line)


def refresh():
    machine.connection()
    machine.Stop.mappings.clear()
    architecture.follow()
    finder.refresh(say)
    return calls.again()


def stopped(event):
    """Whatever stopped the machine: follow its mode, and the ROM where it goes."""
    if machine.Stop.inside:
        return
    try:
        count = refresh()
        finder.find(machine.linear_pc())
        if calls.at_mapped():
            calls.end_mapped()
            if count:
                say("the guest has mapped the ROM at %s: set at %u addresses; go on with `continue`"
                    % (", ".join(hex(a) for rom in finder.roms for a in machine.virtual_of(rom.base)), count))
            else:
                say("the guest looks for ROMs, and has mapped none that has this call")
        elif calls.posts and calls.at_post():
            calls.end_post()
            say("POST of the ROM at 0x%x" % (machine.linear_pc() - 3))
        elif calls.posts and calls.at_probe():
            say("entry of another option ROM: go on with `vmi continue`")
    except gdb.error as error:
        say("cannot look at the machine: %s" % error)


gdb.events.stop.connect(stopped)


def before_running():
    try:
        architecture.before_running()
    except gdb.error:
        pass  # gdb's own command will say what is missing


gdb.execute("define hook-continue\npython before_running()\nend")


class Vmi(gdb.Command):
    """VMI ROMs: rom, at, file, calls, slots, break, delete, args, finish, trace, post, step, next,
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
        refresh()
        abi = abis.now()
    else:  # the machine has ended: what was seen most
        abi = max(abis.all.values(), key=lambda a: sum(
            count for (width, _), count in calls.hits.items() if width == a.width))
    rom = finder.need()[0]
    start = max(rom.loaded or rom.addresses())
    print("number name                 address    hits")
    for slot, name in abi.slots():
        entry = rom.entry(abi, slot)
        call = abi.call(slot)
        print("%6s %-20s %s %4d" % (call["number"] if call else "-", name,
                                    "-         " if entry is None else "0x%08x" % (start + entry),
                                    calls.hits.get((abi.width, slot), 0)))


@command("slots", "vmi slots: the guest's binding table: slot, call, who serves it.")
def vmi_slots(_):
    refresh()
    try:
        table = gdb.parse_and_eval("binding_slots")
        entries = gdb.parse_and_eval("slot_entry")
        nop = int(gdb.parse_and_eval("(unsigned long long)&pv_nop"))
    except gdb.error as error:
        raise gdb.GdbError("the guest's table is not known: %s; load its symbols with `file "
                           "build/guest32.elf` or `build/guest64.elf64`" % error)
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
            name.string(), abis.now().calls[call]["name"] if call >= 0 else "-", address, who))


def await_mapped():
    """A guest in long mode maps the ROM where it likes."""
    known = calls.await_mapped()
    if known is None:
        say("where a guest in long mode has mapped the ROM is not known: found no symbol for %s; "
            "`vmi at ADDRESS` tells" % calls.mapped_at)
    elif known:
        say("a guest in long mode will stop where it has mapped the ROM, and the rest is set then")


@command("break", "vmi break NAME [if CONDITION]: stop in that call. A condition may name "
                  "arguments:\nvmi break SetCR3 if value == 0x22a000")
def vmi_break(text):
    name, _, condition = text.partition(" if ")
    if not name:
        raise gdb.GdbError("usage: vmi break NAME [if CONDITION]")
    abi, slot = abis.named(name.strip())[0]
    name = abi.name(slot)
    refresh()
    count = calls.want(name, condition.strip() or None)
    later = not machine.long_mode() and machine.wide()
    if count:
        say("%s: set at %u addresses" % (name, count))
    elif not finder.roms:
        calls.await_post()
        say("%s: no ROM yet. The machine will stop at the ROM's first instruction, and the "
            "breakpoint is set then" % name)
    elif not later:
        say("%s: set already, or without a body" % name)
    if later:
        await_mapped()


@command("at", "vmi at FUNCTION | ADDRESS: where a guest in long mode has mapped the ROM. The machine "
               "stops there\nonce, and `vmi break` is done. Without it: vmi_load, the loader's.")
def vmi_at(text):
    if not text:
        raise gdb.GdbError("usage: vmi at FUNCTION | ADDRESS")
    calls.end_mapped()
    calls.mapped_at = "&" + text if text[0].isalpha() or text[0] == "_" else text
    refresh()
    if calls.pending:
        await_mapped()


@command("delete", "vmi delete: remove what `vmi break` set.")
def vmi_delete(_):
    calls.forget(False)
    calls.end_post()


@command("args", "vmi args: the arguments of the call that was entered, by name and type.")
def vmi_args(_):
    abi, slot, sp, back = calls.here()
    print("%s(%s)" % (abi.name(slot), pvrom_calls.arguments_text(abi, slot, sp)))
    if abi.returns(slot):
        print("  called from %s" % pvrom_calls.caller_text(back))


@command("finish", "vmi finish: run until the call returns; its results by name.")
def vmi_finish(_):
    abi, slot, sp, back = calls.here()
    if not abi.returns(slot):
        raise gdb.GdbError("%s does not return to its caller: `vmi step` follows it"
                           % abi.name(slot))
    ending = gdb.Breakpoint("*0x%x" % back, gdb.BP_HARDWARE_BREAKPOINT, internal=True)
    ending.silent = True
    ending.condition = '$_vmi_register("rsp") == 0x%x' % (sp + abi.word)
    try:
        gdb.execute("continue", to_string=True)
        if machine.pc() != back:
            say("stopped elsewhere first, at 0x%x" % machine.linear_pc())
            return
        print("%s returned%s" % (abi.name(slot), "".join(
            " %s=0x%x" % (name, pvrom_calls.place_value(place, sp))
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
    chosen = words[1:] or list(dict.fromkeys(
        name for abi in abis.all.values() for _, name in abi.slots()))
    print("tracing %u entries" % sum(calls.want(name, trace=True) for name in chosen))
    await_mapped()


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
