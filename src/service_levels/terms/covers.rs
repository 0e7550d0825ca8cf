//! What an agreement covers: how specific it is, and which two could both cover one record.

use uuid::Uuid;

use super::{Agreement, AgreementKind, Covers, Target};

impl Target {
    /// The kind of agreement that promises it.
    pub fn kind(self) -> AgreementKind {
        match self {
            Target::FirstResponse | Target::Resolution | Target::NextUpdate => AgreementKind::Sla,
            Target::Ola => AgreementKind::Ola,
            Target::Supplier => AgreementKind::Underpinning,
        }
    }
}

impl Covers {
    /// How many conditions it sets. Of the agreements that cover a record the one with most holds.
    pub fn specificity(&self) -> usize {
        let set = [
            !self.record.is_empty(),
            self.priority.is_some(),
            self.service.is_some(),
            self.organisation.is_some(),
            self.category.is_some(),
            self.team.is_some(),
            self.supplier.is_some(),
        ];
        set.into_iter().filter(|set| *set).count()
    }

    /// Whether some record could be covered by both.
    pub fn meets(&self, other: &Covers) -> bool {
        fn agree<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        let kind = |c: &Self| Some(c.record.clone()).filter(|r| !r.is_empty());
        agree(kind(self), kind(other))
            && agree(self.priority, other.priority)
            && agree(self.service, other.service)
            && agree(self.organisation, other.organisation)
            && agree(self.category, other.category)
            && agree(self.team, other.team)
            && agree(self.supplier, other.supplier)
    }
}

/// The agreement that promises the same to a record as specifically as `new` does: nobody could say
/// which of them holds. `others` are those in force, without `new` itself.
pub fn clash<'a>(
    new: &Agreement,
    others: impl IntoIterator<Item = (Uuid, &'a Agreement)>,
) -> Option<(Uuid, &'a Agreement)> {
    others.into_iter().find(|(_, other)| {
        other.covers.specificity() == new.covers.specificity() && other.rivals(new)
    })
}

impl Agreement {
    /// Whether both could promise the same to one record.
    pub fn rivals(&self, other: &Agreement) -> bool {
        self.kind == other.kind
            && self.targets.keys().any(|t| other.targets.contains_key(t))
            && self.covers.meets(&other.covers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(priority: Option<i32>, service: Option<u128>) -> Covers {
        Covers {
            record: "incident".to_owned(),
            priority,
            service: service.map(Uuid::from_u128),
            ..Covers::default()
        }
    }

    #[test]
    fn two_meet_unless_a_condition_tells_them_apart() {
        let p1 = covers(Some(1), None);
        assert!(!p1.meets(&covers(Some(2), None)));
        assert!(p1.meets(&covers(None, Some(7))));
        assert!(p1.meets(&covers(None, None)));
        let mut request = covers(None, None);
        request.record = "request".to_owned();
        assert!(!p1.meets(&request));
    }
}
