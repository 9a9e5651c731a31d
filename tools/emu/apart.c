/* SPDX-License-Identifier: GPL-2.0-only */
#include "emu/apart.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void work_and_exit(int (*work)(void *shared), void *shared, unsigned int seconds)
{
	if (seconds) {
		struct rlimit limit = { seconds, seconds + 1 };

		setrlimit(RLIMIT_CPU, &limit);
	}
	_exit(work(shared));
}

int emu_apart(void *data, size_t size, int (*work)(void *shared), unsigned int seconds,
	      char *error, size_t error_size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;

	*error = 0;
	if (shared == MAP_FAILED) {
		snprintf(error, error_size, "out of memory");
		return 2;
	}
	memcpy(shared, data, size);
	pid_t child = fork();
	if (!child)
		work_and_exit(work, shared, seconds);
	pid_t ended = -1;
	while (child > 0 && (ended = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		;
	if (ended < 0)
		snprintf(error, error_size, "cannot start a process: %s", strerror(errno));
	memcpy(data, shared, size);
	munmap(shared, size);
	if (ended < 0)
		return 2;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WTERMSIG(status) == SIGXCPU)
		snprintf(error, error_size,
			 "the emulated code was still running after %u seconds", seconds);
	else
		snprintf(error, error_size, "the emulator crashed (signal %d)", WTERMSIG(status));
	return 3;
}
