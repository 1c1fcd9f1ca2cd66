//! The header is the manual, so it must be the one that the source gives today, and each comment must answer what a
//! stranger asks: what can go wrong, who frees the result, is the network used.

use std::collections::HashMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use super::header::{self, Function};
use super::{places, source};

/// Runs the build script itself, on a copy of the source, and compares what it writes.
#[test]
fn the_build_script_writes_this_header() {
    let copy = places::scratch("header_is_current");
    for folder in ["src/ffi", "include"] {
        fs::create_dir_all(copy.join(folder)).expect("the target folder is writable");
    }
    for file in fs::read_dir(places::root().join("src/ffi")).expect("src/ffi is readable") {
        let file = file.expect("src/ffi is readable");
        fs::copy(file.path(), copy.join("src/ffi").join(file.file_name()))
            .expect("the copy is writable");
    }
    let written = copy.join("include/itero.h");
    fs::write(&written, "not yet written\n").expect("the copy is writable");
    let mut script = Command::new(places::build_script());
    places::run(script.current_dir(&copy), Duration::from_secs(60)).expect_success("build.rs");
    let written = fs::read_to_string(written).expect("build.rs wrote the header");
    let header = places::header_text();
    let differing = written
        .lines()
        .zip(header.lines())
        .position(|(one, other)| one != other);
    assert!(
        written == header,
        "include/itero.h is not what build.rs writes (line {}): build again and commit it",
        differing.map_or(
            written.lines().count().min(header.lines().count()),
            |line| line
        ) + 1
    );
}

#[test]
fn every_comment_of_the_source_is_in_the_header() {
    let source = source::read();
    let header = header::read();
    let comments: HashMap<&str, &str> = header
        .functions
        .iter()
        .chain(&header.callbacks)
        .map(|function| (function.name.as_str(), function.comment.as_str()))
        .collect();
    for function in source.functions.iter().chain(&source.callbacks) {
        assert!(
            !function.comment.is_empty(),
            "{} has no comment",
            function.name
        );
        assert_eq!(
            Some(&function.comment.as_str()),
            comments.get(function.name.as_str()),
            "{}",
            function.name
        );
    }
}

fn complaints(complain: impl Fn(&Function) -> Option<String>) {
    let found: Vec<String> = header::read()
        .functions
        .iter()
        .filter_map(|function| Some(format!("{}: {}", function.name, complain(function)?)))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_function_tells_whether_it_uses_the_network() {
    complaints(|function| {
        let words = function.comment.replace('\n', " ");
        let told = ["No network.", "Uses the network", "Uses no network itself."];
        (!told.iter().any(|sentence| words.contains(sentence)))
            .then(|| "says nothing of the network".to_owned())
    });
}

#[test]
fn every_status_function_names_its_errors() {
    let header = header::read();
    let codes: Vec<&str> = header
        .constants
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    complaints(|function| {
        let takes_handle = function.parameters.iter().any(|parameter| {
            header
                .handles
                .iter()
                .any(|handle| parameter.of_type == format!("{handle} *"))
        });
        let errors = function
            .comment
            .split_once("Errors:")
            .map(|(_, errors)| errors);
        let Some(errors) = errors else {
            // Only getters have none; what changes an object or has a result can fail.
            let is_getter = function.parameters.iter().all(|parameter| {
                parameter.of_type == "int32_t" || parameter.of_type.starts_with("const itero_")
            });
            return (!is_getter).then(|| "can fail and names no errors".to_owned());
        };
        if function.result != "int32_t" {
            return Some("names errors but returns no status".to_owned());
        }
        let unknown = errors
            .split(|letter: char| {
                !letter.is_ascii_uppercase() && !letter.is_ascii_digit() && letter != '_'
            })
            .find(|word| word.starts_with("ITERO_") && !codes.contains(word));
        if let Some(word) = unknown {
            return Some(format!("{word} is no status code"));
        }
        let refers = errors.contains("as itero_");
        (takes_handle && !refers && !errors.contains("ITERO_E_HANDLE"))
            .then(|| "ITERO_E_HANDLE is missing".to_owned())
    });
}

#[test]
fn every_new_handle_says_how_it_is_freed() {
    complaints(|function| {
        let out = function
            .parameters
            .iter()
            .find(|parameter| parameter.of_type.ends_with("**"))?;
        let free = format!("free it with {}_free", out.of_type.trim_end_matches(" **"));
        let words = function.comment.replace('\n', " ");
        (!words.contains(&format!("{}:", out.name)) || !words.contains(&free))
            .then(|| format!("\"{free}\" is missing"))
    });
}

#[test]
fn every_getter_tells_its_safe_default() {
    complaints(|function| {
        let takes_handle = function
            .parameters
            .first()
            .is_some_and(|parameter| parameter.of_type.starts_with("const itero_"));
        let words = function.comment.replace('\n', " ");
        (takes_handle && !function.returns_status() && !words.contains("on a bad handle"))
            .then(|| "doesn't tell what it returns on a bad handle".to_owned())
    });
}

#[test]
fn every_input_is_explained() {
    complaints(|function| {
        let several = function
            .parameters
            .iter()
            .filter(|parameter| !parameter.of_type.contains("itero_"))
            .count()
            > 1;
        let silent = function
            .parameters
            .iter()
            .filter(|parameter| {
                parameter.of_type == "const char *" && several && function.returns_status()
            })
            .find(|parameter| !function.comment.contains(&parameter.name))?;
        Some(format!("the parameter {} is not explained", silent.name))
    });
}

/// Old compilers read a header in the code page of the computer that they run on.
#[test]
fn the_header_is_ascii() {
    for (number, line) in (1..).zip(places::header_text().lines()) {
        assert!(line.is_ascii(), "itero.h:{number}: {line}");
    }
}
