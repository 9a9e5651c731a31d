// SPDX-License-Identifier: GPL-2.0-only
/* SetBackends: what the ROM is told, where its answers may then differ from its table, what is said. */
#include "test_loader.h"

#include <string.h>

#define ABSENT (VMI_BACKEND_WHY_ABSENT << 8 | VMI_BACKEND_WHY_ABSENT << 16 | VMI_BACKEND_WHY_ABSENT << 24)
#define KVM_USED (VMI_BACKEND_KVM | VMI_BACKEND_WHY_ABSENT << 16 | VMI_BACKEND_WHY_ABSENT << 24)

/* A ROM of 3.2 that answers for GetVcpuState with another entry than its table's. */
static struct script *rom_with_backend(struct fixture *f, bool conditional)
{
	struct script *script = &f->scripts[0];
	uint8_t *rom = fixture_at(f, ROM_A);

	f->load.range.minor_max = 2;
	fixture_add_rom(f, script, ROM_A, 3, 2);
	if (conditional)
		rom_image_capability(rom, VMI_CALL_GetVcpuState)->kinds |= VMI_CAPABILITY_CONDITIONAL;
	rom_image_sign_directory(rom);
	script->answers[VMI_CALL_GetVcpuState].eax += 4;
	return script;
}

static void test_served(void **state)
{
	struct fixture *f = *state;
	struct script *script = rom_with_backend(f, true);

	f->backends = KVM_USED;
	expect_load(f, VMI_OK);
	assert_int_equal(f->allowed, VMI_BACKEND_KVM | VMI_BACKEND_HYPERV | VMI_BACKEND_VMWARE);
	assert_int_equal(f->bindings[fixture_row(f, VMI_CALL_GetVcpuState)].address,
			 script->answers[VMI_CALL_GetVcpuState].eax);
	fixture_report(f);
	assert_non_null(strstr(f->text, "\nbackend kvm used why=ok calls: 87\n"));
	assert_null(strstr(f->text, "backend hyperv"));
}

/* Without a backend, or for a call that is not conditional, the table holds. */
static void test_not_served(void **state)
{
	struct fixture *f = *state;

	rom_with_backend(f, true);
	f->backends = ABSENT;
	expect_load(f, VMI_E_CAPABILITY);
	f->backends = KVM_USED;
	expect_load(f, VMI_OK);
	rom_with_backend(f, false);
	expect_load(f, VMI_E_CAPABILITY);
}

static void words(struct fixture *f, const char *text)
{
	vmi_overrides_parse(&f->load.overrides, vmi_abi_of(false), text, strlen(text));
}

static void test_words(void **state)
{
	static const struct {
		const char *text;
		uint32_t allowed;
	} good[] = {
		{ "vmi=backend:kvm", VMI_BACKEND_KVM },
		{ "vmi=backend:-kvm", VMI_BACKEND_HYPERV | VMI_BACKEND_VMWARE },
		{ "vmi=backend:kvm,hyperv,-kvm", VMI_BACKEND_HYPERV },
		{ "vmi=backend:-kvm vmi=backend:vmware", VMI_BACKEND_VMWARE },
	};
	static const char *const bad[] = { "vmi=backend:", "vmi=backend:xen", "vmi=backend:kvm,",
					   "vmi=backend:-", "vmi=backend:kv", "vmi=backend:kvmm", "vmi=backend:foo,kvm", "vmi=backend:,kvm",
					   "vmi=backend:-,kvm" };
	struct fixture *f = *state;

	rom_with_backend(f, true)->answers[VMI_CALL_GetVcpuState].eax -= 4;
	f->backends = VMI_BACKEND_WHY_FORBIDDEN << 8 | VMI_BACKEND_WHY_FAULT << 16 |
		      VMI_BACKEND_WHY_ABSENT << 24;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		words(f, good[i].text);
		expect_load(f, VMI_OK);
		assert_int_equal(f->allowed, good[i].allowed);
	}
	fixture_report(f);
	assert_non_null(strstr(f->text, "\nbackend kvm refused why=forbidden\n"
					"backend hyperv refused why=fault\n"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		words(f, bad[i]);
		expect_load(f, VMI_OK);
		fixture_report(f);
		assert_non_null(strstr(f->text, "override "));
	}
	words(f, "vmi=max:3.1");
	f->allowed = 0;
	expect_load(f, VMI_OK);
	assert_int_equal(f->allowed, 0);
}

int run_backend_tests(void)
{
	const struct CMUnitTest tests[] = {
		LOADER_TEST(test_served),
		LOADER_TEST(test_not_served),
		LOADER_TEST(test_words),
	};
	return cmocka_run_group_tests_name("loader backends", tests, NULL, NULL);
}
