//! Every function may be called from every thread at once, and the host's own house is as before after each call. Both
//! are proved in C programs of their own: a thread count, a signal handler and stdout belong to a whole process.

use std::time::Duration;

use super::places;

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn a_crowd_of_threads_gets_only_allowed_answers() {
    let program = places::compile("threads.c", "-std=c11", &["-litero", "-lpthread"]);
    let ended = places::run(&mut places::with_library(program), LIMIT).expect_success("threads.c");
    assert!(ended.stdout.starts_with("threads ok: "), "{}", ended.stdout);
    assert_eq!(ended.stderr, "");
}

#[test]
fn the_host_finds_its_house_as_before() {
    let program = places::compile("host.c", "-std=gnu99", &["-litero", "-lm"]);
    let mut command = places::with_library(program);
    let folder = places::scratch("host");
    let ended = places::run(command.current_dir(&folder), LIMIT).expect_success("host.c");
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        ("", ""),
        "the library wrote something"
    );
    let files: Vec<_> = std::fs::read_dir(&folder)
        .expect("readable")
        .filter_map(|file| Some(file.ok()?.file_name()))
        .collect();
    assert_eq!(
        files,
        ["program"],
        "the library left a file in the working directory"
    );
}
