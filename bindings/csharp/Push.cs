using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>What a push may do where it isn't certain who is meant. itero.h has the whole table.</summary>
    public enum PushPolicy
    {
        /// <summary>The patient at the service is never changed: any difference is a Conflict.</summary>
        NeverUpdate = Native.ITERO_PUSH_NEVER_UPDATE,

        /// <summary>The patient at the service gets the program's name, and the chart number where it is missing.</summary>
        UpdateName = Native.ITERO_PUSH_UPDATE_NAME,
    }

    /// <summary>The answer to who of the matches is the patient.</summary>
    public struct PushAnswer
    {
        // Shifted by one from the library's answers, so that an answer that nobody made is Stop.
        private readonly int beyondStop;

        private PushAnswer(int code)
        {
            beyondStop = code - Native.ITERO_PUSH_STOP;
        }

        /// <summary>None of the matches is the patient; a new one is made.</summary>
        public static PushAnswer NoneOfThem
        {
            get { return new PushAnswer(Native.ITERO_PUSH_NONE_OF_THEM); }
        }

        /// <summary>Nothing is changed and nothing is sent.</summary>
        public static PushAnswer Stop
        {
            get { return new PushAnswer(Native.ITERO_PUSH_STOP); }
        }

        internal int Code
        {
            get { return beyondStop + Native.ITERO_PUSH_STOP; }
        }

        /// <summary>This one is the patient, whose name and chart number are then corrected to the scan request's.</summary>
        public static PushAnswer Patient(Match match)
        {
            if (match == null)
            {
                throw new ArgumentNullException("match");
            }
            return new PushAnswer(match.Row);
        }
    }

    public sealed partial class Client
    {
        private static readonly PushCallback OnPush = Choice.Ask;

        /// <summary>
        /// P1, P2 and D2 in one, the safe way to send an Rx: searches for the patient in all permutations of the name, corrects
        /// the patient by the policy, and sends the scan request once.
        /// </summary>
        /// <exception cref="IteroException">Conflict: who is meant isn't certain; nothing was sent. OutcomeUnknown: it must not
        /// be repeated.</exception>
        public Rx Push(ScanRequest request, PushPolicy policy)
        {
            RxHandle rx;
            IteroException.Check(Native.itero_rx_push(
                handle, Given(request, "request").Handle, (int)policy, null, IntPtr.Zero, out rx));
            return new Rx(rx);
        }

        /// <summary>As <see cref="Push(ScanRequest, PushPolicy)"/>, but the chooser decides wherever it isn't certain.</summary>
        /// <param name="request">What to send.</param>
        /// <param name="chooser">Is called on a thread of the library's own while this method waits. What it throws comes out of
        /// this method; nothing was sent then.</param>
        public Rx Push(ScanRequest request, Func<IReadOnlyList<Match>, PushAnswer> chooser)
        {
            return Push(request, new Choice(Given(chooser, "chooser"), null, CancellationToken.None));
        }

        /// <summary>As <see cref="Push(ScanRequest, PushPolicy)"/>, on another thread.</summary>
        public Task<Rx> PushAsync(
            ScanRequest request, PushPolicy policy, CancellationToken cancellation = default(CancellationToken))
        {
            return Run(() => Push(request, policy), cancellation);
        }

        /// <summary>
        /// As <see cref="Push(ScanRequest, Func{IReadOnlyList{Match}, PushAnswer})"/>, on another thread. The chooser is called
        /// through the calling thread's SynchronizationContext, so that it may ask the user.
        /// </summary>
        public Task<Rx> PushAsync(
            ScanRequest request,
            Func<IReadOnlyList<Match>, PushAnswer> chooser,
            CancellationToken cancellation = default(CancellationToken))
        {
            var choice = new Choice(Given(chooser, "chooser"), SynchronizationContext.Current, cancellation);
            return Run(() => Push(request, choice), cancellation);
        }

        private Rx Push(ScanRequest request, Choice choice)
        {
            var user = Callbacks.Remember(choice);
            try
            {
                RxHandle rx;
                var status = Native.itero_rx_push(
                    handle, Given(request, "request").Handle, Native.ITERO_PUSH_ASK, OnPush, user, out rx);
                if (status != Native.ITERO_OK)
                {
                    choice.Surface();
                }
                IteroException.Check(status);
                return new Rx(rx);
            }
            finally
            {
                Callbacks.Forget(user);
            }
        }

        /// <summary>A chooser, and how its answer comes back to the library.</summary>
        private sealed class Choice
        {
            private readonly Func<IReadOnlyList<Match>, PushAnswer> chooser;
            private readonly SynchronizationContext context;
            private readonly CancellationToken cancellation;
            private ExceptionDispatchInfo fault;

            internal Choice(
                Func<IReadOnlyList<Match>, PushAnswer> chooser, SynchronizationContext context, CancellationToken cancellation)
            {
                this.chooser = chooser;
                this.context = context;
                this.cancellation = cancellation;
            }

            internal static int Ask(IntPtr user, IntPtr matches)
            {
                var choice = Callbacks.Find<Choice>(user);
                return choice == null ? Native.ITERO_PUSH_STOP : choice.Answer(matches);
            }

            internal void Surface()
            {
                if (fault != null)
                {
                    fault.Throw();
                }
            }

            private int Answer(IntPtr matches)
            {
                try
                {
                    var table = new MatchesHandle();
                    table.Borrow(matches);
                    var rows = Match.Table(table);
                    return (context == null ? chooser(rows) : Elsewhere(rows)).Code;
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    return Native.ITERO_PUSH_STOP;
                }
                catch (Exception thrown)
                {
                    fault = ExceptionDispatchInfo.Capture(thrown);
                    return Native.ITERO_PUSH_STOP;
                }
            }

            // The library waits for the answer, but a push that is cancelled must not wait for a dialog to be closed.
            private PushAnswer Elsewhere(IReadOnlyList<Match> rows)
            {
                var answer = new TaskCompletionSource<PushAnswer>();
                context.Post(
                    _ =>
                    {
                        try
                        {
                            answer.TrySetResult(chooser(rows));
                        }
                        catch (Exception thrown)
                        {
                            answer.TrySetException(thrown);
                        }
                    },
                    null);
                try
                {
                    answer.Task.Wait(cancellation);
                }
                catch (AggregateException several)
                {
                    ExceptionDispatchInfo.Capture(several.InnerException).Throw();
                }
                return answer.Task.Result;
            }
        }
    }
}
