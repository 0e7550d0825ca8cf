//! All diesel of known errors: publications, their versions, and the words they are recognised by.

use std::collections::HashSet;

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::items::Item;
use crate::people::Visitor;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::problems::model::{Known, KnownError, Version};
use crate::records::Record;
use crate::schema::{known_error_versions, known_error_words, known_errors, records};

/// Known errors that are looked at for one incident, at most.
const MOST: i64 = 300;

pub fn find_known_error(conn: &mut Db, problem: Id<Record>) -> Result<Option<KnownError>> {
    Ok(known_errors::table
        .find(problem)
        .select(KnownError::as_select())
        .first(conn)
        .optional()?)
}

/// The newest versions of a publication.
pub fn versions_of(conn: &mut Db, problem: Id<Record>, limit: i64) -> Result<Vec<Version>> {
    Ok(known_error_versions::table
        .filter(known_error_versions::problem_id.eq(problem))
        .order(known_error_versions::version.desc())
        .limit(limit)
        .select(Version::as_select())
        .load(conn)?)
}

/// The publications of some problems, each with its present version.
pub fn known_errors_of(
    conn: &mut Db,
    problems: &[Id<Record>],
) -> Result<Vec<(KnownError, Version)>> {
    Ok(known_errors::table
        .inner_join(
            known_error_versions::table.on(known_error_versions::problem_id
                .eq(known_errors::problem_id)
                .and(known_error_versions::version.eq(known_errors::version))),
        )
        .filter(known_errors::problem_id.eq_any(problems))
        .order(known_errors::problem_id)
        .select((KnownError::as_select(), Version::as_select()))
        .load(conn)?)
}

/// Writes a publication, whether there was one or not.
pub fn put_known_error(conn: &mut Db, known: &KnownError) -> Result<()> {
    let row = known_errors::table.find(known.problem_id);
    if diesel::update(row).set(known).execute(conn)? == 0 {
        diesel::insert_into(known_errors::table)
            .values(known)
            .execute(conn)?;
    }
    Ok(())
}

pub fn insert_version(conn: &mut Db, version: &Version) -> Result<()> {
    diesel::insert_into(known_error_versions::table)
        .values(version)
        .execute(conn)?;
    Ok(())
}

/// Writes the words it is recognised by in the place of those it had.
pub fn put_words(conn: &mut Db, problem: Id<Record>, words: &[String]) -> Result<()> {
    let own = known_error_words::table.filter(known_error_words::problem_id.eq(problem));
    diesel::delete(own).execute(conn)?;
    for word in words {
        diesel::insert_into(known_error_words::table)
            .values((
                known_error_words::word.eq(word),
                known_error_words::problem_id.eq(problem),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The problems of known errors that are offered and share a word or the item with what is asked about,
/// the newest first.
pub fn candidate_ids(
    conn: &mut Db,
    words: &[String],
    item: Option<Id<Item>>,
) -> Result<Vec<Id<Record>>> {
    let mut found: Vec<Id<Record>> = Vec::new();
    if !words.is_empty() {
        found = known_error_words::table
            .inner_join(
                known_errors::table.on(known_errors::problem_id.eq(known_error_words::problem_id)),
            )
            .filter(known_error_words::word.eq_any(words))
            .filter(known_errors::retired_at.is_null())
            .order(known_error_words::problem_id.desc())
            .limit(MOST)
            .select(known_error_words::problem_id)
            .load(conn)?;
    }
    if let Some(item) = item {
        let on_item = records::table
            .filter(records::id.eq(known_errors::problem_id))
            .filter(records::item_id.eq(item));
        let of_item: Vec<Id<Record>> = known_errors::table
            .filter(exists(on_item))
            .filter(known_errors::retired_at.is_null())
            .order(known_errors::problem_id.desc())
            .limit(MOST)
            .select(known_errors::problem_id)
            .load(conn)?;
        found.extend(of_item);
    }
    let mut seen = HashSet::new();
    found.retain(|id| seen.insert(*id));
    Ok(found)
}

/// The known errors of some problems that are offered now.
pub fn known_of(conn: &mut Db, problems: &[Id<Record>]) -> Result<Vec<Known>> {
    if problems.is_empty() {
        return Ok(Vec::new());
    }
    Ok(known_errors::table
        .inner_join(records::table.on(records::id.eq(known_errors::problem_id)))
        .inner_join(
            known_error_versions::table.on(known_error_versions::problem_id
                .eq(known_errors::problem_id)
                .and(known_error_versions::version.eq(known_errors::version))),
        )
        .filter(known_errors::problem_id.eq_any(problems))
        .filter(known_errors::retired_at.is_null())
        .order(records::id)
        .select((
            records::id,
            records::number,
            records::title,
            records::is_restricted,
            records::service_id,
            records::item_id,
            records::category_id,
            records::updated_at,
            known_error_versions::symptoms,
            known_error_versions::workaround,
            known_error_versions::audience,
            known_error_versions::version,
        ))
        .load(conn)?)
}

/// Those of some records that the visitor may see.
pub fn visible_ids(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashSet<Id<Record>>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let query = records::table
        .filter(records::id.eq_any(ids.to_vec()))
        .select(records::id)
        .into_boxed();
    let found: Vec<Id<Record>> = crate::visible!(query, visitor).load(conn)?;
    Ok(found.into_iter().collect())
}
