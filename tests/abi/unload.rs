//! A host may load the library, use it and unload it as often as it likes; a thread of the library must never find
//! that its own code is gone.

use std::process::Command;
use std::time::Duration;

use super::places;

#[test]
fn loading_and_unloading_never_crashes() {
    let program = places::compile("unload.c", "-std=gnu99", &["-ldl", "-lpthread"]);
    let mut command = Command::new(program);
    command.arg(places::library());
    let ended = places::run(&mut command, Duration::from_secs(60)).expect_success("unload.c");
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        ("unload ok\n", "")
    );
}
