using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>Kinds of files that a download may bring.</summary>
    [Flags]
    public enum FileKinds
    {
        /// <summary>None named, which stands for all.</summary>
        None = 0,

        /// <summary>A zip with the meshes and all that belongs to them.</summary>
        Ide = Native.ITERO_FILE_IDE,

        /// <summary>Pictures of the scan.</summary>
        ImageGallery = Native.ITERO_FILE_IMAGE_GALLERY,

        /// <summary>Screen captures.</summary>
        ScreenCapture = Native.ITERO_FILE_SCREEN_CAPTURE,

        /// <summary>A viewer.</summary>
        Viewer = Native.ITERO_FILE_VIEWER,

        /// <summary>A mesh as STL.</summary>
        Stl = Native.ITERO_FILE_STL,

        /// <summary>A mesh as PLY.</summary>
        Ply = Native.ITERO_FILE_PLY,

        /// <summary>Any kind that has no bit of its own.</summary>
        Other = Native.ITERO_FILE_OTHER,

        /// <summary>All kinds.</summary>
        All = Native.ITERO_FILE_ALL,
    }

    /// <summary>What a download does beyond bringing the files.</summary>
    [Flags]
    public enum DownloadOptions
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>Unpacks zip files into a folder beside them.</summary>
        Unpack = Native.ITERO_DOWNLOAD_UNPACK,
    }

    /// <summary>How far a download has come.</summary>
    public sealed class DownloadProgress
    {
        internal DownloadProgress(long bytes, long totalBytes, long files, long totalFiles)
        {
            Bytes = bytes;
            TotalBytes = totalBytes == -1 ? (long?)null : totalBytes;
            Files = files;
            TotalFiles = totalFiles;
        }

        /// <summary>Bytes so far.</summary>
        public long Bytes { get; private set; }

        /// <summary>Bytes in all; null while it isn't known.</summary>
        public long? TotalBytes { get; private set; }

        /// <summary>Finished files, without what is unpacked from them.</summary>
        public long Files { get; private set; }

        /// <summary>All files, without what is unpacked from them.</summary>
        public long TotalFiles { get; private set; }
    }

    /// <summary>
    /// A job that brings an order's files to disk. Each file is verified and appears under its name only when it is whole.
    /// Running a download again fetches only what is missing or has changed.
    /// </summary>
    public sealed class Download : IDisposable
    {
        private static readonly ProgressCallback OnProgress = Report;

        private readonly DownloadHandle handle;
        private readonly Subscribers<DownloadProgress> subscribers;

        private delegate int Starter(ProgressCallback callback, IntPtr user, out DownloadHandle download);

        private Download(Starter start, Action<DownloadProgress> progress)
        {
            subscribers = new Subscribers<DownloadProgress>();
            subscribers.Add(progress, progress);
            var user = progress == null ? IntPtr.Zero : Callbacks.Remember(subscribers);
            var status = start(progress == null ? null : OnProgress, user, out handle);
            if (status != Native.ITERO_OK)
            {
                Callbacks.Forget(user);
            }
            IteroException.Check(status);
            handle.User = user;
        }

        /// <summary>How far it has come.</summary>
        public DownloadProgress Progress
        {
            get
            {
                long bytes, totalBytes, files, totalFiles;
                IteroException.Check(
                    Native.itero_download_progress(handle, out bytes, out totalBytes, out files, out totalFiles));
                return new DownloadProgress(bytes, totalBytes, files, totalFiles);
            }
        }

        /// <summary>The files on disk, with those unpacked from archives. They are copies and stay valid.</summary>
        /// <exception cref="IteroException">Pending before the download is done; after a failure, the failure.</exception>
        public IReadOnlyList<DownloadedFile> Files
        {
            get
            {
                var count = Native.itero_download_file_count(handle);
                IteroException.CheckGetter();
                return Rows.Of(count, index => new DownloadedFile(handle, index));
            }
        }

        /// <summary>Waits until all files are in place; throws when the download fails. Finished files are kept then.</summary>
        public void Wait()
        {
            Wait(Timeout.InfiniteTimeSpan);
        }

        /// <summary>Waits for a while; false while the files aren't in place yet. Zero only looks.</summary>
        public bool Wait(TimeSpan limit)
        {
            var status = Native.itero_download_wait(handle, Times.Milliseconds(limit, "limit"));
            var done = IteroException.Done(status);
            subscribers.Surface();
            return done;
        }

        /// <summary>As <see cref="Wait()"/>, on another thread. Cancelling it cancels the download.</summary>
        public Task WaitAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return Work.Run(() => Wait(), Cancel, cancellation);
        }

        /// <summary>Cancels the download; waiting for it then ends with the status Cancelled. Finished files are kept.</summary>
        public void Cancel()
        {
            IteroException.Check(Native.itero_download_cancel(handle));
        }

        /// <summary>
        /// Frees the download; one that still runs is cancelled, and its progress is not reported any more. The files stay.
        /// </summary>
        public void Dispose()
        {
            subscribers.Close();
            // Who waits for it holds the handle, and would hold it until all files are there.
            if (!handle.IsClosed)
            {
                Native.itero_download_cancel(handle);
            }
            handle.Dispose();
        }

        internal static Download Start(
            Client client, string orderId, string folder, FileKinds kinds, DownloadOptions options,
            Action<DownloadProgress> progress)
        {
            var order = Text.Utf8(orderId, "orderId");
            var target = Text.Utf8(folder, "folder");
            return new Download(
                (ProgressCallback callback, IntPtr user, out DownloadHandle download) => Native.itero_download_start(
                    client.Handle, order, target, (uint)kinds, (uint)options, callback, user, out download),
                progress);
        }

        internal static Download StartFromOrder(
            Client client, Order order, string folder, FileKinds kinds, DownloadOptions options,
            Action<DownloadProgress> progress)
        {
            var target = Text.Utf8(folder, "folder");
            return new Download(
                (ProgressCallback callback, IntPtr user, out DownloadHandle download) =>
                    Native.itero_download_start_from_order(
                        client.Handle, order.Table, order.Row, target, (uint)kinds, (uint)options, callback, user,
                        out download),
                progress);
        }

        internal static Download StartFile(
            Client client, string orderId, string fileId, string folder, DownloadOptions options,
            Action<DownloadProgress> progress)
        {
            var order = Text.Utf8(orderId, "orderId");
            var file = Text.Utf8(fileId, "fileId");
            var target = Text.Utf8(folder, "folder");
            return new Download(
                (ProgressCallback callback, IntPtr user, out DownloadHandle download) => Native.itero_download_start_file(
                    client.Handle, order, file, target, (uint)options, callback, user, out download),
                progress);
        }

        private static void Report(IntPtr user, long bytes, long totalBytes, long files, long totalFiles)
        {
            var subscribers = Callbacks.Find<Subscribers<DownloadProgress>>(user);
            if (subscribers != null)
            {
                subscribers.Deliver(new DownloadProgress(bytes, totalBytes, files, totalFiles));
            }
        }
    }

    public sealed partial class Client
    {
        /// <summary>D4, Download Order: begins to bring an order's files into a folder. Returns at once.</summary>
        /// <param name="orderId">From <see cref="Order.Id"/>.</param>
        /// <param name="folder">An absolute path, in which {orderId} stands for the order's id.</param>
        /// <param name="kinds">The wanted kinds.</param>
        /// <param name="options">Whether to unpack.</param>
        /// <param name="progress">Receives the progress about ten times a second, through the SynchronizationContext that the
        /// calling thread has now, else on a thread of the library's. What it throws comes out of the next Wait; the last report may
        /// come when the files are there already.</param>
        public Download StartDownload(
            string orderId, string folder, FileKinds kinds = FileKinds.All, DownloadOptions options = DownloadOptions.None,
            Action<DownloadProgress> progress = null)
        {
            return Download.Start(this, orderId, folder, kinds, options, progress);
        }

        /// <summary>
        /// D4, Download Order, of an order whose data may name the folder: any of {orderId}, {orderCode}, {rxId}, {accountId},
        /// {chartNumber}, {firstName}, {lastName} and {scanDate}.
        /// </summary>
        public Download StartDownload(
            Order order, string folder, FileKinds kinds = FileKinds.All, DownloadOptions options = DownloadOptions.None,
            Action<DownloadProgress> progress = null)
        {
            return Download.StartFromOrder(this, Given(order, "order"), folder, kinds, options, progress);
        }

        /// <summary>D4, Download Order, one file: begins to bring a single file of an order into a folder.</summary>
        /// <param name="orderId">From <see cref="Order.Id"/>.</param>
        /// <param name="fileId">From <see cref="OrderFile.Id"/>.</param>
        /// <param name="folder">As for StartDownload.</param>
        /// <param name="options">Whether to unpack.</param>
        /// <param name="progress">As for StartDownload.</param>
        public Download StartDownloadFile(
            string orderId, string fileId, string folder, DownloadOptions options = DownloadOptions.None,
            Action<DownloadProgress> progress = null)
        {
            return Download.StartFile(this, orderId, fileId, folder, options, progress);
        }

        /// <summary>A whole download as one task, which gives the files. Cancelling it cancels the download alone.</summary>
        public Task<IReadOnlyList<DownloadedFile>> DownloadAsync(
            string orderId, string folder, FileKinds kinds = FileKinds.All, DownloadOptions options = DownloadOptions.None,
            Action<DownloadProgress> progress = null, CancellationToken cancellation = default(CancellationToken))
        {
            return Finish(StartDownload(orderId, folder, kinds, options, progress), cancellation);
        }

        /// <summary>A whole download of an order whose data may name the folder, as one task.</summary>
        public Task<IReadOnlyList<DownloadedFile>> DownloadAsync(
            Order order, string folder, FileKinds kinds = FileKinds.All, DownloadOptions options = DownloadOptions.None,
            Action<DownloadProgress> progress = null, CancellationToken cancellation = default(CancellationToken))
        {
            return Finish(StartDownload(order, folder, kinds, options, progress), cancellation);
        }

        private static async Task<IReadOnlyList<DownloadedFile>> Finish(Download download, CancellationToken cancellation)
        {
            using (download)
            {
                await download.WaitAsync(cancellation).ConfigureAwait(false);
                return download.Files;
            }
        }
    }
}
