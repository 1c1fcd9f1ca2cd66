//! The C++ wrapper: it compiles without a warning in every dialect that a host may be written in, owns what it holds, and
//! tells the same journey as the C program.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::places;
use super::program::{RunningSandbox, SANDBOX, library_folder, play, story};

const LIMIT: Duration = Duration::from_secs(180);
const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];
/// Tells a program where the library's files of the user are.
const USERS_FOLDER: &str = "XDG_STATE_HOME";
const SANITIZERS: [&str; 3] = [
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
];

fn compiler(name: &str, standard: &str) -> Command {
    let mut compiler = Command::new(name);
    compiler
        .arg(format!("-std={standard}"))
        .args(STRICT)
        .args(["-g", "-pthread", "-I"])
        .arg(places::root().join("include"));
    compiler
}

fn build(compiler: &mut Command, source: &str, program: &Path) {
    let compiled = compiler
        .arg(places::root().join(source))
        .arg("-L")
        .arg(library_folder())
        .args(["-litero", "-o"])
        .arg(program);
    places::run(compiled, LIMIT).expect_success(source);
}

/// No program of these tests may leave a sign-in in the user's own folder.
fn leaves_no_tokens(users_folder: &Path) {
    let Ok(entries) = std::fs::read_dir(users_folder.join("itero")) else {
        return;
    };
    for entry in entries {
        let name = entry.unwrap().file_name();
        assert!(name == "protect.key", "{} is left", name.display());
    }
}

/// Runs a test program of this folder, whose last line must say that it came to its end.
fn passes(program: &Path, arguments: &[&str], last_line: &str) {
    let mut command = places::with_library(program);
    let own = TempDir::new().unwrap();
    command.env(USERS_FOLDER, own.path());
    // The library's tables and its callback for the log live as long as the process, and are found from its roots.
    let ended = places::run(command.args(arguments), LIMIT).expect_success(last_line);
    assert_eq!(ended.stdout.lines().last(), Some(last_line));
    leaves_no_tokens(own.path());
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the test's folder has a plain name")
}

/// What `cloud.cpp` needs beside it.
struct Cloud {
    folder: TempDir,
    sandbox: RunningSandbox,
    /// Accepts connections, as the system does for it, and never answers.
    hung: TcpListener,
}

impl Cloud {
    fn new() -> Cloud {
        let folder = TempDir::new().unwrap();
        Cloud {
            sandbox: RunningSandbox::start(folder.path()),
            hung: TcpListener::bind("127.0.0.1:0").unwrap(),
            folder,
        }
    }

    fn passes(&self, program: &Path) {
        let port = self.hung.local_addr().unwrap().port().to_string();
        let scans = self.folder.path().join("scans");
        let arguments = [text(&self.sandbox.ready_file), text(&scans), SANDBOX, &port];
        passes(program, &arguments, "cloud ok");
    }
}

#[test]
fn it_compiles_in_every_dialect_with_and_without_exceptions() {
    let without = ["-DITERO_NO_EXCEPTIONS", "-fno-exceptions"];
    for name in ["g++", "clang++"] {
        for standard in ["c++11", "c++14", "c++17", "c++20"] {
            let compiles = |source: &str, flags: &[&str]| {
                let mut command = compiler(name, standard);
                let source = places::root().join(source);
                let command = command.arg("-fsyntax-only").args(flags).arg(&source);
                let what = format!("{name} {standard} {flags:?} {}", source.display());
                places::run(command, LIMIT).expect_success(&what);
            };
            compiles("tests/bindings/cpp/alone.cpp", &[]);
            compiles("tests/bindings/cpp/results.cpp", &without);
            // Where the compiler has exceptions turned off, the header finds it out.
            compiles("tests/bindings/cpp/results.cpp", &without[1..]);
            compiles("examples/journey.cpp", &[]);
            compiles("examples/send_and_wait.cpp", &[]);
        }
    }
}

#[test]
fn the_readme_shows_a_program_that_compiles() {
    let readme = std::fs::read_to_string(places::root().join("README.md")).unwrap();
    let programs: Vec<&str> = readme
        .split("```cpp\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(program, _)| program)
        .collect();
    assert_eq!(programs.len(), 1, "README.md shows one program in C++");
    let folder = TempDir::new().unwrap();
    let source = folder.path().join("readme.cpp");
    std::fs::write(&source, programs[0]).unwrap();
    let mut command = compiler("g++", "c++11");
    let command = command.arg("-fsyntax-only").arg(&source);
    places::run(command, LIMIT).expect_success("the C++ of README.md");
}

/// From C++17 on the compiler says when a result is not looked at.
#[test]
fn a_result_that_nobody_looks_at_is_found_by_the_compiler() {
    let folder = TempDir::new().unwrap();
    let source = folder.path().join("unseen.cpp");
    let unseen = "#include \"itero.hpp\"\nvoid f(itero::Client &c);\nvoid f(itero::Client &c) { c.discover(); }\n";
    std::fs::write(&source, unseen).unwrap();
    for name in ["g++", "clang++"] {
        let mut command = compiler(name, "c++17");
        let command = command
            .args(["-fno-exceptions", "-fsyntax-only"])
            .arg(&source);
        let ended = places::run(command, LIMIT);
        assert!(!ended.status.success(), "{name} accepts it");
        assert!(
            ended.stderr.contains("nodiscard"),
            "{name}: {}",
            ended.stderr
        );
    }
}

#[test]
fn ownership_moves_errors_and_text_without_a_network() {
    let folder = TempDir::new().unwrap();
    for (name, standard) in [
        ("g++", "c++11"),
        ("g++", "c++20"),
        ("clang++", "c++14"),
        ("clang++", "c++17"),
    ] {
        let program = folder.path().join(format!("alone-{name}-{standard}"));
        build(
            &mut compiler(name, standard),
            "tests/bindings/cpp/alone.cpp",
            &program,
        );
        passes(&program, &[], "alone ok");
    }
}

#[test]
fn callbacks_names_and_cancellation_at_work() {
    let cloud = Cloud::new();
    let program = cloud.folder.path().join("cloud");
    build(
        &mut compiler("g++", "c++11"),
        "tests/bindings/cpp/cloud.cpp",
        &program,
    );
    cloud.passes(&program);
}

/// Nothing of the wrapper reads freed memory, leaks, or does what C++ leaves undefined.
#[test]
fn the_sanitizers_find_nothing() {
    let cloud = Cloud::new();
    let sanitized = |source: &str| {
        let program = cloud.folder.path().join("sanitized");
        let mut clang = compiler("clang++", "c++17");
        build(clang.args(SANITIZERS), source, &program);
        program
    };
    passes(&sanitized("tests/bindings/cpp/alone.cpp"), &[], "alone ok");
    cloud.passes(&sanitized("tests/bindings/cpp/cloud.cpp"));
}

#[test]
fn without_exceptions_each_call_returns_a_result() {
    let folder = TempDir::new().unwrap();
    let sandbox = RunningSandbox::start(folder.path());
    let arguments = [text(&sandbox.ready_file), SANDBOX];
    let source = "tests/bindings/cpp/results.cpp";
    let without = |name: &str| {
        let mut compiler = compiler(name, "c++11");
        compiler.args(["-DITERO_NO_EXCEPTIONS", "-fno-exceptions"]);
        compiler
    };
    for name in ["g++", "clang++"] {
        let program = folder.path().join(format!("results-{name}"));
        build(&mut without(name), source, &program);
        passes(&program, &arguments, "results ok");
    }

    let object = folder.path().join("results.o");
    let mut command = without("g++");
    let command = command
        .args(["-DNO_MAIN", "-c", "-o"])
        .arg(&object)
        .arg(places::root().join(source));
    places::run(command, LIMIT).expect_success(source);
    let program = folder.path().join("both");
    let mut gcc = compiler("g++", "c++11");
    build(gcc.arg(&object), "tests/bindings/cpp/both.cpp", &program);
    passes(&program, &arguments, "results ok");
}

/// Builds an example in its language the way its own comment says, with every warning an error.
fn example(folder: &Path, name: &str, compiler_name: &str) -> PathBuf {
    let program = folder.join(format!("{name}-{compiler_name}"));
    let mut command = match name.ends_with(".c") {
        true => compiler(compiler_name, "c99"),
        false => compiler(compiler_name, "c++11"),
    };
    build(&mut command, &format!("examples/{name}"), &program);
    program
}

/// The stories that programs tell, each with a sandbox of its own.
fn stories(programs: &[(&str, &str)]) -> Vec<Vec<String>> {
    programs
        .iter()
        .map(|(name, compiler)| {
            let folder = TempDir::new().unwrap();
            let sandbox = RunningSandbox::start(folder.path());
            let program = example(folder.path(), name, compiler);
            let own = TempDir::new().unwrap();
            let mut command = Command::new(program);
            command.env(USERS_FOLDER, own.path());
            let told = story(&play(folder.path(), &mut command, &sandbox));
            leaves_no_tokens(own.path());
            told
        })
        .collect()
}

#[test]
fn the_journey_tells_the_same_story_as_in_c() {
    let stories = stories(&[
        ("journey.c", "gcc"),
        ("journey.cpp", "g++"),
        ("journey.cpp", "clang++"),
    ]);
    assert!(stories[0].len() > 30, "{:?}", stories[0]);
    assert_eq!(stories[0], stories[1]);
    assert_eq!(stories[0], stories[2]);
}

#[test]
fn the_single_task_tells_the_same_story_as_in_c() {
    let stories = stories(&[("send_and_wait.c", "gcc"), ("send_and_wait.cpp", "g++")]);
    let expected = [
        "signed in, account 30417",
        "sent Dmitri Petrov, chart number 10028: RxID ID",
        "scanned: Completed",
        "on disk: 12 files",
    ];
    assert_eq!(stories[0][..4], expected);
    assert_eq!(stories[0].len(), 4 + 12 + 1);
    assert_eq!(stories[0].last().map(String::as_str), Some("done"));
    assert_eq!(stories[0], stories[1]);
}

#[test]
fn the_examples_say_what_is_wrong_when_the_cloud_is_gone() {
    let folder = TempDir::new().unwrap();
    let ready_file = RunningSandbox::start(folder.path()).ready_file.clone();
    for (name, compiler) in [
        ("journey.cpp", "g++"),
        ("send_and_wait.cpp", "g++"),
        ("send_and_wait.c", "gcc"),
    ] {
        let mut command = places::with_library(example(folder.path(), name, compiler));
        let browser = folder.path().join("no-such-browser");
        let command = command
            .arg(&ready_file)
            .arg(folder.path().join("scan"))
            .arg(browser)
            .env(USERS_FOLDER, folder.path());
        let ended = places::run(command, LIMIT);
        assert_eq!(ended.status.code(), Some(1), "{name}: {}", ended.stderr);
        let message = "itero_login_wait: no browser could be started";
        assert!(ended.stderr.contains(message), "{name}: {}", ended.stderr);
    }
}
