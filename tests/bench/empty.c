/* F3's peer: a function of another shared library that does nothing. */
int empty(void *handle)
{
    (void)handle;
    return 0;
}
