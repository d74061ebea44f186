//! View data in tera's own values, whose parts are shared between pages without copying.
//!
//! [`view!`] makes an object; keys are literals, and values implement [`ToValue`].

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use tera::value::Key;

pub(crate) use tera::Value;

use crate::base::date::Date;

/// A type that view data can contain.
pub(crate) trait ToValue {
    /// The value; for a [`Value`], another reference to it.
    fn to_value(&self) -> Value;
}

/// An object: `view!({ "title": title, "url": url })`. Values are borrowed.
macro_rules! view {
    ({ $($key:literal: $value:expr),* $(,)? }) => {
        $crate::view::value::object([
            $(($key, $crate::view::value::ToValue::to_value(&$value))),*
        ])
    };
}
pub(crate) use view;

/// An object with entries in this order.
pub(crate) fn object<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    // tera converts any map entry by entry; converting this one hashes each key only once.
    let mut place = 0;
    let placed = entries.map(|(key, value)| {
        place += 1;
        (Placed { place, key }, value)
    });
    Value::from(BTreeMap::from(placed))
}

/// A key with its position in the object.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Placed {
    place: usize,
    key: &'static str,
}

impl From<Placed> for Key<'static> {
    fn from(placed: Placed) -> Key<'static> {
        Key::Str(placed.key)
    }
}

/// Reading and extending objects.
pub(crate) trait Object {
    /// Adds an entry.
    #[must_use]
    fn with(self, key: &'static str, value: impl ToValue) -> Value;

    /// The value of a key; `None` if it is missing or null, or this is no object.
    fn entry(&self, key: &'static str) -> Option<&Value>;

    fn text(&self, key: &'static str) -> Option<&str> {
        self.entry(key)?.as_str()
    }
}

impl Object for Value {
    fn with(self, key: &'static str, value: impl ToValue) -> Value {
        let mut map = self.into_map().unwrap_or_default();
        map.insert(Key::Str(key), value.to_value());
        Value::from(map)
    }

    fn entry(&self, key: &'static str) -> Option<&Value> {
        self.as_map()?.get(&Key::Str(key)).filter(|value| !value.is_none())
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or_else(Value::none, ToValue::to_value)
    }
}

impl<T: ToValue> ToValue for [T] {
    fn to_value(&self) -> Value {
        self.iter().map(ToValue::to_value).collect::<Vec<Value>>().into()
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

impl<T: ToValue, const N: usize> ToValue for [T; N] {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

/// Null.
impl ToValue for () {
    fn to_value(&self) -> Value {
        Value::none()
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::from(self)
    }
}

impl ToValue for Arc<str> {
    fn to_value(&self) -> Value {
        Value::from(&**self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}

macro_rules! plain {
    ($($kind:ty),*) => {$(
        impl ToValue for $kind {
            fn to_value(&self) -> Value {
                Value::from(*self)
            }
        }
    )*};
}
plain!(bool, i32, u16, u32, u64, usize);

/// As a machine reads it.
impl ToValue for Date {
    fn to_value(&self) -> Value {
        self.to_string().to_value()
    }
}

/// As a machine reads it.
impl ToValue for NaiveDate {
    fn to_value(&self) -> Value {
        self.to_string().to_value()
    }
}

/// A curator's own keys.
impl ToValue for serde_json::Map<String, serde_json::Value> {
    fn to_value(&self) -> Value {
        serialized(self)
    }
}

/// Serializes other types, such as the runs of a citation; null on failure.
pub(crate) fn serialized<T: Serialize + ?Sized>(value: &T) -> Value {
    Value::try_from_serializable(value).unwrap_or_else(|_| Value::none())
}
