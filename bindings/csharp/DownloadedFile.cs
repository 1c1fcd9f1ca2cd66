namespace Itero
{
    /// <summary>What a downloaded file is.</summary>
    public enum FileRole
    {
        /// <summary>None of the others.</summary>
        Other = Native.ITERO_ROLE_OTHER,

        /// <summary>A mesh of the upper arch.</summary>
        UpperArch = Native.ITERO_ROLE_UPPER_ARCH,

        /// <summary>A mesh of the lower arch.</summary>
        LowerArch = Native.ITERO_ROLE_LOWER_ARCH,

        /// <summary>A mesh of both arches.</summary>
        BothArches = Native.ITERO_ROLE_BOTH_ARCHES,

        /// <summary>The Rx as a document.</summary>
        Rx = Native.ITERO_ROLE_RX,

        /// <summary>A picture.</summary>
        Picture = Native.ITERO_ROLE_PICTURE,

        /// <summary>An archive of other files.</summary>
        Archive = Native.ITERO_ROLE_ARCHIVE,

        /// <summary>Data about the scan (XML).</summary>
        Data = Native.ITERO_ROLE_DATA,
    }

    /// <summary>A file that a download has brought to disk.</summary>
    public sealed class DownloadedFile
    {
        internal DownloadedFile(DownloadHandle download, int index)
        {
            Path = Text.Of(download, index, Native.itero_download_file_path);
            Name = Text.Of(download, index, Native.itero_download_file_name);
            Kind = Text.Of(download, index, Native.itero_download_file_kind);
            Archive = Text.Of(download, index, Native.itero_download_file_archive);
            Sha256 = Text.Of(download, index, Native.itero_download_file_sha256);
            Size = Native.itero_download_file_size(download, index);
            Role = (FileRole)Native.itero_download_file_role(download, index);
            WasThere = Native.itero_download_file_was_there(download, index) != 0;
            Triangles = Native.itero_download_file_triangles(download, index);
            ExtentX = Native.itero_download_file_extent(download, index, 0);
            ExtentY = Native.itero_download_file_extent(download, index, 1);
            ExtentZ = Native.itero_download_file_extent(download, index, 2);
        }

        /// <summary>The absolute path.</summary>
        public string Path { get; private set; }

        /// <summary>The name on disk, safe on Windows; it may differ from the service's.</summary>
        public string Name { get; private set; }

        /// <summary>The kind in the service's words; an unpacked file has its archive's.</summary>
        public string Kind { get; private set; }

        /// <summary>The name of the archive that it was unpacked from; "" for a file of the order itself.</summary>
        public string Archive { get; private set; }

        /// <summary>The SHA-256 as hexadecimal digits in lower case.</summary>
        public string Sha256 { get; private set; }

        /// <summary>The size in bytes.</summary>
        public long Size { get; private set; }

        /// <summary>What it is.</summary>
        public FileRole Role { get; private set; }

        /// <summary>Whether it was there already, whole and unchanged, and was not fetched again.</summary>
        public bool WasThere { get; private set; }

        /// <summary>The number of triangles in a mesh (STL or PLY); 0 for no mesh, -1 for a mesh that can't be read.</summary>
        public long Triangles { get; private set; }

        /// <summary>The extent of a mesh along x, in millimeters; 0 for a file that is no readable mesh.</summary>
        public double ExtentX { get; private set; }

        /// <summary>The extent of a mesh along y, in millimeters.</summary>
        public double ExtentY { get; private set; }

        /// <summary>The extent of a mesh along z, in millimeters.</summary>
        public double ExtentZ { get; private set; }
    }
}
