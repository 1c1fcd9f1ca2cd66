using System;
using System.Runtime.InteropServices;

namespace Itero
{
    // Configuration of the network, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_proxy(ConfigHandle config, byte[] proxy);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_ca_file(ConfigHandle config, byte[] caFile);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_timeouts(
            ConfigHandle config, int connectMs, int requestMs, int stallMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_settling_time(ConfigHandle config, int settlingMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_parallel_files(ConfigHandle config, int count);
    }
}
