using System;

namespace Itero
{
    /// <summary>
    /// What went wrong in a call of the library. The message names the operation, what was wrong and where; it is for a log
    /// or a help desk and, like all texts here, never holds a secret or patient data. The inner exception is what the program's
    /// own token store has thrown, where that is why.
    /// </summary>
    public sealed class IteroException : Exception
    {
        private IteroException(Status status, string message) : base(message, TokenCallbacks.Fault(status, message))
        {
            Status = status;
        }

        /// <summary>What kind of failure it is.</summary>
        public Status Status { get; private set; }

        /// <summary>The name of the library's function that failed, such as "itero_orders_list".</summary>
        public string Operation { get; private set; }

        /// <summary>One sentence of advice for the person who has to act.</summary>
        public string Advice { get; private set; }

        /// <summary>The HTTP status of the answer that made the call fail; 0 when there was none.</summary>
        public int HttpStatus { get; private set; }

        /// <summary>The service's own word for the fault, such as "NotPaired"; "" when it gave none.</summary>
        public string ServiceCode { get; private set; }

        /// <summary>The id under which the service's help desk finds the failed request; "" when none was sent.</summary>
        public string RequestId { get; private set; }

        /// <summary>Whether the same call may succeed later without any change.</summary>
        public bool Retryable { get; private set; }

        /// <summary>How long the service asks to wait before the next call; null when it doesn't say. What it asks for was kept
        /// already where the call's own time allowed it.</summary>
        public TimeSpan? RetryAfter { get; private set; }

        /// <summary>D2, Scan Request: the operation id of the scan request that the error is about, for
        /// <see cref="Client.ResolveRx"/>; "" when it is about none. It is there with OutcomeUnknown.</summary>
        public string OperationId { get; private set; }

        /// <summary>The status by its name in the C interface, such as "ITERO_E_NETWORK".</summary>
        public string StatusName
        {
            get { return Text.Read(Native.itero_status_name((int)Status)); }
        }

        /// <summary>Throws the calling thread's last error unless the status, just returned to this thread, is ITERO_OK.</summary>
        internal static void Check(int status)
        {
            if (status != Native.ITERO_OK)
            {
                throw OfThisThread(status);
            }
        }

        /// <summary>False for ITERO_E_PENDING; throws as <see cref="Check"/> does for everything else but ITERO_OK.</summary>
        internal static bool Done(int status)
        {
            if (status == Native.ITERO_E_PENDING)
            {
                return false;
            }
            Check(status);
            return true;
        }

        /// <summary>Throws when the getter that was just called on this thread gave its default because it failed.</summary>
        internal static void CheckGetter()
        {
            Check(Native.itero_last_error_status());
        }

        // One call takes the whole error. Read piece by piece, it could be replaced in between: where .NET waits for a lock
        // of its own, a user interface's thread may run other code. When no handle is left, the pieces must do.
        private static IteroException OfThisThread(int status)
        {
            ErrorHandle error;
            if (Native.itero_error_capture(out error) != Native.ITERO_OK)
            {
                return new IteroException((Status)status, Text.Read(Native.itero_last_error_message()))
                {
                    Operation = Text.Read(Native.itero_last_error_operation()),
                    Advice = Text.Read(Native.itero_last_error_advice()),
                    HttpStatus = Native.itero_last_error_http_status(),
                    ServiceCode = Text.Read(Native.itero_last_error_service_code()),
                    RequestId = Text.Read(Native.itero_last_error_request_id()),
                    Retryable = Native.itero_last_error_retryable() != 0,
                    RetryAfter = Times.Span(Native.itero_last_error_retry_after_ms()),
                    OperationId = Text.Read(Native.itero_last_error_operation_id()),
                };
            }
            using (error)
            {
                return new IteroException((Status)Native.itero_error_status(error), Text.Of(error, Native.itero_error_message))
                {
                    Operation = Text.Of(error, Native.itero_error_operation),
                    Advice = Text.Of(error, Native.itero_error_advice),
                    HttpStatus = Native.itero_error_http_status(error),
                    ServiceCode = Text.Of(error, Native.itero_error_service_code),
                    RequestId = Text.Of(error, Native.itero_error_request_id),
                    Retryable = Native.itero_error_retryable(error) != 0,
                    RetryAfter = Times.Span(Native.itero_error_retry_after_ms(error)),
                    OperationId = Text.Of(error, Native.itero_error_operation_id),
                };
            }
        }
    }
}
