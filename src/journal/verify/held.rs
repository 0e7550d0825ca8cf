//! Values as the journal holds them: a text is a hash, and its salt while it was not erased.

use serde_json::Value as Json;

use super::walk::TextRow;
use crate::journal::chain::{hex, text_hash};
use crate::journal::model::Value;

/// How much of a text is shown in a difference.
const SHOWN: usize = 60;

/// What a fact holds of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    hash: String,
    salt: Option<Vec<u8>>,
    /// The beginning of the text, for people.
    start: String,
}

/// One side of a change, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    Nothing,
    Flag(bool),
    Number(i64),
    Word(String),
    /// RFC 3339 with microseconds.
    At(String),
    /// An id or a code, and its label.
    Ref(String, Mark),
    Text(Mark),
}

impl Mark {
    /// Reads what stands for a text; `None` when it is none.
    pub(super) fn read(stored: &Json, texts: &[TextRow]) -> Option<(i32, Mark)> {
        let slot = i32::try_from(stored.get("slot")?.as_i64()?).ok()?;
        let hash = stored.get("hash")?.as_str()?.to_owned();
        let kept = texts.iter().find(|t| t.slot == slot);
        let mark = Mark {
            hash,
            salt: kept.map(|t| t.salt.clone()),
            start: kept.map_or_else(String::new, |t| t.text.chars().take(SHOWN).collect()),
        };
        Some((slot, mark))
    }

    /// A text that is known without a fact.
    fn known(text: &str) -> Self {
        Self {
            hash: hex(&text_hash(&[], text)),
            salt: Some(Vec::new()),
            start: text.chars().take(SHOWN).collect(),
        }
    }

    /// Whether this is the text; `None` when it was erased and nobody can say.
    pub fn is(&self, text: &str) -> Option<bool> {
        let salt = self.salt.as_ref()?;
        Some(hex(&text_hash(salt, text)) == self.hash)
    }

    pub(super) fn hash(&self) -> &str {
        &self.hash
    }

    pub fn erased(&self) -> bool {
        self.salt.is_none()
    }

    pub(super) fn shown(&self) -> String {
        if self.erased() {
            "an erased text".to_owned()
        } else {
            quoted(&self.start)
        }
    }
}

impl Held {
    /// Reads a stored value, telling each of its texts; `None` when it is none of ours.
    pub(super) fn read(
        stored: &Json,
        texts: &[TextRow],
        each: &mut dyn FnMut(i32, &Mark),
    ) -> Option<Held> {
        let mut mark = |stored: &Json| {
            let (slot, mark) = Mark::read(stored, texts)?;
            each(slot, &mark);
            Some(mark)
        };
        Some(match stored {
            Json::Null => Held::Nothing,
            Json::Bool(flag) => Held::Flag(*flag),
            Json::Number(n) => Held::Number(n.as_i64()?),
            Json::String(word) => Held::Word(word.clone()),
            Json::Array(_) => return None,
            Json::Object(map) => match (map.get("id"), map.get("at"), map.get("text")) {
                (Some(id), None, None) => {
                    Held::Ref(id.as_str()?.to_owned(), mark(map.get("label")?)?)
                }
                (None, Some(at), None) => Held::At(at.as_str()?.to_owned()),
                (None, None, Some(text)) => Held::Text(mark(text)?),
                _ => return None,
            },
        })
    }

    /// A value that is known without a fact.
    pub fn known(value: &Value) -> Self {
        match value {
            Value::Nothing => Held::Nothing,
            Value::Flag(flag) => Held::Flag(*flag),
            Value::Number(n) => Held::Number(*n),
            Value::Word(word) => Held::Word(word.clone()),
            Value::At(at) => Held::At(at.rfc3339_micros()),
            Value::Code(code, label) => Held::Ref(code.clone(), Mark::known(label)),
            Value::Ref(id, label) => Held::Ref(id.to_string(), Mark::known(label)),
            Value::Text(text) => Held::Text(Mark::known(text)),
        }
    }

    /// Whether this is what stands there; `None` when the text was erased and nobody can say.
    /// A flag that nobody set is down; labels may change, ids may not.
    pub fn is(&self, stands: &Value) -> Option<bool> {
        Some(match (self, stands) {
            (Held::Nothing, Value::Nothing | Value::Flag(false)) => true,
            (Held::Flag(a), Value::Flag(b)) => a == b,
            (Held::Flag(false), Value::Nothing) => true,
            (Held::Number(a), Value::Number(b)) => a == b,
            (Held::Word(a), Value::Word(b) | Value::Code(b, _)) => a == b,
            (Held::At(a), Value::At(b)) => *a == b.rfc3339_micros(),
            (Held::Ref(a, _), Value::Ref(b, _)) => *a == b.to_string(),
            (Held::Ref(a, _), Value::Code(b, _)) => a == b,
            (Held::Text(mark), Value::Text(text)) => return mark.is(text),
            _ => false,
        })
    }

    /// Whether a later fact's value before (with its text, where it has one) is this value.
    pub(super) fn is_before(&self, before: &Held, texts: &[TextRow], slot: Option<i32>) -> bool {
        match (self, before) {
            (Held::Ref(a, _), Held::Ref(b, _)) => a == b,
            (Held::Text(mark), Held::Text(_)) => {
                let text = texts.iter().find(|t| Some(t.slot) == slot);
                text.and_then(|t| mark.is(&t.text)).unwrap_or(true)
            }
            (Held::Nothing, Held::Flag(false)) | (Held::Flag(false), Held::Nothing) => true,
            (a, b) => a == b,
        }
    }

    /// For people.
    pub fn shown(&self) -> String {
        match self {
            Held::Nothing => "nothing".to_owned(),
            Held::Flag(flag) => flag.to_string(),
            Held::Number(n) => n.to_string(),
            Held::Word(word) => word.clone(),
            Held::At(at) => at.clone(),
            Held::Ref(id, label) if label.erased() => id.clone(),
            Held::Ref(id, label) => format!("{} ({id})", label.shown()),
            Held::Text(mark) => mark.shown(),
        }
    }
}

/// A value of a table, for people.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Nothing => "nothing".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Word(word) | Value::Code(word, _) => word.clone(),
        Value::At(at) => at.rfc3339_micros(),
        Value::Ref(id, label) if label.is_empty() => id.to_string(),
        Value::Ref(id, label) => format!("{} ({id})", quoted(label)),
        Value::Text(text) => quoted(text),
    }
}

/// A text as one short line.
fn quoted(text: &str) -> String {
    let mut line: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        line.push('…');
    }
    format!("“{line}”")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kept(slot: i32, text: &str) -> TextRow {
        TextRow {
            fact_seq: 1,
            slot,
            salt: vec![7; 16],
            text: text.to_owned(),
        }
    }

    fn stored(slot: i32, text: &str) -> Json {
        json!({ "text": { "slot": slot, "hash": hex(&text_hash(&[7; 16], text)) } })
    }

    #[test]
    fn a_text_is_known_by_its_hash_until_it_is_erased() {
        let read = |texts: &[TextRow]| Held::read(&stored(2, "Printer"), texts, &mut |_, _| {});
        let held = read(&[kept(2, "Printer")]).unwrap();
        assert_eq!(held.is(&Value::text("Printer")), Some(true));
        assert_eq!(held.is(&Value::text("Drucker")), Some(false));
        assert_eq!(held.is(&Value::Nothing), Some(false));
        let erased = read(&[]).unwrap();
        assert_eq!(erased.is(&Value::text("Drucker")), None);
        assert_eq!(erased.is(&Value::Nothing), Some(false));
    }

    #[test]
    fn what_is_none_of_ours_is_not_read() {
        for odd in [
            json!([1]),
            json!({ "id": "x" }),
            json!({ "id": 1, "label": { "slot": 0, "hash": "" } }),
            json!({ "text": { "slot": "0", "hash": "" } }),
            json!(1.5),
            json!({}),
        ] {
            assert_eq!(Held::read(&odd, &[], &mut |_, _| {}), None, "{odd}");
        }
    }

    #[test]
    fn long_texts_and_line_ends_are_shown_short() {
        assert_eq!(quoted("a\nb"), "“a b”");
        assert_eq!(quoted(&"x".repeat(70)), format!("“{}…”", "x".repeat(60)));
    }
}
