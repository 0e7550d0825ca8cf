//! Every agreement and calendar with its versions, made ready for clocks. Made once for a revision of
//! the definitions and shared by all who count.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use super::track::Facts;
use crate::platform::db::Utc;
use crate::service_levels::calendar::{Calendar, CalendarVersion, Hours, Timeline};
use crate::service_levels::terms::{Agreement, Span, Target};

/// A stored version of a calendar.
#[derive(Debug, Clone)]
pub struct StoredCalendar {
    pub calendar: Uuid,
    pub version: Uuid,
    pub from_at: Utc,
    pub definition: Calendar,
}

/// A stored version of an agreement.
#[derive(Debug, Clone)]
pub struct StoredAgreement {
    pub agreement: Uuid,
    pub version: Uuid,
    pub from_at: Utc,
    pub saved_at: Utc,
    /// A last version that only says that it is over.
    pub is_retired: bool,
    pub definition: Agreement,
}

/// Why a catalogue can't be made: only where what is stored was not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCatalogue {
    /// A calendar names a zone that the compiled data doesn't know.
    Zone { calendar: Uuid, zone: String },
    /// An agreement or another calendar names a calendar that isn't there.
    Calendar(Uuid),
}

/// A version of an agreement, ready.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) id: Uuid,
    from_at: Utc,
    saved_at: Utc,
    is_retired: bool,
    pub(super) terms: Agreement,
    pub(super) timeline: Arc<Timeline>,
}

/// An agreement's versions, the earliest first.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) versions: Vec<Version>,
}

/// All that clocks are counted under; by default nothing was ever agreed.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub(super) agreements: Vec<Entry>,
    timelines: BTreeMap<Uuid, Arc<Timeline>>,
    /// Every instant at which a version of an agreement begins, for records that came here and for
    /// imported ones.
    changes: [Vec<Utc>; 2],
}

/// What a clock stands under.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) agreement: &'a Entry,
    pub(super) version: &'a Version,
    pub(super) span: Span,
}

impl PartialEq for Terms<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.version.id == other.version.id && self.span == other.span
    }
}

impl<'a> Terms<'a> {
    pub(super) fn timeline(&self) -> &'a Timeline {
        &self.version.timeline
    }

    /// The version of the calendar at an instant.
    pub(super) fn calendar_version(&self, at: Utc) -> Uuid {
        self.version.timeline.at(at).map_or(Uuid::nil(), |v| v.id)
    }
}

impl Catalogue {
    /// Before this nothing was agreed, not even with what was imported.
    pub fn begins(&self) -> Option<Utc> {
        self.changes.iter().flatten().min().copied()
    }

    /// All versions, in any order.
    pub fn of(
        calendars: &[StoredCalendar],
        agreements: &[StoredAgreement],
    ) -> Result<Self, NoCatalogue> {
        let timelines = timelines(calendars)?;
        let mut entries: BTreeMap<Uuid, Vec<Version>> = BTreeMap::new();
        for stored in agreements {
            let calendar = stored.definition.calendar;
            let timeline = timelines.get(&calendar);
            let timeline = timeline.ok_or(NoCatalogue::Calendar(calendar))?;
            entries.entry(stored.agreement).or_default().push(Version {
                id: stored.version,
                from_at: stored.from_at,
                saved_at: stored.saved_at,
                is_retired: stored.is_retired,
                terms: stored.definition.clone(),
                timeline: Arc::clone(timeline),
            });
        }
        let mut agreements = Vec::new();
        for (id, mut versions) in entries {
            versions.sort_by_key(|v| (v.from_at, v.saved_at));
            agreements.push(Entry { id, versions });
        }
        let changes = [false, true].map(|imported| {
            let versions = agreements.iter().flat_map(|e| &e.versions);
            let begins: BTreeSet<Utc> = versions.map(|v| v.begins(imported)).collect();
            begins.into_iter().collect()
        });
        Ok(Self {
            agreements,
            timelines,
            changes,
        })
    }

    /// Whether any version of any agreement promises a target.
    pub(super) fn promises(&self, target: Target) -> bool {
        let versions = self.agreements.iter().flat_map(|e| &e.versions);
        versions
            .into_iter()
            .any(|v| v.terms.targets.contains_key(&target))
    }

    /// A calendar through its versions.
    pub fn calendar(&self, id: Uuid) -> Option<&Timeline> {
        self.timelines.get(&id).map(Arc::as_ref)
    }

    /// The instants after `from` and not after `to` at which a version of an agreement begins.
    pub(super) fn changes(&self, from: Utc, to: Utc, imported: bool) -> &[Utc] {
        let [here, elsewhere] = &self.changes;
        let all = if imported { elsewhere } else { here };
        let first = all.partition_point(|at| *at <= from);
        let last = all.partition_point(|at| *at <= to);
        all.get(first..last).unwrap_or_default()
    }

    /// The terms of a target at an instant: the most specific agreement that promises it and covers
    /// the record. A clock keeps an agreement that was retired while it ran.
    pub(super) fn terms(
        &self,
        target: Target,
        facts: &Facts,
        at: Utc,
        imported: bool,
        kept: Option<Uuid>,
    ) -> Option<Terms<'_>> {
        let mut best: Option<(usize, Terms)> = None;
        for entry in &self.agreements {
            let Some(version) = entry.at(at, imported) else {
                continue;
            };
            let kept = kept == Some(entry.id);
            let (version, over) = match version.is_retired {
                true if kept => (entry.before_retired(at, imported), true),
                true => continue,
                false => (Some(version), false),
            };
            let Some(version) = version else { continue };
            let Some(span) = version.terms.targets.get(&target) else {
                continue;
            };
            if version.uncovered(facts, target).is_some() {
                continue;
            }
            let terms = Terms {
                agreement: entry,
                version,
                span: *span,
            };
            if over {
                return Some(terms);
            }
            let weight = version.terms.covers.specificity();
            if best.as_ref().is_none_or(|(known, _)| weight > *known) {
                best = Some((weight, terms));
            }
        }
        best.map(|(_, terms)| terms)
    }
}

impl Entry {
    /// The version in force at an instant, also one that says that it is over.
    pub(super) fn at(&self, at: Utc, imported: bool) -> Option<&Version> {
        let begun = self.versions.iter().rev();
        begun.into_iter().find(|v| v.begins(imported) <= at)
    }

    fn before_retired(&self, at: Utc, imported: bool) -> Option<&Version> {
        let begun = self.versions.iter().rev();
        begun
            .into_iter()
            .find(|v| !v.is_retired && v.begins(imported) <= at)
    }
}

impl Version {
    /// Before an agreement was saved it covers only what was imported.
    pub(super) fn begins(&self, imported: bool) -> Utc {
        match imported {
            true => self.from_at,
            false => self.from_at.max(self.saved_at),
        }
    }

    pub(super) fn is_retired(&self) -> bool {
        self.is_retired
    }

    /// The condition that a record does not meet.
    pub(super) fn uncovered(&self, facts: &Facts, target: Target) -> Option<&'static str> {
        let covers = &self.terms.covers;
        let other = |wanted: Option<Uuid>, is: Option<Uuid>| wanted.is_some() && wanted != is;
        let supplier = facts.hold.as_ref().and_then(|h| h.supplier);
        if self.terms.kind != target.kind() {
            Some("kind")
        } else if !covers.record.is_empty() && covers.record != facts.kind {
            Some("record")
        } else if covers.priority.is_some_and(|p| p != facts.priority) {
            Some("priority")
        } else if other(covers.service, facts.service) {
            Some("service")
        } else if other(covers.organisation, facts.organisation) {
            Some("organisation")
        } else if other(covers.category, facts.category) {
            Some("category")
        } else if other(covers.team, facts.team) {
            Some("team")
        } else if other(covers.supplier, supplier) {
            Some("supplier")
        } else {
            None
        }
    }

    /// Whether a hold stops time.
    pub(super) fn pauses(&self, target: Target, facts: &Facts) -> bool {
        let Some(hold) = &facts.hold else {
            return false;
        };
        if facts.major && self.terms.never_pauses_major {
            return false;
        }
        match target {
            // A supplier's time runs because of the hold.
            Target::Supplier => false,
            Target::NextUpdate => hold.reason == super::history::ON_REQUESTER,
            _ => self.terms.pauses.contains(&hold.reason),
        }
    }
}

/// Each calendar's versions, cut also where a calendar that is open besides changes.
fn timelines(stored: &[StoredCalendar]) -> Result<BTreeMap<Uuid, Arc<Timeline>>, NoCatalogue> {
    let mut all: BTreeMap<Uuid, Vec<&StoredCalendar>> = BTreeMap::new();
    for version in stored {
        all.entry(version.calendar).or_default().push(version);
    }
    for versions in all.values_mut() {
        versions.sort_by_key(|v| v.from_at);
    }
    let mut made = BTreeMap::new();
    for (id, own) in &all {
        let mut cuts: BTreeSet<Utc> = own.iter().map(|v| v.from_at).collect();
        for other in besides(own, &all)? {
            let versions = all.get(&other).into_iter().flatten();
            cuts.extend(versions.skip(1).map(|v| v.from_at));
        }
        let mut versions = Vec::new();
        for cut in cuts {
            let Some(main) = in_force(own, cut) else {
                continue;
            };
            let mut together = vec![&main.definition];
            for other in &main.definition.also {
                let others = all.get(other).ok_or(NoCatalogue::Calendar(*other))?;
                let other = in_force(others, cut).filter(|o| o.calendar != *id);
                together.extend(other.map(|o| &o.definition));
            }
            let hours = Hours::of(together).ok_or_else(|| NoCatalogue::Zone {
                calendar: *id,
                zone: main.definition.zone.clone(),
            })?;
            versions.push(CalendarVersion {
                from: cut,
                id: main.version,
                hours: Arc::new(hours),
            });
        }
        let timeline = Timeline::of(versions).ok_or(NoCatalogue::Calendar(*id))?;
        made.insert(*id, Arc::new(timeline));
    }
    Ok(made)
}

/// The calendars that some version of a calendar names.
fn besides(
    own: &[&StoredCalendar],
    all: &BTreeMap<Uuid, Vec<&StoredCalendar>>,
) -> Result<BTreeSet<Uuid>, NoCatalogue> {
    let named = own.iter().flat_map(|v| &v.definition.also).copied();
    let named: BTreeSet<Uuid> = named.collect();
    match named.iter().find(|id| !all.contains_key(id)) {
        Some(missing) => Err(NoCatalogue::Calendar(*missing)),
        None => Ok(named),
    }
}

/// The first version holds for all time before as well.
fn in_force<'a>(versions: &[&'a StoredCalendar], at: Utc) -> Option<&'a StoredCalendar> {
    let begun = versions.iter().rev().find(|v| v.from_at <= at);
    begun.or(versions.first()).copied()
}
