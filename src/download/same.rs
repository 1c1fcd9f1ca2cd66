//! Whether an open file is the one that its path leads to.

use std::fs::File;
use std::io;
use std::path::Path;

pub(super) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match File::open(path) {
        Ok(there) => Ok(identity(file)? == identity(&there)?),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(false),
        // Windows: removed, but not yet closed by everybody.
        Err(fault) if cfg!(windows) && fault.raw_os_error() == Some(5) => Ok(false),
        Err(fault) => Err(fault),
    }
}

#[cfg(unix)]
fn identity(file: &File) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let data = file.metadata()?;
    Ok((data.dev(), data.ino()))
}

#[cfg(windows)]
fn identity(file: &File) -> io::Result<(u64, u64)> {
    use std::os::windows::io::AsRawHandle;
    use windows_sys::Win32::Storage::FileSystem::{
        BY_HANDLE_FILE_INFORMATION, GetFileInformationByHandle,
    };
    let mut data: BY_HANDLE_FILE_INFORMATION = unsafe { std::mem::zeroed() };
    // SAFETY: the handle is open and the place is of the right type.
    if unsafe { GetFileInformationByHandle(file.as_raw_handle(), &mut data) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let index = u64::from(data.nFileIndexHigh) << 32 | u64::from(data.nFileIndexLow);
    Ok((u64::from(data.dwVolumeSerialNumber), index))
}
