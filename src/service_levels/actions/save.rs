//! Looking at what is wanted, and keeping it.

use super::known::{self, Labels};
use crate::journal::{self, Change, NewFact, Subject, Value};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::jobs;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::service_levels::compiled;
use crate::service_levels::fields;
use crate::service_levels::kept::{All, Kept, Version};
use crate::service_levels::rules::{self, Saving, Wanted};
use crate::service_levels::store::definitions;
use crate::service_levels::{Agreement, Calendar, RECOUNT};

/// What is wanted together: a file, or one of a form.
#[derive(Debug, Clone, Default)]
pub struct Definitions {
    pub calendars: Vec<Wanted<Calendar>>,
    pub agreements: Vec<Wanted<Agreement>>,
}

impl Definitions {
    pub fn of_calendar(wanted: Wanted<Calendar>) -> Self {
        Self {
            calendars: vec![wanted],
            agreements: Vec::new(),
        }
    }

    pub fn of_agreement(wanted: Wanted<Agreement>) -> Self {
        Self {
            calendars: Vec::new(),
            agreements: vec![wanted],
        }
    }
}

/// One of what is wanted, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Calendar(usize),
    Agreement(usize),
}

/// What is wrong with one of what is wanted.
#[derive(Debug, Clone)]
pub struct Problem {
    pub wish: Wish,
    pub invalid: Invalid,
}

/// What is wanted, fit to be kept.
#[derive(Debug, Clone)]
pub struct Looked {
    pub calendars: Vec<Saving>,
    pub agreements: Vec<Saving>,
    pub wanted: Definitions,
    /// What is there, as it was and as it would be.
    pub before: All,
    pub after: All,
}

impl Looked {
    /// When the last of what is new begins.
    pub fn begins(&self, now: Utc) -> Utc {
        let calendars = self.wanted.calendars.iter().filter_map(|w| w.from);
        let agreements = self.wanted.agreements.iter().filter_map(|w| w.from);
        calendars
            .chain(agreements)
            .max()
            .map_or(now, |at| at.max(now))
    }
}

/// Looks at what is wanted as if it were kept now: what comes of it, or what is wrong with it.
pub fn look(conn: &mut Db, wanted: Definitions, now: Utc) -> Result<Result<Looked, Vec<Problem>>> {
    let before = definitions::all(conn)?;
    let mut after = before.clone();
    let mut problems = Vec::new();
    let mut problem = |wish, invalid: Invalid| {
        if !invalid.is_empty() {
            problems.push(Problem { wish, invalid });
        }
    };
    let mut calendars = Vec::new();
    for (at, wish) in wanted.calendars.iter().enumerate() {
        let mut invalid = Invalid::default();
        calendars.push(rules::put(&mut after.calendars, wish, now, &mut invalid));
        problem(Wish::Calendar(at), invalid);
    }
    let mut agreements = Vec::new();
    for (at, wish) in wanted.agreements.iter().enumerate() {
        let mut invalid = Invalid::default();
        agreements.push(rules::put(&mut after.agreements, wish, now, &mut invalid));
        problem(Wish::Agreement(at), invalid);
    }
    // What stands beside it counts as it will be. What is there already was looked at before.
    let new = |saving: &[Saving], at: usize| saving.get(at) != Some(&Saving::Unchanged);
    let of_calendars = wanted.calendars.iter().enumerate();
    for (at, wish) in of_calendars.filter(|(at, _)| new(&calendars, *at)) {
        let mut invalid = Invalid::default();
        rules::calendar(wish, &after, &mut invalid);
        problem(Wish::Calendar(at), invalid);
    }
    let compiled = compiled::calendars(&after);
    let of_agreements = wanted.agreements.iter().enumerate();
    for (at, wish) in of_agreements.filter(|(at, _)| new(&agreements, *at)) {
        let mut invalid = Invalid::default();
        let was = before.agreements.iter().find(|kept| kept.id == wish.id);
        known::check(conn, was, &wish.definition, &mut invalid)?;
        rules::agreement(wish, was, &after, compiled.as_ref(), now, &mut invalid);
        problem(Wish::Agreement(at), invalid);
    }
    Ok(if problems.is_empty() {
        Ok(Looked {
            calendars,
            agreements,
            wanted,
            before,
            after,
        })
    } else {
        Err(problems)
    })
}

/// Keeps what was looked at in the same transaction.
pub fn keep(w: &mut Write<'_>, ctx: &Ctx, looked: &Looked) -> Result<()> {
    let mut kept_any = false;
    for (wish, outcome) in looked.wanted.calendars.iter().zip(&looked.calendars) {
        if *outcome != Saving::Unchanged {
            keep_calendar(w, ctx, looked, wish.id)?;
            kept_any = true;
        }
    }
    for (wish, outcome) in looked.wanted.agreements.iter().zip(&looked.agreements) {
        if *outcome != Saving::Unchanged {
            keep_agreement(w, ctx, looked, wish.id)?;
            kept_any = true;
        }
    }
    if kept_any {
        definitions::change_revision(w)?;
        jobs::request(w, RECOUNT, ctx.now)?;
    }
    Ok(())
}

fn keep_calendar(w: &mut Write<'_>, ctx: &Ctx, all: &Looked, id: Id<Kept<Calendar>>) -> Result<()> {
    let (before, after) = sides(&all.before.calendars, &all.after.calendars, id)?;
    let version = last(after)?;
    let subject = fields::about_calendar(id);
    match before {
        None => definitions::insert_calendar(w, id, &after.name, after.is_retired, ctx.now)?,
        Some(_) => definitions::update_calendar(w, id, &after.name, after.is_retired)?,
    }
    let written = written(version)?;
    definitions::insert_calendar_version(w, id, &written)?;
    let values = |version: &Version<Calendar>| {
        let mut values = fields::calendar_values(&version.definition);
        values.extend(fields::holding(version));
        values
    };
    let was = before.map(last).transpose()?.map(values);
    let is = values(version);
    append(w, ctx, subject, was, is, &written)
}

fn keep_agreement(
    w: &mut Write<'_>,
    ctx: &Ctx,
    all: &Looked,
    id: Id<Kept<Agreement>>,
) -> Result<()> {
    let (before, after) = sides(&all.before.agreements, &all.after.agreements, id)?;
    let version = last(after)?;
    let subject = fields::about_agreement(id);
    match before {
        None => {
            let kind = version.definition.kind;
            definitions::insert_agreement(w, id, &after.name, kind, after.is_retired, ctx.now)?;
        }
        Some(_) => definitions::update_agreement(w, id, &after.name, after.is_retired)?,
    }
    let written = written(version)?;
    definitions::insert_agreement_version(w, id, &written)?;
    let labels = Labels::of(&all.after);
    let mut values = |version: &Version<Agreement>| -> Result<Vec<(&'static str, Value)>> {
        let mut values =
            fields::agreement_values(&version.definition, &mut |what| labels.find(w, what))?;
        values.extend(fields::holding(version));
        Ok(values)
    };
    let was = before.map(last).transpose()?.map(&mut values).transpose()?;
    let is = values(version)?;
    append(w, ctx, subject, was, is, &written)
}

/// The fact of a new version: every field that differs from the version before, and all of the
/// definition.
fn append(
    w: &mut Write<'_>,
    ctx: &Ctx,
    subject: Subject,
    was: Option<Vec<(&'static str, Value)>>,
    is: Vec<(&'static str, Value)>,
    version: &Version<String>,
) -> Result<()> {
    let verb = match (&was, version.is_retired) {
        (None, _) => "added",
        (Some(_), true) => "retired",
        (Some(_), false) => "edited",
    };
    let was = was.unwrap_or_default();
    let changes = is.into_iter().filter_map(|(field, after)| {
        let before = was.iter().find(|(name, _)| *name == field);
        let before = before.map_or(Value::Nothing, |(_, value)| value.clone());
        (before != after).then(|| Change::new(field, before, after))
    });
    let changes = changes.chain(fields::whole(version)).collect();
    let name = format!("{}.{verb}", subject.kind);
    journal::append_to(w, ctx, subject, &NewFact::new(name, changes))
}

type Sides<'a, D> = (Option<&'a Kept<D>>, &'a Kept<D>);

fn sides<'a, D>(
    before: &'a [Kept<D>],
    after: &'a [Kept<D>],
    id: Id<Kept<D>>,
) -> Result<Sides<'a, D>> {
    let of = |all: &'a [Kept<D>]| all.iter().find(|kept| kept.id == id);
    let after = of(after).ok_or_else(|| Error::inward("what was looked at is not there"))?;
    Ok((of(before), after))
}

fn last<D>(kept: &Kept<D>) -> Result<&Version<D>> {
    kept.latest()
        .ok_or_else(|| Error::inward("there is no version"))
}

fn written<D: serde::Serialize>(version: &Version<D>) -> Result<Version<String>> {
    Ok(Version {
        id: version.id,
        number: version.number,
        from_at: version.from_at,
        saved_at: version.saved_at,
        is_retired: version.is_retired,
        definition: fields::text(&version.definition)?,
    })
}
