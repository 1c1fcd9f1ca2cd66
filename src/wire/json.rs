//! JSON as it lies in an answer: texts without escapes are not copied, and an object's members are a list, because each
//! is looked up once. (`serde_json::Value` copies every text and sorts the members into a tree.)

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Number;

pub enum Json<'a> {
    Null,
    Truth(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<Member<'a>>),
}

pub type Member<'a> = (Name<'a>, Json<'a>);

#[derive(serde::Deserialize, serde::Serialize)]
pub struct Name<'a>(#[serde(borrow)] pub Cow<'a, str>);

/// Members and items of what is not complete yet, one upon the other: each object and list is then allocated once, at
/// its size.
#[derive(Default)]
struct Pile<'a> {
    members: Vec<Member<'a>>,
    items: Vec<Json<'a>>,
}

/// Reads one value, with the pile that it may use.
struct Build<'pile, 'a>(&'pile mut Pile<'a>);

impl<'a> DeserializeSeed<'a> for Build<'_, 'a> {
    type Value = Json<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Json<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Build<'_, 'a> {
    type Value = Json<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'a>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Json<'a>, E> {
        Ok(Json::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'a>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'a>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'a>, E> {
        Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Json<'a>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'a>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<Json<'a>, A::Error> {
        let start = self.0.items.len();
        while let Some(item) = items.next_element_seed(Build(self.0))? {
            self.0.items.push(item);
        }
        Ok(Json::List(self.0.items.drain(start..).collect()))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<Json<'a>, A::Error> {
        let start = self.0.members.len();
        while let Some(name) = members.next_key()? {
            let value = members.next_value_seed(Build(self.0))?;
            self.0.members.push((name, value));
        }
        Ok(Json::Object(self.0.members.drain(start..).collect()))
    }
}

impl<'a> Deserialize<'a> for Json<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Json<'a>, D::Error> {
        Build(&mut Pile::default()).deserialize(deserializer)
    }
}

/// As the service wrote it, spaces aside.
impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Truth(truth) => serializer.serialize_bool(*truth),
            Json::Number(number) => number.serialize(serializer),
            Json::Text(text) => serializer.serialize_str(text),
            Json::List(list) => serializer.collect_seq(list),
            Json::Object(members) => serialize_members(members, serializer),
        }
    }
}

pub fn serialize_members<S: Serializer>(
    members: &[Member<'_>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_written_again() {
        let text = r#"{"z":[1,-2,3.5,18446744073709551615,true,null],"a":{"é":"\"\\\n","é":"歯"},"":[{},[]]}"#;
        let json: Json = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&json).unwrap(), text);
    }

    #[test]
    fn only_escaped_texts_are_copied() {
        let json: Json = serde_json::from_str(r#"{"plain":"plain","p\u0061":"p\u0061"}"#).unwrap();
        let Json::Object(members) = json else {
            panic!("no object")
        };
        let is_copy = |text: &Cow<'_, str>| matches!(text, Cow::Owned(_));
        let copies: Vec<_> = members
            .iter()
            .map(|(name, value)| match value {
                Json::Text(text) => (is_copy(&name.0), is_copy(text)),
                _ => panic!("no text"),
            })
            .collect();
        assert_eq!(copies, [(false, false), (true, true)]);
    }

    #[test]
    fn depth_is_limited() {
        assert!(serde_json::from_str::<Json>(&"[".repeat(100_000)).is_err());
    }
}
