//! Downloaded files
//!
//! The table of files that a download has brought to disk, with those unpacked from archives. It is there when
//! itero_download_wait has returned ITERO_OK; before that every getter gives its default and ITERO_E_PENDING, and after a
//! failure the failure.

use std::ffi::c_char;
use std::sync::Arc;

use super::download::itero_download;
use super::guard;
use super::text::{count, row};
use crate::client::download::Download;
use crate::download::{Downloaded, Role};
use crate::error::{Error, Result};

/// File role: none of the others.
pub const ITERO_ROLE_OTHER: i32 = 0;
/// File role: a mesh of the upper arch.
pub const ITERO_ROLE_UPPER_ARCH: i32 = 1;
/// File role: a mesh of the lower arch.
pub const ITERO_ROLE_LOWER_ARCH: i32 = 2;
/// File role: a mesh of both arches.
pub const ITERO_ROLE_BOTH_ARCHES: i32 = 3;
/// File role: the Rx as a document.
pub const ITERO_ROLE_RX: i32 = 4;
/// File role: a picture.
pub const ITERO_ROLE_PICTURE: i32 = 5;
/// File role: an archive of other files.
pub const ITERO_ROLE_ARCHIVE: i32 = 6;
/// File role: data about the scan (XML).
pub const ITERO_ROLE_DATA: i32 = 7;

const _: () = {
    assert!(
        Role::Other as i32 == ITERO_ROLE_OTHER && Role::UpperArch as i32 == ITERO_ROLE_UPPER_ARCH
    );
    assert!(
        Role::LowerArch as i32 == ITERO_ROLE_LOWER_ARCH
            && Role::BothArches as i32 == ITERO_ROLE_BOTH_ARCHES
    );
    assert!(Role::Rx as i32 == ITERO_ROLE_RX && Role::Picture as i32 == ITERO_ROLE_PICTURE);
    assert!(Role::Archive as i32 == ITERO_ROLE_ARCHIVE && Role::Data as i32 == ITERO_ROLE_DATA);
};

fn file_text(
    operation: &'static str,
    download: *const itero_download,
    index: i32,
    pick: impl Fn(&Downloaded) -> &crate::wire::Text,
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
    pick: impl Fn(&Downloaded) -> i64,
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

/// What a file is, as an ITERO_ROLE_ number: told by the export's XML where the download has unpacked it, else by the
/// file's name; ITERO_ROLE_OTHER before the download is done and on a bad handle or index. No network.
#[unsafe(no_mangle)]
pub extern "C" fn itero_download_file_role(download: *const itero_download, index: i32) -> i32 {
    guard::value(
        "itero_download_file_role",
        download,
        ITERO_ROLE_OTHER,
        |download| Ok(row(&download.job().result()?, index)?.role as i32),
    )
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
