using System;
using System.Linq;
using Itero;

internal static class Loading
{
    /// <summary>Every first call says where the native library may be, and says it again when asked again.</summary>
    internal static int WithoutLibrary()
    {
        var calls = new Action[]
        {
            () => IteroLibrary.Version.ToString(),
            () => new Config().Dispose(),
            () => new ScanRequest().Dispose(),
            () => new OrderQuery().Dispose(),
            () => Notification.Parse("{}"),
            () => IteroLibrary.SetLog(LogLevel.Error, null),
            () => IteroLibrary.Shutdown(TimeSpan.Zero),
        };
        var messages = calls.Select(call => Claim.Throws<DllNotFoundException>(call, "a first call").Message).ToArray();
        Claim.True(messages.All(message => message == messages[0]), "all say the same");
        Program.Output.WriteLine(messages[0]);
        return 0;
    }
}
