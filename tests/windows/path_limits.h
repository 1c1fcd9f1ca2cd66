/*
 * Makes Wine as strict as Windows: there, a path of 260 characters or more, and a folder's of 248, is refused unless it
 * begins with \\?\. Wine takes any path, so a library that forgets this would pass its tests and fail in a practice.
 */

#ifndef PATH_LIMITS_H
#define PATH_LIMITS_H

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

/* From now on the file functions that the module imports keep to these limits. Returns how many there are. */
int path_limits_impose(HMODULE module);

#endif
