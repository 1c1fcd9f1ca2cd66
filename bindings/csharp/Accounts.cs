using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>An account (clinic) that the user may pair to. Doctors and clinics are N:N.</summary>
    public sealed class Account
    {
        internal Account(AccountsHandle table, int index)
        {
            Id = Text.Of(table, index, Native.itero_accounts_id);
            Name = Text.Of(table, index, Native.itero_accounts_name);
            Type = Text.Of(table, index, Native.itero_accounts_type);
            Address = Text.Of(table, index, Native.itero_accounts_address);
            IsPaired = Native.itero_accounts_is_paired(table, index) != 0;
        }

        /// <summary>The id, for <see cref="Client.Pair"/>.</summary>
        public string Id { get; private set; }

        /// <summary>The name.</summary>
        public string Name { get; private set; }

        /// <summary>The type, in the service's words.</summary>
        public string Type { get; private set; }

        /// <summary>The address in one line.</summary>
        public string Address { get; private set; }

        /// <summary>Whether the account is paired to this program already.</summary>
        public bool IsPaired { get; private set; }
    }

    public sealed partial class Client
    {
        /// <summary>A6, Get Accounts for pairing: the accounts that the signed-in user may pair to.</summary>
        public ResultList<Account> GetAccounts()
        {
            AccountsHandle table;
            IteroException.Check(Native.itero_accounts_get(handle, out table));
            using (table)
            {
                return new ResultList<Account>(
                    Rows.List(Native.itero_accounts_count(table), index => new Account(table, index)),
                    Text.Of(table, Native.itero_accounts_json));
            }
        }

        /// <summary>As <see cref="GetAccounts"/>, on another thread.</summary>
        public Task<ResultList<Account>> GetAccountsAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Run(GetAccounts, cancellation);
        }
    }
}
