//! What a call shows before it is saved: people found, what was seen before, what saving will do.
//! The page and the script's questions get it from here, so both show the same.

use serde::Serialize;

use crate::people::{self, Person, PersonBrief, Team, Visitor, When, initials};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::problems;
use crate::records::actions::{Proposed, propose_team};
use crate::records::{self, Channel, Kind, Number, priority_label, state_label};
use crate::search::{self, alike::Reason};
use crate::service_levels::{self, Inputs, Target};
use crate::services::{self, Category, Service};

/// How many people a search offers.
const PEOPLE: i64 = 8;
/// A title shorter than this is like everything.
const SHORTEST_TITLE: usize = 3;

/// Somebody who may be calling.
#[derive(Debug, Clone, Serialize)]
pub struct Pick {
    pub id: Id<Person>,
    pub initials: String,
    pub name: String,
    pub detail: String,
    /// The word that says so, empty for who is none.
    pub vip: String,
    /// How many open records they have, in words.
    pub open: String,
}

/// People found by a few letters of name, mail, phone or staff number.
pub fn people(conn: &mut Db, visitor: &Visitor, asked: &str) -> Result<Vec<Pick>> {
    let found = people::search_people(conn, asked, PEOPLE)?;
    picks(conn, visitor, found)
}

/// One person, if there is such a one and they are still about.
pub fn person(conn: &mut Db, visitor: &Visitor, id: Id<Person>) -> Result<Option<Pick>> {
    let found = there(people::find_person(conn, id))?.filter(|p| p.disabled_at.is_none());
    let brief = found.map(|p| PersonBrief {
        id: p.id,
        name: p.name,
        mail: p.mail,
        phone: p.phone,
        staff_number: p.staff_number,
    });
    Ok(picks(conn, visitor, brief.into_iter().collect())?.pop())
}

fn picks(conn: &mut Db, visitor: &Visitor, found: Vec<PersonBrief>) -> Result<Vec<Pick>> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id<Person>> = found.iter().map(|p| p.id).collect();
    let counts = records::open_counts(conn, visitor, &ids)?;
    let mut belonging = people::whereabouts(conn, &ids)?;
    Ok(found
        .into_iter()
        .map(|p| {
            let staff_number = p.staff_number.unwrap_or_default();
            let at = belonging.remove(&p.id).unwrap_or_default();
            let known: Vec<&str> = [
                at.location.as_deref().unwrap_or_default(),
                at.organisation.as_deref().unwrap_or_default(),
                p.mail.as_str(),
                p.phone.as_str(),
                staff_number.as_str(),
            ]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
            let open = counts.get(&p.id).copied().unwrap_or(0);
            Pick {
                id: p.id,
                initials: initials(&p.name),
                detail: known.join(" · "),
                vip: match at.vip {
                    true => visitor.words.s("field-vip").into_owned(),
                    false => String::new(),
                },
                open: visitor.words.n("call-open-records", open),
                name: p.name,
            }
        })
        .collect())
}

/// What the desk knows already of this person and of this trouble.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Seen {
    pub person: Option<SeenPerson>,
    /// What is known to help, before what is merely like it.
    pub known: Vec<SeenKnown>,
    pub similar: Vec<SeenSimilar>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SeenPerson {
    pub name: String,
    pub records: Vec<SeenRecord>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SeenRecord {
    pub number: String,
    pub url: String,
    pub title: String,
    pub state: String,
}

/// A known error, with the reason it is offered for and what to do.
#[derive(Debug, Clone, Serialize)]
pub struct SeenKnown {
    pub number: String,
    pub url: String,
    pub title: String,
    pub why: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct SeenSimilar {
    pub number: String,
    pub url: String,
    pub title: String,
    pub why: String,
}

/// The open records of a person, what is known of such a trouble, and open records like its title.
pub fn seen(
    conn: &mut Db,
    visitor: &Visitor,
    person: Option<Id<Person>>,
    asked: &problems::Asked,
) -> Result<Seen> {
    let title = asked.title.as_str();
    let mut seen = Seen::default();
    if let Some(id) = person
        && let Some(found) = there(people::find_person(conn, id))?
    {
        let rows = records::open_of(conn, visitor, id, 8)?;
        seen.person = Some(SeenPerson {
            name: found.name,
            records: rows
                .into_iter()
                .map(|row| seen_record(visitor, row))
                .collect(),
        });
    }
    if title.trim().chars().count() >= SHORTEST_TITLE {
        let known = problems::known_for(conn, visitor, asked)?.into_iter();
        seen.known = known
            .map(|(known, why)| SeenKnown {
                number: known.number().to_string(),
                url: known.number().path(),
                why: problems::because(visitor.words, &why),
                title: known.title,
                text: known.workaround,
            })
            .collect();
        let similar = search::similar_open(conn, visitor, title, 6)?;
        seen.similar = similar
            .into_iter()
            .map(|s| SeenSimilar {
                url: s.number.path(),
                number: s.number.to_string(),
                why: problems::because(visitor.words, &reasons(asked, &s)),
                title: s.title,
            })
            .collect();
    }
    Ok(seen)
}

/// Why an open incident is like what is typed.
fn reasons(asked: &problems::Asked, found: &search::Similar) -> Vec<problems::Why> {
    let mut why = vec![Reason::Words(found.why.clone())];
    if asked.service.is_some() && asked.service == found.service {
        why.push(Reason::Service);
    }
    if asked.category.is_some() && asked.category == found.category {
        why.push(Reason::Category);
    }
    why.into_iter().map(problems::Why::Alike).collect()
}

fn seen_record(visitor: &Visitor, row: records::Row) -> SeenRecord {
    let number: Number = row.number();
    SeenRecord {
        number: number.to_string(),
        url: number.path(),
        state: state_label(visitor.words, &row.state).into_owned(),
        title: row.title,
    }
}

/// What decides priority and team.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// Whose location is proposed.
    pub person: Option<Id<Person>>,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    pub team: Option<Id<Team>>,
    pub impact: i32,
    pub urgency: i32,
    /// Against the matrix.
    pub priority: Option<i32>,
    /// How it came: whoever is spoken to is answered.
    pub channel: Option<Channel>,
}

/// What saving will do.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    pub priority: String,
    pub priority_level: i32,
    /// Where it goes: the team chosen, else the proposed one.
    pub team: String,
    pub why: String,
    /// The choice of the proposed team, in words.
    pub suggested: String,
    /// The choice of the caller's location, in words.
    pub place: String,
    /// What will be due, and when, in words.
    pub promises: String,
}

/// Priority by the matrix unless one was chosen, team by category, service and desk unless one was
/// chosen. What does not exist decides nothing.
pub fn preview(conn: &mut Db, visitor: &Visitor, asked: &Asked) -> Result<Preview> {
    let t = visitor.words;
    let level = match asked.priority {
        Some(level) => level,
        None => records::matrix(conn)?.priority(asked.impact, asked.urgency),
    };
    let category = match asked.category {
        Some(id) => there(services::find_category(conn, id))?.map(|c| c.id),
        None => None,
    };
    let service = match asked.service {
        Some(id) => there(services::find_service(conn, id))?.map(|s| s.id),
        None => None,
    };
    let proposed = propose_team(conn, category, service)?;
    let (name, why) = match proposed {
        Some((team, why)) => (
            there(people::team_name(conn, team))?.unwrap_or_default(),
            match why {
                Proposed::ByCategory => "call-why-category",
                Proposed::ByService => "call-why-service",
                Proposed::ByDesk => "call-why-desk",
            },
        ),
        None => (t.s("call-no-team").into_owned(), "call-why-nobody"),
    };
    let suggested = t.with1("call-team-suggested", "team", name.as_str());
    let chosen = match asked.team {
        Some(id) => there(people::team_name(conn, id))?,
        None => None,
    };
    let home = match asked.person {
        Some(id) => people::whereabouts(conn, &[id])?.remove(&id),
        None => None,
    };
    let place = match home.and_then(|home| home.location) {
        Some(name) => t.with1("call-location-suggested", "location", name.as_str()),
        None => t.s("call-location-own").into_owned(),
    };
    let (team, why) = match chosen {
        Some(chosen) => (chosen, "call-why-chosen"),
        None => (name, why),
    };
    let organisation = match asked.person {
        Some(id) => there(people::find_person(conn, id))?.and_then(|p| p.organisation_id),
        None => None,
    };
    let goes_to = asked.team.or(proposed.map(|(team, _)| team));
    let inputs = Inputs {
        kind: Kind::Incident.word().to_owned(),
        priority: level,
        service: service.map(Id::uuid),
        organisation: organisation.map(Id::uuid),
        category: category.map(Id::uuid),
        team: goes_to.map(Id::uuid),
        conversation: matches!(
            asked.channel,
            Some(Channel::Phone | Channel::WalkUp | Channel::Chat)
        ),
    };
    let promises = service_levels::promised(conn, &inputs, visitor.now)?;
    let promises = promises.into_iter().map(|(target, due)| {
        let due = When::of(t, &visitor.zone, visitor.now, due).short;
        let key = match target {
            Target::FirstResponse => "call-respond-by",
            _ => "call-resolve-by",
        };
        t.with1(key, "due", due.as_str())
    });
    let promises: Vec<String> = promises.collect();
    Ok(Preview {
        promises: promises.join(" · "),
        priority: priority_label(level),
        priority_level: level,
        team,
        why: t.s(why).into_owned(),
        suggested,
        place,
    })
}

/// What was found, or nothing where there is nothing.
pub fn there<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}
