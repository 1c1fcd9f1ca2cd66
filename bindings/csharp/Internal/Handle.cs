using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Itero
{
    /// <summary>A handle of the library. Whoever forgets to dispose of its owner leaves it to the garbage collector.</summary>
    internal abstract class Handle<TSelf> : SafeHandle
    {
        // 32-bit processes have 16,384 handles of a kind. They are small for the garbage collector, which would not hurry
        // to collect forgotten ones, so it is told of them.
        private static readonly HandleCollector Alive = new HandleCollector(typeof(TSelf).Name, 1000, 8000);

        private int counted = 1;
        private bool borrowed;

        protected Handle() : base(IntPtr.Zero, true)
        {
            Alive.Add();
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }

        /// <summary>What a callback of this handle's object was given as its user; it ends with the handle.</summary>
        internal IntPtr User { get; set; }

        /// <summary>Takes a handle that a callback was given for the time of the call: it stays the library's.</summary>
        internal void Borrow(IntPtr value)
        {
            borrowed = true;
            SetHandle(value);
        }

        protected abstract int Free(IntPtr value);

        protected override bool ReleaseHandle()
        {
            if (borrowed)
            {
                return true;
            }
            var freed = Free(handle) == Native.ITERO_OK;
            // Only now: until the handle is freed, its callback may come.
            Callbacks.Forget(User);
            return freed;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref counted, 0) == 1)
            {
                Alive.Remove();
            }
        }
    }
}
