//! Which policy holds for a record: the most specific one that covers it.

use uuid::Uuid;

use super::{Covers, Policy};

/// What a policy is chosen by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub record: String,
    pub change_type: Option<String>,
    pub risk: Option<String>,
    pub services: Vec<Uuid>,
    pub environment: Option<String>,
    pub criticality: Option<i32>,
}

/// What [`choose`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Chosen<T> {
    One(T),
    None,
    /// Equally specific ones, for different services of one record: nobody could say which holds.
    Several(Vec<T>),
}

impl Covers {
    /// How many conditions it sets, besides the kind.
    pub fn specificity(&self) -> usize {
        let set = [
            self.change_type.is_some(),
            self.risk.is_some(),
            self.service.is_some(),
            self.environment.is_some(),
            self.criticality.is_some(),
        ];
        set.into_iter().filter(|set| *set).count()
    }

    /// Whether this record is meant.
    pub fn covers(&self, facts: &Facts) -> bool {
        fn fits<T: PartialEq>(wanted: &Option<T>, is: &Option<T>) -> bool {
            wanted.is_none() || wanted == is
        }
        self.record == facts.record
            && fits(&self.change_type, &facts.change_type)
            && fits(&self.risk, &facts.risk)
            && fits(&self.environment, &facts.environment)
            && fits(&self.criticality, &facts.criticality)
            && self.service.is_none_or(|id| facts.services.contains(&id))
    }

    /// Whether some record with one service could be covered by both.
    pub fn meets(&self, other: &Covers) -> bool {
        fn agree<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        self.record == other.record
            && agree(&self.change_type, &other.change_type)
            && agree(&self.risk, &other.risk)
            && agree(&self.service, &other.service)
            && agree(&self.environment, &other.environment)
            && agree(&self.criticality, &other.criticality)
    }
}

/// The policy that is for the same as specifically as `new`: nobody could say which of them holds.
/// `others` are those in force, without `new` itself.
pub fn clash<'a, T>(
    new: &Covers,
    others: impl IntoIterator<Item = (T, &'a Policy)>,
) -> Option<(T, &'a Policy)> {
    others.into_iter().find(|(_, other)| {
        other.covers.specificity() == new.specificity() && other.covers.meets(new)
    })
}

/// The policy that holds for a record.
pub fn choose<'a, T>(
    facts: &Facts,
    policies: impl IntoIterator<Item = (T, &'a Policy)>,
) -> Chosen<T> {
    let mut best: Vec<T> = Vec::new();
    let mut level = 0;
    for (id, policy) in policies {
        if !policy.covers.covers(facts) {
            continue;
        }
        let its = policy.covers.specificity();
        if best.is_empty() || its > level {
            best.clear();
            level = its;
        }
        if its == level {
            best.push(id);
        }
    }
    match best.len() {
        0 => Chosen::None,
        1 => best.pop().map_or(Chosen::None, Chosen::One),
        _ => Chosen::Several(best),
    }
}
