/*
 * F5: what it costs that a call runs on another thread than the caller's, beneath everything else: the caller wakes a
 * thread that waits in epoll, and waits on a condition until that thread has answered.
 *
 *     handover COUNT
 */

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "searches.h"

static int asked;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static long answers;

static void *answer(void *user)
{
    struct epoll_event event = {EPOLLIN, {0}};
    long count = *(long *)user, i;
    uint64_t one;
    int poll = epoll_create1(0);
    if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, asked, &event) != 0) fail("no epoll");
    for (i = 0; i < count; i++) {
        if (epoll_wait(poll, &event, 1, -1) != 1 || read(asked, &one, sizeof one) != sizeof one) fail("no question");
        pthread_mutex_lock(&lock);
        answers++;
        pthread_cond_signal(&answered);
        pthread_mutex_unlock(&lock);
    }
    close(poll);
    return NULL;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 10000, i;
    double *times = malloc((size_t)count * sizeof *times), before;
    uint64_t one = 1;
    pthread_t thread;
    asked = eventfd(0, 0);
    if (times == NULL || asked < 0 || pthread_create(&thread, NULL, answer, &count) != 0) fail("no thread");
    for (i = 0; i < count; i++) {
        before = now();
        if (write(asked, &one, sizeof one) != sizeof one) fail("no question");
        pthread_mutex_lock(&lock);
        while (answers <= i) pthread_cond_wait(&answered, &lock);
        pthread_mutex_unlock(&lock);
        times[i] = now() - before;
    }
    pthread_join(thread, NULL);
    say_times(times, (size_t)count);
    free(times);
    return 0;
}
