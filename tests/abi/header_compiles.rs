//! A header that warns is a header that gets edited by hand. It must compile alone, in every dialect that a host may be
//! written in, with all warnings being errors.

use std::fs;
use std::process::Command;
use std::time::Duration;

use super::places;

const LIMIT: Duration = Duration::from_secs(60);
const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

fn compiles(compiler: &str, standard: &str, ending: &str) {
    let folder = places::scratch("header_compiles");
    let unit = folder.join(format!(
        "{compiler}-{}.{ending}",
        standard.trim_start_matches('-')
    ));
    // Twice, because it is included from several places; a use, because an unused declaration hides mistakes.
    let text = "#include \"itero.h\"\n#include \"itero.h\"\n\
        int32_t use(itero_config *config);\n\
        int32_t use(itero_config *config) { return itero_config_free(config); }\n";
    fs::write(&unit, text).expect("the target folder is writable");
    let mut command = Command::new(compiler);
    command
        .args([standard, "-fsyntax-only"])
        .args(STRICT)
        .arg(format!("-I{}", places::root().join("include").display()))
        .arg(&unit);
    if ending == "c" {
        command.arg("-Wstrict-prototypes");
    }
    places::run(&mut command, LIMIT).expect_success(&format!("{compiler} {standard}"));
}

#[test]
fn as_c() {
    for standard in ["-std=c99", "-std=c11", "-std=c17"] {
        compiles("gcc", standard, "c");
        if places::is_installed("clang") {
            compiles("clang", standard, "c");
        }
    }
}

#[test]
fn as_cpp() {
    for standard in ["-std=c++11", "-std=c++17"] {
        compiles("g++", standard, "cpp");
        if places::is_installed("clang++") {
            compiles("clang++", standard, "cpp");
        }
    }
}

/// A host with a calling convention of its own as the default still calls with the library's.
#[test]
fn the_calling_convention_reaches_every_declaration() {
    let folder = places::scratch("header_compiles");
    let unit = folder.join("convention.c");
    fs::write(
        &unit,
        "#define ITERO_API api\n#define ITERO_CALL call\n#include \"itero.h\"\n",
    )
    .expect("writable");
    let mut command = Command::new("gcc");
    command
        .args(["-E", "-P"])
        .arg(format!("-I{}", places::root().join("include").display()))
        .arg(&unit);
    let ended = places::run(&mut command, LIMIT).expect_success("gcc -E");
    let text = ended
        .stdout
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let header = super::header::read();
    let functions = text.matches(" call itero_").count() + text.matches("*call itero_").count();
    assert_eq!(functions, header.functions.len());
    assert_eq!(
        text.matches("(call *itero_").count(),
        header.callbacks.len()
    );
    assert_eq!(text.matches("api ").count(), header.functions.len());
}

#[test]
fn the_journey_builds_against_the_library() {
    let program = places::scratch("header_compiles").join("journey");
    let library = places::library();
    let mut command = Command::new("gcc");
    command
        .arg("-std=c99")
        .args(STRICT)
        .arg(format!("-I{}", places::root().join("include").display()))
        .arg(places::root().join("examples/journey.c"))
        .arg("-o")
        .arg(&program)
        .arg(format!(
            "-L{}",
            library.parent().expect("a folder").display()
        ))
        .arg("-litero");
    places::run(&mut command, LIMIT).expect_success("examples/journey.c");
}
