//! Steps of an escalation as people write them, in forms and files, one a line:
//! `resolution at 75%: assignee, team lead`, `resolution 30 minutes before: team`,
//! `first response 1 hour after: managers, ruth@example.org, flag`.

use std::fmt;

use crate::service_levels::{Target, Tell, When};

/// A person is written by mail address or name; who that is, is for somebody else to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenStep {
    pub target: Target,
    pub when: When,
    pub tell: Vec<WrittenTell>,
    pub flag: bool,
}

/// Whom a step tells, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenTell {
    /// A part somebody has; never [`Tell::Person`].
    Role(Tell),
    Person(String),
}

const TARGETS: [(&str, Target); 5] = [
    ("first response", Target::FirstResponse),
    ("resolution", Target::Resolution),
    ("next update", Target::NextUpdate),
    ("ola", Target::Ola),
    ("supplier", Target::Supplier),
];

const ROLES: [(&str, Tell); 4] = [
    ("assignee", Tell::Assignee),
    ("team lead", Tell::TeamLead),
    ("team", Tell::Team),
    ("managers", Tell::Managers),
];

const FLAG: &str = "flag";

/// A part of a step in words, where it is one of ours.
pub fn role_word(tell: &Tell) -> Option<&'static str> {
    ROLES.iter().find(|(_, t)| t == tell).map(|(word, _)| *word)
}

impl fmt::Display for WrittenStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = TARGETS.iter().find(|(_, t)| *t == self.target);
        f.write_str(target.map_or("", |(word, _)| word))?;
        match self.when {
            When::Percent(percent) => write!(f, " at {percent}%: ")?,
            When::Before(minutes) => write!(f, " {} before: ", amount(minutes))?,
            When::After(minutes) => write!(f, " {} after: ", amount(minutes))?,
        }
        let mut told: Vec<&str> = self.tell.iter().map(WrittenTell::word).collect();
        if self.flag {
            told.push(FLAG);
        }
        f.write_str(&told.join(", "))
    }
}

impl WrittenTell {
    fn word(&self) -> &str {
        match self {
            WrittenTell::Role(tell) => role_word(tell).unwrap_or_default(),
            WrittenTell::Person(name) => name,
        }
    }
}

fn amount(minutes: u32) -> String {
    match (minutes, minutes % 60) {
        (60, _) => "1 hour".to_owned(),
        (1, _) => "1 minute".to_owned(),
        (m, 0) => format!("{} hours", m / 60),
        (m, _) => format!("{m} minutes"),
    }
}

/// Reads a step; `None` when it is none.
pub fn step(line: &str) -> Option<WrittenStep> {
    let (when, told) = line.split_once(':')?;
    let lower = when.trim().to_lowercase().replace(['_', '-'], " ");
    let (target, when) = TARGETS
        .iter()
        .find_map(|(word, target)| Some((*target, lower.strip_prefix(word)?.trim())))?;
    let mut step = WrittenStep {
        target,
        when: read_when(when)?,
        tell: Vec::new(),
        flag: false,
    };
    for who in told.split(',').map(str::trim) {
        let lower = who.to_lowercase().replace('_', " ");
        let role = ROLES.iter().find(|(word, _)| *word == lower);
        match (role, lower.as_str()) {
            (_, "") => return None,
            (_, FLAG) => step.flag = true,
            (Some((_, tell)), _) => step.tell.push(WrittenTell::Role(tell.clone())),
            (None, _) => step.tell.push(WrittenTell::Person(who.to_owned())),
        }
    }
    Some(step)
}

fn read_when(text: &str) -> Option<When> {
    if let Some(percent) = text.strip_prefix("at ") {
        let percent = percent.trim().strip_suffix('%').unwrap_or(percent).trim();
        return Some(When::Percent(percent.parse().ok()?));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (n, unit, side) = match words.as_slice() {
        [n, unit, side] | [n, unit, side, "due"] => (n, *unit, *side),
        _ => return None,
    };
    let n: u32 = n.parse().ok()?;
    let minutes = match unit {
        "minute" | "minutes" => n,
        "hour" | "hours" => n.checked_mul(60)?,
        _ => return None,
    };
    match side {
        "before" => Some(When::Before(minutes)),
        "after" => Some(When::After(minutes)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for line in [
            "resolution at 75%: assignee, team lead",
            "first response 30 minutes before: team, flag",
            "next update 1 hour after: managers, ruth@example.org",
            "ola at 100%: team lead",
            "supplier 2 hours before: Anna Weiß, flag",
            "resolution 1 minute before: flag",
        ] {
            assert_eq!(step(line).map(|s| s.to_string()).as_deref(), Some(line));
        }
    }

    #[test]
    fn it_may_be_written_carelessly() {
        let step = step(" First_Response  at 75 % :Team_Lead,FLAG").map(|s| s.to_string());
        assert_eq!(
            step.as_deref(),
            Some("first response at 75%: team lead, flag")
        );
        let due = super::step("resolution 60 minutes before due: team");
        assert_eq!(due.map(|s| s.when), Some(When::Before(60)));
    }

    #[test]
    fn what_is_no_step_is_refused() {
        for line in [
            "",
            "resolution",
            "resolution at 75%",
            "resolution at 75%:",
            "resolution at 75%: team,",
            "resolution at some: team",
            "resolution 5 days before: team",
            "resolution 5 hours around: team",
            "answer at 75%: team",
            "resolution 99999999999 hours before: team",
        ] {
            assert_eq!(step(line), None, "{line}");
        }
    }
}
