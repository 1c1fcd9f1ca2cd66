//! Where an outbox may be: on a disk of this computer, since a lock on a network share holds for some programs and not
//! for others.

use std::path::Path;

#[cfg(windows)]
pub fn is_on_network(folder: &Path) -> bool {
    use std::os::windows::ffi::OsStrExt;
    use std::path::{Component, Prefix};
    use windows_sys::Win32::Storage::FileSystem::GetDriveTypeW;
    use windows_sys::Win32::System::WindowsProgramming::DRIVE_REMOTE;
    let Some(Component::Prefix(prefix)) = folder.components().next() else {
        return false;
    };
    if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..)) {
        return true;
    }
    let mut root: Vec<u16> = prefix.as_os_str().encode_wide().collect();
    root.extend([u16::from(b'\\'), 0]);
    // SAFETY: the text ends with a NUL.
    unsafe { GetDriveTypeW(root.as_ptr()) == DRIVE_REMOTE }
}

/// NFS, SMB in its three shapes, and AFS (statfs(2) lists the numbers).
#[cfg(target_os = "linux")]
pub fn is_on_network(folder: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let Ok(folder) = std::ffi::CString::new(folder.as_os_str().as_bytes()) else {
        return false;
    };
    let mut facts = std::mem::MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: the path ends with a NUL, and the place is one for a statfs.
    let kind = unsafe {
        if libc::statfs(folder.as_ptr(), facts.as_mut_ptr()) != 0 {
            return false;
        }
        facts.assume_init().f_type
    };
    is_network_kind(kind as u32)
}

#[cfg(target_os = "linux")]
fn is_network_kind(kind: u32) -> bool {
    matches!(
        kind,
        0x6969 | 0x517b | 0xff53_4d42 | 0xfe53_4d42 | 0x5346_414f
    )
}

#[cfg(not(any(windows, target_os = "linux")))]
pub fn is_on_network(_folder: &Path) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_from_disks() {
        for share in [libc::NFS_SUPER_MAGIC, libc::SMB_SUPER_MAGIC] {
            assert!(is_network_kind(share as u32));
        }
        assert!(!is_network_kind(libc::EXT4_SUPER_MAGIC as u32));
        assert!(!is_on_network(Path::new("/proc")));
    }
}
