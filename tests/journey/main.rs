//! The journey as a stranger plays it: the C program, built with the strictest flags against the shared library, talks
//! to the sandbox's executable. Its story must be the Rust one's, and valgrind must find nothing in it.

#[path = "../host/program.rs"]
mod program;

use std::path::{Path, PathBuf};
use std::process::Command;

use program::*;
use tempfile::TempDir;

/// Builds the C journey the way its own comment says.
fn build_c(folder: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = folder.join("journey-c");
    run(Command::new("cc")
        .args([
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            "-g",
        ])
        .arg("-I")
        .arg(root.join("include"))
        .arg(root.join("examples/journey.c"))
        .arg("-L")
        .arg(library_folder())
        .args(["-litero", "-o"])
        .arg(&program));
    program
}

#[test]
fn the_c_journey_tells_the_same_story_as_the_rust_one() {
    let folder = TempDir::new().unwrap();
    let sandbox = RunningSandbox::start(folder.path());
    let program = build_c(folder.path());
    let in_c = play(folder.path(), &mut Command::new(program), &sandbox);

    let rust = build_folder().join("examples/journey");
    assert!(
        rust.exists(),
        "the example is not built: cargo build --example journey"
    );
    let in_rust = run(&mut Command::new(rust));
    assert_eq!(story(&in_c), story(&in_rust));

    let last = String::from_utf8(in_c.stdout)
        .unwrap()
        .lines()
        .last()
        .unwrap()
        .to_owned();
    let words: Vec<&str> = last.split(' ').collect();
    assert!(
        matches!(
            words[..],
            ["journey", "ok:", "24", "files,", _, "bytes", "in", _]
        ),
        "{last}"
    );
    let bytes: u64 = words[4].parse().unwrap();
    assert_eq!(
        bytes,
        size_of(&folder.path().join("scan")),
        "the files are there, whole"
    );
}

#[test]
fn valgrind_finds_no_error_and_no_lost_byte() {
    let folder = TempDir::new().unwrap();
    let sandbox = RunningSandbox::start(folder.path());
    let program = build_c(folder.path());
    let mut valgrind = Command::new("valgrind");
    // The process that becomes the browser is a copy of this one until it has become it; its memory is not the matter.
    valgrind.args([
        "--leak-check=full",
        "--error-exitcode=9",
        "--child-silent-after-fork=yes",
    ]);
    // Reachable at the end are the tables and the roots, which live as long as the process.
    valgrind.args([
        "--show-leak-kinds=definite,indirect,possible",
        "--errors-for-leak-kinds=definite,indirect,possible",
    ]);
    let output = play(folder.path(), valgrind.arg(program), &sandbox);
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(report.contains("ERROR SUMMARY: 0 errors"), "{report}");
    for kind in ["definitely", "indirectly", "possibly"] {
        let lost = report
            .lines()
            .find(|line| line.contains(&format!("{kind} lost:")));
        assert!(
            lost.is_none_or(|line| line.contains("lost: 0 bytes")),
            "{report}"
        );
    }
}

#[test]
fn the_journey_says_what_is_wrong_when_the_cloud_is_gone() {
    let folder = TempDir::new().unwrap();
    let ready_file = RunningSandbox::start(folder.path()).ready_file.clone();
    let program = build_c(folder.path());
    let output = Command::new(program)
        .env("LD_LIBRARY_PATH", library_folder())
        .arg(ready_file)
        .arg(folder.path().join("scan"))
        .arg(folder.path().join("no-such-browser"))
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(
        message.contains("itero_login_wait: no browser could be started"),
        "{message}"
    );
}

/// The README's program must compile as it stands.
#[test]
fn the_readme_shows_a_program_that_compiles() {
    let readme = include_str!("../../README.md");
    let program = readme
        .split("```c\n")
        .nth(1)
        .expect("a C program")
        .split("```")
        .next()
        .unwrap();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("program.c");
    std::fs::write(&file, program).unwrap();
    run(Command::new("cc")
        .args([
            "-std=c99",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            "-c",
            "-o",
        ])
        .arg(folder.path().join("program.o"))
        .arg("-I")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("include"))
        .arg(file));
}
