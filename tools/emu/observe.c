/* SPDX-License-Identifier: GPL-2.0-only */
/* Hooks: what happens while emulated code runs, and when it is over. */
#include "emu/emu_internal.h"

#define VECTOR_GP 13

static void stop(struct emu *emu, enum emu_end end)
{
	if (!emu->stopped)
		emu->result->end = end;
	emu->stopped = true;
	uc_emu_stop(emu->uc);
}

static void on_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *data)
{
	struct emu *emu = data;

	(void)uc;
	emu->last = address;
	if (!emu->result || emu->stopped)
		return;
	if (address - EMU_LANDING < EMU_PAGE) {
		stop(emu, EMU_LANDED);
		return;
	}
	if (emu->result->instructions++ >= emu->limit) {
		stop(emu, EMU_RAN_AWAY);
		return;
	}
	if (emu->has_x2apic && !emu_x2apic(emu, address)) {
		emu->result->vector = VECTOR_GP;
		stop(emu, EMU_FAULTED);
		return;
	}
	if (emu->may_sysret) {
		if (!emu_sysret(emu, address)) {
			emu->result->vector = VECTOR_GP;
			stop(emu, EMU_FAULTED);
			return;
		}
		if (emu->sysret) {
			stop(emu, EMU_LANDED);
			return;
		}
	}
	if (!emu_note_hidden(emu, address, size)) {
		emu->result->address = UC_ERR_ARG;
		stop(emu, EMU_BROKEN);
	}
}

static void on_interrupt(uc_engine *uc, uint32_t vector, void *data)
{
	struct emu *emu = data;

	if (!emu->result) {
		uc_emu_stop(uc);
		return;
	}
	if (!emu->stopped)
		emu->result->vector = vector;
	stop(emu, EMU_FAULTED);
}

/* The red zone is not the entry's. */
static void note_below(struct emu *emu, uint64_t address, int size, bool write)
{
	struct emu_result *r = emu->result;
	uint64_t rsp = 0;

	if (emu->width != 64 || address - EMU_STACK >= EMU_STACK_END - EMU_STACK)
		return;
	uc_reg_read(emu->uc, UC_X86_REG_RSP, &rsp);
	/* What crosses a page is seen in parts, and the first may begin early. */
	if (address + (uint64_t)size > rsp || (write && emu_pushes(emu, emu->last)))
		return;
	if (!r->below++)
		r->below_at = emu->last;
}

static void on_write(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value,
		     void *data)
{
	struct emu *emu = data;
	struct emu_result *r = emu->result;

	(void)uc;
	(void)type;
	if (!r || emu->stopped)
		return;
	note_below(emu, address, size, true);
	if (r->writes < EMU_LOG)
		r->write[r->writes] = (struct emu_write){ address, (uint32_t)size,
							  (uint64_t)value };
	r->writes++;
	if (address < emu->image + emu->image_size && address + (uint32_t)size > emu->image) {
		r->address = address;
		stop(emu, EMU_WROTE_IMAGE);
	}
}

/* The stack and the image are the entry's to read. */
static void on_read(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value,
		    void *data)
{
	struct emu *emu = data;
	struct emu_result *r = emu->result;

	(void)uc;
	(void)type;
	(void)value;
	if (!r || emu->stopped)
		return;
	note_below(emu, address, size, false);
	if (address - EMU_STACK < EMU_STACK_END - EMU_STACK ||
	    address - emu->image < emu->image_size)
		return;
	if (r->reads < EMU_LOG)
		r->read[r->reads] = (struct emu_write){ address, (uint32_t)size, 0 };
	r->reads++;
}

/* Nothing is mapped there: for the code that runs it is a page fault. */
static bool on_unmapped(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value,
			void *data)
{
	struct emu *emu = data;

	(void)uc;
	(void)type;
	(void)size;
	(void)value;
	if (emu->result && !emu->stopped) {
		emu->result->vector = 14;
		emu->result->address = address;
		emu->result->end = EMU_FAULTED;
		emu->stopped = true;
	}
	return false;
}

static bool on_invalid(uc_engine *uc, void *data)
{
	struct emu *emu = data;

	(void)uc;
	if (emu->result && !emu->stopped) {
		emu->result->vector = 6;
		emu->result->end = EMU_FAULTED;
		emu->stopped = true;
	}
	return false;
}

void emu_ignore_port(struct emu *emu, uint16_t port)
{
	emu->unseen_port = port;
}

static void note_port(struct emu *emu, uint32_t port, int size, uint32_t value, bool out)
{
	struct emu_result *r = emu->result;

	if (!r || (out && emu->unseen_port && port == emu->unseen_port))
		return;
	const struct emu_port *last = r->ports && r->ports <= EMU_LOG ? &r->port[r->ports - 1] : NULL;
	if (last && !out && !last->out && last->port == port && last->size == (uint32_t)size)
		return; /* it is polled */
	if (r->ports < EMU_LOG)
		r->port[r->ports] = (struct emu_port){ port, (uint32_t)size, value, out };
	r->ports++;
}

static uint32_t on_in(uc_engine *uc, uint32_t port, int size, void *data)
{
	(void)uc;
	struct emu *emu = data;

	note_port(emu, port, size, 0, false);
	return emu->port_reads;
}

static void on_out(uc_engine *uc, uint32_t port, int size, uint32_t value, void *data)
{
	(void)uc;
	note_port(data, port, size, value, true);
}

uc_err emu_observe(struct emu *emu)
{
	const struct {
		int type;
		void *callback;
		int instruction;
	} hooks[] = {
		{ UC_HOOK_CODE, (void *)on_instruction, 0 },
		{ UC_HOOK_INTR, (void *)on_interrupt, 0 },
		{ UC_HOOK_MEM_WRITE, (void *)on_write, 0 },
		{ UC_HOOK_MEM_READ, (void *)on_read, 0 },
		{ UC_HOOK_MEM_INVALID, (void *)on_unmapped, 0 },
		{ UC_HOOK_INSN_INVALID, (void *)on_invalid, 0 },
		{ UC_HOOK_INSN, (void *)on_in, UC_X86_INS_IN },
		{ UC_HOOK_INSN, (void *)on_out, UC_X86_INS_OUT },
	};
	uc_err err = UC_ERR_OK;

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]) && !err; i++) {
		uc_hook hook;

		if (hooks[i].type == UC_HOOK_MEM_READ && emu->width != 64)
			continue;

		err = uc_hook_add(emu->uc, &hook, hooks[i].type, hooks[i].callback, emu, 1, 0,
				  hooks[i].instruction);
	}
	return err;
}
