//! Whether the disk has room, asked before the first byte comes.

use std::path::Path;

use crate::error::{Error, Result, Status};

/// Refuses when the folder's disk has fewer than `needed` bytes for this user. A disk that can't tell is tried.
pub fn check_space(folder: &Path, needed: u64) -> Result<()> {
    match free(folder) {
        Some(there) if there < needed => Err(Error::new(
            Status::DiskFull,
            format!(
                "the files need {needed} bytes of disk, and {there} are free; nothing was fetched"
            ),
        )),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(folder.as_os_str().as_bytes()).ok()?;
    let mut data: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: the path is NUL-terminated and the place is of the right type.
    if unsafe { libc::statvfs(path.as_ptr(), &mut data) } != 0 {
        return None;
    }
    #[allow(
        clippy::unnecessary_cast,
        clippy::useless_conversion,
        reason = "their width differs between systems"
    )]
    let (blocks, free, size) = (
        data.f_blocks as u64,
        data.f_bavail as u64,
        data.f_frsize as u64,
    );
    // A file system without any blocks is none that holds files.
    (blocks > 0).then(|| free.saturating_mul(size))
}

#[cfg(windows)]
fn free(folder: &Path) -> Option<u64> {
    use std::os::windows::ffi::OsStrExt;
    use windows_sys::Win32::Storage::FileSystem::GetDiskFreeSpaceExW;
    let folder = crate::disk::of_any_length(folder);
    let path: Vec<u16> = folder.as_os_str().encode_wide().chain([0]).collect();
    let (mut there, mut whole) = (0u64, 0u64);
    let nothing = std::ptr::null_mut();
    // SAFETY: the path is NUL-terminated; the place that is not wanted may be NULL.
    let told = unsafe { GetDiskFreeSpaceExW(path.as_ptr(), &mut there, &mut whole, nothing) };
    // A disk without any room at all is none that holds files.
    (told != 0 && whole > 0).then_some(there)
}
