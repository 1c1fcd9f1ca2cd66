//! Downloading an order's files (D4) as a job on a thread of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::Client;
use super::download_work::fetch_order;
use super::job::Job;
use crate::callback::Callback;
use crate::download::{Downloaded, fill_folder};
use crate::error::{Error, Result, Status};
use crate::threads;
use crate::transport::runtime;
use crate::wire::Text;
use crate::wire::order::Order;
use crate::wire::patient::Patient;

/// The kinds of files, as bits for choosing.
pub mod kind {
    pub const IDE: u32 = 1;
    pub const IMAGE_GALLERY: u32 = 2;
    pub const SCREEN_CAPTURE: u32 = 4;
    pub const VIEWER: u32 = 8;
    pub const STL: u32 = 16;
    pub const PLY: u32 = 32;
    pub const OTHER: u32 = 64;
    pub const ALL: u32 = 127;

    pub fn of(word: &str) -> u32 {
        match word.to_ascii_uppercase().as_str() {
            "IDE" => IDE,
            "IMAGE_GALLERY" => IMAGE_GALLERY,
            "SCREEN_CAPTURE" => SCREEN_CAPTURE,
            "VIEWER" => VIEWER,
            "STL" => STL,
            "PLY" => PLY,
            _ => OTHER,
        }
    }
}

/// What a host asks for.
#[derive(Default)]
pub struct Wish {
    pub order_id: String,
    /// With `{orderId}` and the like, which [`Wish::values`] fills.
    pub folder: PathBuf,
    pub kinds: u32,
    /// The one file that is wanted; empty for all of the kinds.
    pub file_id: String,
    pub unpack: bool,
    /// What the folder may name, besides the order id.
    pub values: Vec<(&'static str, String)>,
}

/// What a folder may name of an order.
pub fn folder_values(order: &Order) -> Vec<(&'static str, String)> {
    let patient = order.patient.as_ref();
    let of_patient = |pick: fn(&Patient) -> &Text| {
        patient
            .map(|patient| pick(patient).to_string())
            .unwrap_or_default()
    };
    vec![
        ("orderCode", order.order_code.to_string()),
        ("rxId", order.rx_id.to_string()),
        ("accountId", order.account_id.to_string()),
        ("chartNumber", of_patient(|patient| &patient.chart_number)),
        ("firstName", of_patient(|patient| &patient.first_name)),
        ("lastName", of_patient(|patient| &patient.last_name)),
        (
            "scanDate",
            order.scan_date.chars().take_while(|c| *c != 'T').collect(),
        ),
    ]
}

/// How far a download has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub bytes: i64,
    /// -1 while it isn't known.
    pub total_bytes: i64,
    pub files: i64,
    pub total_files: i64,
}

#[derive(Default)]
pub(super) struct Counters {
    pub bytes: AtomicI64,
    pub total_bytes: AtomicI64,
    pub files: AtomicI64,
    pub total_files: AtomicI64,
}

impl Counters {
    fn read(&self) -> Progress {
        Progress {
            bytes: self.bytes.load(Ordering::Relaxed),
            total_bytes: self.total_bytes.load(Ordering::Relaxed),
            files: self.files.load(Ordering::Relaxed),
            total_files: self.total_files.load(Ordering::Relaxed),
        }
    }
}

pub struct Download {
    job: Arc<Job<Vec<Downloaded>>>,
    counters: Arc<Counters>,
    callback: Option<Arc<Callback<Progress>>>,
}

impl Download {
    /// D4: begins; the result is the table of files on disk.
    pub fn start(
        client: &Arc<Client>,
        wish: Wish,
        callback: Option<Callback<Progress>>,
    ) -> Result<Arc<Download>> {
        if wish.order_id.trim().is_empty() {
            return Err(Error::argument("order_id is empty"));
        }
        if wish.folder.as_os_str().is_empty() {
            return Err(Error::argument("folder is empty"));
        }
        client.check_signed_in()?;
        let mut wish = wish;
        wish.order_id = wish.order_id.trim().to_owned();
        let mut values = std::mem::take(&mut wish.values);
        values.push(("orderId", wish.order_id.clone()));
        wish.folder = fill_folder(&wish.folder, &values)?;
        let download = Arc::new(Download {
            job: Job::new(&client.cancellation()),
            counters: Arc::new(Counters {
                total_bytes: AtomicI64::new(-1),
                ..Counters::default()
            }),
            callback: callback.map(Arc::new),
        });
        let (this, client) = (download.clone(), client.clone());
        // Should a thread fail to start, the job ends here with this guard.
        let end = this.job.end_on_drop();
        if this.callback.is_some() {
            let this = this.clone();
            threads::spawn("itero-progress", move || this.report())?;
        }
        threads::spawn("itero-download", move || {
            let _end = end;
            let work = fetch_order(&client, &wish, &this.counters);
            let outcome = runtime::run_here(this.job.cancellation(), work);
            this.job.end(outcome.map_err(|error| match error.status {
                Status::Cancelled => Error::new(
                    Status::Cancelled,
                    "the download was cancelled; what came is kept",
                ),
                _ => error,
            }));
        })
        .inspect_err(|_| download.close())?;
        Ok(download)
    }

    pub fn job(&self) -> &Job<Vec<Downloaded>> {
        &self.job
    }

    pub fn progress(&self) -> Progress {
        self.counters.read()
    }

    /// Cancels, and ends the callbacks.
    pub fn close(&self) {
        self.job.cancel();
        if let Some(callback) = &self.callback {
            callback.close();
        }
    }

    /// Tells the host now and then, and once at the end. On a thread of its own: a slow host must not slow the download.
    fn report(&self) {
        let Some(callback) = &self.callback else {
            return;
        };
        let mut told = None;
        loop {
            let ended = !matches!(self.job.wait(Some(Duration::from_millis(100))), Err(error) if error.status == Status::Pending);
            let now = self.counters.read();
            if told != Some(now) {
                callback.invoke(&now);
                told = Some(now);
            }
            if ended {
                return;
            }
        }
    }
}
