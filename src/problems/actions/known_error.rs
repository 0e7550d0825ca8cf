//! The workaround, and publishing it as a known error, version by version, until it is retired.

use super::{Found, say, to_write, write};
use crate::journal::{Change as Said, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::problems::labels;
use crate::problems::model::{KnownError, Problem, Version, words_of};
use crate::problems::rules::known_errors::{self, Publication, Retired, Standing};
use crate::problems::store;
use crate::records::{Number, Record};

/// What is to be published, over the version its author had seen.
#[derive(Debug, Clone)]
pub struct Publish {
    pub publication: Publication,
    /// 0 where there was none.
    pub seen: i64,
}

/// A problem with what was published of it, as the form needs it.
pub fn before_publishing(
    conn: &mut Db,
    visitor: &Visitor,
    number: Number,
) -> Result<(Found, Option<(KnownError, Version)>)> {
    let found = super::found(conn, visitor, number)?;
    let known = store::known_errors_of(conn, &[found.record.id])?.pop();
    Ok((found, known))
}

/// Writes down what helps, for those who work on it, without offering it anywhere.
pub fn save_workaround(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    text: &str,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let after = Problem {
        workaround: text.to_owned(),
        ..found.problem.clone()
    };
    write(w, ctx, &found, &after, "workaround_saved")
}

/// Publishes a known error, or the next version of it: it is offered from now on.
pub fn publish(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Publish,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let before = store::known_errors_of(w, &[found.record.id])?.pop();
    let standing = before.as_ref().map_or(
        Standing {
            version: 0,
            retired: None,
        },
        |(known, _)| known.standing(),
    );
    if standing.version != command.seen {
        let message = Message::new("known-error-meanwhile").arg("version", standing.version);
        return Err(Error::refused(message));
    }
    let last = before.as_ref().map(|(_, version)| version.publication());
    let new = &command.publication;
    let n = known_errors::publish(standing, last.as_ref(), new)?;
    let known = KnownError {
        problem_id: found.record.id,
        version: n,
        audience: new.audience,
        retired: String::new(),
        retired_at: None,
        retired_by_id: None,
        retired_reason: String::new(),
    };
    let version = Version {
        problem_id: found.record.id,
        version: n,
        symptoms: new.symptoms.clone(),
        workaround: new.workaround.clone(),
        audience: new.audience,
        by_id: Some(visitor.id),
        at: ctx.now,
    };
    store::put_known_error(w, &known)?;
    store::insert_version(w, &version)?;
    let words = words_of(&found.record.title, &new.symptoms);
    store::put_words(w, found.record.id, &words)?;
    let after = Problem {
        workaround: new.workaround.clone(),
        ..found.problem.clone()
    };
    let mut said = labels::changes(&found.problem, &after);
    store::put(w, &after)?;
    let was = before.map_or_else(labels::no_known_error, |(k, v)| labels::known_error(&k, &v));
    said.extend(differ(was, labels::known_error(&known, &version)));
    say(w, ctx, &found.record, "known_error_published", said)
}

/// Its problem has another title, by whose words it is recognised too.
pub fn retitled(w: &mut Write<'_>, record: &Record) -> Result<()> {
    match store::known_errors_of(w, &[record.id])?.pop() {
        Some((_, version)) => {
            let words = words_of(&record.title, &version.symptoms);
            store::put_words(w, record.id, &words)
        }
        None => Ok(()),
    }
}

/// Takes a known error back, for good: no fix that fails offers it again.
pub fn retire(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    reason: &str,
) -> Result<Record> {
    let found = to_write(w, visitor, number)?;
    let Some((known, version)) = store::known_errors_of(w, &[found.record.id])?.pop() else {
        return Err(Error::refused("known-error-not-offered"));
    };
    let retired = known_errors::retire(known.standing(), Retired::ByHand)?;
    if reason.is_empty() {
        return Err(Error::invalid("known_error_reason", "error-required"));
    }
    let by = Some(visitor.id);
    let after = retired_now(&known, Some(retired), ctx, by, reason);
    let said = stand(w, &known, &after, &version)?;
    say(w, ctx, &found.record, "known_error_retired", said)
}

/// A publication as it stands after it was retired, or is offered again.
pub(super) fn retired_now(
    known: &KnownError,
    retired: Option<Retired>,
    ctx: &Ctx,
    by: Option<Id<crate::people::Person>>,
    reason: &str,
) -> KnownError {
    KnownError {
        retired: retired.map_or_else(String::new, |why| why.word().to_owned()),
        retired_at: retired.map(|_| ctx.now),
        retired_by_id: by,
        retired_reason: reason.to_owned(),
        ..known.clone()
    }
}

/// Writes how a publication stands, and gives what the journal says of it.
pub(super) fn stand(
    w: &mut Write<'_>,
    before: &KnownError,
    after: &KnownError,
    version: &Version,
) -> Result<Vec<Said>> {
    store::put_known_error(w, after)?;
    Ok(differ(
        labels::known_error(before, version),
        labels::known_error(after, version),
    ))
}

/// The fields of a publication with their values.
type Fields = [(&'static str, Value); 6];

fn differ(was: Fields, is: Fields) -> Vec<Said> {
    let pairs = was.into_iter().zip(is);
    pairs
        .filter(|((_, was), (_, is))| was != is)
        .map(|((field, was), (_, is))| Said::new(field, was, is))
        .collect()
}
