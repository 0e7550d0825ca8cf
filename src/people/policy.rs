//! Which roles carry which right. A table, read by every policy of the product.

use super::model::Roles;
use super::visitor::Visitor;
use crate::platform::kernel::error::{Error, Result};

/// What a role allows. What a person may do to one record is asked of the record's own policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// See all records that are not restricted, and work on them.
    Work,
    /// Say that a record exists for some people only, and that it does so no longer. Whoever takes
    /// the call must be able to: it cannot wait for a manager.
    Restrict,
    /// Answer for a team: decide in an approver's absence, read reports.
    Manage,
    /// Sit on a seat of an approval, vote from it, and decide for somebody who is away.
    Approve,
    /// Declare an incident major, lead it through its updates, and take it back.
    DeclareMajor,
    /// Assess, submit, schedule and close changes, set freezes and maintenance windows.
    ManageChanges,
    /// The administration pages.
    Administer,
}

impl Right {
    const fn roles(self) -> Roles {
        match self {
            Right::Work | Right::Restrict => {
                Roles::AGENT.with(Roles::MANAGER).with(Roles::ADMINISTRATOR)
            }
            Right::Approve => Roles::APPROVER
                .with(Roles::AGENT)
                .with(Roles::MANAGER)
                .with(Roles::ADMINISTRATOR),
            Right::Manage | Right::DeclareMajor | Right::ManageChanges => {
                Roles::MANAGER.with(Roles::ADMINISTRATOR)
            }
            Right::Administer => Roles::ADMINISTRATOR,
        }
    }
}

impl Right {
    /// Whether these roles carry the right.
    pub fn is_held_by(self, roles: Roles) -> bool {
        roles.any_of(self.roles())
    }
}

impl Visitor {
    pub fn has(&self, right: Right) -> bool {
        right.is_held_by(self.roles)
    }

    /// Refuses whoever lacks the right.
    pub fn needs(&self, right: Right) -> Result<()> {
        if self.has(right) {
            Ok(())
        } else {
            Err(Error::forbidden())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_works_and_only_who_answers_for_them_declares_incidents_major() {
        for (_, role) in Roles::ALL {
            let answers = role == Roles::MANAGER || role == Roles::ADMINISTRATOR;
            assert_eq!(Right::DeclareMajor.is_held_by(role), answers);
            let works = answers || role == Roles::AGENT;
            assert_eq!(Right::Work.is_held_by(role), works);
        }
        assert!(!Right::Work.is_held_by(Roles::NONE));
    }
}
