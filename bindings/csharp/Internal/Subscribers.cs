using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Itero
{
    /// <summary>
    /// The subscribers of an event that comes on the library's own threads. Each is called through the
    /// SynchronizationContext of the thread that subscribed, where it had one, else on the library's thread. No exception
    /// reaches the library: the first one is kept for the next call on the object.
    /// </summary>
    internal sealed class Subscribers<T>
    {
        private readonly object gate = new object();
        private readonly List<Subscriber> all = new List<Subscriber>();
        private volatile bool closed;
        private ExceptionDispatchInfo fault;

        internal bool Any
        {
            get
            {
                lock (gate)
                {
                    return all.Count > 0;
                }
            }
        }

        internal void Add(Delegate handler, Action<T> call)
        {
            if (handler != null)
            {
                lock (gate)
                {
                    all.Add(new Subscriber(handler, call, SynchronizationContext.Current));
                }
            }
        }

        internal void Remove(Delegate handler)
        {
            lock (gate)
            {
                var index = all.FindLastIndex(subscriber => subscriber.Handler == handler);
                if (index >= 0)
                {
                    all[index].Gone = true;
                    all.RemoveAt(index);
                }
            }
        }

        /// <summary>What was posted before and has not come yet, doesn't come any more.</summary>
        internal void Close()
        {
            closed = true;
        }

        internal void Deliver(T value)
        {
            Subscriber[] now;
            lock (gate)
            {
                now = all.ToArray();
            }
            foreach (var subscriber in now)
            {
                var one = subscriber;
                if (one.Context == null)
                {
                    Call(one, value);
                    continue;
                }
                try
                {
                    one.Context.Post(_ => Call(one, value), null);
                }
                catch (Exception thrown)
                {
                    Keep(thrown);
                }
            }
        }

        /// <summary>Keeps an exception for the object's next call; an earlier one that nobody has seen yet stays.</summary>
        internal void Keep(Exception thrown)
        {
            Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(thrown), null);
        }

        /// <summary>Throws what a subscriber has thrown, once.</summary>
        internal void Surface()
        {
            var kept = Interlocked.Exchange(ref fault, null);
            if (kept != null)
            {
                kept.Throw();
            }
        }

        private void Call(Subscriber subscriber, T value)
        {
            if (closed || subscriber.Gone)
            {
                return;
            }
            try
            {
                subscriber.Call(value);
            }
            catch (Exception thrown)
            {
                Keep(thrown);
            }
        }

        private sealed class Subscriber
        {
            internal readonly Delegate Handler;
            internal readonly Action<T> Call;
            internal readonly SynchronizationContext Context;
            internal volatile bool Gone;

            internal Subscriber(Delegate handler, Action<T> call, SynchronizationContext context)
            {
                Handler = handler;
                Call = call;
                Context = context;
            }
        }
    }
}
