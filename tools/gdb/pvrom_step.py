# SPDX-License-Identifier: GPL-2.0-only
"""Stepping by source lines in the ROM, where gdb's own step is lost: in real mode gdb takes EIP
for an address, which it is not, and the ROM has no frame information in either mode."""
import gdb

import pvrom_machine as machine

LIMIT = 100000  # instructions within one line: `rep` and loops in one line are rare
CALL_NEAR = 0xe8


def line_of(address):
    """(file, line) of a linear address, or None."""
    found = gdb.find_pc_line(address)
    return (found.symtab.filename, found.line) if found.symtab and found.line else None


def source(address):
    found = gdb.find_pc_line(address)
    if not found.symtab or not found.line:
        return "no source line"
    text = "%s:%u" % (found.symtab.filename, found.line)
    for path in (found.symtab.fullname(), found.symtab.filename):
        try:
            with open(path, encoding="ascii", errors="replace") as lines:
                return text + "\t" + lines.read().split("\n")[found.line - 1].strip()
        except (OSError, IndexError):
            continue
    return text


def symbol(address):
    text = gdb.execute("info symbol 0x%x" % address, to_string=True)
    if text.startswith("No symbol"):
        return "no symbol"
    return text.split(" in section")[0].split(" of ")[0].strip()


def show():
    address = machine.linear_pc()
    print("0x%08x %s\t%s" % (address, symbol(address), source(address)))


def leave_breakpoint():
    """One instruction: QEMU would stop at once on a breakpoint that gdb does not see here."""
    machine.Stop.inside = True
    try:
        gdb.execute("stepi", to_string=True)
    finally:
        machine.Stop.inside = False


def step(over):
    """One source line, or one instruction where there is none; `over`: calls as a whole."""
    start = line_of(machine.linear_pc())
    for _ in range(LIMIT):
        address = machine.linear_pc()
        code = machine.read(address, 1)
        if over and code and code[0] == CALL_NEAR:
            real = machine.real_mode()
            run_to(address + (3 if real else 5), machine.stack_pointer())
        else:
            leave_breakpoint()
        if start is None or line_of(machine.linear_pc()) not in (start, None):
            break
    show()


def run_to(address, sp):
    """Until `address` is reached with the stack as it is now."""
    ending = gdb.Breakpoint("*0x%x" % address, gdb.BP_HARDWARE_BREAKPOINT, internal=True)
    ending.silent = True
    leave_breakpoint()
    try:
        while machine.linear_pc() != address or machine.stack_pointer() != sp:
            before = machine.linear_pc()
            gdb.execute("continue", to_string=True)
            if machine.linear_pc() != address:
                return before
    finally:
        ending.delete()
    return None


def where16(_):
    cs, ip = machine.register("cs"), machine.pc() & 0xffff
    if not machine.real_mode():
        raise gdb.GdbError("the processor is not in real mode: `info symbol $pc` and `x/i $pc` do")
    address = machine.linear_pc()
    print("%04x:%04x linear 0x%08x %s" % (cs, ip, address, symbol(address)))
    print("  " + source(address))
    gdb.execute("x/4i 0x%x" % address)


def commands(command, finder, architecture, refresh):
    """Adds `vmi step`, `next`, `where16`, `continue`."""
    command("where16", "vmi where16: cs:ip, linear address, symbol, line and code in real mode.")(
        lambda text: (refresh(), where16(text)))
    command("step", "vmi step: one source line of assembly, in any mode.")(
        lambda text: (refresh(), step(False)))
    command("next", "vmi next: the same, over calls.")(
        lambda text: (refresh(), step(True)))

    def go(_):
        leave_breakpoint()
        gdb.execute("continue")
    command("continue", "vmi continue: go on from a breakpoint in real mode, where gdb's own "
                        "would stop again at once.")(go)
