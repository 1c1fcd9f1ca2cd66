//! The Delphi units at work, compiled by Free Pascal in Delphi mode: the journey and the single task tell the C programs'
//! stories, and the promises beyond the story are kept, with the library loaded by the unit, imported, and in Delphi 7's
//! way. On Windows tests/windows/delphi.sh shows the same.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::places;
use super::program::*;
use tempfile::TempDir;

const LOADED: &[&str] = &[];
const IMPORTED: &[&str] = &["-dITERO_IMPORT"];
const DELPHI_7: &[&str] = &["-dITERO_DELPHI7", "-dITERO_PLAIN_NAMES"];

/// Compiles a Pascal program with the units; a warning is an error.
fn build(folder: &Path, source: &str, defines: &[&str]) -> PathBuf {
    let root = places::root();
    let program = folder.join("program");
    let units = root.join("bindings/delphi");
    let mut fpc = Command::new("fpc");
    fpc.args(["-Mdelphi", "-v0ew", "-vm2045", "-Sew", "-gl", "-B"])
        .args(defines)
        .arg(format!("-Fu{}", units.display()))
        .arg(format!("-Fi{}", units.display()))
        .arg(format!("-FU{}", folder.display()))
        .arg(format!("-Fl{}", library_folder().display()))
        .arg(format!("-o{}", program.display()))
        .arg(root.join(source));
    run(&mut fpc);
    program
}

fn build_c(folder: &Path, source: &str) -> PathBuf {
    let root = places::root();
    let program = folder.join("program-c");
    run(Command::new("cc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .arg("-I")
        .arg(root.join("include"))
        .arg(root.join(source))
        .arg("-L")
        .arg(library_folder())
        .args(["-litero", "-o"])
        .arg(&program));
    program
}

/// Plays a program against a sandbox of its own.
fn told(build: impl Fn(&Path) -> PathBuf) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let sandbox = RunningSandbox::start(folder.path());
    let program = build(folder.path());
    story(&play(folder.path(), &mut Command::new(program), &sandbox))
}

#[test]
fn the_delphi_journey_tells_the_same_story_as_the_c_one() {
    let in_c = told(|folder| build_c(folder, "examples/journey.c"));
    assert!(in_c.len() > 30, "{in_c:?}");
    for defines in [LOADED, IMPORTED, DELPHI_7] {
        let in_delphi = told(|folder| build(folder, "examples/Journey.dpr", defines));
        assert_eq!(in_delphi, in_c, "{defines:?}");
    }
}

#[test]
fn the_delphi_single_task_tells_the_same_story_as_the_c_one() {
    let in_c = told(|folder| build_c(folder, "examples/send_and_wait.c"));
    assert_eq!(in_c.len(), 4 + 12 + 1, "{in_c:?}");
    let in_delphi = told(|folder| build(folder, "examples/SendAndWait.dpr", LOADED));
    assert_eq!(in_delphi, in_c);
}

/// Names of all scripts, exceptions in every callback, cancellation, handles, threads, times, floating point: see
/// promises.dpr. Berlin's time is there to tell summer from winter.
fn promises(defines: &[&str]) {
    let folder = TempDir::new().unwrap();
    let sandbox = RunningSandbox::start_with(folder.path(), &["--triangles", "2000"]);
    let program = build(folder.path(), "tests/bindings/delphi/promises.dpr", defines);
    let hung = TcpListener::bind("127.0.0.1:0").unwrap();
    let output = run(Command::new(program)
        .env("LD_LIBRARY_PATH", library_folder())
        .env("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        .arg(&sandbox.ready_file)
        .arg(folder.path())
        .arg(SANDBOX)
        .arg(hung.local_addr().unwrap().port().to_string()));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("promises ok: "), "{told}");
}

#[test]
fn delphi_keeps_its_promises_with_the_library_loaded() {
    promises(LOADED);
}

#[test]
fn delphi_keeps_its_promises_with_the_library_imported() {
    promises(IMPORTED);
}

#[test]
fn delphi_keeps_its_promises_in_delphi_7_s_way() {
    promises(DELPHI_7);
}

/// A program whose library is missing or too old says which file, and which function.
#[test]
fn delphi_names_the_library_that_is_missing_or_too_old() {
    let folder = TempDir::new().unwrap();
    let program = build(folder.path(), "examples/Journey.dpr", LOADED);
    let says = |folder: &Path| {
        let output = Command::new(&program)
            .env("LD_LIBRARY_PATH", folder)
            .args(["/no-such-file", "/no-such-folder"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let missing = says(folder.path());
    assert!(missing.starts_with("libitero.so: "), "{missing}");

    let source = folder.path().join("old.c");
    std::fs::write(
        &source,
        "const char *itero_status_name(int status) { (void)status; return \"\"; }\n",
    )
    .unwrap();
    run(Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(folder.path().join("libitero.so"))
        .arg(source));
    let old = says(folder.path());
    assert!(
        old.contains("libitero.so: lacks the function itero_version"),
        "{old}"
    );
}

/// The README's ten lines must compile as they stand. What they leave to the reader's program is declared around them:
/// the variables, and a memo.
#[test]
fn delphi_s_lines_in_the_readme_compile() {
    let readme = include_str!("../../README.md");
    let lines = readme.split("```pascal\n").nth(1).expect("Pascal lines");
    let lines = lines.split("```").next().unwrap();
    let (uses, statements) = lines.split_once('\n').unwrap();
    assert!(uses.starts_with("uses "), "{uses}");
    let program = format!(
        "program readme;
{{$I Itero.inc}}
{uses}
type
  TMemo = class
    Lines: TMemo;
    procedure Add(const Line: IteroString);
  end;
procedure TMemo.Add(const Line: IteroString);
begin
end;
procedure Click(Memo: TMemo; const Id, Secret, Page, OAuth, Base: IteroString);
var
  Config: IIteroConfig;
  Client: IIteroClient;
  Order: TIteroOrder;
begin
{statements}end;
begin
  Click(nil, '', '', '', '', '');
end.
"
    );
    let folder = TempDir::new().unwrap();
    let source = folder.path().join("readme.dpr");
    std::fs::write(&source, program).unwrap();
    build(folder.path(), source.to_str().unwrap(), LOADED);
}
