//! Download
//!
//! A job that brings an order's files to disk: start, then wait or poll, then read the table of files. Each file is
//! verified against the size and SHA-256 that the service gives and appears under its name only when it is whole. Running
//! a download again fetches only what is missing or has changed.
//!
//! A connection that breaks or stalls is made again and goes on where it ended, as often as it brings something new, and
//! a URL whose time is over is replaced. What a failed, cancelled or killed download has begun stays in the folder, in
//! files whose names begin with ".itero-", and the next download of the same files carries it on, whichever
//! program that is. Two downloads of one file into the same folder take turns.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use super::client::{client, itero_client};
use super::guard::{self, User};
use super::handle::{Handle, Table, get, give_shared};
use super::library::limit;
use super::orders::itero_orders;
use super::text::{out, owned, path, put, row};
use crate::callback::Callback;
use crate::client::Client;
use crate::client::download::{Download, Progress, Wish, folder_values, kind};
use crate::error::{Error, Result};

/// File kind: a zip with the meshes and all that belongs to them.
pub const ITERO_FILE_IDE: u32 = 1;
/// File kind: pictures of the scan.
pub const ITERO_FILE_IMAGE_GALLERY: u32 = 2;
/// File kind: screen captures.
pub const ITERO_FILE_SCREEN_CAPTURE: u32 = 4;
/// File kind: a viewer.
pub const ITERO_FILE_VIEWER: u32 = 8;
/// File kind: a mesh as STL.
pub const ITERO_FILE_STL: u32 = 16;
/// File kind: a mesh as PLY.
pub const ITERO_FILE_PLY: u32 = 32;
/// File kind: any that has no bit of its own.
pub const ITERO_FILE_OTHER: u32 = 64;
/// All file kinds.
pub const ITERO_FILE_ALL: u32 = 127;

/// Download flag: unpack zip files into a folder beside them.
pub const ITERO_DOWNLOAD_UNPACK: u32 = 1;

const _: () = {
    assert!(kind::IDE == ITERO_FILE_IDE && kind::IMAGE_GALLERY == ITERO_FILE_IMAGE_GALLERY);
    assert!(kind::SCREEN_CAPTURE == ITERO_FILE_SCREEN_CAPTURE && kind::VIEWER == ITERO_FILE_VIEWER);
    assert!(kind::STL == ITERO_FILE_STL && kind::PLY == ITERO_FILE_PLY);
    assert!(kind::OTHER == ITERO_FILE_OTHER && kind::ALL == ITERO_FILE_ALL);
};

/// Receives the progress of a download, on a thread of the library's own, about ten times a second while it changes.
/// total_bytes is -1 while it isn't known.
#[allow(non_camel_case_types)]
pub type itero_progress_callback = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        bytes: i64,
        total_bytes: i64,
        files: i64,
        total_files: i64,
    ),
>;

/// A download under way or done. Free it with itero_download_free.
#[allow(non_camel_case_types)]
pub struct itero_download {
    _opaque: [u8; 0],
}

static DOWNLOADS: Table<Download> = Table::new();

impl Handle for itero_download {
    type Object = Download;
    const KIND: usize = 13;
    const NAME: &'static str = "download";
    fn table() -> &'static Table<Download> {
        &DOWNLOADS
    }
}

/// What every way to start a download has in common.
struct Start {
    kinds: u32,
    flags: u32,
    callback: itero_progress_callback,
    user: User,
    place: *mut *mut itero_download,
}

impl Start {
    unsafe fn start(self, client: &Arc<Client>, wish: Wish) -> Result<()> {
        if self.kinds & !ITERO_FILE_ALL != 0 {
            return Err(Error::argument("kinds holds a bit that is no file kind"));
        }
        if self.flags & !ITERO_DOWNLOAD_UNPACK != 0 {
            return Err(Error::argument(
                "flags holds a bit that is no download flag",
            ));
        }
        out("download_out", self.place)?;
        let user = self.user;
        let callback = self.callback.map(|callback| {
            Callback::new(move |now: &Progress| {
                guard::host(|| unsafe {
                    callback(
                        user.pointer(),
                        now.bytes,
                        now.total_bytes,
                        now.files,
                        now.total_files,
                    )
                });
            })
        });
        let wish = Wish {
            kinds: self.kinds,
            unpack: self.flags & ITERO_DOWNLOAD_UNPACK != 0,
            ..wish
        };
        let download = Download::start(client, wish, callback)?;
        let handle = give_shared::<itero_download>(download.clone());
        // Without a handle nobody could stop the callback, whose user may be gone soon.
        let handle = handle.inspect_err(|_| download.close())?;
        unsafe { put(self.place, handle) };
        Ok(())
    }
}

/// D4, Download Order: begins to bring an order's files into a folder.
///
/// order_id: from itero_orders_id.
/// folder: an absolute path, in which {orderId} stands for the order's id; it is made when it isn't there. Beside the
/// files comes itero-manifest.json, a list of them.
/// kinds: ITERO_FILE_ bits of the wanted kinds; 0 for all.
/// flags: 0 or ITERO_DOWNLOAD_UNPACK.
/// callback: receives the progress; NULL for none. It must not wait for a thread that frees the download.
/// user: handed back to the callback; may be NULL.
/// download_out: where the handle goes; free it with itero_download_free.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT, ITERO_E_TEXT, ITERO_E_NOT_SIGNED_IN, ITERO_E_IO, ITERO_E_LIMIT. Uses the
/// network, on its own threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_download_start(
    client: *mut itero_client,
    order_id: *const c_char,
    folder: *const c_char,
    kinds: u32,
    flags: u32,
    callback: itero_progress_callback,
    user: *mut c_void,
    download_out: *mut *mut itero_download,
) -> i32 {
    let start = Start {
        kinds,
        flags,
        callback,
        user: User(user),
        place: download_out,
    };
    guard::status("itero_download_start", || {
        let client = self::client(client)?;
        let (order_id, folder) = unsafe { (owned("order_id", order_id)?, path("folder", folder)?) };
        unsafe {
            start.start(
                &client,
                Wish {
                    order_id,
                    folder,
                    ..Wish::default()
                },
            )
        }
    })
}

/// D4, Download Order, for an order of a table: as itero_download_start, and the folder may name more of the order, such
/// as "C:\\Scans\\{chartNumber}\\{orderId}".
///
/// orders: the table; index: the order's row.
/// folder: an absolute path with any of {orderId}, {orderCode}, {rxId}, {accountId}, {chartNumber}, {firstName},
/// {lastName} and {scanDate}. Each becomes one folder name that Windows accepts, "unknown" when the order lacks it.
/// kinds, flags, callback, user, download_out: as for itero_download_start; free it with itero_download_free.
///
/// Errors: as itero_download_start. Uses the network, on its own threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_download_start_from_order(
    client: *mut itero_client,
    orders: *const itero_orders,
    index: i32,
    folder: *const c_char,
    kinds: u32,
    flags: u32,
    callback: itero_progress_callback,
    user: *mut c_void,
    download_out: *mut *mut itero_download,
) -> i32 {
    let start = Start {
        kinds,
        flags,
        callback,
        user: User(user),
        place: download_out,
    };
    guard::status("itero_download_start_from_order", || {
        let client = self::client(client)?;
        let orders = get(orders)?;
        let folder = unsafe { path("folder", folder)? };
        let order = row(&orders.value, index)?;
        let (order_id, values) = (order.order_id.to_string(), folder_values(order));
        unsafe {
            start.start(
                &client,
                Wish {
                    order_id,
                    folder,
                    values,
                    ..Wish::default()
                },
            )
        }
    })
}

/// D4, Download Order, one file: begins to bring a single file of an order into a folder.
///
/// order_id: from itero_orders_id.
/// file_id: from itero_orders_file_id.
/// folder: as for itero_download_start.
/// flags: 0 or ITERO_DOWNLOAD_UNPACK.
/// callback, user, download_out: as for itero_download_start; free it with itero_download_free.
///
/// Errors: as itero_download_start. Uses the network, on its own threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_download_start_file(
    client: *mut itero_client,
    order_id: *const c_char,
    file_id: *const c_char,
    folder: *const c_char,
    flags: u32,
    callback: itero_progress_callback,
    user: *mut c_void,
    download_out: *mut *mut itero_download,
) -> i32 {
    let start = Start {
        kinds: 0,
        flags,
        callback,
        user: User(user),
        place: download_out,
    };
    guard::status("itero_download_start_file", || {
        let client = self::client(client)?;
        let (order_id, file_id) =
            unsafe { (owned("order_id", order_id)?, owned("file_id", file_id)?) };
        let folder = unsafe { path("folder", folder)? };
        if file_id.trim().is_empty() {
            return Err(Error::argument("file_id is empty"));
        }
        unsafe {
            start.start(
                &client,
                Wish {
                    order_id,
                    file_id,
                    folder,
                    ..Wish::default()
                },
            )
        }
    })
}

/// Waits for a download.
///
/// wait_ms: how long to wait, in milliseconds; 0 only looks, negative waits as long as it takes.
///
/// Returns ITERO_OK when all files are in place, ITERO_E_PENDING while they aren't yet, else why it failed; files that
/// were finished by then are kept.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_PENDING, ITERO_E_CANCELLED, ITERO_E_NOT_PAIRED, ITERO_E_NOT_FOUND (no such order, or
/// no files of the chosen kinds), ITERO_E_CONFLICT (the files changed meanwhile, or another download holds one of them
/// and doesn't move on), ITERO_E_AUTH, ITERO_E_FORBIDDEN (a fresh URL is refused too), ITERO_E_NETWORK, ITERO_E_TIMEOUT
/// (stalled), ITERO_E_TLS, ITERO_E_PROTOCOL (size or SHA-256 differ, or a bad archive), ITERO_E_RATE_LIMIT,
/// ITERO_E_SERVICE, ITERO_E_IO, ITERO_E_DISK_FULL (before the first byte where the sizes are known). Uses no network
/// itself.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_wait(download: *mut itero_download, wait_ms: i32) -> i32 {
    guard::status("itero_download_wait", || {
        get(download)?.job().wait(limit(wait_ms)).map(drop)
    })
}

/// How far a download has come. Any of the places may be NULL.
///
/// bytes_out, total_bytes_out: bytes so far and in all; the latter is -1 while it isn't known.
/// files_out, total_files_out: finished files and all files, without what is unpacked from them.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_download_progress(
    download: *const itero_download,
    bytes_out: *mut i64,
    total_bytes_out: *mut i64,
    files_out: *mut i64,
    total_files_out: *mut i64,
) -> i32 {
    guard::status("itero_download_progress", || {
        let now = get(download)?.progress();
        for (place, value) in [
            (bytes_out, now.bytes),
            (total_bytes_out, now.total_bytes),
            (files_out, now.files),
            (total_files_out, now.total_files),
        ] {
            if !place.is_null() {
                unsafe { put(place, value) };
            }
        }
        Ok(())
    })
}

/// Cancels a download; itero_download_wait then returns ITERO_E_CANCELLED. Finished files are
/// kept, and what was begun is kept for the next download.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_cancel(download: *mut itero_download) -> i32 {
    guard::status("itero_download_cancel", || {
        get(download)?.job().cancel();
        Ok(())
    })
}

/// Frees a download; one that still runs is cancelled, and its callback is never called again once this returns. The
/// files stay. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_free(download: *mut itero_download) -> i32 {
    guard::free("itero_download_free", download, Download::close)
}
