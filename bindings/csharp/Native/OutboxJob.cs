using System;
using System.Runtime.InteropServices;

namespace Itero
{
    internal sealed class OutboxJobHandle : Handle<OutboxJobHandle>
    {
        protected override int Free(IntPtr value)
        {
            return Native.itero_outbox_job_free(value);
        }
    }

    // Outbox job, as include/itero.h has it; what each function does is told there.
    internal static partial class Native
    {
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_run(
            OutboxHandle outbox, ClientHandle client, out OutboxJobHandle jobOut);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_job_wait(OutboxJobHandle job, int waitMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_job_cancel(OutboxJobHandle job);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        internal static extern int itero_outbox_job_free(IntPtr job);
    }
}
