using System;
using System.Runtime.InteropServices;

namespace Itero
{
    // Downloaded files, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_ROLE_OTHER = 0;
        internal const int ITERO_ROLE_UPPER_ARCH = 1;
        internal const int ITERO_ROLE_LOWER_ARCH = 2;
        internal const int ITERO_ROLE_BOTH_ARCHES = 3;
        internal const int ITERO_ROLE_RX = 4;
        internal const int ITERO_ROLE_PICTURE = 5;
        internal const int ITERO_ROLE_ARCHIVE = 6;
        internal const int ITERO_ROLE_DATA = 7;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_file_count(DownloadHandle download);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_download_file_path(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_download_file_name(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_download_file_kind(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_download_file_archive(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_download_file_sha256(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long itero_download_file_size(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_file_role(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_download_file_was_there(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern long itero_download_file_triangles(DownloadHandle download, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern double itero_download_file_extent(DownloadHandle download, int index, int axis);
    }
}
