//! The language check of what was written: computed when somebody looks, kept nowhere. Only that a
//! suggestion was not taken up is kept, by section and digest of the sentence, with the reason.

use std::ops::Range;

use super::sections::{head_of, person_of};
use super::{Found, to_write, write};
use crate::journal::{Change as Said, Value};
use crate::people::{self, Visitor};
use crate::platform::db::{Db, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets;
use crate::postmortems::labels;
use crate::postmortems::model::{Dismissal, SectionVersion};
use crate::postmortems::rules::sections::Section;
use crate::postmortems::rules::wording::{Hit, check};
use crate::postmortems::store;
use crate::records::{Number, Record};

/// The language post-mortems are written in, as far as there are rules for it.
const LANGUAGE: &str = "en";

/// A suggestion, with what is kept of it where somebody did not take it up.
#[derive(Debug, Clone)]
pub struct HitSeen {
    pub rule: &'static str,
    /// Key of the question it raises.
    pub question: String,
    pub at: Range<usize>,
    pub sentence: Range<usize>,
    /// A digest of the rule and the words of the sentence.
    pub means: String,
    /// Why it was not taken up.
    pub dismissed: Option<String>,
}

/// The names of whoever works here: sentences that blame them name persons.
fn names(conn: &mut Db) -> Result<Vec<String>> {
    Ok(people::list_agents(conn)?
        .into_iter()
        .map(|p| p.name)
        .collect())
}

fn digest(hit: &Hit, text: &str) -> String {
    let whole = secrets::hex(&secrets::sha256(hit.means(text).as_bytes()));
    whole.chars().take(32).collect()
}

fn seen(section: Section, names: &[&str], text: &str, dismissed: &[Dismissal]) -> Vec<HitSeen> {
    let Some(register) = section.register() else {
        return Vec::new();
    };
    let hit = |hit: Hit| {
        let means = digest(&hit, text);
        let known = dismissed.iter();
        let mut known = known.filter(|one| one.section == section);
        let reason = known.find(|one| one.means == means);
        HitSeen {
            rule: hit.rule,
            question: hit.question(),
            at: hit.at.clone(),
            sentence: hit.sentence.clone(),
            dismissed: reason.map(|one| one.reason.clone()),
            means,
        }
    };
    check(LANGUAGE, register, names, text)
        .into_iter()
        .map(hit)
        .collect()
}

/// What of a text could be said otherwise.
pub fn hits_of(conn: &mut Db, found: &Found, section: Section, text: &str) -> Result<Vec<HitSeen>> {
    let dismissed = store::dismissals_of(conn, found.record.id)?;
    let names = names(conn)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Ok(seen(section, &names, text, &dismissed))
}

/// How many suggestions of each section nobody took up or dismissed.
pub fn all_hits(
    conn: &mut Db,
    found: &Found,
    heads: &[SectionVersion],
) -> Result<Vec<(Section, usize)>> {
    let dismissed = store::dismissals_of(conn, found.record.id)?;
    let names = names(conn)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let open = |head: &SectionVersion| {
        let hits = seen(head.section, &names, &head.text, &dismissed);
        (
            head.section,
            hits.iter().filter(|hit| hit.dismissed.is_none()).count(),
        )
    };
    Ok(heads.iter().map(open).collect())
}

pub(super) fn open_hits(conn: &mut Db, found: &Found, heads: &[SectionVersion]) -> Result<usize> {
    Ok(all_hits(conn, found, heads)?.iter().map(|(_, n)| n).sum())
}

/// Does not take up a suggestion, with a reason. It holds for the sentence wherever it moves to.
pub fn dismiss(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    section: Section,
    (means, reason): (&str, &str),
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "postmortem-why-keep"));
    }
    let head = head_of(w, found.record.id, section)?;
    let hits = hits_of(w, &found, section, &head.text)?;
    let Some(hit) = hits.iter().find(|hit| hit.means == means) else {
        return Err(Error::refused("postmortem-hit-gone"));
    };
    if hit.dismissed.is_some() {
        return Ok(found.record);
    }
    let was = store::dismissals_of(w, found.record.id)?;
    store::insert_dismissal(
        w,
        &Dismissal {
            record_id: found.record.id,
            section,
            means: hit.means.clone(),
            rule: hit.rule.to_owned(),
            reason: reason.to_owned(),
            by_id: person_of(ctx),
            at: ctx.now,
        },
    )?;
    let is = store::dismissals_of(w, found.record.id)?;
    let said = vec![
        Said::new(
            "dismissals",
            labels::dismissals(&was),
            labels::dismissals(&is),
        ),
        Said::set("dismissal_reason", Value::text(reason)),
    ];
    let record = found.record.clone();
    write(w, ctx, &found, record, &found.of, "wording_kept", said)
}
