//! Reading facts back: the stored data with its texts put in again. An erased text reads as such.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::model::Fact;

/// A value read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueRead {
    Nothing,
    Plain(String),
    /// An instant, RFC 3339.
    At(String),
    /// An id or a code, and its label at that time.
    Ref {
        id: String,
        label: String,
    },
    Text(String),
}

/// What stands in for a text that was erased, in the journal and in the tables.
pub const ERASED: &str = "[…]";

/// What stands in for the name of a person who was erased, before their number.
const ERASED_PERSON: &str = "Erased person ";

/// The name that a person who was erased has from then on.
pub fn erased_person(number: i32) -> String {
    format!("{ERASED_PERSON}{number}")
}

/// Whether this is what stands where a text or a name was erased.
pub fn stands_for_erased(text: &str) -> bool {
    let number = text.strip_prefix(ERASED_PERSON);
    text == ERASED || number.is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
}

impl ValueRead {
    /// As a form would post it.
    pub fn posted(&self) -> String {
        match self {
            ValueRead::Nothing => String::new(),
            ValueRead::Plain(text) | ValueRead::At(text) | ValueRead::Text(text) => text.clone(),
            ValueRead::Ref { id, .. } => id.clone(),
        }
    }

    /// As a person reads it.
    pub fn shown(&self) -> String {
        match self {
            ValueRead::Ref { label, .. } => label.clone(),
            other => other.posted(),
        }
    }
}

/// One field of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRead {
    pub field: String,
    pub before: ValueRead,
    pub after: ValueRead,
}

/// A fact's data, readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactData {
    pub by: String,
    pub on_behalf_of: Option<String>,
    pub changes: Vec<ChangeRead>,
}

impl FactData {
    /// Reads a fact with the texts that [`super::texts_of`] found.
    pub fn read(fact: &Fact, texts: &HashMap<(i64, i32), String>) -> Self {
        let data: Json = serde_json::from_str(&fact.data).unwrap_or_default();
        let text = |slot: &Json| -> String {
            let slot = slot.get("slot").and_then(Json::as_i64).unwrap_or(-1) as i32;
            texts
                .get(&(fact.seq, slot))
                .cloned()
                .unwrap_or_else(|| ERASED.to_owned())
        };
        let value = |stored: Option<&Json>| -> ValueRead {
            match stored {
                None | Some(Json::Null) => ValueRead::Nothing,
                Some(Json::String(word)) => ValueRead::Plain(word.clone()),
                Some(Json::Object(map)) => {
                    if let (Some(id), Some(label)) = (map.get("id"), map.get("label")) {
                        ValueRead::Ref {
                            id: id.as_str().unwrap_or_default().to_owned(),
                            label: text(label),
                        }
                    } else if let Some(at) = map.get("at") {
                        ValueRead::At(at.as_str().unwrap_or_default().to_owned())
                    } else {
                        ValueRead::Text(map.get("text").map(text).unwrap_or_default())
                    }
                }
                Some(other) => ValueRead::Plain(other.to_string()),
            }
        };
        let changes = data
            .get("set")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
            .map(|(field, pair)| ChangeRead {
                field: field.clone(),
                before: value(pair.get(0)),
                after: value(pair.get(1)),
            })
            .collect();
        Self {
            by: data.get("by").map(text).unwrap_or_default(),
            on_behalf_of: data.get("for").map(text),
            changes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_words_stand_for_what_was_erased() {
        assert!(stands_for_erased(ERASED));
        assert!(stands_for_erased(&erased_person(12)));
        for other in [
            "",
            "Erased person ",
            "Erased person 1a",
            "erased person 1",
            "[...]",
        ] {
            assert!(!stands_for_erased(other), "{other}");
        }
    }
}
