namespace Itero
{
    // The C interface, one file for each section of include/itero.h and in its order. Names, types and values are the
    // header's; a test compares them one by one. What they become here:
    //
    //   itero_client *              ClientHandle, a SafeHandle; an IntPtr only in the _free function that it calls itself
    //   itero_client **client_out   out ClientHandle
    //   const char * (parameter)    byte[], see Text.Utf8; null is NULL
    //   char *, uint16_t *          byte[] and ushort[], room for the library to write into
    //   const char * (result)       IntPtr, see Text.Of
    //   callback, void *user        a static delegate, and the number that Callbacks gives to the object behind it
    internal static partial class Native
    {
        internal const string Library = "itero";

        // Before the first function is called. Whoever calls one without having a handle asks the loader first, so that
        // its exception arrives as it is and not inside a TypeInitializationException.
        static Native()
        {
            Loader.Load();
        }
    }
}
