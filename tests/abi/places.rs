//! Where things are, and how C programs are built and run: once, so that every module does it the same way.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn header_text() -> String {
    fs::read_to_string(root().join("include/itero.h")).expect("include/itero.h is readable")
}

/// `target/<profile>`: the test itself is in its folder `deps`.
pub fn profile() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows its own place");
    test.ancestors()
        .nth(2)
        .expect("target/<profile>/deps/abi")
        .to_path_buf()
}

fn changed(path: &Path) -> SystemTime {
    fs::metadata(path)
        .and_then(|data| data.modified())
        .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// Where cargo puts the libraries that a test needs. It copies them up to `target/<profile>` only when it is told to
/// build the library itself, so those there may be old.
pub fn folder_of_library() -> PathBuf {
    profile().join("deps")
}

/// The built shared library. A test of an old one proves nothing, so it must be newer than everything it is made of.
pub fn library() -> PathBuf {
    let folder = folder_of_library();
    let library = folder.join("libitero.so");
    assert!(
        library.is_file(),
        "{} is not there; `cargo test --test abi` builds it, a test program that was copied elsewhere can't",
        library.display()
    );
    let list = fs::read_to_string(folder.join("itero.d"))
        .expect("the compiler lists what the library is made of");
    let parts = list.lines().filter_map(|line| line.strip_suffix(".rs:"));
    let parts: Vec<PathBuf> = parts
        .map(|part| root().join(format!("{part}.rs")))
        .collect();
    assert!(
        parts.len() > 50,
        "the list of what the library is made of has changed its form"
    );
    for part in parts
        .iter()
        .filter(|part| part.starts_with(root().join("src")))
    {
        assert!(
            changed(part) <= changed(&library),
            "{} is newer than {}: build again",
            part.display(),
            library.display()
        );
    }
    library
}

/// The newest build script that cargo has made of `build.rs`.
pub fn build_script() -> PathBuf {
    let folders =
        fs::read_dir(profile().join("build")).expect("target/<profile>/build is readable");
    let script = folders
        .filter_map(|folder| Some(folder.ok()?.path()))
        .filter(|folder| {
            folder
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("itero-"))
        })
        .map(|folder| folder.join("build-script-build"))
        .filter(|script| script.is_file())
        .max_by_key(|script| changed(script))
        .expect("cargo has built build.rs");
    assert!(
        changed(&root().join("build.rs")) <= changed(&script),
        "build.rs is newer than its build: build again"
    );
    script
}

/// A folder for one module's products, under cargo's own for tests.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("abi")
        .join(name);
    fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

pub fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// How a child ended.
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    pub fn expect_success(self, what: &str) -> Ended {
        assert!(
            self.status.success(),
            "{what}: {}\n--- stdout\n{}\n--- stderr\n{}",
            self.status,
            self.stdout,
            self.stderr
        );
        self
    }
}

/// Runs a child to its end; one that takes longer than the limit is killed and fails the test.
pub fn run(command: &mut Command, limit: Duration) -> Ended {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    let read = |mut pipe: Box<dyn Read + Send>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = pipe.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let stdout = read(Box::new(child.stdout.take().expect("piped")));
    let stderr = read(Box::new(child.stderr.take().expect("piped")));
    let until = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            break status;
        }
        if Instant::now() > until {
            let _ = child.kill();
            let _ = child.wait();
            panic!(
                "{command:?} took longer than {limit:?}\n--- stdout\n{}\n--- stderr\n{}",
                stdout.join().unwrap_or_default(),
                stderr.join().unwrap_or_default()
            );
        }
        thread::sleep(Duration::from_millis(5));
    };
    Ended {
        status,
        stdout: stdout.join().expect("read"),
        stderr: stderr.join().expect("read"),
    }
}

/// Compiles a C program of this folder against the header and links it with `libraries`.
pub fn compile(source: &str, standard: &str, libraries: &[&str]) -> PathBuf {
    let folder = scratch(source.trim_end_matches(".c"));
    let program = folder.join("program");
    let mut gcc = Command::new("gcc");
    gcc.args([
        standard,
        "-O1",
        "-g",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
    ])
    .arg(format!("-I{}", root().join("include").display()))
    .arg(format!("-I{}", folder.display()))
    .arg(root().join("tests/abi").join(source))
    .arg("-o")
    .arg(&program)
    .arg(format!(
        "-L{}",
        library().parent().expect("a folder").display()
    ))
    .args(libraries);
    run(&mut gcc, Duration::from_secs(60)).expect_success(source);
    program
}

/// A command that runs a compiled program with the built library.
pub fn with_library(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let library = library();
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", library.parent().expect("a folder"));
    command
}
