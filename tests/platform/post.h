/* SPDX-License-Identifier: GPL-2.0-only */
/* POST of the ROMs once more, as a guest of the player: see platform=post in words.c. */
#ifndef POST_H
#define POST_H

#include <stdbool.h>
#include <stdint.h>

/* post.c: runs it, all ROMs' in turn. Result: KiB of conventional memory that the guest may have. */
uint32_t post_run(bool long_mode);
/* A VMMCALL that is the player's own way back from real mode; false: the guest's, to a platform. */
bool post_call(void);

/* window.c: the option ROM number `which` among QEMU's files; false: there is none. */
bool rom_file(unsigned which, uint8_t *to, uint32_t room, uint32_t *size);
/* Makes 0xc0000 to 0xfffff writable, where there are registers for that; and as it was. */
void window_open(void);
void window_close(void);

#endif
