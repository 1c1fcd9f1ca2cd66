using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class LoginHandle : Handle<LoginHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_login_free(value);
        }
    }

    // Sign-in, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_login_begin(ClientHandle client, out LoginHandle loginOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_login_url(LoginHandle login);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_login_complete(LoginHandle login, byte[] redirectUrl);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_login_run(ClientHandle client, int limitMs, out LoginHandle loginOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_login_wait(LoginHandle login, int waitMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_login_cancel(LoginHandle login);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_login_free(IntPtr login);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_auth_exchange_code(
            ClientHandle client, byte[] code, byte[] redirectUrl, byte[] codeVerifier);
    }
}
