using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading;

namespace Itero
{
    /// <summary>
    /// A program's token store, as the library calls it. The library's message tells the number that a function has returned;
    /// so each exception gets a number of its own, by which the call that fails finds it, on whichever thread that is.
    /// </summary>
    internal sealed class TokenCallbacks
    {
        private const int Done = 0;
        private const int Busy = 1;
        // The number that nobody knows any more; the exceptions' are below it.
        private const int Gone = -1;
        // A watch asks on and on while its store is broken, and nobody may ever read what it throws.
        private const int MostFaults = 64;

        private static readonly TokenLoadCallback OnLoad = user => Ask(user, store => store.Load());
        private static readonly TokenSaveCallback OnSave = (user, text) => Ask(user, store => store.Save(Text.Read(text)));
        private static readonly TokenLockCallback OnLock = (user, waitMs) => Ask(user, store => store.Lock(waitMs));
        private static readonly TokenUnlockCallback OnUnlock = user => Ask(user, store => store.Unlock());
        private static readonly Regex Returned = new Regex("returned (-[0-9]+)", RegexOptions.CultureInvariant);
        private static readonly Dictionary<int, Exception> Faults = new Dictionary<int, Exception>();
        private static int lowest = Gone;

        private readonly ITokenStore store;
        private Exception faultOfUnlock;

        internal TokenCallbacks(ITokenStore store)
        {
            this.store = store;
        }

        internal static int Set(ConfigHandle config, TokenProtection protection, IntPtr user)
        {
            return Native.itero_config_set_token_callbacks(
                config, (int)protection, OnLoad, OnSave, OnLock, OnUnlock, user);
        }

        /// <summary>What a store has thrown, if that is why a call failed with this message; else null.</summary>
        internal static Exception Fault(Status status, string message)
        {
            Exception fault = null;
            int number;
            if (status == Status.Store
                && int.TryParse(
                    Returned.Match(message).Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            {
                lock (Faults)
                {
                    Faults.TryGetValue(number, out fault);
                }
            }
            return fault;
        }

        private static int Ask(IntPtr user, Func<TokenCallbacks, int> question)
        {
            var callbacks = Callbacks.Find<TokenCallbacks>(user);
            if (callbacks == null)
            {
                return Gone;
            }
            try
            {
                return question(callbacks);
            }
            catch (Exception thrown)
            {
                return Keep(thrown);
            }
        }

        private static int Keep(Exception thrown)
        {
            lock (Faults)
            {
                lowest--;
                Faults.Remove(lowest + MostFaults);
                Faults.Add(lowest, thrown);
                return lowest;
            }
        }

        private int Load()
        {
            ThrowLate();
            IteroException.Check(Native.itero_token_store_give(Text.Utf8(store.Load() ?? "", "what Load returned")));
            return Done;
        }

        private int Save(string text)
        {
            ThrowLate();
            store.Save(text);
            return Done;
        }

        private int Lock(int waitMs)
        {
            ThrowLate();
            return store.Lock(TimeSpan.FromMilliseconds(waitMs)) ? Done : Busy;
        }

        // Nobody is told how this went, so what it throws waits for the next question.
        private int Unlock()
        {
            try
            {
                store.Unlock();
            }
            catch (Exception thrown)
            {
                Volatile.Write(ref faultOfUnlock, thrown);
            }
            return Done;
        }

        private void ThrowLate()
        {
            var late = Interlocked.Exchange(ref faultOfUnlock, null);
            if (late != null)
            {
                throw new InvalidOperationException("Unlock of the token store has thrown: " + late.Message, late);
            }
        }
    }
}
