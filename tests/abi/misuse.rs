//! Nothing that a host passes in, however wrong, may crash it or be taken for right: every function, every parameter,
//! every kind of bad value. The second run under valgrind finds reads and writes that happen not to crash.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::{header, misuse_table, places};

const LIMIT: Duration = Duration::from_secs(60);

fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let table = places::scratch("misuse").join("misuse_table.h");
        fs::write(table, misuse_table::write(&header::read()))
            .expect("the target folder is writable");
        places::compile("misuse.c", "-std=c99", &["-litero"])
    })
}

fn expect_all_functions(mut command: Command) {
    let ended = places::run(&mut command, LIMIT).expect_success("misuse.c");
    let last = ended.stdout.lines().last().unwrap_or_default();
    let numbers: Vec<usize> = last
        .split([' ', ','])
        .filter_map(|word| word.parse().ok())
        .collect();
    let [functions, calls] = numbers[..] else {
        panic!("not \"misuse ok: N functions, M calls\": {last}")
    };
    assert_eq!(functions, header::read().functions.len());
    assert!(calls > 20 * functions, "{last}");
    assert_eq!(ended.stderr, "", "something was written to stderr");
}

#[test]
fn no_misuse_harms_the_host() {
    expect_all_functions(places::with_library(program()));
}

#[test]
fn no_misuse_touches_foreign_memory() {
    if !places::is_installed("valgrind") {
        return;
    }
    let mut valgrind = places::with_library("valgrind");
    valgrind
        .args(["--quiet", "--error-exitcode=9", "--leak-check=no"])
        .arg(program());
    expect_all_functions(valgrind);
}
