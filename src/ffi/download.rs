//! Download
//!
//! A job that brings an order's files to disk: start, then wait or poll, then read the table of files. Each file is
//! verified against the size and SHA-256 that the service gives and appears under its name only when it is whole. Running
//! a download again fetches only what is missing or has changed.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use super::client::{client, itero_client};
use super::guard::{self, User};
use super::handle::{Handle, Table, get, give_shared};
use super::library::limit;
use super::text::{count, out, owned, path, put, row};
use crate::callback::Callback;
use crate::client::download::{Download, Downloaded, Progress, Wish, kind};
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

/// D4, Download Order: begins to bring an order's files into a folder.
///
/// order_id: from itero_orders_id.
/// folder: an absolute path; it is made when it isn't there.
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
    let user = User(user);
    guard::status("itero_download_start", || {
        let client = self::client(client)?;
        let (order_id, folder) = unsafe { (owned("order_id", order_id)?, path("folder", folder)?) };
        if kinds & !ITERO_FILE_ALL != 0 {
            return Err(Error::argument("kinds holds a bit that is no file kind"));
        }
        if flags & !ITERO_DOWNLOAD_UNPACK != 0 {
            return Err(Error::argument(
                "flags holds a bit that is no download flag",
            ));
        }
        out("download_out", download_out)?;
        let callback = callback.map(|callback| {
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
            order_id,
            folder,
            kinds,
            unpack: flags & ITERO_DOWNLOAD_UNPACK != 0,
        };
        let download = Download::start(&client, wish, callback)?;
        unsafe { put(download_out, give_shared::<itero_download>(download)?) };
        Ok(())
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
/// no files of the chosen kinds), ITERO_E_CONFLICT (the files changed meanwhile), ITERO_E_AUTH, ITERO_E_NETWORK,
/// ITERO_E_TIMEOUT (stalled), ITERO_E_TLS, ITERO_E_PROTOCOL (size or SHA-256 differ, or a bad archive), ITERO_E_SERVICE,
/// ITERO_E_IO, ITERO_E_DISK_FULL. Uses no network itself.
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

/// Cancels a download; itero_download_wait then returns ITERO_E_CANCELLED. Finished files are kept.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_cancel(download: *mut itero_download) -> i32 {
    guard::status("itero_download_cancel", || {
        get(download)?.job().cancel();
        Ok(())
    })
}

fn file_text(
    operation: &'static str,
    download: *const itero_download,
    index: i32,
    pick: impl FnOnce(&Downloaded) -> &crate::wire::Text,
) -> *const c_char {
    // The table belongs to the job, which belongs to the handle, so its texts live until the handle is freed.
    guard::text(operation, download, |download| {
        let files: Arc<Vec<Downloaded>> = download.job().result()?;
        Ok(pick(row(&files, index)?).as_ptr())
    })
}

fn file_number(
    operation: &'static str,
    download: *const itero_download,
    index: i32,
    pick: impl FnOnce(&Downloaded) -> i64,
) -> i64 {
    guard::value(operation, download, -1, |download| {
        Ok(pick(row(&download.job().result()?, index)?))
    })
}

/// The number of files on disk, with those unpacked from archives; 0 before the download is done (ITERO_E_PENDING) and
/// on a bad handle. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_count(download: *const itero_download) -> i32 {
    guard::value("itero_download_file_count", download, 0, |download| {
        Ok(count(&download.job().result()?))
    })
}

/// A file's absolute path. "" before the
/// download is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_path(
    download: *const itero_download,
    index: i32,
) -> *const c_char {
    file_text("itero_download_file_path", download, index, |file| {
        &file.path
    })
}

/// A file's name on disk, safe on Windows; it may differ from the service's. "" before the
/// download is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_name(
    download: *const itero_download,
    index: i32,
) -> *const c_char {
    file_text("itero_download_file_name", download, index, |file| {
        &file.name
    })
}

/// A file's kind in the service's words; an unpacked file has its archive's. "" before the
/// download is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_kind(
    download: *const itero_download,
    index: i32,
) -> *const c_char {
    file_text("itero_download_file_kind", download, index, |file| {
        &file.kind
    })
}

/// The name of the archive that a file was unpacked from, "" for a file of the order itself. "" before the
/// download is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_archive(
    download: *const itero_download,
    index: i32,
) -> *const c_char {
    file_text("itero_download_file_archive", download, index, |file| {
        &file.archive
    })
}

/// A file's SHA-256 as hexadecimal digits in lower case. "" before the
/// download is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_sha256(
    download: *const itero_download,
    index: i32,
) -> *const c_char {
    file_text("itero_download_file_sha256", download, index, |file| {
        &file.sha256
    })
}

/// A file's size in bytes; -1 before the download is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_size(download: *const itero_download, index: i32) -> i64 {
    file_number("itero_download_file_size", download, index, |file| {
        i64::try_from(file.size).unwrap_or(-1)
    })
}

/// 1 when a file was there already, whole and unchanged, and was not fetched again; 0 when it was written by this
/// download, before it is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_was_there(
    download: *const itero_download,
    index: i32,
) -> i32 {
    guard::value("itero_download_file_was_there", download, 0, |download| {
        Ok(i32::from(row(&download.job().result()?, index)?.was_there))
    })
}

/// The number of triangles in a mesh (STL or PLY), which was opened and read to its end; 0 for a file that is no mesh;
/// -1 for a mesh that can't be read, before the download is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_triangles(
    download: *const itero_download,
    index: i32,
) -> i64 {
    file_number(
        "itero_download_file_triangles",
        download,
        index,
        |file| match file.mesh {
            None => 0,
            Some(None) => -1,
            Some(Some(mesh)) => i64::try_from(mesh.triangles).unwrap_or(-1),
        },
    )
}

/// The extent of a mesh along an axis, in millimeters; 0 for a file that is no readable mesh, before the download is done
/// and on a bad handle, index or axis. No network.
///
/// axis: 0 for x, 1 for y, 2 for z.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_extent(
    download: *const itero_download,
    index: i32,
    axis: i32,
) -> f64 {
    guard::value("itero_download_file_extent", download, 0.0, |download| {
        extent(download, index, axis)
    })
}

fn extent(download: &Download, index: i32, axis: i32) -> Result<f64> {
    let axis = usize::try_from(axis).ok().filter(|axis| *axis < 3);
    let axis = axis.ok_or_else(|| Error::argument("axis is not 0 (x), 1 (y) or 2 (z)"))?;
    let files = download.job().result()?;
    let mesh = row(&files, index)?.mesh.flatten();
    Ok(mesh.map_or(0.0, |mesh| {
        f64::from(mesh.most[axis]) - f64::from(mesh.least[axis])
    }))
}

/// Frees a download; one that still runs is cancelled, and its callback is never called again once this returns. The
/// files stay. NULL is fine.
///
/// Errors: ITERO_E_HANDLE. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_free(download: *mut itero_download) -> i32 {
    guard::free("itero_download_free", download, Download::close)
}
