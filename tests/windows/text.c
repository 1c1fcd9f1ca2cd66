/*
 * Writes names in every code page and reads them back, and tries what must be refused. Windows converts with its own
 * tables, other systems with those of the library: what this prints must be the same everywhere.
 */

#include <stdio.h>
#include <string.h>

#include "itero.h"

static void show(int32_t code_page, const char *name)
{
    char bytes[256], back[256];
    int32_t length = -1, i, status;
    printf("%d", (int)code_page);
    status = itero_text_to_code_page(name, code_page, bytes, sizeof bytes, &length);
    if (status != ITERO_OK) {
        printf(" refused %d\n", (int)status);
        return;
    }
    for (i = 0; i < length; i++) printf(" %02x", (unsigned)(unsigned char)bytes[i]);
    status = itero_text_from_code_page(bytes, code_page, back, sizeof back, &length);
    printf(" %s\n", status == ITERO_OK && strcmp(back, name) == 0 ? "same" : status == ITERO_OK ? "composed" : "lost");
}

static void read_back(int32_t code_page, const char *bytes)
{
    char back[256];
    printf("%d reads %d\n", (int)code_page,
           (int)itero_text_from_code_page(bytes, code_page, back, sizeof back, NULL));
}

int main(void)
{
    static const char *const names[] = {
        "Zo\xc3\xab M\xc3\xbcller",                                         /* Western Europe */
        "\xc5\x81ukasz \xc5\xbb" "ak",                                      /* Polish */
        "Mu\xcc\x88ller",                                                   /* the diaeresis as a character of its own */
        "\xd7\xa0\xd7\x95\xd7\xa2\xd7\x94",                                 /* Hebrew */
        "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd",                                 /* Russian */
        "\xce\x9d\xce\xaf\xce\xba\xce\xbf\xcf\x82",                         /* Greek */
        "I\xc5\x9f\xc4\xb1k",                                               /* Turkish */
        "\xd9\x85\xd8\xad\xd9\x85\xd8\xaf",                                 /* Arabic */
        "J\xc4\x81nis",                                                     /* Latvian */
        "\xc4\x90\xe1\xba\xb7ng Ti\xe1\xba\xbfng",                          /* Vietnamese */
        "\xe0\xb8\xaa\xe0\xb8\xa1\xe0\xb8\x8a\xe0\xb8\xb2\xe0\xb8\xa2",     /* Thai */
        "\xe5\xb1\xb1\xe6\x9c\xac\xe3\x81\x95\xe3\x81\x8f\xe3\x82\x89",     /* Japanese */
        "\xe5\xbc\xa0\xe4\xbc\x9f",                                         /* simplified Chinese */
        "\xea\xb9\x80\xeb\xaf\xbc\xec\xa4\x80",                             /* Korean */
        "\xe9\x99\xb3\xe5\xa4\xa7\xe6\x96\x87",                             /* traditional Chinese */
        "\xf0\x9f\xa6\xb7",                                                 /* a tooth, which no code page has */
        "",
    };
    static const int32_t pages[] = { 874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 0 };
    size_t i, j;
    for (i = 0; i < sizeof pages / sizeof pages[0]; i++)
        for (j = 0; j < sizeof names / sizeof names[0]; j++) {
            /* The library's Big5 has Cyrillic and kana among its additions, Windows' 950 has not. */
            if (pages[i] == 950 && (j == 4 || j == 11)) continue;
            show(pages[i], names[j]);
        }
    read_back(932, "\x81");
    read_back(936, "\x81");
    read_back(949, "\x81");
    read_back(950, "\x81");
    read_back(0, "\x81");
    read_back(437, "a");
    return 0;
}
