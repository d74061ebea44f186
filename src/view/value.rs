//! View data as templates receive it: made once in tera's own values, whose parts are shared and not
//! copied when they stand on many pages.
//!
//! [`view!`] writes an object; keys are fixed texts, and a value is anything that is [`ToValue`].

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use tera::value::Key;

pub use tera::Value;

use crate::base::date::Date;

/// What can stand in view data.
pub trait ToValue {
    /// The value. Of a value it is a second reference to the same.
    fn to_value(&self) -> Value;
}

/// An object of view data: `view!({ "title": title, "url": url })`. Values are borrowed.
macro_rules! view {
    ({ $($key:literal: $value:expr),* $(,)? }) => {
        $crate::view::value::object([
            $(($key, $crate::view::value::ToValue::to_value(&$value))),*
        ])
    };
}
pub(crate) use view;

/// An object of entries, in their order.
pub fn object<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    // tera takes over each entry of whatever map it is given: of this one without hashing it twice.
    let mut place = 0;
    let placed = entries.map(|(key, value)| {
        place += 1;
        (Placed { place, key }, value)
    });
    Value::from(BTreeMap::from(placed))
}

/// A key and its place among those of its object.
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

/// Objects looked into and added to.
pub trait Object {
    /// The same with one more entry.
    #[must_use]
    fn with(self, key: &'static str, value: impl ToValue) -> Value;

    /// The value of a key; absent where this is no object, or has no such key, or nothing there.
    fn entry(&self, key: &'static str) -> Option<&Value>;

    /// The text of a key.
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

/// Nothing.
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

/// What has a form of its own, such as the runs of a citation; nothing where it can't be written.
pub fn serialized<T: Serialize + ?Sized>(value: &T) -> Value {
    Value::try_from_serializable(value).unwrap_or_else(|_| Value::none())
}
