//! What a report's address asks for, and addresses made from it.
//!
//! The address is all there is, so a figure can be sent to somebody. What is not understood is left
//! out and named; a file, which could not name it, is refused.

use std::collections::BTreeMap;

use actix_web::web;
use jiff::civil::Date;
use uuid::Uuid;

use crate::people::{Visitor, default_zone, percent_encode};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::zone::Zone;
use crate::records::{Channel, Kind};
use crate::reports::model::{Ask, By, GroupBy, Narrow, Outcome, Period};
use crate::reports::rules::AGES;
use crate::reports::store::Facet;
use crate::service_levels::Target;

/// Every parameter there is.
const KNOWN: [&str; 18] = [
    "from",
    "to",
    "target",
    "group_by",
    "by",
    "kind",
    "priority",
    "service",
    "team",
    "organisation",
    "agreement",
    "outcome",
    "stopped",
    "facet",
    "value",
    "after",
    "until",
    "reason",
];

/// An address, understood.
#[derive(Debug, Clone)]
pub struct Asked {
    pub period: Period,
    pub target: Target,
    pub group_by: GroupBy,
    pub by: By,
    pub narrow: Narrow,
    pub outcome: Option<Outcome>,
    /// Met or breached: what attainment is made of.
    pub decided: bool,
    pub stopped: bool,
    pub facet: Facet,
    /// The row a page begins behind.
    pub after: Option<(Utc, Uuid)>,
    pub until: String,
    /// What was given and understood.
    given: BTreeMap<&'static str, String>,
    pub problems: Vec<Message>,
}

impl Asked {
    pub fn read(conn: &mut Db, visitor: &Visitor, query: &str) -> Result<Self> {
        let zone = Zone::named(&default_zone(conn)?).unwrap_or_else(Zone::utc);
        Ok(Self::of(query, &zone, visitor.now))
    }

    /// [`Asked::read`] in a zone. Pure.
    pub fn of(query: &str, zone: &Zone, now: Utc) -> Self {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
            .map(web::Query::into_inner)
            .unwrap_or_default();
        let mut asked = Asked {
            period: Period::usual(zone, now),
            target: Target::Resolution,
            group_by: GroupBy::Priority,
            by: By::Outcome,
            narrow: Narrow::default(),
            outcome: None,
            decided: false,
            stopped: false,
            facet: Facet::Opened,
            after: None,
            until: String::new(),
            given: BTreeMap::new(),
            problems: Vec::new(),
        };
        for (name, value) in &pairs {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match KNOWN.iter().find(|known| *known == name) {
                Some(known) if asked.take(known, value).is_some() => {
                    asked.given.insert(known, value.to_owned());
                }
                _ => asked.problem(name),
            }
        }
        asked.take_period(zone);
        asked.take_facet();
        asked
    }

    fn problem(&mut self, name: &str) {
        let name: String = name.chars().take(60).collect();
        let message = Message::new("report-unknown-filter").arg("name", name);
        self.problems.push(message);
    }

    /// One parameter; nothing when its value is none.
    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        let id = || match value {
            "none" => Some(None),
            id => Uuid::parse_str(id).ok().map(Some),
        };
        match name {
            "target" => self.target = Target::from_word(value)?,
            "group_by" => self.group_by = GroupBy::from_word(value)?,
            "by" => self.by = By::from_word(value)?,
            "kind" => self.narrow.kind = Some(Kind::from_word(value)?.word().to_owned()),
            "priority" => self.narrow.priority = Some(value.parse().ok()?),
            "service" => self.narrow.service = Some(id()?),
            "team" => self.narrow.team = Some(id()?),
            "organisation" => self.narrow.organisation = Some(id()?),
            "agreement" => self.narrow.agreement = Some(id()?),
            "outcome" if value == "decided" => self.decided = true,
            "outcome" => self.outcome = Some(Outcome::from_word(value)?),
            "stopped" => self.stopped = (value == "1").then_some(true)?,
            "after" => {
                let (at, id) = value.split_once('.')?;
                let at = Utc::from_micros(at.parse().ok()?);
                self.after = Some((at, Uuid::parse_str(id).ok()?));
            }
            "until" => {
                value.parse::<jiff::civil::Time>().ok()?;
                self.until = value.to_owned();
            }
            // Read together, once all are there.
            "from" | "to" => drop(value.parse::<Date>().ok()?),
            _ => {}
        }
        Some(())
    }

    fn take_period(&mut self, zone: &Zone) {
        let day = |name: &str| self.given.get(name).and_then(|v| v.parse::<Date>().ok());
        if day("from").is_none() && day("to").is_none() {
            return;
        }
        let to = day("to").unwrap_or(self.period.to);
        let from = day("from").unwrap_or_else(|| to.first_of_month());
        match Period::of(zone, from, to) {
            Ok(period) => self.period = period,
            Err(message) => {
                self.given.remove("from");
                self.given.remove("to");
                self.problems.push(message);
            }
        }
    }

    fn take_facet(&mut self) {
        let value = self.given.get("value").cloned().unwrap_or_default();
        let word = self.given.get("facet").cloned().unwrap_or_default();
        match facet(&word, &value) {
            Some(facet) => self.facet = facet,
            None if word.is_empty() => {}
            None => {
                self.given.remove("facet");
                self.problem("facet");
            }
        }
    }

    pub fn kind(&self) -> Option<Kind> {
        self.narrow.kind.as_deref().and_then(Kind::from_word)
    }

    pub fn ask(&self) -> Ask {
        Ask {
            period: self.period.clone(),
            target: self.target,
            group_by: self.group_by,
            by: self.by,
            narrow: self.narrow.clone(),
        }
    }

    pub fn given(&self, name: &str) -> &str {
        self.given.get(name).map_or("", String::as_str)
    }

    /// A file cannot say what it left out, and would be taken for the answer.
    pub fn refuse_problems(&self) -> Result<()> {
        match self.problems.first() {
            Some(message) => Err(Error::invalid("", message.clone())),
            None => Ok(()),
        }
    }

    /// The address of a page, with these parameters of this one and those others.
    pub fn address(&self, path: &str, keep: &[&str], more: &[(&str, &str)]) -> String {
        let kept = (self.given.iter())
            .filter(|(name, _)| keep.contains(name))
            .map(|(name, value)| (*name, value.as_str()));
        let kept = kept.filter(|(name, _)| more.iter().all(|(own, _)| own != name));
        let mut address = path.to_owned();
        let all = kept.chain(more.iter().copied());
        for (n, (name, value)) in all.filter(|(_, value)| !value.is_empty()).enumerate() {
            address.push(if n == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            address.push_str(&percent_encode(value));
        }
        address
    }

    /// The next page of the same list.
    pub fn next(&self, path: &str, at: Utc, id: Uuid) -> String {
        let key = format!("{}.{id}", at.micros());
        self.address(path, &KNOWN, &[("after", &key)])
    }

    /// The same list from its beginning.
    pub fn first(&self, path: &str) -> String {
        self.address(path, &KNOWN, &[("after", "")])
    }

    /// The same question elsewhere: as a file, say.
    pub fn at(&self, path: &str) -> String {
        self.first(path)
    }
}

/// What records have in common, as addresses write it.
pub fn facet(word: &str, value: &str) -> Option<Facet> {
    fn id<T>(value: &str) -> Option<Option<Id<T>>> {
        match value {
            "none" => Some(None),
            id => id.parse().ok().map(Some),
        }
    }
    Some(match word {
        "opened" => Facet::Opened,
        "resolved" => Facet::Resolved,
        "reopened" => Facet::Reopened,
        "first_contact" => Facet::FirstContact,
        "chased" => Facet::Chased,
        "handed_over" => Facet::HandedOver,
        "open" => Facet::Open,
        "left" => Facet::Left,
        "aged" => Facet::Aged(value.parse().ok().filter(|n| *n <= AGES.len())?),
        "mttd" => Facet::Detected,
        "mtta" => Facet::Acknowledged,
        "mttr" => Facet::Restored,
        "channel" => Facet::Channel(Channel::from_word(value)?),
        "service" => Facet::Service(id(value)?),
        "category" => Facet::Category(id(value)?),
        "held" => Facet::Held(value.to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        let now = Utc::from_micros(1_795_262_400_000_000); // 2026-11-21 12:00
        Asked::of(query, &Zone::utc(), now)
    }

    #[test]
    fn an_empty_address_is_the_last_six_months() {
        let usual = asked("");
        assert_eq!(
            (usual.period.from.to_string(), usual.period.to.to_string()),
            ("2026-06-01".to_owned(), "2026-11-21".to_owned())
        );
        assert!(usual.problems.is_empty());
        assert_eq!(usual.at("/reports/sla"), "/reports/sla");
    }

    #[test]
    fn what_is_not_understood_is_named_and_left_out() {
        for wrong in [
            "colour=red",
            "target=lunch",
            "team=blue",
            "from=yesterday",
            "after=x",
            "facet=odd",
            "from=2026-11-20&to=2026-11-01",
            "from=1990-01-01&to=2026-01-01",
            "priority=high",
            "until=25:00",
        ] {
            let asked = asked(wrong);
            assert_eq!(asked.problems.len(), 1, "{wrong}");
            assert_eq!(asked.at("/x"), "/x", "{wrong}");
            assert!(asked.refuse_problems().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_written_as_it_was_read() {
        let query = "by=opened&from=2026-10-01&outcome=met&team=none&to=2026-10-31";
        assert_eq!(
            asked(query).at("/reports/clocks"),
            format!("/reports/clocks?{query}")
        );
        let next = asked(query).address("/x", &["from", "to"], &[("to", "2026-12-01")]);
        assert_eq!(next, "/x?from=2026-10-01&to=2026-12-01");
    }
}
