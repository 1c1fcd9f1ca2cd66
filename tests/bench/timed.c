/* Runs a program that doesn't measure itself: how long it took, and its CPU. */

#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

int main(int argc, char **argv)
{
    double began = now();
    struct rusage used;
    int status;
    pid_t child;
    if (argc < 2) fail("usage: timed PROGRAM ARGUMENT...");
    child = fork();
    if (child == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child) fail("no child");
    say("seconds", now() - began);
    say("cpu", (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                   (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
