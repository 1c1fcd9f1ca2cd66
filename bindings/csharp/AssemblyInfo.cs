using System;
using System.Reflection;
using System.Resources;
using System.Runtime.InteropServices;

[assembly: AssemblyTitle("Itero")]
[assembly: AssemblyDescription("Client of the iTero scanner cloud, for practice software")]
[assembly: AssemblyProduct("itero")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
[assembly: AssemblyInformationalVersion("0.1.0")]
[assembly: NeutralResourcesLanguage("en")]
[assembly: CLSCompliant(true)]
[assembly: ComVisible(false)]

// On Windows this assembly and the native library have one file name, letter case aside: the runtimes' search must not begin
// beside the assembly, where it would find the assembly itself. The native library is loaded by its path before (Loader).
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
