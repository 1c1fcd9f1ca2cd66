//! Writes the header's functions as a C table, each with a wrapper that calls it with its own types, so that `misuse.c`
//! can call every function with every value also where arguments stand on the stack or results come in other registers.

use std::fmt::Write as _;

use super::header::{Function, Header, Parameter};

/// Whether the comment allows NULL for this parameter.
fn may_be_null(function: &Function, parameter: &Parameter) -> bool {
    let comment = &function.comment;
    if function.name.ends_with("_free") && comment.contains("NULL is fine") {
        return true;
    }
    if parameter.name.ends_with("_out") && comment.contains("Any of the places may be NULL") {
        return true;
    }
    // A parameter's explanation begins with its name, or several names, and a colon.
    let mut about_it = false;
    for line in comment.lines() {
        let names = line
            .split_once(": ")
            .map(|(names, _)| names.split(", ").collect::<Vec<_>>());
        let is_name = |name: &&str| function.parameters.iter().any(|known| known.name == **name);
        match names {
            Some(names) if names.iter().all(is_name) => {
                about_it = names.contains(&parameter.name.as_str());
            }
            _ if line.is_empty() => about_it = false,
            _ => {}
        }
        if about_it && line.contains("NULL") {
            return true;
        }
    }
    false
}

fn handle<'a>(header: &'a Header, of_type: &str) -> Option<&'a String> {
    let target = of_type
        .trim_start_matches("const ")
        .trim_end_matches('*')
        .trim();
    header.handles.iter().find(|handle| *handle == target)
}

/// The parameter's kind in the table and the argument in the wrapper's call.
fn parameter(header: &Header, function: &Function, index: usize) -> (String, String) {
    let parameter = &function.parameters[index];
    let of_type = parameter.of_type.as_str();
    let callback = header
        .callbacks
        .iter()
        .any(|callback| callback.name == of_type);
    let stars = of_type.matches('*').count();
    let (kind, handle_kind, argument) = match handle(header, of_type) {
        Some(handle) => {
            let kind = if stars == 2 {
                "P_OUT_HANDLE"
            } else {
                "P_HANDLE"
            };
            (
                kind,
                format!("KIND_{handle}"),
                format!("({of_type})v[{index}].pointer"),
            )
        }
        None if callback => (
            "P_CALLBACK",
            "-1".to_owned(),
            format!("v[{index}].number ? harmless_{of_type} : 0"),
        ),
        None => {
            let (kind, argument) = match of_type {
                "const char *" => ("P_TEXT", "text"),
                "void *" => ("P_USER", "pointer"),
                "int32_t" => ("P_INT", "number"),
                "uint32_t" => ("P_UINT", "number"),
                "int64_t *" | "int32_t *" | "double *" => ("P_OUT_NUMBER", "pointer"),
                "char *" | "uint16_t *" | "const uint16_t *" => ("P_BUFFER", "pointer"),
                other => panic!("{}: misuse.c doesn't know the type {other}", function.name),
            };
            let cast = if argument == "text" {
                String::new()
            } else {
                format!("({of_type})")
            };
            (
                kind,
                "-1".to_owned(),
                format!("{cast}v[{index}].{argument}"),
            )
        }
    };
    let null = i32::from(may_be_null(function, parameter));
    (
        format!(
            "{{ \"{}\", {kind}, {handle_kind}, {null} }}",
            parameter.name
        ),
        argument,
    )
}

fn wrapper(function: &Function, arguments: &[String]) -> String {
    let member = match function.result.as_str() {
        "int32_t" => "number",
        "int64_t" => "wide",
        "double" => "real",
        "const char *" => "text",
        other => panic!(
            "{}: misuse.c doesn't know the result {other}",
            function.name
        ),
    };
    format!(
        "static void call_{name}(const struct value *v, struct result *result)\n{{\n    (void)v;\n    \
         result->{member} = {name}({});\n}}\n\n",
        arguments.join(", "),
        name = function.name
    )
}

fn result_kind(function: &Function) -> &'static str {
    match function.result.as_str() {
        _ if function.returns_status() => "R_STATUS",
        "int32_t"
            if function
                .comment
                .replace('\n', " ")
                .contains("-1 on a bad handle") =>
        {
            "R_MINUS"
        }
        "int32_t" => "R_NUMBER",
        "int64_t" => "R_WIDE",
        "double" => "R_REAL",
        _ => "R_TEXT",
    }
}

pub fn write(header: &Header) -> String {
    let mut text = String::from("/* Written from itero.h by the test. */\n\n");
    for (number, handle) in header.handles.iter().enumerate() {
        let _ = writeln!(text, "#define KIND_{handle} {number}");
    }
    let _ = writeln!(text, "#define KINDS {}\n", header.handles.len());
    for callback in &header.callbacks {
        let unused: String = callback
            .parameters
            .iter()
            .map(|one| format!(" (void){};", one.name))
            .collect();
        let signature = callback.signature().replacen(
            &callback.name,
            &format!("ITERO_CALL harmless_{}", callback.name),
            1,
        );
        // An answer that stops what asked.
        let answer = if callback.result == "void" {
            ""
        } else {
            " return -2;"
        };
        let _ = writeln!(text, "static {signature} {{{unused}{answer} }}\n");
    }
    let mut rows = String::new();
    for function in &header.functions {
        let parts: Vec<_> = (0..function.parameters.len())
            .map(|index| parameter(header, function, index))
            .collect();
        let (kinds, arguments): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        text.push_str(&wrapper(function, &arguments));
        let kinds = if kinds.is_empty() {
            "{ 0, P_INT, -1, 0 }".to_owned()
        } else {
            kinds.join(", ")
        };
        let _ = writeln!(
            rows,
            "    {{ \"{name}\", {}, {}, call_{name}, {{ {kinds} }} }},",
            result_kind(function),
            function.parameters.len(),
            name = function.name
        );
    }
    text.push_str("static int32_t free_handle(int kind, void *handle)\n{\n    switch (kind) {\n");
    for handle in &header.handles {
        let _ = writeln!(
            text,
            "    case KIND_{handle}: return {handle}_free(({handle} *)handle);"
        );
    }
    text.push_str("    }\n    return -1;\n}\n\n");
    let _ = writeln!(
        text,
        "static const struct function functions[] = {{\n{rows}}};"
    );
    text
}
