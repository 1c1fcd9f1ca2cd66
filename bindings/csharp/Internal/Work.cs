using System;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>Blocking calls of the library as tasks, each on a thread of its own.</summary>
    internal static class Work
    {
        // A cancel that comes just before the call has begun would find nothing to end, so it is repeated until it has.
        private const int RepeatMs = 25;
        private static readonly TimeSpan SliceOfWait = TimeSpan.FromMilliseconds(100);

        /// <summary>
        /// Runs a call. When the token is cancelled, <paramref name="cancel"/> ends the call inside the library, and the
        /// task ends as cancelled; a call that has ended otherwise by then, above all with an outcome that is unknown,
        /// tells that.
        /// </summary>
        internal static Task<T> Run<T>(Func<T> call, Action cancel, CancellationToken token)
        {
            return Task.Factory.StartNew(
                () => Cancellable(call, cancel, token),
                token,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default);
        }

        internal static Task Run(Action call, Action cancel, CancellationToken token)
        {
            return Run(
                () =>
                {
                    call();
                    return true;
                },
                cancel,
                token);
        }

        /// <summary>Waits for what has no cancel of its own in the library, in waits that are short enough.</summary>
        internal static Task<T> Poll<T>(Func<TimeSpan, T> wait, CancellationToken token) where T : class
        {
            return Run(
                () =>
                {
                    T found;
                    do
                    {
                        token.ThrowIfCancellationRequested();
                        found = wait(token.CanBeCanceled ? SliceOfWait : Timeout.InfiniteTimeSpan);
                    }
                    while (found == null);
                    return found;
                },
                () => { },
                token);
        }

        private static T Cancellable<T>(Func<T> call, Action cancel, CancellationToken token)
        {
            using (var repeat = new Timer(_ => Quietly(cancel), null, Timeout.Infinite, RepeatMs))
            using (token.Register(() =>
            {
                Quietly(cancel);
                Quietly(() => repeat.Change(RepeatMs, RepeatMs));
            }))
            {
                try
                {
                    return call();
                }
                catch (IteroException fault) when (fault.Status == Status.Cancelled && token.IsCancellationRequested)
                {
                    throw new OperationCanceledException(fault.Message, fault, token);
                }
            }
        }

        // Nobody could catch it where it would come out: in the thread that cancels, or in the timer's. What is cancelled
        // may have been disposed of meanwhile, which ends it too.
        private static void Quietly(Action action)
        {
            try
            {
                action();
            }
            catch (ObjectDisposedException)
            {
            }
            catch (IteroException)
            {
            }
        }
    }
}
