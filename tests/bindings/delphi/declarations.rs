//! Writes the Pascal declarations from the header, so that a new function costs no typing. They are committed, because
//! people read them, and compared with the header by a reader of its own in `parity_delphi`.

use super::header::{Function, Header, Parameter};
use super::places;

/// Reserved words of Pascal that the header uses as names of parameters.
const RESERVED: [&str; 4] = ["end", "program", "to", "type"];

pub const BEGIN: &str = "// Declarations: begin";
pub const END: &str = "// Declarations: end";

/// A parameter's name as Pascal can have it.
pub fn pascal_name(name: &str) -> String {
    match RESERVED.contains(&name) {
        true => format!("{name}_"),
        false => name.to_owned(),
    }
}

fn plain_type(of_type: &str) -> String {
    match of_type {
        "int32_t" => "Integer",
        "uint32_t" => "Cardinal",
        "int64_t" => "Int64",
        "uint64_t" => "UInt64",
        "double" => "Double",
        "void *" => "Pointer",
        "char *" | "const char *" => "PAnsiChar",
        "uint16_t *" | "const uint16_t *" => "PWideChar",
        callback if callback.ends_with("_callback") => callback,
        handle => {
            let handle = handle.trim_start_matches("const ").trim_end_matches(" *");
            assert!(
                handle.starts_with("itero_") && !handle.contains(' '),
                "{of_type} has no form in Pascal yet"
            );
            return format!("P{handle}");
        }
    }
    .to_owned()
}

/// Where the function writes a result, the parameter is `out`; where it only reads, `const`.
fn parameter(parameter: &Parameter) -> String {
    let name = pascal_name(&parameter.name);
    let of_type = parameter.of_type.as_str();
    if let Some(handle) = of_type.strip_suffix(" **") {
        return format!("out {name}: P{handle}");
    }
    match of_type {
        "int32_t *" | "uint32_t *" | "int64_t *" | "uint64_t *" | "double *" => {
            format!("out {name}: {}", plain_type(of_type.trim_end_matches(" *")))
        }
        _ if of_type.starts_with("const ") => format!("const {name}: {}", plain_type(of_type)),
        _ => format!("{name}: {}", plain_type(of_type)),
    }
}

/// `before` + parameters + result + `after`, in one line where it fits into 120 columns.
fn signature(function: &Function, before: &str, after: &str) -> String {
    let parameters: Vec<String> = function.parameters.iter().map(parameter).collect();
    let result = match function.result.as_str() {
        "void" => String::new(),
        result => format!(": {}", plain_type(result)),
    };
    if parameters.is_empty() {
        return format!("{before}{result}{after}\n");
    }
    let line = format!("{before}({}){result}{after}\n", parameters.join("; "));
    if line.len() <= 120 {
        return line;
    }
    let indent = " ".repeat(before.len() - before.trim_start().len() + 2);
    format!(
        "{before}(\n{indent}{}){result}{after}\n",
        parameters.join(&format!(";\n{indent}"))
    )
}

fn kind(function: &Function) -> &'static str {
    match function.result.as_str() {
        "void" => "procedure",
        _ => "function",
    }
}

/// The first sentence of a comment, in lines of Pascal; the header has the rest.
fn summary(indent: &str, comment: &str) -> String {
    let words: Vec<&str> = comment
        .split("\n\n")
        .next()
        .unwrap_or("")
        .split_whitespace()
        .collect();
    let mut lines = vec![String::new()];
    for word in words {
        let line = lines.last().expect("one is there");
        if indent.len() + 3 + line.len() + 1 + word.len() > 118 {
            lines.push(String::new());
        }
        let line = lines.last_mut().expect("one is there");
        line.push(' ');
        line.push_str(word);
        if word.ends_with('.') && !word.ends_with("..") {
            break;
        }
    }
    lines
        .iter()
        .map(|line| format!("{indent}//{line}\n"))
        .collect()
}

/// The header's sections, each with where it begins.
fn sections() -> Vec<(usize, String)> {
    let text = places::header_text();
    let start = "/* ----";
    text.match_indices(start)
        .map(|(at, _)| {
            let title = text[at..].lines().nth(1).expect("a section has a title");
            (at, title.trim_start_matches(" * ").to_owned())
        })
        .collect()
}

/// The section in which a declaration is.
fn section_of(sections: &[(usize, String)], text: &str, mark: &str) -> String {
    let at = text
        .find(mark)
        .unwrap_or_else(|| panic!("{mark} is not in the header"));
    let section = sections.iter().rev().find(|(begin, _)| *begin < at);
    section
        .unwrap_or_else(|| panic!("{mark} is in no section"))
        .1
        .clone()
}

/// The comment right before a constant.
fn constant_comment(text: &str, name: &str) -> String {
    let define = format!("#define {name} ");
    let before = text.split(&define).next().expect("the constant is there");
    let comment = before.rsplit("/**").next().expect("it has a comment");
    comment.replace(" * ", " ").replace("*/", "")
}

fn title(text: &str) -> String {
    let line = "-".repeat(116);
    format!("\n{{ {line}\n  {text}\n  {line} }}\n")
}

/// Constants and types, then the functions as they are imported when the program starts.
pub fn api(header: &Header) -> String {
    let (text, sections) = (places::header_text(), sections());
    let mut api = title("Handles: opaque, and never to be looked behind.");
    api.push_str("type\n");
    for handle in &header.handles {
        api.push_str(&format!(
            "  {handle} = record end;\n  P{handle} = ^{handle};\n"
        ));
    }
    let mut at = String::new();
    for (name, value) in &header.constants {
        let section = section_of(&sections, &text, &format!("#define {name} "));
        if section != at {
            api.push_str(&title(&format!("{section}: constants")));
            api.push_str("const\n");
            at = section;
        }
        api.push_str(&summary("  ", &constant_comment(&text, name)));
        api.push_str(&format!("  {name} = {value};\n"));
    }
    api.push_str(&title("Callbacks"));
    api.push_str("type\n");
    for callback in &header.callbacks {
        api.push_str(&summary("  ", &callback.comment));
        let before = format!("  {} = {}", callback.name, kind(callback));
        api.push_str(&signature(callback, &before, "; cdecl;"));
    }
    api.push_str("\n{$IFDEF ITERO_IMPORT}\n");
    at.clear();
    for function in &header.functions {
        let section = section_of(&sections, &text, &format!("ITERO_CALL {}(", function.name));
        if section != at {
            api.push_str(&title(&section));
            at = section;
        }
        api.push('\n');
        api.push_str(&summary("", &function.comment));
        let before = format!("{} {}", kind(function), function.name);
        api.push_str(&signature(
            function,
            &before,
            "; cdecl; external ITERO_LIBRARY;",
        ));
    }
    api.push_str("\n{$ENDIF ITERO_IMPORT}\n");
    api
}

/// The same functions as variables, and what fills them.
pub fn loaded(header: &Header) -> String {
    let mut loaded = String::from(
        "// The functions of Itero.Api as variables, and what fills them when the library is loaded.\n\n\
         {$IFNDEF ITERO_FIND}\nvar\n",
    );
    for function in &header.functions {
        let before = format!("  {}: {}", function.name, kind(function));
        loaded.push_str(&signature(function, &before, "; cdecl;"));
    }
    loaded.push_str("{$ELSE}\n");
    for function in &header.functions {
        loaded.push_str(&format!("  @{0} := Find('{0}');\n", function.name));
    }
    loaded.push_str("{$ENDIF}\n");
    loaded
}

/// `unit` with what is between the marks written anew.
pub fn replaced(unit: &str, declarations: &str) -> String {
    let (before, rest) = unit.split_once(BEGIN).expect("the unit has a begin mark");
    let (_, after) = rest.split_once(END).expect("the unit has an end mark");
    format!("{before}{BEGIN}\n{declarations}\n{END}{after}")
}
