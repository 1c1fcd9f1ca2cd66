using System;
using System.Runtime.InteropServices;

namespace Itero
{
    // Text encoding, as include/itero.h has it; what each function does is told there.
    //
    // Declared and not used. A program in C# has strings: the wrapper passes them as UTF-8, so another code page would garble
    // every text, and who has bytes in a code page finds System.Text.Encoding nearer.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_text_encoding(ConfigHandle config, int codePage);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_scan_request_set_text_encoding(ScanRequestHandle request, int codePage);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_order_query_set_text_encoding(OrderQueryHandle query, int codePage);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_set_text_encoding(OutboxHandle outbox, int codePage);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_text_to_utf16(byte[] text, ushort[] buffer, int bufferSize, out int lengthOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_text_from_utf16(
            ushort[] utf16, int utf16Length, byte[] buffer, int bufferSize, out int lengthOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_text_to_code_page(
            byte[] text, int codePage, byte[] buffer, int bufferSize, out int lengthOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_text_from_code_page(
            byte[] text, int codePage, byte[] buffer, int bufferSize, out int lengthOut);
    }
}
