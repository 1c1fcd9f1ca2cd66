using System;
using System.Collections.Concurrent;
using System.Threading;

namespace Itero
{
    /// <summary>
    /// The objects behind callbacks. The library is given a number in place of a GCHandle: a number that is no longer known
    /// finds nothing, where a freed GCHandle would find anything.
    /// </summary>
    internal static class Callbacks
    {
        private static readonly ConcurrentDictionary<IntPtr, Entry> Known = new ConcurrentDictionary<IntPtr, Entry>();
        private static int last;

        internal static IntPtr Remember(object target)
        {
            IntPtr user;
            do
            {
                user = new IntPtr(Interlocked.Increment(ref last));
            }
            while (user == IntPtr.Zero || !Known.TryAdd(user, new Entry(target)));
            return user;
        }

        /// <summary>Whoever shares a number forgets it too; the object stays known until the last one has. 0 when it isn't known
        /// any more.</summary>
        internal static IntPtr Share(IntPtr user)
        {
            Entry entry;
            return Known.TryGetValue(user, out entry) && entry.Share() ? user : IntPtr.Zero;
        }

        /// <summary>null when the number is not known any more.</summary>
        internal static T Find<T>(IntPtr user) where T : class
        {
            Entry entry;
            return Known.TryGetValue(user, out entry) ? entry.Target as T : null;
        }

        internal static void Forget(IntPtr user)
        {
            Entry entry;
            if (Known.TryGetValue(user, out entry) && entry.IsLeftByAll())
            {
                Known.TryRemove(user, out entry);
            }
        }

        private sealed class Entry
        {
            internal readonly object Target;
            private int holders = 1;

            internal Entry(object target)
            {
                Target = target;
            }

            internal bool Share()
            {
                lock (this)
                {
                    holders += holders > 0 ? 1 : 0;
                    return holders > 0;
                }
            }

            internal bool IsLeftByAll()
            {
                lock (this)
                {
                    return --holders == 0;
                }
            }
        }
    }
}
