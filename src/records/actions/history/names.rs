//! The people, teams, services, categories and levels that histories name: found by their folded
//! name, created as needed.
//!
//! A [`Directory`] lives as long as an import and only grows by what was committed; [`Names`] is what
//! one transaction sees of it and adds to it.

use std::collections::{HashMap, HashSet};

use time::Duration;
use uuid::Uuid;

use super::model::{Event, Grade, History, Set, Who};
use crate::journal::{self, Change, Head, NewFact, Subject, Value};
use crate::people::actions::{By, add_person, add_requesters, add_team};
use crate::people::{self, Person, PersonForm, Team, TeamForm};
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::text::fold;
use crate::records::model::Kind;
use crate::records::rules::Matrix;
use crate::records::{labels, store};
use crate::services::fields::{about_scale, level_values};
use crate::services::{self, Category, Code, CodeList, Level, Scale, Service, ServiceForm};

/// People are read so many at a time.
const CHUNK: i64 = 1_000;
/// What a service that an import created is taken for, until somebody says better.
const CRITICALITY: i32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sort {
    Person,
    Team,
    Service,
    Category,
}

/// What is known by name.
#[derive(Debug, Default)]
pub struct Directory {
    ids: HashMap<(Sort, String), Uuid>,
    labels: HashMap<Uuid, String>,
    levels: Vec<(Scale, i32)>,
    holds: Vec<Code>,
    matrix: Matrix,
    /// How long each class of work may wait.
    allowances: Vec<(Kind, Duration)>,
    zone: String,
    /// How many people, teams, services and categories were created.
    pub created: [u64; 4],
}

impl Directory {
    /// Begins with everybody's name: what a name means here is decided once, not by each record.
    ///
    /// Of several people with one name, the one without a mail address is meant: an import made
    /// them. Several with addresses mean nobody, since a guess would show somebody a stranger's
    /// record.
    pub fn begin(conn: &mut Db) -> Result<Self> {
        let mut directory = Self {
            zone: people::default_zone(conn)?,
            ..Self::default()
        };
        for scale in [Scale::Impact, Scale::Urgency, Scale::Priority] {
            let levels = services::list_levels(conn, scale)?;
            let levels = levels.into_iter().map(|level| (scale, level.level));
            directory.levels.extend(levels);
        }
        directory.holds = services::list_codes(conn, CodeList::Hold)?;
        directory.matrix = store::matrix(conn)?;
        for kind in Kind::ALL {
            let allowance = store::allowance(conn, *kind)?;
            directory.allowances.extend(allowance.map(|is| (*kind, is)));
        }
        let mut mailed: HashMap<String, Option<Uuid>> = HashMap::new();
        let mut after = Id::nil();
        loop {
            let people = people::list_names(conn, after, CHUNK)?;
            let Some(last) = people.last() else { break };
            after = last.id;
            for person in people {
                let (key, id) = (fold(&person.name), person.id.uuid());
                if person.mail.is_empty() {
                    directory.ids.entry((Sort::Person, key)).or_insert(id);
                } else {
                    mailed
                        .entry(key)
                        .and_modify(|one| *one = None)
                        .or_insert(Some(id));
                }
            }
        }
        for (key, one) in mailed {
            if let Some(id) = one {
                directory.ids.entry((Sort::Person, key)).or_insert(id);
            }
        }
        Ok(directory)
    }

    /// Takes over what a committed transaction added.
    pub fn absorb(&mut self, added: Directory) {
        self.ids.extend(added.ids);
        self.labels.extend(added.labels);
        self.levels.extend(added.levels);
        for (sum, n) in self.created.iter_mut().zip(added.created) {
            *sum += n;
        }
    }

    /// Counts what a history would create, for a run that writes nothing.
    pub fn pretend(&mut self, conn: &mut Db, history: &History) -> Result<()> {
        let sets = history.events.iter().flat_map(|event| &event.sets);
        for set in sets {
            let (sort, name) = match set {
                Set::Requester(Some(who)) | Set::Assignee(Some(who)) => (Sort::Person, &who.name),
                Set::Team(Some(name)) => (Sort::Team, name),
                Set::Service(Some(name)) => (Sort::Service, name),
                Set::Category(Some(name)) => (Sort::Category, name),
                Set::State(enter) => match enter.ended.as_ref().and_then(|e| e.by.as_ref()) {
                    Some(who) => (Sort::Person, &who.name),
                    None => continue,
                },
                _ => continue,
            };
            let key = (sort, fold(name));
            if self.ids.contains_key(&key) {
                continue;
            }
            let found = find(conn, sort, name)?;
            if found.is_none()
                && let Some(n) = self.created.get_mut(sort as usize)
            {
                *n += 1;
            }
            self.ids.insert(key, found.unwrap_or_default());
        }
        Ok(())
    }
}

fn find(conn: &mut Db, sort: Sort, name: &str) -> Result<Option<Uuid>> {
    Ok(match sort {
        Sort::Person => None,
        Sort::Team => people::find_team_by_name(conn, name)?.map(Id::uuid),
        Sort::Service => services::find_service_by_name(conn, name)?.map(Id::uuid),
        Sort::Category => services::find_category_by_name(conn, name)?.map(Id::uuid),
    })
}

/// A directory as one transaction sees it.
pub struct Names<'a> {
    base: &'a Directory,
    added: Directory,
}

impl<'a> Names<'a> {
    pub fn over(base: &'a Directory) -> Self {
        Self {
            base,
            added: Directory::default(),
        }
    }

    /// What this transaction added, to be absorbed once it is committed.
    pub fn added(self) -> Directory {
        self.added
    }

    /// Creates at once whoever these histories' requesters and assignees are that nobody knows yet.
    pub fn add_people<'h>(
        &mut self,
        w: &mut Write<'_>,
        ctx: &Ctx,
        events: impl Iterator<Item = &'h Event>,
    ) -> Result<()> {
        let mut wanted: Vec<(&str, String)> = Vec::new();
        let mut seen = HashSet::new();
        for set in events.flat_map(|event| &event.sets) {
            let (Set::Requester(Some(who)) | Set::Assignee(Some(who))) = set else {
                continue;
            };
            let key = fold(&who.name);
            let sorted = (Sort::Person, key.clone());
            if who.mail.is_empty()
                && !self.base.ids.contains_key(&sorted)
                && !self.added.ids.contains_key(&sorted)
                && seen.insert(key.clone())
            {
                wanted.push((&who.name, key));
            }
        }
        let forms: Vec<PersonForm> = wanted
            .iter()
            .map(|(name, _)| self.form(&Who::named(*name)))
            .collect();
        let ids = add_requesters(w, By::Command, ctx, &forms)?;
        for ((name, key), id) in wanted.into_iter().zip(ids) {
            self.added.ids.insert((Sort::Person, key), id.uuid());
            self.added.labels.insert(id.uuid(), name.to_owned());
            if let Some(n) = self.added.created.get_mut(Sort::Person as usize) {
                *n += 1;
            }
        }
        Ok(())
    }

    pub fn person(&mut self, w: &mut Write<'_>, ctx: &Ctx, who: &Who) -> Result<Id<Person>> {
        if who.mail.is_empty() {
            return self.id(w, ctx, Sort::Person, who).map(Id::from_uuid);
        }
        if let Some(person) = people::find_person_by_mail(w, &who.mail)? {
            return Ok(person.id);
        }
        self.create(w, ctx, Sort::Person, who).map(Id::from_uuid)
    }

    pub fn team(&mut self, w: &mut Write<'_>, ctx: &Ctx, name: &str) -> Result<Id<Team>> {
        self.id(w, ctx, Sort::Team, &Who::named(name))
            .map(Id::from_uuid)
    }

    pub fn service(&mut self, w: &mut Write<'_>, ctx: &Ctx, name: &str) -> Result<Id<Service>> {
        self.id(w, ctx, Sort::Service, &Who::named(name))
            .map(Id::from_uuid)
    }

    pub fn category(&mut self, w: &mut Write<'_>, ctx: &Ctx, name: &str) -> Result<Id<Category>> {
        self.id(w, ctx, Sort::Category, &Who::named(name))
            .map(Id::from_uuid)
    }

    /// The level, added to its scale where it is not known.
    pub fn level(
        &mut self,
        w: &mut Write<'_>,
        ctx: &Ctx,
        scale: Scale,
        grade: &Grade,
    ) -> Result<i32> {
        let key = (scale, grade.level);
        if !self.base.levels.contains(&key) && !self.added.levels.contains(&key) {
            let level = Level {
                scale,
                level: grade.level,
                name: grade.name.clone(),
                hint: String::new(),
            };
            services::insert_level(w, &level)?;
            let values = level_values(level.level, &level.name, &level.hint);
            let changes: Vec<Change> = values
                .into_iter()
                .map(|(field, value)| Change::set(field, value))
                .collect();
            if !changes.is_empty() {
                let fact = NewFact::new("setting.level_added", changes);
                journal::append_to(w, ctx, about_scale(scale), &fact)?;
            }
            self.added.levels.push(key);
        }
        Ok(grade.level)
    }

    /// The least urgent level of a scale: what a source that says nothing is taken to mean.
    pub fn least(&self, scale: Scale) -> i32 {
        let levels = self.base.levels.iter().chain(&self.added.levels);
        let levels = levels.filter(|(of, _)| *of == scale).map(|(_, n)| *n);
        levels.max().unwrap_or(1)
    }

    /// What the matrix gives.
    pub fn priority(&self, impact: i32, urgency: i32) -> i32 {
        self.base.matrix.priority(impact, urgency)
    }

    /// How long a kind of work may wait, where that is of a class.
    pub fn allowance(&self, kind: Kind) -> Option<Duration> {
        let mut known = self.base.allowances.iter().filter(|(of, _)| *of == kind);
        known.next().map(|(_, allowance)| *allowance)
    }

    /// The code of the hold list that behaves so.
    pub fn hold_code(&self, behaviour: &str) -> String {
        let found = self.base.holds.iter().find(|c| c.behaviour == behaviour);
        found.map_or(behaviour, |code| &code.code).to_owned()
    }

    /// What a code of the hold list is called.
    pub fn hold_label(&self, code: &str) -> String {
        let found = self.base.holds.iter().find(|c| c.code == code);
        found.map(|code| code.label.clone()).unwrap_or_default()
    }

    /// What something is called: as a source named it in this run, else as it is called here.
    pub fn label(&mut self, conn: &mut Db, field: &str, id: Uuid) -> Result<String> {
        let known = self
            .added
            .labels
            .get(&id)
            .or_else(|| self.base.labels.get(&id));
        if let Some(label) = known {
            return Ok(label.clone());
        }
        let label = labels::label_of(conn, field, id)?;
        self.added.labels.insert(id, label.clone());
        Ok(label)
    }

    fn id(&mut self, w: &mut Write<'_>, ctx: &Ctx, sort: Sort, who: &Who) -> Result<Uuid> {
        let key = (sort, fold(&who.name));
        let known = self.added.ids.get(&key).or_else(|| self.base.ids.get(&key));
        if let Some(id) = known {
            return Ok(*id);
        }
        let id = match find(w, sort, &who.name)? {
            Some(id) => id,
            None => self.create(w, ctx, sort, who)?,
        };
        self.added.ids.insert(key, id);
        Ok(id)
    }

    fn create(&mut self, w: &mut Write<'_>, ctx: &Ctx, sort: Sort, who: &Who) -> Result<Uuid> {
        if let Some(n) = self.added.created.get_mut(sort as usize) {
            *n += 1;
        }
        let id = match sort {
            Sort::Person => self.add_person(w, ctx, who)?.uuid(),
            Sort::Team => {
                let form = TeamForm {
                    name: who.name.clone(),
                    ..TeamForm::default()
                };
                add_team(w, By::Command, ctx, &form)?.id.uuid()
            }
            Sort::Service => {
                let id = Id::new();
                let form = ServiceForm {
                    name: who.name.clone(),
                    owner: None,
                    team: None,
                    criticality: CRITICALITY,
                    disabled_at: None,
                };
                services::insert_service(w, id, &form)?;
                let criticality = Value::Number(CRITICALITY.into());
                let more = vec![Change::set("criticality", criticality)];
                said(w, ctx, "service", id.uuid(), &who.name, more)?
            }
            Sort::Category => {
                let id = Id::new();
                services::insert_category(w, id, &who.name, None)?;
                said(w, ctx, "category", id.uuid(), &who.name, Vec::new())?
            }
        };
        self.added.labels.insert(id, who.name.clone());
        Ok(id)
    }

    fn form(&self, who: &Who) -> PersonForm {
        PersonForm {
            name: who.name.clone(),
            mail: who.mail.clone(),
            language: crate::platform::words::DEFAULT.to_owned(),
            zone: self.base.zone.clone(),
            ..PersonForm::default()
        }
    }

    /// Somebody without a password, who cannot sign in. A mail address that is none is left out: the
    /// record is worth more.
    fn add_person(&self, w: &mut Write<'_>, ctx: &Ctx, who: &Who) -> Result<Id<Person>> {
        let mut form = self.form(who);
        match add_person(w, By::Command, ctx, &form) {
            Err(Error::Invalid(_)) if !form.mail.is_empty() => {
                form.mail.clear();
                Ok(add_person(w, By::Command, ctx, &form)?.id)
            }
            added => Ok(added?.id),
        }
    }
}

/// The journal's word for a service or category that was created.
fn said(
    w: &mut Write<'_>,
    ctx: &Ctx,
    kind: &'static str,
    id: Uuid,
    name: &str,
    more: Vec<Change>,
) -> Result<Uuid> {
    let mut changes = vec![Change::set("name", Value::text(name))];
    changes.extend(more);
    let fact = NewFact::new(format!("{kind}.added"), changes);
    journal::append(w, ctx, Subject { kind, id }, &Head::empty(), &fact)?;
    Ok(id)
}
