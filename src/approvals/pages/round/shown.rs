//! What was put into a round, as its reader reads it. It is kept by ids, words of ours and instants in
//! UTC, so that nothing is taken for something else of the same name.

use uuid::Uuid;

use crate::people::Shell;
use crate::platform::db::Utc;

/// Labels whose texts name things with their ids.
const NAMED: [&str; 5] = [
    "field-change-services",
    "field-change-items",
    "field-implementer",
    "field-verifier",
    "tasks",
];

/// A text under its label: instants in the reader's zone, words of ours translated, names without ids.
pub fn shown(shell: &Shell, label: &str, text: &str) -> String {
    if let Some(at) = Utc::parse(text) {
        return shell.when(at).full;
    }
    let is_word = !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if is_word {
        let field = label.trim_start_matches("field-");
        let key = format!("{field}-{}", text.replace('_', "-"));
        if shell.t.has(&key) {
            return shell.t.s(&key).into_owned();
        }
    }
    match NAMED.contains(&label) {
        true => without_ids(text),
        false => text.to_owned(),
    }
}

/// `Mail (ID), Tills (ID)` as `Mail, Tills`; `Restart team:ID` as `Restart`.
fn without_ids(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let bare = word.trim_end_matches(',');
        let id = bare.trim_start_matches('(').trim_end_matches(')');
        let id = id.rsplit_once(':').map_or(id, |(_, id)| id);
        if Uuid::parse_str(id).is_ok() {
            out.push_str(word.get(bare.len()..).unwrap_or_default());
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_without_their_ids() {
        let id = Uuid::nil();
        assert_eq!(without_ids(&format!("Anna Berg ({id})")), "Anna Berg");
        let two = format!("Mail ({id}), Tills ({id})");
        assert_eq!(without_ids(&two), "Mail, Tills");
        assert_eq!(without_ids(&format!("Restart it team:{id}")), "Restart it");
        assert_eq!(
            without_ids("Nobody (yet), and: all"),
            "Nobody (yet), and: all"
        );
    }
}
