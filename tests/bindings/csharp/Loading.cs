using System;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Itero;

internal static class Loading
{
    /// <summary>
    /// Compiles every method, so that every type and member that the assembly uses is looked up. Mono's core library holds
    /// types that .NET keeps elsewhere; a reference to one of them is found only where it is used.
    /// </summary>
    [Promise]
    private static void EveryMethodFindsWhatItUses()
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public
            | BindingFlags.NonPublic;
        var methods = 0;
        foreach (var type in typeof(Client).Assembly.GetTypes().Where(type => !type.IsGenericTypeDefinition))
        {
            foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
            {
                if (!method.IsAbstract && !method.IsGenericMethodDefinition && method.GetMethodBody() != null)
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
                    methods++;
                }
            }
        }
        Claim.True(methods > 500, "there are " + methods + " methods");
    }

    /// <summary>Every first call says where the native library may be, and says it again when asked again.</summary>
    internal static int WithoutLibrary()
    {
        var calls = new Action[]
        {
            () => IteroLibrary.Version.ToString(),
            () => new Config().Dispose(),
            () => new ScanRequest().Dispose(),
            () => new OrderQuery().Dispose(),
            () => new Outbox("/a").Dispose(),
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
