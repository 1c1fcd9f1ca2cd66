//! A program that was built against an old header must run with every later library: what was exported once stays, with
//! its types and values. `exports.txt` holds all that ever was; it only grows.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::{header, places};

const UPDATE: &str = "ITERO_UPDATE_SNAPSHOT";

fn snapshot() -> PathBuf {
    places::root().join("tests/abi/exports.txt")
}

fn current() -> BTreeSet<String> {
    let header = header::read();
    let functions = header.functions.iter().map(header::Function::signature);
    let callbacks = header
        .callbacks
        .iter()
        .map(|callback| format!("callback {}", callback.signature()));
    let constants = header
        .constants
        .iter()
        .map(|(name, value)| format!("constant {name} = {value}"));
    functions.chain(callbacks).chain(constants).collect()
}

fn recorded() -> BTreeSet<String> {
    let text = fs::read_to_string(snapshot()).unwrap_or_default();
    text.lines()
        .map(|line| line.trim_end().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn what_was_exported_once_is_exported_still() {
    let (recorded, current) = (recorded(), current());
    let lost: Vec<&String> = recorded.difference(&current).collect();
    assert!(
        lost.is_empty(),
        "the interface lost or changed these; programs in the field would break:\n{lost:#?}"
    );
    let new: Vec<&String> = current.difference(&recorded).collect();
    if !new.is_empty() && std::env::var_os(UPDATE).is_some_and(|value| value == "1") {
        let all: Vec<&str> = recorded.union(&current).map(String::as_str).collect();
        fs::write(snapshot(), all.join("\n") + "\n").expect("tests/abi/exports.txt is writable");
        return;
    }
    assert!(
        new.is_empty(),
        "new in the interface; add these lines to tests/abi/exports.txt (or run once with {UPDATE}=1):\n{new:#?}"
    );
    let text = fs::read_to_string(snapshot()).expect("tests/abi/exports.txt is readable");
    let sorted: Vec<String> = recorded.into_iter().collect();
    assert_eq!(
        text,
        sorted.join("\n") + "\n",
        "the lines of tests/abi/exports.txt are sorted, each once"
    );
}

#[test]
fn no_constant_of_one_family_is_used_twice() {
    let header = header::read();
    let codes: Vec<&(String, String)> = header
        .constants
        .iter()
        .filter(|(name, _)| name == "ITERO_OK" || name.starts_with("ITERO_E_"))
        .collect();
    let values: BTreeSet<&String> = codes.iter().map(|(_, value)| value).collect();
    assert!(codes.len() > 20, "the status codes were not found");
    assert_eq!(values.len(), codes.len(), "two status codes have one value");
}
