//! Outbox job
//!
//! A run of the outbox: start, then wait or cancel.

use super::client::{client, itero_client};
use super::guard;
use super::handle::{Handle, Table, get, give_shared};
use super::library::limit;
use super::outbox::itero_outbox;
use super::text::{out, put};
use crate::client::job::Job;

/// A run of an outbox. Free it with itero_outbox_job_free.
#[allow(non_camel_case_types)]
pub struct itero_outbox_job {
    _opaque: [u8; 0],
}

static JOBS: Table<Job<()>> = Table::new();

impl Handle for itero_outbox_job {
    type Object = Job<()>;
    const KIND: usize = 30;
    const NAME: &'static str = "outbox job";
    fn table() -> &'static Table<Job<()>> {
        &JOBS
    }
}

/// Begins to send what is in the outbox, oldest first, including what is added meanwhile. While another run, of this
/// program or another one, is at work on the outbox, it waits for that one's end.
///
/// A scan request whose outcome is unknown is looked for as by itero_rx_resolve, then confirmed, sent again or left
/// unknown. An outage ends the run; what was not sent stays prepared. A refusal of the service makes an item failed.
///
/// client: signed in and paired to the account of the outbox's first run.
/// job_out: where the handle goes; free it with itero_outbox_job_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_NOT_SIGNED_IN, ITERO_E_IO (no thread could be started),
/// ITERO_E_LIMIT. Uses the network, on its own threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_outbox_run(
    outbox: *mut itero_outbox,
    client: *mut itero_client,
    job_out: *mut *mut itero_outbox_job,
) -> i32 {
    guard::status("itero_outbox_run", || {
        let outbox = get(outbox)?;
        let client = self::client(client)?;
        out("job_out", job_out)?;
        let job = outbox.run(&client)?;
        unsafe { put(job_out, give_shared::<itero_outbox_job>(job)?) };
        Ok(())
    })
}

/// Waits for a run.
///
/// wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
///
/// Returns ITERO_OK when all items are confirmed, ITERO_E_PENDING while it still runs, else what went wrong first;
/// itero_outbox_items_list tells of each item.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_PENDING, ITERO_E_CANCELLED, ITERO_E_OUTCOME_UNKNOWN, ITERO_E_STATE (the outbox is
/// another account's, or an item that failed before holds back others), ITERO_E_NOT_SIGNED_IN, ITERO_E_NOT_PAIRED,
/// ITERO_E_ARGUMENT, ITERO_E_NOT_FOUND, ITERO_E_CONFLICT, ITERO_E_NOT_ENABLED, ITERO_E_FORBIDDEN, ITERO_E_AUTH,
/// ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_RATE_LIMIT, ITERO_E_SERVICE, ITERO_E_PROTOCOL, ITERO_E_IO,
/// ITERO_E_DISK_FULL, ITERO_E_STORE (an item was sealed by another user or computer). Uses no network itself.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_job_wait(job: *mut itero_outbox_job, wait_ms: i32) -> i32 {
    guard::status("itero_outbox_job_wait", || {
        get(job)?.wait(limit(wait_ms)).map(drop)
    })
}

/// Cancels a run; itero_outbox_job_wait then returns ITERO_E_CANCELLED, or ITERO_E_OUTCOME_UNKNOWN when a scan request
/// was under way.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_job_cancel(job: *mut itero_outbox_job) -> i32 {
    guard::status("itero_outbox_job_cancel", || {
        get(job)?.cancel();
        Ok(())
    })
}

/// Frees a run; one that is still at work is cancelled. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_outbox_job_free(job: *mut itero_outbox_job) -> i32 {
    guard::free("itero_outbox_job_free", job, Job::cancel)
}
