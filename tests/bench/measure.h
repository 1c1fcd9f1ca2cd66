/*
 * What both sides measure with, so that they measure the same: time, CPU, memory, and a sum over all text that was read.
 */

#ifndef MEASURE_H
#define MEASURE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* A line of /proc/self/status, in kilobytes or as a count. */
static long status_line(const char *name)
{
    char line[256];
    long value = -1;
    FILE *file = fopen("/proc/self/status", "r");
    if (file == NULL) fail("no /proc/self/status");
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0) value = atol(line + strlen(name));
    }
    fclose(file);
    return value;
}

static void say(const char *name, double value) { printf("%s %.9g\n", name, value); }

/* One measured stretch: from begin() to end(), with the growth of peak memory in between. */
struct stretch {
    double time, cpu;
    long memory;
};

static struct stretch begin(void)
{
    struct stretch stretch;
    FILE *file = fopen("/proc/self/clear_refs", "w");
    /* 5 sets the peak to what is resident now. */
    if (file == NULL || fputs("5", file) < 0 || fclose(file) != 0) fail("the memory peak can't be reset");
    stretch.memory = status_line("VmRSS:");
    stretch.cpu = cpu();
    stretch.time = now();
    return stretch;
}

static void end(struct stretch stretch)
{
    say("seconds", now() - stretch.time);
    say("cpu", cpu() - stretch.cpu);
    say("growth_kb", (double)(status_line("VmHWM:") - stretch.memory));
    say("peak_kb", (double)status_line("VmHWM:"));
}

/* What was read of an order: quick while time is taken; over every byte when the two sides are compared. */
static int whole_text;
static uint64_t seen = 14695981039346656037u;

static void see_number(int64_t number) { seen = (seen ^ (uint64_t)number) * 1099511628211u; }

static void see(const char *text)
{
    if (whole_text) {
        for (; *text != '\0'; text++) see_number((unsigned char)*text);
    }
    see_number((unsigned char)text[0]);
    see_number((int64_t)strlen(text));
}

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        fprintf(stderr, "%s is not set\n", name);
        exit(2);
    }
    return value;
}

#endif
