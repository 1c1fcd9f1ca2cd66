using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class ConfigHandle : Handle<ConfigHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_config_free(value);
        }
    }

    // Configuration, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        internal const int ITERO_API_V1 = 1;
        internal const int ITERO_API_V2 = 2;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_new(out ConfigHandle configOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_api_version(ConfigHandle config, int version);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_client_id(ConfigHandle config, byte[] clientId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_client_secret(ConfigHandle config, byte[] clientSecret);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_login_page(ConfigHandle config, byte[] url);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_oauth_base(ConfigHandle config, byte[] url);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_base_url(ConfigHandle config, byte[] url);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_redirect_url(ConfigHandle config, byte[] url);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_allowed_domain(ConfigHandle config, byte[] domain);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_endpoint(ConfigHandle config, byte[] name, byte[] urlTemplate);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_product(ConfigHandle config, byte[] name, byte[] version);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_state_folder(ConfigHandle config, byte[] folder);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_browser(ConfigHandle config, byte[] program);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_set_loopback_port(ConfigHandle config, int port);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_config_free(IntPtr config);
    }
}
