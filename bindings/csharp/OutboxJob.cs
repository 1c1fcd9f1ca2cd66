using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>A run of an outbox, begun with <see cref="Outbox.Run"/>.</summary>
    public sealed class OutboxJob : IDisposable
    {
        private readonly OutboxJobHandle handle;

        internal OutboxJob(OutboxJobHandle handle)
        {
            this.handle = handle;
        }

        /// <summary>Waits until all items are confirmed; throws what went wrong first. <see cref="Outbox.ListItems"/> tells of each
        /// item.</summary>
        public void Wait()
        {
            Wait(Timeout.InfiniteTimeSpan);
        }

        /// <summary>Waits for a while; false while it still runs. Zero only looks.</summary>
        public bool Wait(TimeSpan limit)
        {
            return IteroException.Done(Native.itero_outbox_job_wait(handle, Times.Milliseconds(limit, "limit")));
        }

        /// <summary>As <see cref="Wait()"/>, on another thread. Cancelling it cancels the run.</summary>
        public Task WaitAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Work.Run(() => Wait(), Cancel, cancellation);
        }

        /// <summary>Cancels the run; waiting for it then ends with the status Cancelled, or OutcomeUnknown when a scan request was
        /// under way.</summary>
        public void Cancel()
        {
            IteroException.Check(Native.itero_outbox_job_cancel(handle));
        }

        /// <summary>Frees the run; one that is still at work is cancelled.</summary>
        public void Dispose()
        {
            // Who waits for it holds the handle.
            if (!handle.IsClosed)
            {
                Native.itero_outbox_job_cancel(handle);
            }
            handle.Dispose();
        }
    }
}
