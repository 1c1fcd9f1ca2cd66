//! Programs that play the journey beside the sandbox's executable: how they are started, and what they tell.

#![allow(dead_code, reason = "each test crate uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub const SANDBOX: &str = env!("CARGO_BIN_EXE_itero-sandbox");

/// The folder with the executables and the examples.
pub fn build_folder() -> PathBuf {
    Path::new(SANDBOX).parent().unwrap().to_owned()
}

/// The folder with the library that was built with this test; the copy beside the executables may be older.
pub fn library_folder() -> PathBuf {
    std::env::current_exe()
        .unwrap()
        .parent()
        .unwrap()
        .to_owned()
}

/// The sandbox as a program of its own. It ends when its input is closed.
pub struct RunningSandbox {
    child: Child,
    pub ready_file: PathBuf,
}

impl RunningSandbox {
    pub fn start(folder: &Path) -> RunningSandbox {
        RunningSandbox::start_with(folder, &[])
    }

    pub fn start_with(folder: &Path, options: &[&str]) -> RunningSandbox {
        let ready_file = folder.join("ready.json");
        let child = Command::new(SANDBOX)
            .args(["--auto-scan", "200", "--until-stdin-closes", "--ready-file"])
            .arg(&ready_file)
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the sandbox starts");
        let sandbox = RunningSandbox { child, ready_file };
        let until = Instant::now() + Duration::from_secs(20);
        while !sandbox.ready_file.exists() {
            assert!(Instant::now() < until, "the sandbox is ready in time");
            std::thread::sleep(Duration::from_millis(20));
        }
        sandbox
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn run(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Plays a journey program against the sandbox, with the sandbox's executable as the browser.
pub fn play(folder: &Path, command: &mut Command, sandbox: &RunningSandbox) -> Output {
    run(command
        .env("LD_LIBRARY_PATH", library_folder())
        .arg(&sandbox.ready_file)
        .arg(folder.join("scan"))
        .arg(SANDBOX))
}

/// The story without what differs from run to run: ids, the folder, and sizes that hold a date.
pub fn story(output: &Output) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let is_id =
        |word: &&str| word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4;
    text.lines()
        .map(|line| {
            let line = match line.split(' ').find(is_id) {
                Some(id) => line.replace(id, "ID"),
                None => line.to_owned(),
            };
            match line.split_once(" bytes") {
                Some((_, rest)) if rest.ends_with(".zip") => format!("SIZE bytes{rest}"),
                _ if line.starts_with("journey ok:") => line.split(',').next().unwrap().to_owned(),
                _ => line,
            }
        })
        .collect()
}

/// The bytes of the scan's files, without the manifest that the library puts beside them.
pub fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_name() != "itero-manifest.json")
        .map(|entry| match entry.metadata().unwrap() {
            metadata if metadata.is_dir() => size_of(&entry.path()),
            metadata => metadata.len(),
        })
        .sum()
}
