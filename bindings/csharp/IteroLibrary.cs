using System;

namespace Itero
{
    /// <summary>How much the log tells.</summary>
    public enum LogLevel
    {
        /// <summary>What failed.</summary>
        Error = Native.ITERO_LOG_ERROR,

        /// <summary>What failed and may succeed later, or looks wrong.</summary>
        Warning = Native.ITERO_LOG_WARNING,

        /// <summary>Each request with its result.</summary>
        Info = Native.ITERO_LOG_INFO,

        /// <summary>Everything.</summary>
        Debug = Native.ITERO_LOG_DEBUG,
    }

    /// <summary>A line of the log: operations, hosts, times, statuses and request ids; never a token or patient data.</summary>
    public sealed class LogLine
    {
        internal LogLine(LogLevel level, string message)
        {
            Level = level;
            Message = message;
        }

        /// <summary>How grave it is.</summary>
        public LogLevel Level { get; private set; }

        /// <summary>The line, in English.</summary>
        public string Message { get; private set; }
    }

    /// <summary>
    /// The native library itself: version, log and shutdown. It is loaded at its first use from x86\itero.dll or
    /// x64\itero.dll, whichever fits the process, from runtimes/…/native as NuGet lays it out, or from beside this assembly.
    /// </summary>
    public static class IteroLibrary
    {
        private static readonly LogCallback OnLine = Line;
        private static readonly object Gate = new object();
        private static IntPtr current;

        /// <summary>The native library's version, such as "0.1.0".</summary>
        /// <exception cref="DllNotFoundException">It can't be loaded; the message names the places tried.</exception>
        public static string Version
        {
            get
            {
                Loader.Load();
                return Text.Read(Native.itero_version());
            }
        }

        /// <summary>
        /// Sends the library's log lines to a receiver; the one before is not called again. Lines come on a thread of the
        /// library's, or through the SynchronizationContext that the calling thread has now. What the receiver throws comes
        /// out of the next SetLog or Shutdown. It must not wait for a thread that is inside SetLog.
        /// </summary>
        /// <param name="level">Lines up to this level come.</param>
        /// <param name="receiver">null ends the log.</param>
        public static void SetLog(LogLevel level, Action<LogLine> receiver)
        {
            Loader.Load();
            Subscribers<LogLine> before;
            lock (Gate)
            {
                var user = IntPtr.Zero;
                if (receiver != null)
                {
                    var lines = new Subscribers<LogLine>();
                    lines.Add(receiver, receiver);
                    user = Callbacks.Remember(lines);
                }
                var status = Native.itero_log_set((int)level, receiver == null ? null : OnLine, user);
                if (status != Native.ITERO_OK)
                {
                    Callbacks.Forget(user);
                }
                IteroException.Check(status);
                before = Callbacks.Find<Subscribers<LogLine>>(current);
                Callbacks.Forget(current);
                current = user;
            }
            if (before != null)
            {
                before.Close();
                before.Surface();
            }
        }

        /// <summary>
        /// Ends all that runs, in all clients, and the library's threads. Call it before the program ends or an AppDomain is
        /// unloaded. Later calls work again.
        /// </summary>
        /// <param name="limit">How long to wait for the threads; two seconds are plenty.</param>
        /// <exception cref="IteroException">Status.Timeout: a thread was still busy, for instance in a callback.</exception>
        public static void Shutdown(TimeSpan limit)
        {
            Loader.Load();
            IteroException.Check(Native.itero_shutdown(Times.Milliseconds(limit, "limit")));
            var lines = Callbacks.Find<Subscribers<LogLine>>(current);
            if (lines != null)
            {
                lines.Surface();
            }
        }

        private static void Line(IntPtr user, int level, IntPtr message)
        {
            var lines = Callbacks.Find<Subscribers<LogLine>>(user);
            if (lines != null)
            {
                lines.Deliver(new LogLine((LogLevel)level, Text.Read(message)));
            }
        }
    }
}
