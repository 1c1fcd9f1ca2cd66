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
        private static readonly ConcurrentDictionary<IntPtr, object> Known = new ConcurrentDictionary<IntPtr, object>();
        private static int last;

        internal static IntPtr Remember(object target)
        {
            IntPtr user;
            do
            {
                user = new IntPtr(Interlocked.Increment(ref last));
            }
            while (user == IntPtr.Zero || !Known.TryAdd(user, target));
            return user;
        }

        /// <summary>null when the number is not known any more.</summary>
        internal static T Find<T>(IntPtr user) where T : class
        {
            object target;
            Known.TryGetValue(user, out target);
            return target as T;
        }

        internal static void Forget(IntPtr user)
        {
            object target;
            Known.TryRemove(user, out target);
        }
    }
}
