using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Itero;

internal static class Errors
{
    [Promise]
    private static void AnExceptionHasAllFields()
    {
        var fault = Claim.Throws<IteroException>(
            () => World.Paired.GetOrderByRx(Guid.NewGuid().ToString()), "an RxID that nobody knows");
        Claim.Equal(Status.NotFound, fault.Status, "status");
        Claim.Equal("ITERO_E_NOT_FOUND", fault.StatusName, "status name");
        Claim.Equal("itero_orders_by_rx", fault.Operation, "operation");
        Claim.Equal(404, fault.HttpStatus, "HTTP status");
        Claim.True(fault.Message.StartsWith("itero_orders_by_rx: "), "message: " + fault.Message);
        Claim.True(fault.Advice.EndsWith("."), "advice: " + fault.Advice);
        Claim.True(fault.RequestId.Length > 0, "request id");
        Claim.True(fault.ServiceCode.Length > 0, "service code");
        Claim.True(!fault.Retryable, "not retryable");
        Claim.Equal(null, fault.RetryAfter, "time to wait");
        Claim.Equal("", fault.OperationId, "operation id");
    }

    [Promise]
    private static void TheTimeToWaitIsTold()
    {
        World.Plan("practice", 1, "\"kind\":\"status\",\"status\":429,\"retryAfter\":\"90\"");
        var fault = Claim.Throws<IteroException>(() => World.Paired.GetPractice(), "a service that is busy");
        Claim.Equal(Status.RateLimit, fault.Status, "status");
        Claim.Equal(TimeSpan.FromSeconds(90), fault.RetryAfter.Value, "time to wait");
        Claim.True(fault.Retryable, "retryable");
    }

    [Promise]
    private static void WhatMayPassIsRetryable()
    {
        string gone;
        using (var server = new SilentServer())
        {
            gone = server.Url;
        }
        using (var client = World.NewClient(config => config.BaseUrl = gone))
        {
            var fault = Claim.Throws<IteroException>(client.Discover, "a cloud that is gone");
            Claim.Equal(Status.Network, fault.Status, "status");
            Claim.Equal(0, fault.HttpStatus, "HTTP status");
            Claim.True(fault.Retryable, "retryable");
        }
    }

    [Promise]
    private static void SignedOutAndNotPairedAreToldApart()
    {
        using (var client = World.NewClient())
        {
            var fault = Claim.Throws<IteroException>(() => client.GetPractice(), "a signed-out client");
            Claim.Equal(Status.NotSignedIn, fault.Status, "signed out");
        }
    }

    [Promise]
    private static void EveryThreadHasItsOwnErrors()
    {
        var threads = Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    using (var config = new Config())
                    {
                        if (number % 2 == 0)
                        {
                            var fault = Claim.Throws<IteroException>(
                                () => config.LoopbackPort = -1 - number, "a port below zero");
                            Claim.Equal("itero_config_set_loopback_port", fault.Operation, "operation");
                        }
                        else
                        {
                            var fault = Claim.Throws<IteroException>(
                                () => config.SetEndpoint("nobody" + number, ""), "an endpoint that isn't known");
                            Claim.Equal("itero_config_set_endpoint", fault.Operation, "operation");
                        }
                    }
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        Task.WaitAll(threads);
    }

    [Promise]
    private static void WhatIsDisposedOfSaysSo()
    {
        var client = World.NewClient();
        client.Dispose();
        client.Dispose();
        Claim.Throws<ObjectDisposedException>(client.Discover, "a disposed client");
        Claim.Throws<ObjectDisposedException>(() => client.AccountId.ToString(), "its text");
        Claim.Throws<ObjectDisposedException>(() => client.State.ToString(), "its state");
        var config = new Config();
        config.Dispose();
        Claim.Throws<ObjectDisposedException>(() => config.ClientId = "x", "a disposed config");
        Claim.Throws<ArgumentNullException>(() => new Client(null), "no config");
    }
}
