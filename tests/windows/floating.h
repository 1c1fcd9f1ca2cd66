/*
 * The processor's floating-point exceptions as Delphi programs have them: invalid operation, division by zero and
 * overflow end in a trap. What _controlfp sets depends on the width, so both units are set here by hand.
 */

#ifndef FLOATING_H
#define FLOATING_H

#include <stdint.h>

#define FLOATING_X87 0x1372u
#define FLOATING_SSE 0x1900u

static inline void floating_unmask(void)
{
    uint16_t x87 = FLOATING_X87;
    uint32_t sse = FLOATING_SSE;
    __asm__ volatile("fnclex\n\tfldcw %0\n\tldmxcsr %1" : : "m"(x87), "m"(sse));
}

/* The low six bits of the second word tell which exceptions have happened; they are no settings. */
static inline int floating_is_unmasked(void)
{
    uint16_t x87;
    uint32_t sse;
    __asm__ volatile("fnstcw %0\n\tstmxcsr %1" : "=m"(x87), "=m"(sse));
    return x87 == FLOATING_X87 && (sse & ~0x3fu) == FLOATING_SSE;
}

#endif
