//! Freeze windows: times in which some changes must not begin.
//!
//! A freeze stops submission *into* it, scheduling into it, and starting in it. It never stops what has
//! begun: tasks, backing out, finishing and reviewing go on, and whoever manages the change is told.

use super::steps::ChangeType;
use super::window::Span;
use crate::people::Team;
use crate::platform::db::{Id, Utc};
use crate::services::Service;

/// What a freeze is about. An empty list is everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub services: Vec<Id<Service>>,
    pub teams: Vec<Id<Team>>,
    pub environments: Vec<String>,
    pub types: Vec<ChangeType>,
}

/// What of a change a scope is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touches {
    pub services: Vec<Id<Service>>,
    /// The team that implements it.
    pub team: Option<Id<Team>>,
    pub environment: String,
    pub change_type: ChangeType,
}

impl Scope {
    /// Whether anything of a service may be meant.
    pub fn concerns(&self, service: Id<Service>) -> bool {
        self.services.is_empty() || self.services.contains(&service)
    }

    /// Whether a change is meant: each list that names anything names something of it. What a change does
    /// not say is taken to be meant: silence is no way around a freeze.
    pub fn meets(&self, change: &Touches) -> bool {
        let any_service = || change.services.iter().any(|s| self.services.contains(s));
        let own = |environment: &String| {
            environment.is_empty() || self.environments.contains(environment)
        };
        (self.services.is_empty() || change.services.is_empty() || any_service())
            && (self.teams.is_empty() || change.team.is_none_or(|t| self.teams.contains(&t)))
            && (self.environments.is_empty() || own(&change.environment))
            && (self.types.is_empty() || self.types.contains(&change.change_type))
    }
}

/// A freeze as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze<F> {
    /// What the caller knows it by.
    pub key: F,
    pub span: Span,
    pub scope: Scope,
}

/// What is about to be done. Nothing that goes on once the work began is among them: tasks, backing
/// out, finishing and reviewing ask no freeze.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Submit,
    Schedule,
    Start,
}

/// The freezes that stop a deed: for submitting and scheduling those its window touches, for starting
/// those that hold now or that the rest of its window runs into.
pub fn stopping<'a, F>(
    freezes: &'a [Freeze<F>],
    change: &Touches,
    deed: Deed,
    window: Span,
    now: Utc,
) -> Vec<&'a Freeze<F>> {
    let stops = |freeze: &&Freeze<F>| match deed {
        Deed::Submit | Deed::Schedule => freeze.span.overlaps(window),
        Deed::Start => freeze.span.has(now) || freeze.span.overlaps(window),
    };
    freezes
        .iter()
        .filter(stops)
        .filter(|freeze| freeze.scope.meets(change))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Utc {
        Utc::from_micros(1_000_000_000_000_000 + hours * 3_600_000_000)
    }

    fn span(from: i64, to: i64) -> Span {
        Span::new(at(from), at(to))
    }

    fn service(n: u128) -> Id<Service> {
        crate::changes::rules::id(n)
    }

    fn change() -> Touches {
        Touches {
            services: vec![service(1), service(2)],
            team: Some(crate::changes::rules::id(7)),
            environment: "production".into(),
            change_type: ChangeType::Normal,
        }
    }

    /// A change that leaves out what it touches passes no freeze by it.
    #[test]
    fn what_is_not_said_is_meant() {
        let silent = Touches {
            services: Vec::new(),
            team: None,
            environment: String::new(),
            change_type: ChangeType::Normal,
        };
        let narrow = Scope {
            services: vec![service(1)],
            teams: vec![crate::changes::rules::id(7)],
            environments: vec!["production".into()],
            types: Vec::new(),
        };
        assert!(narrow.meets(&silent));
    }

    fn freeze(scope: Scope) -> Vec<Freeze<&'static str>> {
        vec![Freeze {
            key: "peak",
            span: span(10, 20),
            scope,
        }]
    }

    #[test]
    fn an_empty_scope_is_everything_and_each_list_narrows() {
        let all = Scope::default();
        assert!(all.meets(&change()));
        let one = |f: fn(&mut Scope)| {
            let mut scope = Scope::default();
            f(&mut scope);
            scope.meets(&change())
        };
        assert!(one(|s| s.services = vec![service(2)]));
        assert!(!one(|s| s.services = vec![service(3)]));
        assert!(one(|s| s.teams = vec![crate::changes::rules::id(7)]));
        assert!(!one(|s| s.teams = vec![crate::changes::rules::id(8)]));
        assert!(one(|s| s.environments = vec!["production".into()]));
        assert!(!one(|s| s.environments = vec!["test".into()]));
        assert!(!one(|s| s.types = vec![ChangeType::Standard]));
        assert!(!one(|s| {
            s.services = vec![service(1)];
            s.environments = vec!["test".into()];
        }));
    }

    /// Pitfall: the freeze as decoration. It stops three deeds by name.
    #[test]
    fn a_freeze_stops_submitting_into_it_scheduling_into_it_and_starting_in_it() {
        let freezes = freeze(Scope::default());
        for deed in [Deed::Submit, Deed::Schedule] {
            let hit =
                |from, to| !stopping(&freezes, &change(), deed, span(from, to), at(0)).is_empty();
            assert!(hit(9, 11) && hit(12, 13) && hit(19, 30) && hit(1, 99));
            assert!(!hit(8, 10) && !hit(20, 21));
        }
        let start =
            |now| !stopping(&freezes, &change(), Deed::Start, span(30, 31), at(now)).is_empty();
        assert!(start(10) && start(19));
        assert!(!start(9) && !start(20));
        let early = stopping(&freezes, &change(), Deed::Start, span(9, 12), at(9));
        assert_eq!(early.len(), 1, "its window runs into the freeze");
    }
}
