//! Values of the journal in the reader's words: codes and states translated, levels and codes of
//! the desk by their names, people and records by the label they had at the time.

use crate::journal::{ERASED, ValueRead};
use crate::people::{Shell, When};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::markdown;
use crate::platform::words::Words;
use crate::records::{priority_label, state_label};
use crate::services::{self, Code, CodeList, Level, Scale};

/// A text longer than this is folded.
const LONG: usize = 160;

/// A value ready for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    Nothing,
    /// A text that was erased from the journal.
    Erased,
    /// Our own word.
    Word(String),
    /// What people typed or named.
    Data(String),
    /// A long text: its beginning, and all of it.
    Long(String, String),
    Time(When),
}

/// The names the desk gave its codes and levels.
#[derive(Debug, Default)]
pub struct Vocabulary {
    codes: Vec<Code>,
    levels: Vec<Level>,
}

impl Vocabulary {
    /// Reads only the lists that these fields need.
    pub fn of<'a>(conn: &mut Db, fields: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut vocabulary = Vocabulary::default();
        let mut lists = Vec::new();
        let mut scales = Vec::new();
        for field in fields {
            if let Some(list) = list_of(field)
                && !lists.contains(&list)
            {
                lists.push(list);
                vocabulary.codes.extend(services::list_codes(conn, list)?);
            }
            if let Some(scale) = scale_of(field)
                && !scales.contains(&scale)
            {
                scales.push(scale);
                vocabulary
                    .levels
                    .extend(services::list_levels(conn, scale)?);
            }
        }
        Ok(vocabulary)
    }

    /// A value of a field as the reader sees it.
    pub fn shown(&self, shell: &Shell, field: &str, value: &ValueRead) -> Shown {
        match value {
            ValueRead::Nothing => Shown::Nothing,
            ValueRead::At(at) => Utc::parse(at)
                .map_or_else(|| Shown::Data(at.clone()), |at| Shown::Time(shell.when(at))),
            ValueRead::Ref { label: text, .. } | ValueRead::Text(text) if text == ERASED => {
                Shown::Erased
            }
            ValueRead::Ref { label, .. } => Shown::Data(label.clone()),
            ValueRead::Text(text) => folded(text),
            ValueRead::Plain(word) => self.word(shell.t, field, word),
        }
    }

    fn word(&self, t: Words, field: &str, word: &str) -> Shown {
        if let Some(list) = list_of(field) {
            let label = |word| {
                let code = self.codes.iter().find(|c| c.list == list && c.code == word);
                code.map_or(word, |c| c.label.as_str())
            };
            let labels: Vec<&str> = word.split(", ").map(label).collect();
            return Shown::Data(labels.join(", "));
        }
        if field == "priority" {
            return Shown::Data(
                word.parse()
                    .map_or_else(|_| word.to_owned(), priority_label),
            );
        }
        if let Some(scale) = scale_of(field) {
            let named = |l: &&Level| l.scale == scale && word.parse() == Ok(l.level);
            let level = self.levels.iter().find(named);
            return Shown::Data(level.map_or_else(|| word.to_owned(), |l| l.name.clone()));
        }
        if field == "state" {
            let known = t.has(&format!("state-{}", word.replace('_', "-")));
            return if known {
                Shown::Word(state_label(t, word).into_owned())
            } else {
                Shown::Data(word.to_owned())
            };
        }
        if field == "roles" {
            let named = word.split(", ").map(|role| t.s(&format!("role-{role}")));
            return Shown::Word(named.collect::<Vec<_>>().join(", "));
        }
        let family = match field {
            "channel" => &["channel"][..],
            "entry_channel" => &["channel", "door"],
            "kind" => &["kind"],
            "priority_source" => &["priority-source"],
            "entry_audience" | "attachment_audience" => &["audience"],
            "link_type" => &["link"],
            "environment" => &["environment"],
            "first_contact" | "disabled" | "single_keys" | "task_blocking" | "entry_chaser"
            | "entry_by_staff" => &["flag"],
            "exemption_approved" | "major" | "hold_flows_down" | "never_pauses_major"
            | "retired" | "backout_rehearsed" | "authorised" | "withdrawn" | "erase_records"
            | "erase_replies" | "erase_notes" | "erase_files" => &["flag"],
            "impact_began_source"
            | "detected_source"
            | "acknowledged_source"
            | "mitigated_source" => &["instant-source"],
            "task_state" => &["task-state"],
            "vote" => &["vote"],
            "approval_decision" => &["decision"],
            "clock_target" => &["target"],
            "breach_code" => &["breach"],
            "language" => &["language"],
            "theme" => &["theme"],
            "behaviour" => &["behaviour"],
            "criticality" | "service_criticality" => &["criticality"],
            "agreement_kind" => &["agreement-kind"],
            "record_kind" => &["kind"],
            "taken_as" => &["taken-as"],
            "known_error_audience" | "told_audience" => &["known-error-audience"],
            "known_error_retired" => &["known-error-retired"],
            "change_type" => &["change-type"],
            "rollout" => &["rollout"],
            "risk" => &["risk"],
            "risk_reach" => &["risk-reach"],
            "risk_reversible" => &["risk-reversible"],
            "risk_done_before" => &["risk-done-before"],
            "risk_steps" => &["risk-steps"],
            "risk_reasons" => &["risk-reason"],
            "action_kind" => &["action-kind"],
            "outcome" => &["outcome"],
            "verdict" => &["verdict"],
            "authority_standing" => &["authority-standing"],
            "stops_at" => &["stops-at"],
            "reopening" => &["reopening"],
            "priority_change" => &["priority-change"],
            _ => &[],
        };
        let said = |word: &str| {
            let key = |family: &&str| format!("{family}-{}", word.replace('_', "-"));
            let key = family.iter().map(key).find(|key| t.has(key))?;
            Some(t.s(&key).into_owned())
        };
        // Some fields hold several words with blanks between.
        let all: Option<Vec<String>> = word.split(' ').map(said).collect();
        all.map_or_else(
            || Shown::Data(word.to_owned()),
            |all| Shown::Word(all.join(", ")),
        )
    }
}

fn list_of(field: &str) -> Option<CodeList> {
    match field {
        "hold_reason" | "pauses" => Some(CodeList::Hold),
        "resolution_code" => Some(CodeList::Resolution),
        "cancellation_code" => Some(CodeList::Cancellation),
        _ => None,
    }
}

fn scale_of(field: &str) -> Option<Scale> {
    match field {
        "impact" => Some(Scale::Impact),
        "urgency" => Some(Scale::Urgency),
        _ => None,
    }
}

fn folded(text: &str) -> Shown {
    if text.len() <= LONG && !text.contains('\n') {
        return Shown::Data(text.to_owned());
    }
    let first = text.lines().next().unwrap_or_default();
    Shown::Long(format!("{} …", markdown::cut(first, LONG)), text.to_owned())
}

/// The name of a field; one the catalogue does not know is shown as the journal has it.
pub fn field_label(t: Words, field: &str) -> Option<String> {
    let key = format!("field-{}", field.replace('_', "-"));
    t.has(&key).then(|| t.s(&key).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_become_words() {
        let t = Words::of("en");
        let v = Vocabulary::default();
        let word = |field, word| v.word(t, field, word);
        assert_eq!(
            word("state", "in_progress"),
            Shown::Word("In progress".into())
        );
        assert_eq!(
            word("state", "Awaiting Evidence"),
            Shown::Data("Awaiting Evidence".into())
        );
        assert_eq!(word("channel", "walk_up"), Shown::Word("Walk-up".into()));
        assert_eq!(word("priority", "2"), Shown::Data("P2".into()));
        assert_eq!(word("reopens", "3"), Shown::Data("3".into()));
    }

    #[test]
    fn an_instant_of_the_journal_reads_back() {
        let at = Utc::from_micros(1_795_000_000_123_456);
        assert_eq!(Utc::parse(&at.rfc3339_micros()), Some(at));
        assert_eq!(Utc::parse("yesterday"), None);
    }

    proptest! {
        #[test]
        fn nothing_of_a_text_is_lost(text in "(\\PC|\n){0,400}") {
            match folded(&text) {
                Shown::Data(whole) | Shown::Long(_, whole) => prop_assert_eq!(whole, text),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
