//! Locks hold only on a disk of this computer: on a network share they are lost with the connection, or never were.

use std::path::Path;

/// The kind of network share that a folder is on; none for a disk of this computer.
#[cfg(windows)]
pub fn share(folder: &Path) -> Option<&'static str> {
    use std::path::{Component, Prefix};
    use windows_sys::Win32::Storage::FileSystem::GetDriveTypeW;
    const REMOTE: u32 = 4;
    let Some(Component::Prefix(prefix)) = folder.components().next() else {
        return None;
    };
    match prefix.kind() {
        Prefix::UNC(..) | Prefix::VerbatimUNC(..) => Some("UNC path"),
        Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => {
            let root = [u16::from(letter), u16::from(b':'), u16::from(b'\\'), 0];
            // SAFETY: the text ends with its NUL.
            let kind = unsafe { GetDriveTypeW(root.as_ptr()) };
            (kind == REMOTE).then_some("network drive")
        }
        _ => None,
    }
}

/// File systems of a network, by the numbers of Linux' statfs(2).
#[cfg(target_os = "linux")]
fn network_file_system(kind: u32) -> Option<&'static str> {
    match kind {
        0x6969 => Some("NFS"),
        0x517b => Some("SMB"),
        0xff53_4d42 => Some("CIFS"),
        0xfe53_4d42 => Some("SMB2"),
        0x5346_414f => Some("AFS"),
        0x7375_7245 => Some("Coda"),
        0x00c3_6400 => Some("Ceph"),
        _ => None,
    }
}

#[cfg(target_os = "linux")]
pub fn share(folder: &Path) -> Option<&'static str> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(folder.as_os_str().as_bytes()).ok()?;
    let mut facts = std::mem::MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: the path ends with a NUL, and the place is a statfs that is only read after the call has filled it.
    let facts = unsafe {
        match libc::statfs(path.as_ptr(), facts.as_mut_ptr()) {
            0 => facts.assume_init(),
            _ => return None,
        }
    };
    // Only 32 bits of it count, whatever the width and the sign of the member are.
    network_file_system(facts.f_type as u32)
}

#[cfg(not(any(windows, target_os = "linux")))]
pub fn share(_folder: &Path) -> Option<&'static str> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_disk_of_this_computer_is_none_of_the_networks() {
        assert_eq!(share(Path::new("/")), None);
        assert_eq!(share(Path::new("/proc")), None);
        assert_eq!(share(&std::env::temp_dir()), None);
        let ext4 = 0xef53;
        assert_eq!(network_file_system(ext4), None);
        assert_eq!(network_file_system(-0x00ac_b2be_i32 as u32), Some("CIFS"));
        assert_eq!(network_file_system(0x6969), Some("NFS"));
    }
}
