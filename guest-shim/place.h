/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ROM that no firmware has started: the guest itself writes the file that came as module
 * into the option-ROM window, where the machine lets it (isapc, microvm: no write protection).
 */
#ifndef PLACE_H
#define PLACE_H

#include "options.h"

/*
 * Does what place= asks for. At each address: writes the module there, loads, and says as a
 * test whether that ROM is in use, untouched by POST, with all its answers inside and calls
 * through it that work; then all slots are native again. The last one stays in the window.
 */
void place_module(const struct options *options);

#endif
