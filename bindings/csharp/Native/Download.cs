using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class DownloadHandle : Handle<DownloadHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_download_free(value);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void ProgressCallback(IntPtr user, long bytes, long totalBytes, long files, long totalFiles);

    // Download, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_FILE_IDE = 1;
        internal const int ITERO_FILE_IMAGE_GALLERY = 2;
        internal const int ITERO_FILE_SCREEN_CAPTURE = 4;
        internal const int ITERO_FILE_VIEWER = 8;
        internal const int ITERO_FILE_STL = 16;
        internal const int ITERO_FILE_PLY = 32;
        internal const int ITERO_FILE_OTHER = 64;
        internal const int ITERO_FILE_ALL = 127;
        internal const int ITERO_DOWNLOAD_UNPACK = 1;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_start(
            ClientHandle client, byte[] orderId, byte[] folder, uint kinds, uint flags, ProgressCallback callback,
            IntPtr user, out DownloadHandle downloadOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_start_from_order(
            ClientHandle client, OrdersHandle orders, int index, byte[] folder, uint kinds, uint flags,
            ProgressCallback callback, IntPtr user, out DownloadHandle downloadOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_start_file(
            ClientHandle client, byte[] orderId, byte[] fileId, byte[] folder, uint flags,
            ProgressCallback callback, IntPtr user, out DownloadHandle downloadOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_wait(DownloadHandle download, int waitMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_progress(
            DownloadHandle download, out long bytesOut, out long totalBytesOut, out long filesOut,
            out long totalFilesOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_cancel(DownloadHandle download);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_free(IntPtr download);
    }
}
