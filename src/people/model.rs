//! Rows, ids and commands of people and teams.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::platform::db::{Id, Utc};
use crate::platform::kernel::text;
use crate::schema::{locations, notices, organisations, people, teams};

/// The roles a person holds, as a set. Everybody is a requester, so that has no bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roles(pub i32);

impl Roles {
    pub const NONE: Roles = Roles(0);
    pub const AGENT: Roles = Roles(1);
    pub const MANAGER: Roles = Roles(2);
    pub const APPROVER: Roles = Roles(4);
    pub const ADMINISTRATOR: Roles = Roles(8);

    /// Every role with the word by which forms, the command line and the journal know it.
    pub const ALL: [(&'static str, Roles); 4] = [
        ("agent", Roles::AGENT),
        ("manager", Roles::MANAGER),
        ("approver", Roles::APPROVER),
        ("administrator", Roles::ADMINISTRATOR),
    ];

    pub const fn with(self, other: Roles) -> Roles {
        Roles(self.0 | other.0)
    }

    pub const fn any_of(self, other: Roles) -> bool {
        self.0 & other.0 != 0
    }

    pub fn from_word(word: &str) -> Option<Roles> {
        Self::ALL
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, role)| *role)
    }

    /// The words of the roles held, in the order of [`Roles::ALL`].
    pub fn words(self) -> Vec<&'static str> {
        Self::ALL
            .iter()
            .filter(|(_, role)| self.any_of(*role))
            .map(|(word, _)| *word)
            .collect()
    }
}

/// A person's row.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = people)]
pub struct Person {
    pub id: Id<Person>,
    pub name: String,
    pub mail: String,
    pub phone: String,
    pub staff_number: Option<String>,
    pub language: String,
    pub zone: String,
    pub theme: String,
    pub single_keys: bool,
    pub roles: i32,
    pub password_hash: Option<String>,
    pub disabled_at: Option<Utc>,
    pub created_at: Utc,
    pub version: i64,
    pub organisation_id: Option<Id<Organisation>>,
    pub location_id: Option<Id<Location>>,
    /// The line manager. Nobody is, over however many, their own.
    pub manager_id: Option<Id<Person>>,
    pub vip: bool,
    /// The number of a person who was erased; nothing of theirs changes any more.
    pub erased: Option<i32>,
}

impl Person {
    pub fn roles(&self) -> Roles {
        Roles(self.roles)
    }
}

/// What lists and pickers show of a person.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct PersonBrief {
    pub id: Id<Person>,
    pub name: String,
    pub mail: String,
    pub phone: String,
    pub staff_number: Option<String>,
}

/// What a person is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    pub mail: String,
    pub phone: String,
    pub staff_number: String,
}

impl Identity {
    pub fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            mail: person.mail.clone(),
            phone: person.phone.clone(),
            staff_number: person.staff_number.clone().unwrap_or_default(),
        }
    }

    /// All of it that there is.
    pub fn texts(&self) -> Vec<String> {
        [&self.name, &self.mail, &self.phone, &self.staff_number]
            .into_iter()
            .filter(|text| !text.is_empty())
            .cloned()
            .collect()
    }

    /// Whether this is what somebody typed who means this person: the mail address, or the name.
    pub fn is_meant_by(&self, typed: &str) -> bool {
        let typed = text::fold(typed.trim());
        !typed.is_empty()
            && [&self.mail, &self.name]
                .iter()
                .any(|own| text::fold(own) == typed)
    }
}

/// A team's row.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = teams)]
pub struct Team {
    pub id: Id<Team>,
    pub name: String,
    pub lead_id: Option<Id<Person>>,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

/// A person as a form, the command line or an import gives them; checked by `rules`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonForm {
    pub name: String,
    pub mail: String,
    pub phone: String,
    pub staff_number: String,
    pub language: String,
    pub zone: String,
    pub roles: Roles,
    pub organisation: Option<Id<Organisation>>,
    pub location: Option<Id<Location>>,
    pub manager: Option<Id<Person>>,
    pub vip: bool,
}

impl PersonForm {
    /// A person as they are now.
    pub fn of(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            mail: person.mail.clone(),
            phone: person.phone.clone(),
            staff_number: person.staff_number.clone().unwrap_or_default(),
            language: person.language.clone(),
            zone: person.zone.clone(),
            roles: person.roles(),
            organisation: person.organisation_id,
            location: person.location_id,
            manager: person.manager_id,
            vip: person.vip,
        }
    }
}

/// Whom somebody works for: a company, a subsidiary, a department. A row.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = organisations)]
pub struct Organisation {
    pub id: Id<Organisation>,
    pub name: String,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

/// Where somebody works, or something stands. A row.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = locations)]
pub struct Location {
    pub id: Id<Location>,
    pub name: String,
    pub address: String,
    pub disabled_at: Option<Utc>,
    pub version: i64,
}

/// An organisation as a form gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationForm {
    pub name: String,
    pub disabled: bool,
}

impl OrganisationForm {
    /// An organisation as it is now.
    pub fn of(organisation: &Organisation) -> Self {
        Self {
            name: organisation.name.clone(),
            disabled: organisation.disabled_at.is_some(),
        }
    }
}

/// A location as a form gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationForm {
    pub name: String,
    pub address: String,
    pub disabled: bool,
}

impl LocationForm {
    /// A location as it is now.
    pub fn of(location: &Location) -> Self {
        Self {
            name: location.name.clone(),
            address: location.address.clone(),
            disabled: location.disabled_at.is_some(),
        }
    }
}

/// What a list shows of where a person belongs, by the names it has now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable)]
pub struct Whereabouts {
    pub vip: bool,
    pub organisation: Option<String>,
    pub location: Option<String>,
}

/// A team as a form gives it. Its members come and go by verbs of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamForm {
    pub name: String,
    pub lead: Option<Id<Person>>,
    pub disabled: bool,
}

impl TeamForm {
    /// A team as it is now.
    pub fn of(team: &Team) -> Self {
        Self {
            name: team.name.clone(),
            lead: team.lead_id,
            disabled: team.disabled_at.is_some(),
        }
    }
}

/// What a person chooses for themself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    pub language: String,
    pub zone: String,
    pub theme: String,
    pub single_keys: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_erased_is_named_in_full() {
        let identity = Identity {
            name: "Rita Reyes".into(),
            mail: "Rita@Example.org".into(),
            ..Identity::default()
        };
        for typed in ["rita@example.org", " Rita Reyes ", "RITA REYES"] {
            assert!(identity.is_meant_by(typed), "{typed}");
        }
        for typed in ["", "Rita", "rita@example", "yes"] {
            assert!(!identity.is_meant_by(typed), "{typed}");
        }
        assert!(!Identity::default().is_meant_by(""));
        assert_eq!(identity.texts().len(), 2);
    }
}

/// Something somebody is told. What it says is whoever's wrote it: `data` is theirs to read.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = notices)]
pub struct Notice {
    pub id: Id<Notice>,
    pub person_id: Id<Person>,
    pub at: Utc,
    pub what: String,
    /// A list, as JSON.
    pub data: String,
    pub read_at: Option<Utc>,
}
