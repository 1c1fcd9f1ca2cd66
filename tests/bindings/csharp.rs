//! The C# wrapper at work: it builds without a warning, keeps its promises and tells the C programs' stories, under Mono and
//! under .NET Core, and its package holds what it must, where it must.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use tempfile::TempDir;

use super::parity_csharp::sources;
use super::places::{self, root};
use super::program::{RunningSandbox, SANDBOX, play, run, size_of, story};

const LIMIT: Duration = Duration::from_secs(240);

/// The folder with the assembly, the native library beside it, and the programs that use both.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = places::scratch("csharp");
        run(Command::new(root().join("bindings/csharp/build")).arg(&folder));
        let native = folder.join("libitero.so");
        let _ = fs::remove_file(&native);
        std::os::unix::fs::symlink(places::library(), native).expect("a link");
        let promises = sources(&root().join("tests/bindings/csharp"), false);
        let example = |name: &str| vec![root().join("examples").join(name)];
        compile(&folder, "Promises", &promises);
        compile(&folder, "Journey", &example("Journey.cs"));
        compile(&folder, "SendAndWait", &example("SendAndWait.cs"));
        folder
    })
}

/// A program that uses the assembly in the first folder.
fn compile_with(assembly: &Path, program: &Path, sources: &[PathBuf]) {
    run(Command::new("mcs")
        .args(["-langversion:7", "-warn:4", "-warnaserror+"])
        .arg(format!("-r:{}", assembly.join("Itero.Net.dll").display()))
        .args(["-r:System.dll", "-r:System.Core.dll"])
        .arg(format!("-out:{}", program.display()))
        .args(sources));
}

fn compile(folder: &Path, name: &str, sources: &[PathBuf]) {
    let program = folder.join(name).with_extension("exe");
    compile_with(folder, &program, sources);
    // What .NET Core asks for: the same file by another name, and which runtime it wants.
    fs::copy(&program, program.with_extension("dll")).expect("a copy");
    fs::copy(
        root().join("tests/bindings/csharp/runtimeconfig.json"),
        folder.join(name).with_extension("runtimeconfig.json"),
    )
    .expect("a copy");
}

/// Mono's default way to stop threads for a collection can stop for ever when one of them, not its own, enters managed code
/// in that moment (6.8); the cooperative way doesn't.
fn mono(folder: &Path, program: &str) -> Command {
    let mut mono = Command::new("mono");
    mono.env("MONO_THREADS_SUSPEND", "coop")
        .arg("--debug")
        .arg(folder.join(program).with_extension("exe"));
    mono
}

fn core(folder: &Path, program: &str) -> Command {
    static DOTNET: OnceLock<PathBuf> = OnceLock::new();
    let dotnet = DOTNET.get_or_init(|| {
        let fetched =
            run(Command::new(root().join("tests/bindings/csharp/fetch")).arg("linux-x64"));
        let place = String::from_utf8(fetched.stdout).expect("a path");
        Path::new(place.trim()).join("dotnet")
    });
    let mut core = Command::new(dotnet);
    core.arg(folder.join(program).with_extension("dll"));
    core
}

type Runtime = fn(&Path, &str) -> Command;

fn promises(runtime: Runtime) {
    let folder = TempDir::new().unwrap();
    let sandbox = RunningSandbox::start(folder.path());
    let mut command = runtime(built(), "Promises");
    command
        .arg(&sandbox.ready_file)
        .arg(folder.path().join("promises"))
        .arg(SANDBOX);
    let ended = places::run(&mut command, LIMIT).expect_success("the promises");
    println!("{}", ended.stdout);
    let kept = ended.stdout.lines().filter(|line| line.starts_with("ok "));
    assert!(kept.count() > 30, "{}", ended.stdout);
}

#[test]
fn mono_keeps_the_promises() {
    promises(mono);
}

#[test]
fn dotnet_core_keeps_the_promises() {
    promises(core);
}

/// The C program of the same name, told by the sandbox of its own.
fn in_c(source: &str) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("program");
    run(Command::new("cc")
        .args(["-std=c99", "-I"])
        .arg(root().join("include"))
        .arg(root().join("examples").join(source))
        .arg("-L")
        .arg(places::folder_of_library())
        .args(["-litero", "-o"])
        .arg(&program));
    let sandbox = RunningSandbox::start(folder.path());
    let mut program = Command::new(program);
    // A program that keeps its sign-in keeps it here, not in the user's own folder.
    program.env("XDG_STATE_HOME", folder.path().join("state"));
    story(&play(folder.path(), &mut program, &sandbox))
}

fn tells(runtime: Runtime, program: &str, wanted: &[String]) {
    let folder = TempDir::new().unwrap();
    let sandbox = RunningSandbox::start(folder.path());
    let output = play(folder.path(), &mut runtime(built(), program), &sandbox);
    assert_eq!(story(&output), wanted, "{program}");
    let text = String::from_utf8(output.stdout).unwrap();
    if let Some(end) = text
        .lines()
        .last()
        .filter(|line| line.starts_with("journey ok:"))
    {
        let bytes: u64 = end
            .split(' ')
            .nth(4)
            .expect("a size")
            .parse()
            .expect("a number");
        assert_eq!(
            bytes,
            size_of(&folder.path().join("scan")),
            "the files are there, whole"
        );
    }
}

#[test]
fn the_journey_is_the_c_program_s() {
    let wanted = in_c("journey.c");
    assert!(wanted.len() > 30, "{wanted:?}");
    tells(mono, "Journey", &wanted);
    tells(core, "Journey", &wanted);
}

#[test]
fn send_and_wait_is_the_c_program_s() {
    let wanted = in_c("send_and_wait.c");
    assert_eq!(
        wanted.last().map(String::as_str),
        Some("done"),
        "{wanted:?}"
    );
    tells(mono, "SendAndWait", &wanted);
    tells(core, "SendAndWait", &wanted);
}

/// The README's lines must compile as they stand, in a method that may await.
#[test]
fn the_readme_shows_lines_that_compile() {
    let readme = include_str!("../../README.md");
    let lines = readme
        .split("```csharp\n")
        .nth(1)
        .expect("lines in C#")
        .split("```")
        .next()
        .unwrap();
    let folder = TempDir::new().unwrap();
    let source = folder.path().join("Readme.cs");
    let program = format!(
        "using System;\nusing System.Threading.Tasks;\nusing Itero;\ninternal static class Readme\n{{\nprivate static void \
         Main()\n{{\nPlay().Wait();\n}}\nprivate static async Task Play()\n{{\n{lines}}}\n}}\n"
    );
    fs::write(&source, program).unwrap();
    compile_with(built(), &folder.path().join("Readme.exe"), &[source]);
}

#[test]
fn without_the_native_library_every_place_is_named() {
    let folder = TempDir::new().unwrap();
    for name in [
        "Itero.Net.dll",
        "Promises.exe",
        "Promises.dll",
        "Promises.runtimeconfig.json",
    ] {
        fs::copy(built().join(name), folder.path().join(name)).unwrap();
    }
    // There, but no library: .NET Core says so, and goes on to the next place.
    fs::create_dir(folder.path().join("x64")).unwrap();
    fs::write(folder.path().join("x64/libitero.so"), "no library").unwrap();
    for runtime in [mono as Runtime, core] {
        let mut command = runtime(folder.path(), "Promises");
        // Cargo sets it for tests, and Mono's own search knows it.
        command.env_remove("LD_LIBRARY_PATH");
        let ended = places::run(command.arg("--without-library"), LIMIT).expect_success("it");
        for place in [
            "x64/libitero.so",
            "runtimes/linux-x64/native/libitero.so",
            "libitero.so",
        ] {
            let place = folder.path().join(place);
            assert!(
                ended.stdout.contains(&format!("\n  {}: ", place.display())),
                "{} is not named: {}",
                place.display(),
                ended.stdout
            );
        }
        assert!(ended.stdout.contains("64-bit process"), "{}", ended.stdout);
    }
}

#[test]
fn the_library_is_found_in_the_folders_of_the_package_too() {
    for place in ["x64", "runtimes/linux-x64/native"] {
        let folder = TempDir::new().unwrap();
        for name in [
            "Itero.Net.dll",
            "Promises.dll",
            "Promises.runtimeconfig.json",
        ] {
            fs::copy(built().join(name), folder.path().join(name)).unwrap();
        }
        fs::create_dir_all(folder.path().join(place)).unwrap();
        std::os::unix::fs::symlink(
            places::library(),
            folder.path().join(place).join("libitero.so"),
        )
        .unwrap();
        let sandbox = RunningSandbox::start(folder.path());
        let mut command = core(folder.path(), "Promises");
        command
            .arg(&sandbox.ready_file)
            .arg(folder.path().join("p"))
            .arg(SANDBOX);
        places::run(command.arg("WhatIsDisposedOfSaysSo"), LIMIT).expect_success(place);
    }
}

/// One version everywhere, and what a project file, a package's description and its targets must be: XML.
#[test]
fn versions_agree_and_the_project_files_are_xml() {
    let folder = root().join("bindings/csharp");
    let version = env!("CARGO_PKG_VERSION");
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert!(
        text("AssemblyInfo.cs").contains(&format!("AssemblyInformationalVersion(\"{version}\")"))
    );
    assert!(text("AssemblyInfo.cs").contains(&format!("AssemblyVersion(\"{version}.0\")")));
    assert!(text("Itero.nuspec").contains(&format!("<version>{version}</version>")));
    assert!(
        text("Itero.csproj").contains("<TargetFrameworks>net45;netstandard2.0</TargetFrameworks>")
    );
    for name in ["Itero.csproj", "Itero.nuspec", "Itero.targets"] {
        let text = text(name);
        let mut reader = quick_xml::Reader::from_str(&text);
        while reader
            .read_event()
            .unwrap_or_else(|fault| panic!("{name}: {fault}"))
            != quick_xml::events::Event::Eof
        {}
    }
}

#[test]
fn the_package_holds_what_it_must() {
    let folder = TempDir::new().unwrap();
    let native = |name: &str| {
        let path = folder.path().join(name);
        fs::write(&path, name).unwrap();
        path
    };
    let pack = || {
        let output = run(Command::new(root().join("bindings/csharp/pack"))
            .arg(built())
            .args([native("x86.dll"), native("x64.dll"), native("linux.so")])
            .arg(folder.path().join("out"))
            .arg(native("THIRD-PARTY-LICENSES.txt")));
        fs::read(String::from_utf8(output.stdout).unwrap().trim()).unwrap()
    };
    let bytes = pack();
    assert_eq!(bytes, pack(), "the same input gives the same bytes");
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let assembly = fs::read(built().join("Itero.Net.dll")).unwrap();
    let documentation = fs::read(built().join("Itero.Net.xml")).unwrap();
    let file = |name: &str| fs::read(root().join(name)).unwrap();
    let wanted: Vec<(&str, Vec<u8>)> = vec![
        ("Itero.nuspec", file("bindings/csharp/Itero.nuspec")),
        ("LICENSE-APACHE", file("LICENSE-APACHE")),
        ("LICENSE-MIT", file("LICENSE-MIT")),
        (
            "THIRD-PARTY-LICENSES.txt",
            b"THIRD-PARTY-LICENSES.txt".to_vec(),
        ),
        (
            "build/net45/Itero.targets",
            file("bindings/csharp/Itero.targets"),
        ),
        ("lib/net45/Itero.Net.dll", assembly.clone()),
        ("lib/net45/Itero.Net.xml", documentation.clone()),
        ("lib/netstandard2.0/Itero.Net.dll", assembly),
        ("lib/netstandard2.0/Itero.Net.xml", documentation),
        (
            "runtimes/linux-x64/native/libitero.so",
            b"linux.so".to_vec(),
        ),
        ("runtimes/win-x64/native/itero.dll", b"x64.dll".to_vec()),
        ("runtimes/win-x86/native/itero.dll", b"x86.dll".to_vec()),
    ];
    let mut names: Vec<String> = package
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    names.sort();
    let mut expected: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    expected.extend(["[Content_Types].xml", "_rels/.rels"]);
    expected.sort_unstable();
    assert_eq!(names, expected);
    for (name, content) in wanted {
        let mut found = Vec::new();
        std::io::copy(&mut package.by_name(name).unwrap(), &mut found).unwrap();
        assert!(found == content, "{name} is another file");
    }
}
