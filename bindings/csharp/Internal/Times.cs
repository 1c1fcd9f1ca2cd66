using System;
using System.Globalization;

namespace Itero
{
    /// <summary>Times between .NET and the library.</summary>
    internal static class Times
    {
        private static readonly DateTimeOffset Epoch = new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

        /// <summary>Milliseconds since 1970 in UTC; null for -1, which stands for a time that isn't known.</summary>
        internal static DateTimeOffset? FromMilliseconds(long milliseconds)
        {
            return milliseconds == -1 ? (DateTimeOffset?)null : Epoch.AddTicks(milliseconds * TimeSpan.TicksPerMillisecond);
        }

        /// <summary>A duration in milliseconds; null for -1, which stands for one that nobody knows.</summary>
        internal static TimeSpan? Span(long milliseconds)
        {
            return milliseconds == -1 ? (TimeSpan?)null : TimeSpan.FromMilliseconds(milliseconds);
        }

        /// <summary>RFC 3339 in UTC; "" for null.</summary>
        internal static string Rfc3339(DateTimeOffset? time)
        {
            return time.HasValue
                ? time.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
                : "";
        }

        /// <summary>A day without a time; "" for null.</summary>
        internal static string Day(DateTime? day)
        {
            return day.HasValue ? day.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        }

        /// <summary>A duration in whole milliseconds. A negative one, such as Timeout.InfiniteTimeSpan, has no limit.</summary>
        internal static int Milliseconds(TimeSpan duration, string member)
        {
            if (duration < TimeSpan.Zero)
            {
                return -1;
            }
            // A wait that is shorter than a millisecond is still one, not none.
            var milliseconds = Math.Ceiling(duration.TotalMilliseconds);
            if (milliseconds > int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(member, duration, "longer than 24 days; for no limit, pass Timeout.InfiniteTimeSpan");
            }
            return (int)milliseconds;
        }
    }
}
