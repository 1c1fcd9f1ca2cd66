/* F5 for both sides: how long small calls take, one after the other and from many threads at once. */

#ifndef SEARCHES_H
#define SEARCHES_H

#include <pthread.h>

#include "measure.h"

enum { MOST_THREADS = 32, MOST_CALLS = 200000 };

/* One patient search; the number of patients found, which is always 1. */
typedef int32_t (*search_function)(void *own);

struct searcher {
    search_function search;
    void *own;
    double until, *times;
    size_t count;
};

static void *search_on(void *user)
{
    struct searcher *searcher = (struct searcher *)user;
    double before = now();
    while (before < searcher->until && searcher->count < MOST_CALLS) {
        double after;
        if (searcher->search(searcher->own) != 1) fail("the patient was not found");
        after = now();
        searcher->times[searcher->count++] = after - before;
        before = after;
    }
    return NULL;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Sorts the times of many calls and tells their p50 and p99 in microseconds. */
static void say_times(double *times, size_t count)
{
    qsort(times, count, sizeof *times, compare_doubles);
    say("p50_us", times[count / 2] * 1e6);
    say("p99_us", times[count * 99 / 100] * 1e6);
}

/* Each thread searches with its own of `own`; a first search of each, outside of the measured time, connects. */
static void measure_searches(int threads, double seconds, search_function search, void **own)
{
    static struct searcher searchers[MOST_THREADS];
    static pthread_t running[MOST_THREADS];
    double *all = NULL, began, used;
    size_t count = 0;
    int i;
    if (threads < 1 || threads > MOST_THREADS) fail("1 to 32 threads");
    for (i = 0; i < threads; i++) {
        struct searcher fresh = {search, own[i], 0, malloc(MOST_CALLS * sizeof(double)), 0};
        if (fresh.times == NULL) fail("no memory");
        if (search(own[i]) != 1) fail("the patient was not found");
        searchers[i] = fresh;
    }
    used = cpu();
    began = now();
    for (i = 0; i < threads; i++) {
        searchers[i].until = began + seconds;
        if (pthread_create(&running[i], NULL, search_on, &searchers[i]) != 0) fail("no thread");
    }
    for (i = 0; i < threads; i++) pthread_join(running[i], NULL);
    seconds = now() - began;
    used = cpu() - used;
    for (i = 0; i < threads; i++) {
        all = realloc(all, (count + searchers[i].count + 1) * sizeof(double));
        if (all == NULL) fail("no memory");
        memcpy(all + count, searchers[i].times, searchers[i].count * sizeof(double));
        count += searchers[i].count;
        free(searchers[i].times);
    }
    say("a_second", (double)count / seconds);
    say("cpu_us", used / (double)count * 1e6);
    say_times(all, count);
    free(all);
}

#endif
