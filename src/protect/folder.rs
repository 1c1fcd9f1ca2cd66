//! The library's folder in the user's own part of this computer.

use std::path::PathBuf;

use crate::error::Result;
#[cfg(any(windows, not(test)))]
use crate::error::{Error, Status};

#[cfg(any(windows, not(test)))]
fn homeless(what: &str) -> Error {
    Error::new(
        Status::Store,
        format!("this user has no {what}, so nothing can be kept on this computer"),
    )
    .advise("Run the program as a user with a home folder, or name a file with itero_config_set_token_file.")
}

/// `%LOCALAPPDATA%\itero`; it is not made here. The local folder, since a roaming one is copied between computers.
#[cfg(windows)]
pub fn own_folder() -> Result<PathBuf> {
    use std::os::windows::ffi::OsStringExt;
    use windows_sys::Win32::UI::Shell::{CSIDL_LOCAL_APPDATA, SHGetFolderPathW};
    // The call takes a place of exactly this length. Its successor wants memory freed through a library that Windows 7
    // lacks.
    let mut path = [0u16; 260];
    // SAFETY: the place has the length that the call is documented to need, MAX_PATH.
    let result = unsafe {
        SHGetFolderPathW(
            std::ptr::null_mut(),
            CSIDL_LOCAL_APPDATA as i32,
            std::ptr::null_mut(),
            0,
            path.as_mut_ptr(),
        )
    };
    let length = path.iter().position(|unit| *unit == 0).unwrap_or(0);
    if result != 0 || length == 0 {
        return Err(homeless("local application folder"));
    }
    Ok(PathBuf::from(std::ffi::OsString::from_wide(&path[..length])).join("itero"))
}

/// `$XDG_STATE_HOME/itero`, or `~/.local/state/itero` (XDG Base Directory Specification, which ignores a relative path);
/// it is not made here.
#[cfg(not(any(windows, test)))]
pub fn own_folder() -> Result<PathBuf> {
    let absolute = |path: &PathBuf| path.is_absolute();
    let given = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    if let Some(state) = given.filter(absolute) {
        return Ok(state.join("itero"));
    }
    let home = std::env::home_dir().filter(absolute);
    home.map(|home| home.join(".local/state/itero"))
        .ok_or_else(|| homeless("home folder"))
}

/// Unit tests leave the developer's own folder alone.
#[cfg(all(test, not(windows)))]
pub fn own_folder() -> Result<PathBuf> {
    Ok(PathBuf::from(concat!(env!("OUT_DIR"), "/state/itero")))
}
