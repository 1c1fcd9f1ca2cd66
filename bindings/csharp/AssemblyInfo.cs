using System;
using System.Reflection;
using System.Resources;
using System.Runtime.InteropServices;

[assembly: AssemblyTitle("Itero.Net")]
[assembly: AssemblyDescription("Client of the iTero scanner cloud, for practice software")]
[assembly: AssemblyProduct("itero")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: AssemblyInformationalVersion("0.1.0")]
[assembly: NeutralResourcesLanguage("en")]
[assembly: CLSCompliant(true)]
[assembly: ComVisible(false)]

// The native library is loaded by its path before a function of it is called (Loader). A search by its name must find that
// one, and none in the current directory or on PATH.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
