//! Pure decisions of the spine: priority, numbers of days, who is proposed.

use time::Duration;

use super::model::{Kind, LinkType, PrioritySource, Record};
use crate::people::Team;
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::error::{Invalid, Message};

/// How a record stands to one that is raised from it; `None` where none is. Incidents and requests are
/// logged, or become each other.
pub const fn raised_link(from: Kind, to: Kind) -> Option<LinkType> {
    match (from, to) {
        (Kind::Incident, Kind::Problem) => Some(LinkType::CausedBy),
        (Kind::Request | Kind::Change, Kind::Problem) => Some(LinkType::Related),
        (Kind::Problem, Kind::Change) => Some(LinkType::FixedBy),
        (Kind::Incident | Kind::Request, Kind::Change) => Some(LinkType::Related),
        // A post-mortem is raised over incidents and an action from a post-mortem, by forms of their own.
        (Kind::Postmortem | Kind::Action, Kind::Problem | Kind::Change) => Some(LinkType::Related),
        (_, Kind::Incident | Kind::Request | Kind::Postmortem | Kind::Action)
        | (Kind::Problem, Kind::Problem)
        | (Kind::Change, Kind::Change) => None,
    }
}

/// Whether a link of this type may go from one kind to the other: only changes fix, and only problems.
pub fn may_link(link_type: LinkType, from: Kind, to: Kind) -> bool {
    link_type != LinkType::FixedBy || (from, to) == (Kind::Problem, Kind::Change)
}

/// Whether a link is how a record ended, and stays. One that says so of a record which goes on was made
/// by hand, when that could be done.
pub fn link_stays(link_type: LinkType, from_is_open: bool) -> bool {
    link_type == LinkType::DuplicateOf && !from_is_open
}

/// The priority matrix: impact × urgency → priority.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matrix(pub Vec<(i32, i32, i32)>);

impl Matrix {
    /// The priority of a cell; the least urgent one known where the cell is missing.
    pub fn priority(&self, impact: i32, urgency: i32) -> i32 {
        self.0
            .iter()
            .find(|(i, u, _)| (*i, *u) == (impact, urgency))
            .or_else(|| self.0.iter().max_by_key(|(_, _, p)| *p))
            .map_or(4, |(_, _, p)| *p)
    }
}

/// Until when a solved record is taken up again: from then on it closes by itself, and what comes back
/// is a record of its own. One that was never solved has no such time.
pub fn reopens_until(record: &Record, window: Duration) -> Option<Utc> {
    record.resolved_at.map(|at| at.plus(window))
}

/// From so many hand-offs on a record is flagged: nobody seems to own the work.
pub const MANY_HANDOFFS: i32 = 3;

/// Whether giving a record to `to` takes it from a team that may have worked on it. What nobody has
/// touched yet was only proposed to the wrong team: it is given to another one without a word.
pub fn hands_off(first_state: &str, before: &Record, to: Option<Id<Team>>) -> bool {
    let untouched = before.state == first_state && before.assignee_id.is_none();
    before.team_id.is_some() && before.team_id != to && !untouched
}

/// What stands between the two parts of a hand-off's note.
const BETWEEN: &str = "\n\n";

/// The note of a hand-off, and how many characters of it say what was tried.
pub fn handoff_text(tried: &str, wanted: &str) -> (String, i32) {
    let chars = i32::try_from(tried.chars().count()).unwrap_or(i32::MAX);
    (format!("{tried}{BETWEEN}{wanted}"), chars)
}

/// What was tried and what is wanted, of a note as it stands; nothing of one that is not whole any
/// more.
pub fn handoff_parts(text: &str, tried_chars: i32) -> Option<(&str, &str)> {
    let chars = usize::try_from(tried_chars).ok()?;
    let (at, _) = text.char_indices().nth(chars)?;
    let (tried, rest) = text.split_at_checked(at)?;
    Some((tried, rest.strip_prefix(BETWEEN)?))
}

/// What somebody asks of a record's priority.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriorityWish {
    pub impact: Option<i32>,
    pub urgency: Option<i32>,
    /// A priority against the matrix, which needs a reason.
    pub priority: Option<i32>,
    pub reason: String,
}

/// Applies a wish: the matrix decides unless the priority is overridden with a reason. An overridden
/// priority stays what somebody said it is, an imported one the source's: neither is recomputed
/// when impact or urgency change, only by another override or by [`follow_matrix`].
pub fn prioritise(
    record: &mut Record,
    wish: &PriorityWish,
    matrix: &Matrix,
) -> Result<(), Invalid> {
    record.impact = wish.impact.unwrap_or(record.impact);
    record.urgency = wish.urgency.unwrap_or(record.urgency);
    let by_matrix = matrix.priority(record.impact, record.urgency);
    match wish.priority {
        Some(priority) if priority != by_matrix => {
            if wish.reason.is_empty() {
                return Err(Invalid::one("priority_reason", "priority-reason-needed"));
            }
            record.priority = priority;
            record.priority_source = PrioritySource::Override;
            record.priority_reason.clone_from(&wish.reason);
        }
        Some(_) => back_to_matrix(record, by_matrix),
        None if record.priority_source == PrioritySource::Matrix => {
            back_to_matrix(record, by_matrix);
        }
        None => {}
    }
    Ok(())
}

/// Gives an overridden or imported priority back to the matrix.
pub fn follow_matrix(record: &mut Record, matrix: &Matrix) {
    let priority = matrix.priority(record.impact, record.urgency);
    back_to_matrix(record, priority);
}

fn back_to_matrix(record: &mut Record, priority: i32) {
    record.priority = priority;
    record.priority_source = PrioritySource::Matrix;
    record.priority_reason.clear();
}

/// When something was reported may lie in the past, never in the future.
pub fn reported_at_problem(reported_at: Utc, now: Utc) -> Option<Message> {
    (reported_at > now.plus(Duration::minutes(1))).then(|| Message::new("reported-in-the-future"))
}

/// What somebody is to a record when they get in touch about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Requester,
    Caller,
    Affected,
    /// Heard of for the first time.
    Nobody,
}

/// What a contact means for its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// It is the requester's answer: whoever waited for them need not wait any longer.
    pub answers: bool,
    /// They ask what became of it.
    pub chaser: bool,
}

/// Only requester and caller answer what was asked of the requester. Somebody known who gets in
/// touch again chases, unless the record waits for the requester anyway, or it was `said` which it
/// is.
pub fn heard(standing: Standing, waits_for_requester: bool, said: Option<bool>) -> Heard {
    Heard {
        answers: matches!(standing, Standing::Requester | Standing::Caller),
        chaser: said.unwrap_or(standing != Standing::Nobody && !waits_for_requester),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_parts_of_a_hand_off_read_back(tried in "(\\PC|\n){0,60}", wanted in "(\\PC|\n){0,60}") {
            let (text, chars) = handoff_text(&tried, &wanted);
            prop_assert_eq!(handoff_parts(&text, chars), Some((tried.as_str(), wanted.as_str())));
        }

        #[test]
        fn a_note_that_is_not_whole_any_more_has_no_parts_or_some(text in "\\PC{0,40}", chars in any::<i32>()) {
            let _ = handoff_parts(&text, chars);
        }
    }

    #[test]
    fn an_erased_note_has_no_parts() {
        let (text, chars) = handoff_text("a cable", "a look");
        assert_eq!(handoff_parts("", chars), None);
        assert_eq!(handoff_parts("[…]", chars), None);
        assert_eq!(handoff_parts(&text, chars + 1), None);
        assert_eq!(handoff_parts(&text, -1), None);
    }

    #[test]
    fn who_answers_and_who_chases() {
        use Standing::{Affected, Caller, Nobody, Requester};
        for (standing, waits, said, answers, chaser) in [
            (Requester, true, None, true, false),
            (Requester, false, None, true, true),
            (Caller, true, None, true, false),
            (Caller, false, None, true, true),
            (Affected, true, None, false, false),
            (Affected, false, None, false, true),
            (Nobody, true, None, false, false),
            (Nobody, false, None, false, false),
            (Requester, true, Some(true), true, true),
            (Affected, false, Some(false), false, false),
            (Nobody, false, Some(true), false, true),
        ] {
            let expected = Heard { answers, chaser };
            assert_eq!(
                heard(standing, waits, said),
                expected,
                "{standing:?} {waits}"
            );
        }
    }

    fn default() -> Matrix {
        Matrix(vec![
            (1, 1, 1),
            (1, 2, 2),
            (2, 1, 2),
            (2, 2, 3),
            (3, 1, 3),
            (1, 3, 3),
            (2, 3, 4),
            (3, 2, 4),
            (3, 3, 4),
        ])
    }

    #[test]
    fn a_missing_cell_is_the_least_urgent() {
        assert_eq!(default().priority(1, 1), 1);
        assert_eq!(default().priority(9, 9), 4);
        assert_eq!(Matrix(vec![]).priority(1, 1), 4);
    }
}
