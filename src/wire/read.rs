//! Tolerant reading of JSON answers.
//!
//! Member names match without regard to case, ids may be text or numbers, unknown members are left alone, `null` counts
//! as missing. What is missing and needed is an error that names the member, never its value.

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::wire::Text;

/// A JSON object of an answer, with the path that led to it for error messages (`orders[3].patient`).
pub struct Object<'a> {
    members: &'a Map<String, Value>,
    path: String,
}

/// The whole answer as JSON.
pub fn json(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body).map_err(|fault| {
        let start = body.trim_ascii_start();
        if start.is_empty() {
            Error::protocol("the answer is empty where JSON was expected")
        } else if start.starts_with(b"<") {
            Error::protocol("the answer is a web page (HTML) where JSON was expected; a proxy or a sign-in page of the network may have answered in place of the service")
                .advise("Open the service's address in a browser on this computer, or ask the network's administrator about its proxy.")
        } else {
            Error::protocol(format!("the answer is not JSON (line {}, column {})", fault.line(), fault.column()))
        }
    })
}

/// An answer with tokens in it; its texts are wiped when it has been read.
pub struct Secret(Value);

impl Secret {
    pub fn json(body: &[u8]) -> Result<Secret> {
        json(body).map(Secret)
    }

    pub fn root(&self) -> Result<Object<'_>> {
        Object::root(&self.0)
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        fn wipe(value: &mut Value) {
            match value {
                Value::String(text) => text.zeroize(),
                Value::Array(values) => values.iter_mut().for_each(wipe),
                Value::Object(members) => members.values_mut().for_each(wipe),
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        wipe(&mut self.0);
    }
}

impl<'a> Object<'a> {
    pub fn root(value: &'a Value) -> Result<Object<'a>> {
        Object::at(value, String::new())
    }

    fn at(value: &'a Value, path: String) -> Result<Object<'a>> {
        match value {
            Value::Object(members) => Ok(Object { members, path }),
            _ => Err(Error::protocol(format!(
                "the answer's {} is not an object",
                named(&path)
            ))),
        }
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        let exact = self.members.get(name);
        let found = exact.or_else(|| {
            self.members
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    fn missing(&self, name: &str) -> Error {
        Error::protocol(format!(
            "the answer lacks the member {}",
            self.path_of(name)
        ))
    }

    fn wrong(&self, name: &str, expected: &str) -> Error {
        Error::protocol(format!(
            "the answer's member {} is not {expected}",
            self.path_of(name)
        ))
    }

    /// The object as JSON again.
    pub fn json(&self) -> Text {
        Text::from(serde_json::to_string(self.members).unwrap_or_default())
    }

    /// Text or an id that must be there and not be empty.
    pub fn need(&self, name: &str) -> Result<Text> {
        let text = self.text(name)?;
        if text.is_empty() {
            Err(self.missing(name))
        } else {
            Ok(text)
        }
    }

    /// Text, or a number or truth value as its text; empty when missing.
    pub fn text(&self, name: &str) -> Result<Text> {
        match self.get(name) {
            None => Ok(Text::default()),
            Some(Value::String(text)) => Ok(Text::new(text)),
            Some(Value::Number(number)) => Ok(Text::from(number.to_string())),
            Some(Value::Bool(truth)) => Ok(Text::new(if *truth { "true" } else { "false" })),
            Some(_) => Err(self.wrong(name, "text")),
        }
    }

    /// As [`text`](Object::text), without another copy that nobody wipes; `None` when missing or empty.
    pub fn secret(&self, name: &str) -> Result<Option<SecretString>> {
        let secret: SecretString = match self.get(name) {
            Some(Value::String(text)) if !text.contains('\0') => text.as_str().into(),
            _ => self.text(name)?.as_str().into(),
        };
        Ok((!secret.expose_secret().is_empty()).then_some(secret))
    }

    pub fn need_secret(&self, name: &str) -> Result<SecretString> {
        self.secret(name)?.ok_or_else(|| self.missing(name))
    }

    /// A whole number, also as text; `None` when missing.
    pub fn number(&self, name: &str) -> Result<Option<i64>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => number
                .as_i64()
                .map(Some)
                .ok_or_else(|| self.wrong(name, "a whole number")),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => text
                .trim()
                .parse()
                .map(Some)
                .map_err(|_| self.wrong(name, "a whole number")),
            Some(_) => Err(self.wrong(name, "a whole number")),
        }
    }

    /// A truth value, also as 0/1 or text; false when missing.
    pub fn truth(&self, name: &str) -> Result<bool> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(Value::Number(number)) => Ok(number.as_i64() != Some(0)),
            Some(Value::String(text)) => Ok(text.eq_ignore_ascii_case("true") || text == "1"),
            Some(_) => Err(self.wrong(name, "true or false")),
        }
    }

    /// A nested object that must be there.
    pub fn object(&self, name: &str) -> Result<Object<'a>> {
        self.maybe_object(name)?.ok_or_else(|| self.missing(name))
    }

    pub fn maybe_object(&self, name: &str) -> Result<Option<Object<'a>>> {
        self.get(name)
            .map(|value| Object::at(value, self.path_of(name)))
            .transpose()
    }

    /// A list that must be there, each element read by `read`.
    pub fn list<T>(&self, name: &str, read: impl Fn(&Object<'a>) -> Result<T>) -> Result<Vec<T>> {
        self.maybe_list(name, read)?
            .ok_or_else(|| self.missing(name))
    }

    /// A list, empty when missing.
    pub fn list_or_empty<T>(
        &self,
        name: &str,
        read: impl Fn(&Object<'a>) -> Result<T>,
    ) -> Result<Vec<T>> {
        Ok(self.maybe_list(name, read)?.unwrap_or_default())
    }

    fn maybe_list<T>(
        &self,
        name: &str,
        read: impl Fn(&Object<'a>) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(i, item)| read(&Object::at(item, format!("{}[{i}]", self.path_of(name)))?))
                .collect::<Result<Vec<T>>>()
                .map(Some),
            Some(_) => Err(self.wrong(name, "a list")),
        }
    }

    /// The members whose value is text, as they are spelt.
    pub fn texts(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.members
            .iter()
            .filter_map(|(name, value)| value.as_str().map(|text| (name.as_str(), text)))
    }
}

fn named(path: &str) -> String {
    if path.is_empty() {
        "top level".to_owned()
    } else {
        format!("member {path}")
    }
}
