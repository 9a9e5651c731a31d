/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 50    /* how often to see if it ended while another holds its pipes open */
#define MERCY_MS 1000 /* between SIGTERM and SIGKILL */
#define DRAIN_MAX (1 << 20) /* what a dead child may have left in its pipes */

static volatile sig_atomic_t interrupted;
static int interrupt_pipe[2] = { -1, -1 };

static void on_signal(int number)
{
	int saved = errno;
	interrupted = number;
	/*
	 * Never read: it wakes every poll, of each thread, for good. If it is full it is readable
	 * too.
	 */
	if (write(interrupt_pipe[1], "", 1) < 0)
		errno = 0;
	errno = saved;
}

int process_catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	if (pipe2(interrupt_pipe, O_CLOEXEC | O_NONBLOCK))
		return -1;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct sigaction old;
		if (sigaction(numbers[i], NULL, &old))
			return -1;
		/* Who started us may have wanted us to ignore it (nohup). */
		if (old.sa_handler != SIG_IGN && sigaction(numbers[i], &action, NULL))
			return -1;
	}
	return 0;
}

int process_interrupted(void)
{
	return interrupted;
}

static long long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

/* The child's side, between fork and exec: only calls that are safe there. */
static void become(char *const argv[], int nothing, const int ends[PROCESS_OUTPUTS], int failed,
		   pid_t parent)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	sigset_t none;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before the line above */
		_exit(127);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		signal(numbers[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/*
	 * First out of the way of 0 to 3, then into place: dup2 onto itself would keep
	 * close-on-exec.
	 */
	int from[4] = { nothing, ends[PROCESS_OUT], ends[PROCESS_ERR], ends[PROCESS_FIRMWARE] };
	failed = fcntl(failed, F_DUPFD_CLOEXEC, 10);
	for (int i = 0; i < 4; i++)
		from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, 10);
	for (int i = 0; i < 4; i++)
		if (from[i] < 0 || dup2(from[i], i) < 0)
			goto fail;
	execvp(argv[0], argv);
fail:;
	int error = errno;
	if (write(failed, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

struct process {
	pid_t pid;
	/* The outputs (fd -1 once at end), then the interruption. */
	struct pollfd polls[PROCESS_OUTPUTS + 1];
};

static void close_all(int (*pipes)[2], size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (int end = 0; end < 2; end++)
			if (pipes[i][end] >= 0)
				close(pipes[i][end]);
}

/* Result: 0, or an errno. */
static int start(struct process *c, char *const argv[])
{
	/* The outputs, then one that tells why exec failed: it closes by itself when exec works. */
	int pipes[PROCESS_OUTPUTS + 1][2], error = 0;
	for (size_t i = 0; i <= PROCESS_OUTPUTS; i++)
		pipes[i][0] = pipes[i][1] = -1;
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (nothing < 0)
		return errno;
	for (size_t i = 0; i <= PROCESS_OUTPUTS; i++)
		if (pipe2(pipes[i], O_CLOEXEC))
			goto fail;
	int ends[PROCESS_OUTPUTS];
	for (size_t i = 0; i < PROCESS_OUTPUTS; i++)
		ends[i] = pipes[i][1];
	pid_t parent = getpid();
	c->pid = fork();
	if (c->pid < 0)
		goto fail;
	if (!c->pid)
		become(argv, nothing, ends, pipes[PROCESS_OUTPUTS][1], parent);
	setpgid(c->pid, c->pid); /* both sides do it, so neither has to wait for the other */
	for (size_t i = 0; i <= PROCESS_OUTPUTS; i++) {
		close(pipes[i][1]);
		pipes[i][1] = -1;
	}
	ssize_t n;
	do
		n = read(pipes[PROCESS_OUTPUTS][0], &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		waitpid(c->pid, NULL, 0);
		goto out;
	}
	error = 0;
	for (size_t i = 0; i < PROCESS_OUTPUTS; i++) {
		fcntl(pipes[i][0], F_SETFL, O_NONBLOCK);
		c->polls[i] = (struct pollfd){ .fd = pipes[i][0], .events = POLLIN };
		pipes[i][0] = -1;
	}
	c->polls[PROCESS_OUTPUTS] = (struct pollfd){ .fd = interrupt_pipe[0], .events = POLLIN };
	goto out;
fail:
	error = errno;
out:
	close(nothing);
	close_all(pipes, PROCESS_OUTPUTS + 1);
	return error;
}

/* Has the child ended? It stays a zombie, so its process group keeps its number. */
static bool ended(const struct process *c)
{
	siginfo_t info = { 0 };
	return !waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       info.si_pid == c->pid;
}

static void end_it(const struct process *c)
{
	kill(-c->pid, SIGTERM);
	for (long long until = now_ms() + MERCY_MS; !ended(c) && now_ms() < until;)
		poll(NULL, 0, 10);
	kill(-c->pid, SIGKILL);
}

/*
 * Reads what output `i` has, once. Result: -1 when the sink has enough, 0 if there was nothing,
 * else bytes.
 */
static int take(struct process *c, size_t i, process_sink *sink, void *context)
{
	char buffer[16384];
	ssize_t n = read(c->polls[i].fd, buffer, sizeof(buffer));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n <= 0) {
		close(c->polls[i].fd);
		c->polls[i].fd = -1;
		return 0;
	}
	return sink(context, (enum process_output)i, buffer, (size_t)n) ? (int)n : -1;
}

/* Hands on what the child left in its pipes, bounded: another may still be writing there. */
static bool drain(struct process *c, process_sink *sink, void *context)
{
	for (size_t i = 0; i < PROCESS_OUTPUTS; i++)
		for (int n = 1, sum = 0; n > 0 && sum < DRAIN_MAX && c->polls[i].fd >= 0;
		     sum += n) {
			n = take(c, i, sink, context);
			if (n < 0)
				return false;
		}
	return true;
}

/* Until the child has ended by itself (END_EXIT) or a reason to end it comes up. */
static enum ending watch(struct process *c, unsigned timeout, process_sink *sink, void *context,
			 int *value)
{
	long long until = now_ms() + timeout * 1000ll;
	for (;;) {
		if (ended(c))
			return drain(c, sink, context) ? END_EXIT : END_FLOOD;
		if (interrupted) {
			*value = interrupted;
			return END_INTERRUPTED;
		}
		long long left = until - now_ms();
		if (left <= 0) {
			*value = (int)timeout;
			return END_TIME;
		}
		/* All pipes closed: nothing will wake us at its end, which is near. */
		bool open = false;
		for (size_t i = 0; i < PROCESS_OUTPUTS; i++)
			open |= c->polls[i].fd >= 0;
		long long tick = open ? TICK_MS : 2;
		if (poll(c->polls, PROCESS_OUTPUTS + 1, (int)(left < tick ? left : tick)) <= 0)
			continue;
		for (size_t i = 0; i < PROCESS_OUTPUTS; i++)
			if (c->polls[i].fd >= 0 && c->polls[i].revents &&
			    take(c, i, sink, context) < 0)
				return END_FLOOD;
	}
}

/* Waits for a child that has ended, or will at once. Result: its status. */
static int bury(struct process *c)
{
	int status = 0;
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void close_pipes(struct process *c)
{
	for (size_t i = 0; i < PROCESS_OUTPUTS; i++)
		if (c->polls[i].fd >= 0)
			close(c->polls[i].fd);
}

struct process *process_begin(char *const argv[], int *error)
{
	struct process *c = calloc(1, sizeof(*c));
	*error = c ? start(c, argv) : ENOMEM;
	if (!*error)
		return c;
	free(c);
	return NULL;
}

bool process_ended(const struct process *c)
{
	return ended(c);
}

void process_finish(struct process *c)
{
	end_it(c);
	bury(c);
	close_pipes(c);
	free(c);
}

enum ending process_run(char *const argv[], unsigned timeout, process_sink *sink, void *context,
			int *value)
{
	struct process c = { 0 };
	*value = start(&c, argv);
	if (*value)
		return END_NOT_STARTED;
	enum ending how = watch(&c, timeout, sink, context, value);
	if (how == END_EXIT)
		kill(-c.pid, SIGKILL); /* whatever it started and left behind */
	else
		end_it(&c);
	int status = bury(&c);
	if (how != END_EXIT)
		drain(&c, sink, context); /* the last words before the time-out */
	close_pipes(&c);
	if (how != END_EXIT)
		return how;
	*value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	return WIFEXITED(status) ? END_EXIT : END_SIGNAL;
}
