//! All diesel of posted forms: parked ones, files kept for them, and the keys of those carried out.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use time::Duration;
use uuid::Uuid;

use crate::people::form::{Form, Upload};
use crate::people::model::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::secrets;
use crate::schema::{parked_forms, submissions, uploads};

/// Parked forms, kept files and form keys are forgotten after this long.
pub const KEPT: Duration = Duration::hours(24);

/// A form waiting for its person.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = parked_forms)]
pub struct Parked {
    pub id: Id<Parked>,
    pub path: String,
    pub body: String,
    pub at: Utc,
}

impl Parked {
    pub fn form(&self) -> Form {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// The forms parked for a person in the last day, newest first.
pub fn list_parked(conn: &mut Db, person: Id<Person>, now: Utc) -> Result<Vec<Parked>> {
    Ok(parked_forms::table
        .filter(parked_forms::person_id.eq(person))
        .filter(parked_forms::at.gt(now.minus(KEPT)))
        .order(parked_forms::at.desc())
        .select(Parked::as_select())
        .load(conn)?)
}

pub fn insert_parked(
    conn: &mut Db,
    person: Id<Person>,
    path: &str,
    form: &Form,
    now: Utc,
) -> Result<()> {
    let body = serde_json::to_string(form).map_err(|e| Error::inward(e.to_string()))?;
    diesel::insert_into(parked_forms::table)
        .values((
            parked_forms::id.eq(Id::<Parked>::new()),
            parked_forms::person_id.eq(person),
            parked_forms::path.eq(path),
            parked_forms::body.eq(body),
            parked_forms::at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn delete_parked(conn: &mut Db, person: Id<Person>, id: Id<Parked>) -> Result<()> {
    diesel::delete(
        parked_forms::table
            .find(id)
            .filter(parked_forms::person_id.eq(person)),
    )
    .execute(conn)?;
    Ok(())
}

/// Forgets the forms parked for some paths and what is under them, but those of some people.
pub fn forget_parked_under(
    conn: &mut Db,
    paths: &[String],
    keeps: impl Fn(&mut Db, Id<Person>) -> Result<bool>,
) -> Result<()> {
    let mut query = parked_forms::table
        .select((
            parked_forms::id,
            parked_forms::person_id,
            parked_forms::path,
        ))
        .into_boxed();
    for path in paths {
        query = query.or_filter(parked_forms::path.like(format!("{path}%")));
    }
    let parked: Vec<(Id<Parked>, Id<Person>, String)> = query.load(conn)?;
    for (id, person, at) in parked {
        // INC-12 begins like INC-1, and is not under it.
        let under = paths.iter().any(|path| {
            let rest = at.strip_prefix(path.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        });
        if under && !keeps(conn, person)? {
            delete_parked(conn, person, id)?;
        }
    }
    Ok(())
}

/// Forgets what [`KEPT`] says is over. Form keys are kept a month: they are small.
pub fn forget_forms(conn: &mut Db, now: Utc) -> Result<()> {
    let before = now.minus(KEPT);
    diesel::delete(parked_forms::table.filter(parked_forms::at.lt(before))).execute(conn)?;
    diesel::delete(uploads::table.filter(uploads::at.lt(before))).execute(conn)?;
    diesel::delete(submissions::table.filter(submissions::at.lt(now.minus(Duration::days(30)))))
        .execute(conn)?;
    Ok(())
}

/// A form's key among those of its person: what somebody else sends under the same key (a page
/// saved and passed on) is a form of its own, which neither meets nor tells of the first.
fn own_key(person: Id<Person>, key: Uuid) -> Id<Form> {
    let both = [person.uuid().into_bytes(), key.into_bytes()].concat();
    let mut own = [0; 16];
    own.iter_mut()
        .zip(secrets::sha256(&both))
        .for_each(|(to, from)| *to = from);
    Id::from_uuid(Uuid::from_bytes(own))
}

pub fn first_result(conn: &mut Db, person: Id<Person>, key: Uuid) -> Result<Option<String>> {
    Ok(submissions::table
        .find(own_key(person, key))
        .filter(submissions::person_id.eq(person))
        .select(submissions::location)
        .first(conn)
        .optional()?)
}

pub fn remember(
    conn: &mut Db,
    person: Id<Person>,
    key: Uuid,
    location: &str,
    now: Utc,
) -> Result<()> {
    diesel::insert_into(submissions::table)
        .values((
            submissions::form_key.eq(own_key(person, key)),
            submissions::person_id.eq(person),
            submissions::location.eq(location),
            submissions::at.eq(now),
        ))
        .execute(conn)
        .map_err(|e| match e {
            // Two posts of one form at once: the second finds the first's result on its next run.
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::Raced,
            e => e.into(),
        })?;
    Ok(())
}

pub fn keep_files(conn: &mut Db, person: Id<Person>, files: &[Upload], now: Utc) -> Result<()> {
    for file in files {
        diesel::insert_into(uploads::table)
            .values((
                uploads::id.eq(file.id),
                uploads::person_id.eq(person),
                uploads::name.eq(&file.name),
                uploads::media_type.eq(&file.media_type),
                uploads::size.eq(file.size),
                uploads::content.eq(&file.content),
                uploads::at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Files of an earlier try of this form: only ones this person sent.
pub fn kept_files(conn: &mut Db, person: Id<Person>, form: &Form) -> Result<Vec<Upload>> {
    let fresh: Vec<Id<Upload>> = form.files.iter().map(|f| f.id).collect();
    let ids: Vec<Id<Upload>> = form
        .all("kept_file")
        .filter_map(|v| v.parse().ok())
        .filter(|id| !fresh.contains(id))
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(uploads::table
        .filter(uploads::id.eq_any(ids))
        .filter(uploads::person_id.eq(person))
        .select(Upload::as_select())
        .load(conn)?)
}

/// The contents kept for forms, each once, in order; `after` one, or from the first.
pub fn kept_contents_after(conn: &mut Db, after: &str, limit: i64) -> Result<Vec<String>> {
    Ok(uploads::table
        .filter(uploads::content.gt(after))
        .select(uploads::content)
        .distinct()
        .order(uploads::content)
        .limit(limit)
        .load(conn)?)
}

/// Whether a content is one of a file kept for a form that had to come back.
pub fn keeps_content(conn: &mut Db, content: &str) -> Result<bool> {
    let kept: i64 = uploads::table
        .filter(uploads::content.eq(content))
        .count()
        .get_result(conn)?;
    Ok(kept > 0)
}
