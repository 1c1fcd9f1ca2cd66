using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class AccountsHandle : Handle<AccountsHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_accounts_free(value);
        }
    }

    // Accounts, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_accounts_get(ClientHandle client, out AccountsHandle accountsOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_accounts_count(AccountsHandle accounts);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_accounts_id(AccountsHandle accounts, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_accounts_name(AccountsHandle accounts, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_accounts_type(AccountsHandle accounts, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_accounts_address(AccountsHandle accounts, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_accounts_is_paired(AccountsHandle accounts, int index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern IntPtr itero_accounts_json(AccountsHandle accounts);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_accounts_free(IntPtr accounts);
    }
}
