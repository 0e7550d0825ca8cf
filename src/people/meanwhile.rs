//! What happens when two people edit the same thing at once.
//!
//! A form carries, besides what is asked, what its maker saw. A field they left as they saw it
//! takes whatever it is now; a field only they changed takes theirs; a field both changed comes
//! back with both values, once: sending the form again then means it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::form::Form;
use super::form_view::FormView;
use super::layout::Shell;
use crate::journal;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Conflict, Error, Invalid, Message, Result};

/// The hidden field of a form that holds what its maker saw.
pub const SEEN: &str = "seen";

/// What the maker of a form saw, and what they ask for.
#[derive(Debug, Clone)]
pub struct Edit<T> {
    pub seen: T,
    pub asked: T,
}

impl<T: DeserializeOwned> Edit<T> {
    pub fn of(form: &Form, asked: T) -> Result<Self> {
        let seen = serde_json::from_str(form.value(SEEN))
            .map_err(|_| Error::invalid("", "error-form-key"))?;
        Ok(Self { seen, asked })
    }
}

/// What is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled<T> {
    pub value: T,
    /// Somebody else's changes of other fields are in it.
    pub with_theirs: bool,
}

/// Brings an edit together with what is there now, or names the fields both changed. `fields` are
/// the names of all fields, as form and journal know them.
pub fn settle<T: Serialize + DeserializeOwned>(
    conn: &mut Db,
    subject: Uuid,
    fields: &[&'static str],
    edit: &Edit<T>,
    now: &T,
) -> Result<Settled<T>> {
    let now = object(now);
    let merged = merge(&object(&edit.seen), &object(&edit.asked), &now);
    if merged.both.is_empty() {
        return Ok(Settled {
            value: serde_json::from_value(Json::Object(merged.value))
                .map_err(|e| Error::inward(format!("merged form: {e}")))?,
            with_theirs: merged.with_theirs,
        });
    }
    let changes = journal::fields_changed_since(conn, subject, 0)?;
    let conflicts = fields
        .iter()
        .filter(|field| merged.both.iter().any(|name| name == *field))
        .map(|field| {
            let change = changes.iter().find(|change| change.field == *field);
            Conflict {
                field,
                theirs: now.get(*field).map(Json::to_string).unwrap_or_default(),
                theirs_label: change.map_or_else(String::new, |c| c.label.clone()),
                by: change.map_or_else(String::new, |c| c.by.clone()),
                at: change.map_or(Utc::FAR, |c| c.at),
            }
        })
        .collect();
    Err(Error::Stale(conflicts))
}

/// What a form's hidden field holds when its page is first shown.
pub fn seen<T: Serialize>(now: &T) -> String {
    Json::Object(object(now)).to_string()
}

/// What it holds when the form comes back: a conflict that was shown has been seen.
pub fn seen_again(form: &Form, error: Option<&Error>) -> String {
    let Some(Error::Stale(conflicts)) = error else {
        return form.value(SEEN).to_owned();
    };
    let mut seen: Map<String, Json> = serde_json::from_str(form.value(SEEN)).unwrap_or_default();
    for conflict in conflicts {
        let theirs = serde_json::from_str(&conflict.theirs).unwrap_or_default();
        seen.insert(conflict.field.to_owned(), theirs);
    }
    Json::Object(seen).to_string()
}

/// The form given back: where both changed a field, the other value stands beside it.
pub fn view_again(shell: &Shell, form: &Form, error: Option<&Error>) -> FormView {
    let Some(Error::Stale(conflicts)) = error else {
        return FormView::again(shell, form, error);
    };
    let mut beside = Invalid::default();
    for conflict in conflicts {
        let key = match (conflict.by.as_str(), conflict.theirs_label.as_str()) {
            ("", _) => "meanwhile-unknown",
            (_, "") => "meanwhile-cleared",
            _ => "meanwhile-changed",
        };
        let message = Message::new(key)
            .arg("value", &conflict.theirs_label)
            .arg("by", &conflict.by)
            .arg("at", shell.when(conflict.at).short);
        beside.add(conflict.field, message);
    }
    FormView::again(shell, form, Some(&Error::Invalid(beside)))
}

struct Merged {
    value: Map<String, Json>,
    with_theirs: bool,
    both: Vec<String>,
}

fn merge(seen: &Map<String, Json>, asked: &Map<String, Json>, now: &Map<String, Json>) -> Merged {
    let mut merged = Merged {
        value: Map::new(),
        with_theirs: false,
        both: Vec::new(),
    };
    for (field, mine) in asked {
        let (before, theirs) = (seen.get(field), now.get(field));
        let kept = match theirs {
            Some(theirs) if before == Some(mine) && theirs != mine => {
                merged.with_theirs = true;
                theirs
            }
            Some(theirs) if before != Some(theirs) && theirs != mine => {
                merged.both.push(field.clone());
                mine
            }
            _ => mine,
        };
        merged.value.insert(field.clone(), kept.clone());
    }
    // What came to be while the form was open is not in it, and stays.
    for (field, theirs) in now {
        if !merged.value.contains_key(field) {
            merged.value.insert(field.clone(), theirs.clone());
        }
    }
    merged
}

fn object<T: Serialize>(value: &T) -> Map<String, Json> {
    match serde_json::to_value(value) {
        Ok(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Json) -> Map<String, Json> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn different_fields_do_not_collide() {
        let merged = merge(
            &map(json!({"name": "a", "mail": "x"})),
            &map(json!({"name": "mine", "mail": "x"})),
            &map(json!({"name": "a", "mail": "theirs"})),
        );
        assert_eq!(merged.value, map(json!({"name": "mine", "mail": "theirs"})));
        assert!(merged.with_theirs && merged.both.is_empty());
    }

    #[test]
    fn what_the_form_could_not_know_stays() {
        let seen = map(json!({"name-1": "High"}));
        let now = map(json!({"name-1": "High", "name-2": "Low"}));
        let merged = merge(&seen, &map(json!({"name-1": "Top"})), &now);
        let kept = json!({"name-1": "Top", "name-2": "Low"});
        assert_eq!(merged.value, map(kept));
        assert!(merged.both.is_empty());
    }

    #[test]
    fn the_same_field_is_a_choice_and_the_same_value_is_none() {
        let seen = map(json!({"name": "a", "mail": "x"}));
        let merged = merge(
            &seen,
            &map(json!({"name": "mine", "mail": "same"})),
            &map(json!({"name": "theirs", "mail": "same"})),
        );
        assert_eq!(merged.both, ["name"]);
        assert!(!merged.with_theirs);
    }

    #[test]
    fn sending_again_after_seeing_the_conflict_means_it() {
        let form = Form {
            fields: vec![(SEEN.into(), r#"{"name":"a","mail":"x"}"#.into())],
            ..Form::default()
        };
        let stale = Error::Stale(vec![Conflict {
            field: "name",
            theirs: "\"theirs\"".into(),
            theirs_label: "theirs".into(),
            by: "Ada".into(),
            at: Utc::from_micros(0),
        }]);
        let seen = seen_again(&form, Some(&stale));
        let merged = merge(
            &map(serde_json::from_str(&seen).unwrap()),
            &map(json!({"name": "mine", "mail": "x"})),
            &map(json!({"name": "theirs", "mail": "new"})),
        );
        assert_eq!(merged.value, map(json!({"name": "mine", "mail": "new"})));
        assert!(merged.both.is_empty());
        let invalid = Error::invalid("mail", "error-required");
        assert_eq!(seen_again(&form, Some(&invalid)), form.value(SEEN));
    }
}
