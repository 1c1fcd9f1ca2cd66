using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Itero;

/// <summary>A promise of the wrapper that the program shows, with the sandbox's help.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromiseAttribute : Attribute
{
}

/// <summary>
/// Promises READY-FILE FOLDER BROWSER [PART]: shows every promise, or those whose class or method is named PART, and ends
/// with 0 when all are kept.
/// Promises --without-library: shows what is said when the native library can't be found.
/// </summary>
internal static class Program
{
    internal static readonly TextWriter Output =
        new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };

    internal static string Ready { get; private set; }

    internal static string Folder { get; private set; }

    internal static string Browser { get; private set; }

    private static int Main(string[] arguments)
    {
        if (arguments.Length == 1 && arguments[0] == "--without-library")
        {
            return Loading.WithoutLibrary();
        }
        Ready = File.ReadAllText(arguments[0]);
        Folder = arguments[1];
        Browser = arguments[2];
        Directory.CreateDirectory(Folder);
        var part = arguments.Length > 3 ? arguments[3] : null;
        var promises = typeof(Program).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
            .Where(method => method.GetCustomAttributes(typeof(PromiseAttribute), false).Length > 0)
            .Where(method => part == null || method.Name == part || method.DeclaringType.Name == part)
            .ToList();
        var broken = promises.Count(promise => !Keeps(promise));
        IteroLibrary.Shutdown(TimeSpan.FromSeconds(5));
        Output.WriteLine("promises: {0} kept, {1} broken", promises.Count - broken, broken);
        return promises.Count > 0 && broken == 0 ? 0 : 1;
    }

    private static bool Keeps(MethodInfo promise)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            promise.Invoke(null, null);
            Output.WriteLine("ok {0}.{1}, {2} ms", promise.DeclaringType.Name, promise.Name, clock.ElapsedMilliseconds);
            return true;
        }
        catch (TargetInvocationException fault)
        {
            Output.WriteLine("BROKEN {0}.{1}: {2}", promise.DeclaringType.Name, promise.Name, fault.InnerException);
            return false;
        }
    }
}

/// <summary>What is claimed, and what is thrown when it isn't so.</summary>
internal static class Claim
{
    internal static void True(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException("not so: " + what);
        }
    }

    internal static void Equal<T>(T wanted, T found, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(wanted, found))
        {
            throw new InvalidOperationException(string.Format("{0}: wanted <{1}>, found <{2}>", what, wanted, found));
        }
    }

    internal static TException Throws<TException>(Action action, string what) where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException thrown)
        {
            return thrown;
        }
        throw new InvalidOperationException(what + " threw nothing");
    }
}
