//! What lies in downloaded files: archives, meshes, an export's XML.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

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

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((kind, content)) = input.split_first() else {
        return;
    };
    let file = |name: &str| {
        let path = SCRATCH.path().join(name);
        std::fs::write(&path, content).expect("the scratch folder is writable");
        path
    };
    match kind % 4 {
        0 => drop(itero::fuzzing::mesh(&file("a.stl"))),
        1 => drop(itero::fuzzing::mesh(&file("a.ply"))),
        2 => drop(itero::fuzzing::export(&file("a.xml"))),
        _ => {
            let outer = SCRATCH.path().join("outer");
            let inner = outer.join("folder").join("inner");
            std::fs::create_dir_all(&inner).expect("the scratch folder is writable");
            itero::fuzzing::archive(&file("a.zip"), &inner);
            assert_eq!(
                (count(&outer), count(&outer.join("folder"))),
                (1, usize::from(inner.exists())),
                "an escape"
            );
            std::fs::remove_dir_all(&outer).expect("the scratch folder is writable");
        }
    }
});
