//! Downloading an order's files (D4) as a job on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use url::Url;

use super::Client;
use super::job::Job;
use crate::callback::Callback;
use crate::download::{Expected, Mesh, Placed, check_mesh, fetch, safe_name, unique_name, unpack};
use crate::error::{Error, Result, Status};
use crate::threads;
use crate::transport::runtime;
use crate::wire::Text;
use crate::wire::order::File;

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
pub struct Wish {
    pub order_id: String,
    pub folder: PathBuf,
    pub kinds: u32,
    pub unpack: bool,
}

/// A file on disk, at the end of a download.
pub struct Downloaded {
    pub path: Text,
    pub name: Text,
    pub kind: Text,
    /// The archive that it was unpacked from; empty for a file of the order itself.
    pub archive: Text,
    pub size: u64,
    pub sha256: Text,
    pub was_there: bool,
    /// Of a mesh; `Some(None)` for one that can't be read.
    pub mesh: Option<Option<Mesh>>,
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
struct Counters {
    bytes: AtomicI64,
    total_bytes: AtomicI64,
    files: AtomicI64,
    total_files: AtomicI64,
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
        client.session.held()?;
        let download = Arc::new(Download {
            job: Job::new(&client.cancellation()),
            counters: Arc::new(Counters {
                total_bytes: AtomicI64::new(-1),
                ..Counters::default()
            }),
            callback: callback.map(Arc::new),
        });
        let (this, client) = (download.clone(), client.clone());
        if this.callback.is_some() {
            let this = this.clone();
            threads::spawn("itero-progress", move || this.report())?;
        }
        threads::spawn("itero-download", move || {
            let _end = this.job.end_on_drop();
            let outcome = runtime::run_here(this.job.cancellation(), this.work(&client, &wish));
            this.job.end(outcome.map_err(|error| match error.status {
                Status::Cancelled => Error::new(
                    Status::Cancelled,
                    "the download was cancelled; finished files are kept",
                ),
                _ => error,
            }));
        })?;
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

    async fn work(&self, client: &Arc<Client>, wish: &Wish) -> Result<Vec<Downloaded>> {
        let order_id = wish.order_id.trim();
        let kinds = if wish.kinds == 0 {
            kind::ALL
        } else {
            wish.kinds
        };
        let chosen = |files: Vec<File>| -> Vec<File> {
            files
                .into_iter()
                .filter(|file| kind::of(&file.kind) & kinds != 0)
                .collect()
        };
        let mut files = chosen(client.order_files(order_id).await?);
        if files.is_empty() {
            return Err(Error::new(
                Status::NotFound,
                "the order has no files of the chosen kinds",
            )
            .advise("Read the order's status; files come when it is Completed."));
        }
        std::fs::create_dir_all(&wish.folder)
            .map_err(|fault| Error::io("making the target folder", &fault))?;
        let total: Option<u64> = files.iter().map(|file| file.size).sum();
        self.counters.total_bytes.store(
            total
                .and_then(|total| i64::try_from(total).ok())
                .unwrap_or(-1),
            Ordering::Relaxed,
        );
        self.counters
            .total_files
            .store(files.len() as i64, Ordering::Relaxed);

        let mut done = Vec::new();
        let mut taken = Vec::new();
        for i in 0..files.len() {
            let name = unique_name(
                safe_name(&files[i].name, &format!("file-{}", i + 1)),
                &mut taken,
            );
            let before = self.counters.bytes.load(Ordering::Relaxed);
            let mut placed = self.one(client, &files[i], &wish.folder, &name).await;
            // The URLs are short-lived; a long download may need fresh ones more than once, a single file only once.
            if placed
                .as_ref()
                .is_err_and(|error| error.status == Status::Forbidden && error.http_status != 0)
            {
                self.counters.bytes.store(before, Ordering::Relaxed);
                let fresh = chosen(client.order_files(order_id).await?);
                let same = fresh
                    .iter()
                    .map(|file| &file.file_id)
                    .eq(files.iter().map(|file| &file.file_id));
                if !same {
                    return Err(Error::new(
                        Status::Conflict,
                        "the order's files changed during the download",
                    )
                    .advise(
                        "Download the order once more; finished files are not fetched again.",
                    ));
                }
                files = fresh;
                placed = self.one(client, &files[i], &wish.folder, &name).await;
            }
            let placed = placed?;
            self.counters.files.fetch_add(1, Ordering::Relaxed);
            let is_archive = wish.unpack && has_extension(&placed.path, "zip");
            let archive_path = placed.path.clone();
            done.push(downloaded(placed, &files[i].kind, "")?);
            if is_archive {
                let folder = archive_path.with_extension("");
                for inside in unpack(&archive_path, &folder)? {
                    done.push(downloaded(inside, &files[i].kind, &name)?);
                }
            }
        }
        Ok(done)
    }

    async fn one(&self, client: &Client, file: &File, folder: &Path, name: &str) -> Result<Placed> {
        let url = Url::parse(&file.url)
            .map_err(|_| Error::protocol("a file of the order has no usable URL"))?;
        let expected = Expected {
            size: file.size,
            sha256: &file.sha256,
        };
        let progress = |more: u64| {
            self.counters
                .bytes
                .fetch_add(i64::try_from(more).unwrap_or(0), Ordering::Relaxed);
        };
        fetch(&client.transport, &url, folder, name, &expected, &progress).await
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

fn downloaded(placed: Placed, kind: &Text, archive: &str) -> Result<Downloaded> {
    let mesh = check_mesh(&placed.path);
    let text = |path: &Path| {
        path.to_str()
            .map(Text::new)
            .ok_or_else(|| Error::argument("the target folder's name is not Unicode"))
    };
    Ok(Downloaded {
        path: text(&placed.path)?,
        name: text(Path::new(placed.path.file_name().unwrap_or_default()))?,
        kind: kind.clone(),
        archive: Text::new(archive),
        size: placed.size,
        sha256: Text::from(placed.sha256),
        was_there: placed.was_there,
        mesh,
    })
}
