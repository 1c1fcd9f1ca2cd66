//! What lies in files: downloaded archives, meshes and an export's XML, and what the library keeps on disk itself, which
//! a crash or another program may have changed.

#![no_main]

use std::ffi::CString;
use std::path::Path;
use std::ptr::null_mut;
use std::sync::LazyLock;

use itero::ffi::*;
use itero::fuzzing;

static SCRATCH: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    folder.expect("a scratch folder can be made")
});

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, |entries| entries.flatten().count())
}

/// An outbox opens with whatever items can still be read, takes another one, and opens again with all of them.
fn outbox(path: &Path) {
    let name = CString::new(path.display().to_string()).expect("no NUL inside");
    let told = items(&name, true);
    if told > 0 {
        assert_eq!(
            items(&name, false),
            told,
            "an item that was told to be there is lost"
        );
    }
}

/// How many items there are, one more added if wished; 0 when the file is no outbox.
fn items(path: &CString, add: bool) -> i32 {
    let (mut outbox, mut items) = (null_mut(), null_mut());
    // SAFETY: the texts end with a NUL, the places are there.
    unsafe {
        if itero_outbox_open(path.as_ptr(), &mut outbox) != ITERO_OK {
            assert_ne!(itero_last_error_status(), ITERO_E_PANIC);
            return 0;
        }
        if add {
            let status = itero_outbox_add_rx_delete(outbox, c"4711".as_ptr(), null_mut());
            let mut id = 0;
            assert_ne!(status, ITERO_OK, "an item without an id");
            let status = itero_outbox_add_rx_delete(outbox, c"4711".as_ptr(), &mut id);
            // All ids may be given out.
            assert!(matches!(status, ITERO_OK | ITERO_E_LIMIT), "{status}");
        }
        assert_eq!(itero_outbox_items_list(outbox, &mut items), ITERO_OK);
        let count = itero_outbox_items_count(items);
        for index in 0..count {
            itero_outbox_items_state(items, index);
            for text in [
                itero_outbox_items_rx_id(items, index),
                itero_outbox_items_operation_id(items, index),
                itero_outbox_items_message(items, index),
            ] {
                let text = std::ffi::CStr::from_ptr(text);
                assert!(text.to_str().is_ok(), "text that is not UTF-8");
            }
        }
        assert_eq!(itero_outbox_items_free(items), ITERO_OK);
        assert_eq!(itero_outbox_free(outbox), ITERO_OK);
        count
    }
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((kind, content)) = input.split_first() else {
        return;
    };
    let file = |name: &str| {
        let path = SCRATCH.path().join(name);
        std::fs::write(&path, content).expect("the scratch folder is writable");
        path
    };
    match kind % 9 {
        0 => drop(fuzzing::mesh(&file("a.stl"))),
        1 => drop(fuzzing::mesh(&file("a.ply"))),
        2 => drop(fuzzing::export(&file("a.xml"))),
        3 => drop(fuzzing::session(content)),
        4 => drop(fuzzing::opens(content)),
        5 => drop(fuzzing::watch_state(content)),
        6 => {
            file("rx-ledger.jsonl");
            fuzzing::ledger(SCRATCH.path());
        }
        7 => outbox(&file("a.outbox")),
        _ => {
            let outer = SCRATCH.path().join("outer");
            let inner = outer.join("folder").join("inner");
            std::fs::create_dir_all(&inner).expect("the scratch folder is writable");
            fuzzing::archive(&file("a.zip"), &inner);
            assert_eq!(
                (count(&outer), count(&outer.join("folder"))),
                (1, usize::from(inner.exists())),
                "an escape"
            );
            std::fs::remove_dir_all(&outer).expect("the scratch folder is writable");
        }
    }
});
