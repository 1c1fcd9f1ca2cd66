//! Tolerant reading of JSON answers.
//!
//! Member names match without regard to case, ids may be text or numbers, unknown members are left alone, `null` counts
//! as missing. What is missing and needed is an error that names the member, never its value.

use std::borrow::Cow;

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};

use super::json::{Json, Member, serialize_members};
use crate::error::{Error, Result};
use crate::wire::Text;

/// For so many elements a list sets room aside at once; what it holds may yet turn out to be no elements at all.
const MOST_ROOM: usize = 256;

/// A JSON object of an answer. It knows where it is, for error messages (`orders[3].patient`), and writes that down only
/// when there is an error.
pub struct Object<'a> {
    members: &'a [Member<'a>],
    place: Place<'a>,
}

/// A member of `above`, or an item of its list.
#[derive(Clone, Copy)]
struct Place<'a> {
    above: Option<&'a Object<'a>>,
    name: &'a str,
    index: Option<usize>,
}

impl Place<'_> {
    fn path(&self) -> String {
        let Some(above) = self.above else {
            return String::new();
        };
        let path = above.path_of(self.name);
        match self.index {
            Some(index) => format!("{path}[{index}]"),
            None => path,
        }
    }
}

/// The whole answer as JSON.
pub fn json(body: &[u8]) -> Result<Json<'_>> {
    // Once for the whole is quicker than for each text.
    let text = std::str::from_utf8(body)
        .map_err(|_| Error::protocol("the answer is not JSON (its text is not UTF-8)"))?;
    serde_json::from_str(text).map_err(|fault| {
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

/// An answer with tokens in it. What was copied out of its bytes is wiped when it has been read.
pub struct Secret<'a>(Json<'a>);

impl<'a> Secret<'a> {
    pub fn json(body: &'a [u8]) -> Result<Secret<'a>> {
        json(body).map(Secret)
    }

    pub fn root(&self) -> Result<Object<'_>> {
        Object::root(&self.0)
    }
}

impl Drop for Secret<'_> {
    fn drop(&mut self) {
        fn wipe(value: &mut Json<'_>) {
            match value {
                Json::Text(Cow::Owned(text)) => text.zeroize(),
                Json::List(values) => values.iter_mut().for_each(wipe),
                Json::Object(members) => members.iter_mut().for_each(|(_, value)| wipe(value)),
                _ => {}
            }
        }
        wipe(&mut self.0);
    }
}

impl<'a> Object<'a> {
    pub fn root(value: &'a Json<'a>) -> Result<Object<'a>> {
        let place = Place {
            above: None,
            name: "",
            index: None,
        };
        Object::at(value, place)
    }

    fn at(value: &'a Json<'a>, place: Place<'a>) -> Result<Object<'a>> {
        match value {
            Json::Object(members) => Ok(Object { members, place }),
            _ => Err(Error::protocol(format!(
                "the answer's {} is not an object",
                named(&place.path())
            ))),
        }
    }

    fn below(&'a self, name: &'a str, index: Option<usize>) -> Place<'a> {
        Place {
            above: Some(self),
            name,
            index,
        }
    }

    /// Of several members of one name, the last one counts.
    fn get(&self, name: &str) -> Option<&'a Json<'a>> {
        let members = || self.members.iter().rev();
        let (_, found) = members()
            .find(|(own, _)| own.0 == name)
            .or_else(|| members().find(|(own, _)| own.0.eq_ignore_ascii_case(name)))?;
        Some(found).filter(|value| !matches!(value, Json::Null))
    }

    fn path_of(&self, name: &str) -> String {
        let path = self.place.path();
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
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
        let mut json = Vec::new();
        let mut writer = serde_json::Serializer::new(&mut json);
        match serialize_members(self.members, &mut writer) {
            Ok(()) => Text::from(String::from_utf8(json).unwrap_or_default()),
            Err(_) => Text::default(),
        }
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
            Some(Json::Text(text)) => Ok(Text::new(text)),
            Some(Json::Number(number)) => Ok(Text::from(number.to_string())),
            Some(Json::Truth(truth)) => Ok(Text::new(if *truth { "true" } else { "false" })),
            Some(_) => Err(self.wrong(name, "text")),
        }
    }

    /// As [`text`](Object::text), without another copy that nobody wipes; `None` when missing or empty.
    pub fn secret(&self, name: &str) -> Result<Option<SecretString>> {
        let secret: SecretString = match self.get(name) {
            Some(Json::Text(text)) if !text.contains('\0') => (**text).into(),
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
            Some(Json::Number(number)) => number
                .as_i64()
                .map(Some)
                .ok_or_else(|| self.wrong(name, "a whole number")),
            Some(Json::Text(text)) if text.trim().is_empty() => Ok(None),
            Some(Json::Text(text)) => text
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
            Some(Json::Truth(truth)) => Ok(*truth),
            Some(Json::Number(number)) => Ok(number.as_i64() != Some(0)),
            Some(Json::Text(text)) => Ok(text.eq_ignore_ascii_case("true") || text == "1"),
            Some(_) => Err(self.wrong(name, "true or false")),
        }
    }

    /// A nested object that must be there.
    pub fn object(&'a self, name: &'a str) -> Result<Object<'a>> {
        self.maybe_object(name)?.ok_or_else(|| self.missing(name))
    }

    pub fn maybe_object(&'a self, name: &'a str) -> Result<Option<Object<'a>>> {
        self.get(name)
            .map(|value| Object::at(value, self.below(name, None)))
            .transpose()
    }

    /// A list that must be there, each element read by `read`.
    pub fn list<T>(&self, name: &str, read: impl Fn(&Object<'_>) -> Result<T>) -> Result<Vec<T>> {
        self.maybe_list(name, read)?
            .ok_or_else(|| self.missing(name))
    }

    /// A list, empty when missing.
    pub fn list_or_empty<T>(
        &self,
        name: &str,
        read: impl Fn(&Object<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        Ok(self.maybe_list(name, read)?.unwrap_or_default())
    }

    fn maybe_list<T>(
        &self,
        name: &str,
        read: impl Fn(&Object<'_>) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        let items = match self.get(name) {
            None => return Ok(None),
            Some(Json::List(items)) => items,
            Some(_) => return Err(self.wrong(name, "a list")),
        };
        let mut list = Vec::with_capacity(items.len().min(MOST_ROOM));
        for (index, item) in items.iter().enumerate() {
            list.push(read(&Object::at(item, self.below(name, Some(index)))?)?);
        }
        Ok(Some(list))
    }

    /// The members whose value is text, as they are spelt.
    pub fn texts(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.members.iter().filter_map(|(name, value)| match value {
            Json::Text(text) => Some((&*name.0, &**text)),
            _ => None,
        })
    }
}

fn named(path: &str) -> String {
    if path.is_empty() {
        "top level".to_owned()
    } else {
        format!("member {path}")
    }
}
