using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Itero
{
    /// <summary>
    /// What a program wants done at the service while the network may be away. An item is on the disk when the method that adds
    /// it returns; <see cref="Run"/> sends what is there, oldest first. A crash at any moment loses nothing and sends nothing
    /// twice.
    ///
    /// The items of one patient keep their order: one that failed, or whose outcome is unknown, holds back the later ones of that
    /// patient. Several programs may use one outbox, as the same user on one computer. It belongs to the account of its first
    /// run. All threads may use it at once.
    /// </summary>
    public sealed class Outbox : IDisposable
    {
        private readonly OutboxHandle handle;

        /// <summary>Opens an outbox, or makes an empty one. No network.</summary>
        /// <param name="path">An absolute path to the file, on a disk of this computer, in a folder that is there.</param>
        public Outbox(string path)
        {
            Loader.Load();
            IteroException.Check(Native.itero_outbox_open(Text.Utf8(path, "path"), out handle));
        }

        /// <summary>D2, Scan Request: puts a copy of a scan request into the outbox, after checking all of it.</summary>
        /// <returns>The item's id, a number from 1 on that no other item of this outbox gets.</returns>
        /// <exception cref="IteroException">The item is not in the outbox.</exception>
        public int AddScanRequest(ScanRequest request)
        {
            if (request == null)
            {
                throw new ArgumentNullException("request");
            }
            int itemId;
            IteroException.Check(Native.itero_outbox_add_scan_request(handle, request.Handle, out itemId));
            return itemId;
        }

        /// <summary>P2, Update by Patient ID: puts the correction of one patient into the outbox.</summary>
        /// <param name="patientId">From <see cref="Patient.Id"/>.</param>
        /// <param name="firstName">null leaves it as it is, as with the others; at least one is needed.</param>
        /// <param name="lastName">Likewise.</param>
        /// <param name="chartNumber">Likewise. A correction keeps its place before a scan request when it names the chart number,
        /// even an unchanged one.</param>
        /// <returns>The item's id.</returns>
        public int AddPatientUpdate(string patientId, string firstName, string lastName, string chartNumber = null)
        {
            int itemId;
            IteroException.Check(Native.itero_outbox_add_patient_update(
                handle,
                Text.Utf8(patientId, "patientId"),
                Text.Utf8(firstName, "firstName"),
                Text.Utf8(lastName, "lastName"),
                Text.Utf8(chartNumber, "chartNumber"),
                out itemId));
            return itemId;
        }

        /// <summary>P4, Update by chart number: puts the correction of a patient's name into the outbox.</summary>
        /// <param name="chartNumber">Whose name is corrected.</param>
        /// <param name="firstName">null leaves it as it is; at least one of the two is needed.</param>
        /// <param name="lastName">Likewise.</param>
        /// <returns>The item's id.</returns>
        public int AddPatientUpdateByChartNumber(string chartNumber, string firstName, string lastName)
        {
            int itemId;
            IteroException.Check(Native.itero_outbox_add_patient_update_by_chart_number(
                handle,
                Text.Utf8(chartNumber, "chartNumber"),
                Text.Utf8(firstName, "firstName"),
                Text.Utf8(lastName, "lastName"),
                out itemId));
            return itemId;
        }

        /// <summary>D7, Delete Rx: puts the withdrawal of an Rx into the outbox.</summary>
        /// <param name="rxId">From <see cref="Rx.Id"/> or <see cref="OutboxItem.RxId"/>.</param>
        /// <returns>The item's id.</returns>
        public int AddRxDelete(string rxId)
        {
            int itemId;
            IteroException.Check(Native.itero_outbox_add_rx_delete(handle, Text.Utf8(rxId, "rxId"), out itemId));
            return itemId;
        }

        /// <summary>
        /// Takes an item out of the outbox: one that is confirmed or has failed, once the program has taken note of it, or one
        /// that has not been sent yet, which then never is.
        /// </summary>
        /// <exception cref="IteroException">State: it was sent, and its outcome is not known.</exception>
        public void Remove(int itemId)
        {
            IteroException.Check(Native.itero_outbox_remove(handle, itemId));
        }

        /// <summary>Lets a failed item be sent again, in its old place, by the next run.</summary>
        public void Retry(int itemId)
        {
            IteroException.Check(Native.itero_outbox_retry(handle, itemId));
        }

        /// <summary>
        /// Writes down what a person found, at the scanner or on the portal, about a scan request whose outcome is unknown.
        /// </summary>
        /// <param name="itemId">Which item.</param>
        /// <param name="rxId">The RxID, which confirms the item; null when the scan request did not arrive: the next run sends it
        /// again.</param>
        public void Settle(int itemId, string rxId)
        {
            IteroException.Check(Native.itero_outbox_settle(handle, itemId, Text.Utf8(rxId, "rxId")));
        }

        /// <summary>Reads what is in the outbox now, the oldest item first. No network.</summary>
        public IReadOnlyList<OutboxItem> ListItems()
        {
            OutboxItemsHandle items;
            IteroException.Check(Native.itero_outbox_items_list(handle, out items));
            using (items)
            {
                return Rows.Of(Native.itero_outbox_items_count(items), index => new OutboxItem(items, index));
            }
        }

        /// <summary>
        /// Begins to send what is in the outbox, including what is added meanwhile, and returns at once. While another run is at
        /// work on the outbox, it waits for that one's end. An outage ends the run, and what was not sent stays; a scan request
        /// whose outcome is unknown is looked for first.
        /// </summary>
        /// <param name="client">Signed in and paired to the account of the outbox's first run.</param>
        public OutboxJob Run(Client client)
        {
            if (client == null)
            {
                throw new ArgumentNullException("client");
            }
            OutboxJobHandle job;
            IteroException.Check(Native.itero_outbox_run(handle, client.Handle, out job));
            return new OutboxJob(job);
        }

        /// <summary>A whole run as one task. Cancelling it cancels the run alone.</summary>
        public Task RunAsync(Client client, CancellationToken cancellation = default(CancellationToken))
        {
            return Finish(Run(client), cancellation);
        }

        /// <summary>Frees the outbox; the items stay on the disk, and a run goes on.</summary>
        public void Dispose()
        {
            handle.Dispose();
        }

        private static async Task Finish(OutboxJob job, CancellationToken cancellation)
        {
            using (job)
            {
                await job.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }
}
