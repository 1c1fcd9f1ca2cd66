//! `itero.hpp` stands for the whole of `itero.h`: every function is called, by the method that has its name, with the
//! arguments in the header's order; every constant has its name. What has the wrong type, the compiler finds.

use std::collections::BTreeSet;
use std::fs;

use super::header::{self, Header, Parameter};
use super::places;

/// The noun in the names of the functions that a class calls. A client's methods have the other nouns in their names.
const NOUNS: [(&str, &str); 37] = [
    ("Account", "accounts_"),
    ("Accounts", "accounts_"),
    ("CapturedError", "error_"),
    ("Check", "diagnosis_"),
    ("Client", ""),
    ("Client", "client_"),
    ("Config", "config_"),
    ("Diagnosis", "diagnosis_"),
    ("Doctor", "practice_doctor_"),
    ("Download", "download_"),
    ("DownloadedFile", "download_file_"),
    ("Duplicate", "warnings_duplicate_"),
    ("Event", "event_"),
    ("Lab", "practice_lab_"),
    ("LedgerEntry", "ledger_"),
    ("Listener", "listener_"),
    ("Login", "login_"),
    ("Match", "matches_"),
    ("Notification", "notification_"),
    ("Order", "orders_"),
    ("OrderCursor", "orders_"),
    ("OrderFile", "orders_file_"),
    ("OrderQuery", "order_query_"),
    ("Orders", "orders_"),
    ("Outbox", "outbox_"),
    ("OutboxItem", "outbox_items_"),
    ("OutboxJob", "outbox_job_"),
    ("Patient", "patients_"),
    ("Patients", "patients_"),
    ("Practice", "practice_"),
    ("Procedure", "practice_procedure_"),
    ("Resolution", "resolution_"),
    ("Rx", "rx_"),
    ("ScanRequest", "scan_request_"),
    ("Scanner", "practice_scanner_"),
    ("Warnings", "warnings_"),
    ("Watch", "watch_"),
];

/// Methods that are not named after their function: those that C++ has other words for, and the parts of others.
const OTHER_NAMES: [(&str, &str); 11] = [
    ("accounts", "itero_accounts_get"),
    ("items", "itero_outbox_items_list"),
    ("list", "itero_orders_list"),
    ("make", "itero_client_new"),
    ("new_config", "itero_config_new"),
    ("new_order_query", "itero_order_query_new"),
    ("new_scan_request", "itero_scan_request_new"),
    ("open", "itero_orders_open"),
    ("practice", "itero_practice_get"),
    ("token_load", "itero_token_store_give"),
    ("warnings", "itero_warnings_get"),
];

/// Constants that a program uses by their own names: they may be added up, or there is no end to them.
const PLAIN: [&str; 6] = [
    "ITERO_E_",
    "ITERO_FILE_",
    "ITERO_DOWNLOAD_",
    "ITERO_MATCH_",
    "ITERO_PUSH_NONE_OF_THEM",
    "ITERO_PUSH_STOP",
];

/// Functions without a method: the wrapper's own texts are UTF-8, so a code page set behind its back would make them wrong
/// silently. Programs that work in a code page convert their texts, and hear of a character that it lacks.
const LEFT_OUT: [&str; 4] = [
    "itero_config_set_text_encoding",
    "itero_order_query_set_text_encoding",
    "itero_outbox_set_text_encoding",
    "itero_scan_request_set_text_encoding",
];

/// A call of a C function.
#[derive(Debug)]
struct Call {
    class: String,
    method: String,
    function: String,
    arguments: Vec<String>,
    /// What stands before it on its line.
    before: String,
}

fn wrapper() -> String {
    let path = places::root().join("include/itero.hpp");
    without_comments(&fs::read_to_string(path).expect("include/itero.hpp is readable"))
}

fn without_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once("*/").expect("a comment ends").1
    })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn last_word(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, character)| is_word(*character))
        .last();
    start.map_or("", |(start, _)| &text[start..])
}

/// Where the bracket that is open at the end of `text` was opened.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, character) in text.char_indices().rev() {
        match character {
            ')' => depth += 1,
            '(' if depth == 0 => return Some(at),
            '(' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The class and the name of the function whose body `text` breaks off in.
fn inside(text: &str) -> Option<(String, String)> {
    let ends = [") {", ") const {", ") noexcept {", ") const noexcept {"];
    let mut rest = text;
    loop {
        let end = ends.iter().filter_map(|end| rest.rfind(end)).max()?;
        let before = &rest[..opening(&rest[..end])?];
        let name = last_word(before);
        if !["", "if", "for", "while"].contains(&name) {
            let owner = before[..before.len() - name.len()].strip_suffix("::");
            let class = match owner {
                Some(owner) => last_word(owner),
                None => text
                    .rsplit("\nclass ")
                    .next()?
                    .split(|character| !is_word(character))
                    .next()?,
            };
            return Some((class.to_owned(), name.to_owned()));
        }
        rest = &rest[..end];
    }
}

/// The arguments of a call, from behind its bracket on.
fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut current, mut all) = (0, String::new(), Vec::new());
    for character in text.chars() {
        match character {
            '(' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | '}' => depth -= 1,
            ',' if depth == 0 => {
                all.push(std::mem::take(&mut current).trim().to_owned());
                continue;
            }
            _ => {}
        }
        current.push(character);
    }
    let last = current.trim();
    if !last.is_empty() {
        all.push(last.to_owned());
    }
    all
}

fn calls(text: &str) -> Vec<Call> {
    let starts = text.match_indices("itero_").map(|(at, _)| at);
    starts
        .filter(|at| !text[..*at].ends_with(is_word))
        .filter_map(|at| {
            let end = at + text[at..].find(|character| !is_word(character))?;
            let rest = text[end..].strip_prefix('(')?;
            let (class, method) = inside(&text[..at])?;
            Some(Call {
                class,
                method,
                function: text[at..end].to_owned(),
                arguments: arguments(rest),
                before: text[..at].lines().last().unwrap_or_default().to_owned(),
            })
        })
        .collect()
}

/// Whether a method may call the function by its name.
fn is_named_so(call: &Call) -> bool {
    let function = call.function.as_str();
    let short = function.strip_prefix("itero_").unwrap_or(function);
    if call.method == "release" {
        return short.ends_with("_free");
    }
    // The members of an error are read one by one.
    if let Some(member) = call.before.trim().strip_prefix("details.") {
        let member = member.split(' ').next().unwrap_or_default();
        return [format!("last_error_{member}"), format!("error_{member}")]
            .contains(&short.to_owned());
    }
    if call.method == short || OTHER_NAMES.contains(&(call.method.as_str(), function)) {
        return true;
    }
    NOUNS
        .iter()
        .filter(|(class, _)| *class == call.class)
        .any(|(_, noun)| format!("{noun}{}", call.method) == short)
}

/// What is wrong with an argument that has a name of its own.
fn argument_fault(call: &Call, argument: &str, parameter: &Parameter) -> Option<String> {
    let name = argument.strip_suffix(".c_str()").unwrap_or(argument);
    let is_own_name = name.chars().all(is_word) && !name.ends_with('_') && name != "nullptr";
    (is_own_name && name != parameter.name && name != "handle").then(|| {
        format!(
            "{}::{} passes {name} as {} of {}",
            call.class, call.method, parameter.name, call.function
        )
    })
}

/// All in which the wrapper's text differs from the header.
fn differences(header: &Header, text: &str) -> Vec<String> {
    let calls = calls(text);
    let called: BTreeSet<&str> = calls.iter().map(|call| call.function.as_str()).collect();
    let missing = header
        .functions
        .iter()
        .filter(|function| {
            let name = function.name.as_str();
            called.contains(name) == LEFT_OUT.contains(&name)
        })
        .map(
            |function| match LEFT_OUT.contains(&function.name.as_str()) {
                true => format!("{} is called, but left out", function.name),
                false => format!("{} is not called", function.name),
            },
        );
    let mut all: Vec<String> = missing.collect();
    for call in &calls {
        let declared = header
            .functions
            .iter()
            .find(|function| function.name == call.function);
        let Some(declared) = declared else {
            all.push(format!("{} is not in the header", call.function));
            continue;
        };
        if !is_named_so(call) {
            let Call {
                class,
                method,
                function,
                ..
            } = call;
            all.push(format!("{class}::{method} calls {function}"));
        }
        if declared.parameters.len() != call.arguments.len() {
            all.push(format!(
                "{} has {} parameters, {}::{} passes {}",
                call.function,
                declared.parameters.len(),
                call.class,
                call.method,
                call.arguments.len()
            ));
        }
        let pairs = call.arguments.iter().zip(&declared.parameters);
        all.extend(
            pairs.filter_map(|(argument, parameter)| argument_fault(call, argument, parameter)),
        );
    }
    all.extend(
        header
            .constants
            .iter()
            .filter_map(|(name, _)| constant_fault(name, text)),
    );
    let declares = |name: &&str| {
        header
            .functions
            .iter()
            .any(|function| function.name == *name)
    };
    let gone = LEFT_OUT.iter().filter(|name| !declares(name));
    all.extend(gone.map(|name| format!("{name} is left out, and not in the header")));
    for handle in &header.handles {
        if !text.contains(&format!("Handle<{handle}>"))
            && !text.contains(&format!("Table<{handle}, "))
        {
            all.push(format!("{handle} has no class"));
        }
    }
    all
}

fn constant_fault(name: &str, text: &str) -> Option<String> {
    if name == "ITERO_OK" || PLAIN.iter().any(|plain| name.starts_with(plain)) {
        return None;
    }
    let assignment = format!(" = {name}");
    let at = text
        .match_indices(&assignment)
        .find(|(at, _)| !text[at + assignment.len()..].starts_with(is_word));
    match at {
        None => Some(format!("{name} is in no enum")),
        Some((at, _)) => {
            let value = last_word(&text[..at]);
            (!name.ends_with(&format!("_{}", value.to_uppercase())))
                .then(|| format!("{name} is called {value}"))
        }
    }
}

#[test]
fn every_function_and_constant_has_its_place_in_the_wrapper() {
    let found = differences(&header::read(), &wrapper());
    assert!(found.is_empty(), "include/itero.hpp:\n{}", found.join("\n"));
}

#[test]
fn a_wrong_wrapper_is_found() {
    let right = wrapper();
    let breaks = [
        (
            "return itero_patients_first_name(place_",
            "return itero_patients_last_name(place_",
            "Patient::first_name calls itero_patients_last_name",
        ),
        (
            "return itero_patients_first_name(place_",
            "return itero_patients_last_name(place_",
            "itero_patients_first_name is not called",
        ),
        (
            "itero_patients_match(handle(), first_name.c_str(), last_name.c_str()",
            "itero_patients_match(handle(), last_name.c_str(), first_name.c_str()",
            "Client::patients_match passes last_name as first_name of itero_patients_match",
        ),
        (
            "connect_ms, request_ms, stall_ms));",
            "connect_ms, stall_ms, request_ms));",
            "Config::set_timeouts passes stall_ms as request_ms of itero_config_set_timeouts",
        ),
        (
            "details.service_code = itero_last_error_service_code()",
            "details.service_code = itero_last_error_request_id()",
            "Error::last calls itero_last_error_request_id",
        ),
        (
            "signed_in = ITERO_STATE_SIGNED_IN",
            "signed_in = ITERO_STATE_PAIRED",
            "ITERO_STATE_SIGNED_IN is in no enum",
        ),
        (
            "v2 = ITERO_API_V2",
            "v3 = ITERO_API_V2",
            "ITERO_API_V2 is called v3",
        ),
        (
            "itero_watch_stop(handle())",
            "itero_watch_halt(handle())",
            "itero_watch_halt is not in the header",
        ),
        (
            "itero_watch_stop(handle())",
            "itero_watch_stop(handle(), 1)",
            "itero_watch_stop has 1 parameters, Watch::stop passes 2",
        ),
        (
            "itero_config_set_token_memory(handle())",
            "itero_config_set_text_encoding(handle(), 1252)",
            "itero_config_set_text_encoding is called, but left out",
        ),
        (
            "detail::Handle<itero_rx>",
            "detail::Handle<itero_event>",
            "itero_rx has no class",
        ),
    ];
    let header = header::read();
    for (good, bad, fault) in breaks {
        assert!(right.contains(good), "{good} is not in the wrapper");
        let found = differences(&header, &right.replace(good, bad));
        assert!(found.iter().any(|text| text == fault), "{fault}: {found:?}");
    }
}
