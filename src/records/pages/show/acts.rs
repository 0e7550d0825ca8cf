//! What may be done with a record now, and how far it has come: both drawn from the life cycle's
//! table, so that a button exists exactly where its move does.

use crate::people::Shell;
use crate::records::{Move, Practice, Verb, Who, state_label};

/// A move as a button or a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub verb: Verb,
    /// The resource under the record.
    pub path: &'static str,
    pub to: &'static str,
    /// Needs nothing more, so the button itself posts; otherwise it leads to a form.
    pub posts: bool,
    /// Stands in the page's head; the others are in the menu beside.
    pub front: bool,
    /// The one solid button.
    pub solid: bool,
}

impl Act {
    pub fn label(&self, shell: &Shell) -> String {
        let t = shell.t;
        let key = match self.verb {
            Verb::Advance | Verb::Assign => {
                return t.with1("move-to-state", "state", state_label(t, self.to));
            }
            Verb::Hold => "verb-hold",
            Verb::Resume => "verb-resume",
            Verb::Resolve if self.to == "fulfilled" => "verb-fulfil",
            Verb::Resolve => "verb-resolve",
            Verb::Close => "verb-close",
            Verb::Reopen => "verb-reopen",
            Verb::Reject => "verb-reject",
            Verb::Cancel => "verb-cancel",
        };
        t.s(key).into_owned()
    }

    /// Where a link leads, under the record's path.
    pub fn query(&self) -> String {
        match self.verb {
            Verb::Advance | Verb::Reject => format!("{}?to={}", self.path, self.to),
            _ => self.path.to_owned(),
        }
    }
}

/// Every move from a state that this person may make, each once.
pub fn acts(practice: &Practice, state: &str, may: impl Fn(&Move) -> bool) -> Vec<Act> {
    let position = |word: &str| practice.states.iter().position(|s| s.word == word);
    let mut acts: Vec<Act> = practice
        .moves_from(state)
        .filter(|m| m.verb != Verb::Assign && m.who != Who::System && may(m))
        .map(|m| Act {
            verb: m.verb,
            path: path(m.verb),
            to: m.to,
            posts: !m.asks(),
            front: match m.verb {
                Verb::Advance => position(m.to) > position(state),
                Verb::Cancel => false,
                _ => true,
            },
            solid: false,
        })
        .collect();
    // Two ways forward: the nearer one in front.
    let mut forward = acts
        .iter_mut()
        .filter(|a| a.verb == Verb::Advance && a.front);
    forward.next();
    forward.for_each(|act| act.front = false);
    let order = [Verb::Resolve, Verb::Close, Verb::Advance, Verb::Resume];
    let main = order
        .into_iter()
        .find_map(|verb| acts.iter().position(|a| a.front && a.verb == verb));
    if let Some(act) = main.and_then(|at| acts.get_mut(at)) {
        act.solid = true;
    }
    acts
}

const fn path(verb: Verb) -> &'static str {
    match verb {
        Verb::Assign => "assignment",
        Verb::Advance | Verb::Reject => "progress",
        Verb::Hold => "hold",
        Verb::Resume => "resumption",
        Verb::Resolve => "resolution",
        Verb::Close => "closure",
        Verb::Reopen => "reopening",
        Verb::Cancel => "cancellation",
    }
}

/// A state on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub word: &'static str,
    pub done: bool,
    pub current: bool,
}

/// The ordinary way through a practice. Waiting is shown only while the record waits; a state off
/// the way (cancelled, rejected) ends it where it stood, so none is current; what this record goes
/// around is not on its way.
pub fn steps(practice: &Practice, state: &str, passes_by: &[&str]) -> Vec<Step> {
    let hold = practice
        .moves
        .iter()
        .find(|m| m.verb == Verb::Hold)
        .map(|m| m.to);
    let way: Vec<&'static str> = practice
        .states
        .iter()
        .filter(|s| s.on_the_way)
        .filter(|s| s.word == state || (hold != Some(s.word) && !passes_by.contains(&s.word)))
        .map(|s| s.word)
        .collect();
    let at = way.iter().position(|word| *word == state);
    way.iter()
        .enumerate()
        .map(|(i, word)| Step {
            word,
            done: at.is_some_and(|at| i < at),
            current: at == Some(i),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Kind;

    fn all() -> Vec<(&'static Practice, &'static str)> {
        Kind::ALL
            .iter()
            .map(|kind| crate::follow::practice_of(*kind))
            .flat_map(|p| p.states.iter().map(move |s| (p, s.word)))
            .collect()
    }

    #[test]
    fn every_move_of_the_table_is_drawn_once_and_no_other() {
        for (practice, state) in all() {
            let drawn = acts(practice, state, |_| true);
            let table: Vec<_> = practice
                .moves_from(state)
                .filter(|m| m.verb != Verb::Assign && m.who != Who::System)
                .map(|m| (m.verb, m.to))
                .collect();
            assert_eq!(
                drawn.iter().map(|a| (a.verb, a.to)).collect::<Vec<_>>(),
                table
            );
            assert!(drawn.iter().filter(|a| a.solid).count() <= 1);
            assert!(drawn.iter().filter(|a| a.solid).all(|a| a.front));
            let drawn = acts(practice, state, |m| m.who != Who::Manager);
            assert!(drawn.iter().all(|a| a.verb != Verb::Reject));
        }
    }

    #[test]
    fn the_main_button() {
        let main = |kind, state| {
            acts(crate::follow::practice_of(kind), state, |_| true)
                .into_iter()
                .find(|a| a.solid)
                .map(|a| (a.verb, a.to))
        };
        assert_eq!(
            main(Kind::Incident, "new"),
            Some((Verb::Resolve, "resolved"))
        );
        assert_eq!(
            main(Kind::Incident, "resolved"),
            Some((Verb::Close, "closed"))
        );
        assert_eq!(main(Kind::Incident, "closed"), None);
        // What a change rests on is asked by its own acts.
        assert_eq!(main(Kind::Change, "awaiting_approval"), None);
        assert_eq!(
            main(Kind::Request, "new"),
            Some((Verb::Advance, "awaiting_approval"))
        );
    }

    #[test]
    fn steps_pass_waiting_by_unless_the_record_waits() {
        let incident = crate::follow::practice_of(Kind::Incident);
        let words = |state| {
            steps(incident, state, &[])
                .iter()
                .map(|s| s.word)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            words("new"),
            ["new", "assigned", "in_progress", "resolved", "closed"]
        );
        assert_eq!(words("waiting").len(), 6);
        for (practice, state) in all() {
            let steps = steps(practice, state, &[]);
            let on_the_way = practice.state(state).is_some_and(|s| s.on_the_way);
            assert_eq!(steps.iter().any(|s| s.current), on_the_way, "{state}");
        }
    }
}
