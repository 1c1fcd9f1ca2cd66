using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Itero
{
    /// <summary>
    /// Finds the native library for the process's width. The runtimes' own search knows no folder for each width, looks
    /// into the current directory and PATH, and says in its exception neither what it tried nor why. So:
    ///
    /// - On Windows the file is loaded by its full path; a P/Invoke then finds the module by its name.
    /// - .NET Core 3.0 and later are told which module the name means (NativeLibrary.SetDllImportResolver, by reflection,
    ///   because this assembly is built for .NET Framework 4.5 too). Modules of Linux aren't found by their file's name.
    /// - Mono on Linux offers neither; its own search begins beside the assembly.
    /// </summary>
    internal static class Loader
    {
        private const uint SearchItsFolderAndSystem32 = 0x00000100 | 0x00000800;
        private const uint SearchItsFolderFirst = 0x00000008;
        private const int InvalidParameter = 87;

        private static readonly object Gate = new object();
        private static bool loaded;
        private static bool told;
        private static IntPtr module;

        private static bool OnWindows
        {
            get { return Path.DirectorySeparatorChar == '\\'; }
        }

        /// <summary>Loads the library at the first call; a DllNotFoundException names every place that was tried.</summary>
        internal static void Load()
        {
            lock (Gate)
            {
                if (loaded)
                {
                    return;
                }
                var tried = new StringBuilder();
                foreach (var place in Places())
                {
                    var refusal = Try(place);
                    if (refusal == null)
                    {
                        break;
                    }
                    tried.Append("\n  ").Append(place).Append(": ").Append(refusal);
                }
                try
                {
                    itero_version();
                }
                catch (Exception fault) when (fault is DllNotFoundException || fault is BadImageFormatException
                    || fault is EntryPointNotFoundException)
                {
                    throw new DllNotFoundException(
                        "The native library of itero can't be loaded into this " + IntPtr.Size * 8
                        + "-bit process. Put it to one of these places:" + tried, fault);
                }
                loaded = true;
            }
        }

        /// <summary>Where the library may be, the first place first.</summary>
        internal static IEnumerable<string> Places()
        {
            var width = IntPtr.Size == 8 ? "x64" : "x86";
            var file = OnWindows ? "itero.dll" : "libitero.so";
            var folders = new List<string>();
            foreach (var folder in new[] { OwnFolder(), UncopiedFolder(), AppDomain.CurrentDomain.BaseDirectory })
            {
                if (!string.IsNullOrEmpty(folder) && !folders.Contains(folder.TrimEnd('\\', '/')))
                {
                    folders.Add(folder.TrimEnd('\\', '/'));
                }
            }
            foreach (var folder in folders)
            {
                yield return Path.Combine(folder, width, file);
                yield return Path.Combine(folder, "runtimes", (OnWindows ? "win-" : "linux-") + width, "native", file);
                yield return Path.Combine(folder, file);
            }
        }

        private static string OwnFolder()
        {
            var location = typeof(Loader).Assembly.Location;
            return location.Length == 0 ? null : Path.GetDirectoryName(location);
        }

        // ASP.NET runs a copy of the assembly, which has no native library beside it.
        private static string UncopiedFolder()
        {
            try
            {
                return Path.GetDirectoryName(new Uri(typeof(Loader).Assembly.EscapedCodeBase).LocalPath);
            }
            catch (Exception)
            {
                return null;
            }
        }

        /// <summary>null when the library is loaded, else why not.</summary>
        private static string Try(string place)
        {
            if (!File.Exists(place))
            {
                return "not there";
            }
            try
            {
                if (OnWindows)
                {
                    module = LoadWindows(place);
                }
                var resolving = typeof(Marshal).Assembly.GetType("System.Runtime.InteropServices.NativeLibrary");
                if (resolving == null)
                {
                    // Mono on Linux: only its own search counts.
                    return OnWindows || place == Path.Combine(OwnFolder() ?? "", "libitero.so")
                        ? null
                        : "not where this runtime looks";
                }
                if (!OnWindows)
                {
                    module = (IntPtr)resolving.GetMethod("Load", new[] { typeof(string) }).Invoke(null, new object[] { place });
                }
                TellRuntime(resolving);
                return null;
            }
            catch (TargetInvocationException fault)
            {
                return fault.InnerException.Message;
            }
            catch (Win32Exception fault)
            {
                return fault.Message + " (" + fault.NativeErrorCode + ")";
            }
        }

        private static IntPtr LoadWindows(string place)
        {
            var loadedModule = LoadLibraryEx(place, IntPtr.Zero, SearchItsFolderAndSystem32);
            if (loadedModule == IntPtr.Zero && Marshal.GetLastWin32Error() == InvalidParameter)
            {
                // Windows 7 without the update KB2533623.
                loadedModule = LoadLibraryEx(place, IntPtr.Zero, SearchItsFolderFirst);
            }
            if (loadedModule == IntPtr.Zero)
            {
                throw new Win32Exception(Marshal.GetLastWin32Error());
            }
            return loadedModule;
        }

        private static void TellRuntime(Type resolving)
        {
            // Once is all that the runtime accepts; the module is looked up anew each time it asks.
            if (told)
            {
                return;
            }
            var type = resolving.Assembly.GetType("System.Runtime.InteropServices.DllImportResolver");
            Func<string, Assembly, DllImportSearchPath?, IntPtr> resolve =
                (name, assembly, search) => name == Native.Library ? module : IntPtr.Zero;
            var resolver = Delegate.CreateDelegate(type, resolve.Target, resolve.Method);
            resolving.GetMethod("SetDllImportResolver").Invoke(null, new object[] { typeof(Loader).Assembly, resolver });
            told = true;
        }

        // Of its own: one of Native's would come back here.
        [DllImport(Native.Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        private static extern IntPtr itero_version();

        [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, EntryPoint = "LoadLibraryExW",
            SetLastError = true)]
        private static extern IntPtr LoadLibraryEx(string path, IntPtr reserved, uint flags);
    }
}
