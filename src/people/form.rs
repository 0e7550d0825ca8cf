//! A posted form: cleaned values, files, the key that makes a second post harmless, and parking.
//!
//! [`Visit::submit`] is how every form is handled. Nothing typed is lost: a form that cannot be
//! carried out is rendered again with every character and file; one posted on an ended session is
//! parked for its person and shown after signing in; one posted twice answers with the first
//! result.

use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::error::ErrorInternalServerError;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use time::Duration;
use uuid::Uuid;

use super::answer::{Answer, see_other};
use super::layout::Flash;
use super::model::Person;
use super::session;
use super::site::Site;
use super::visit::{Visit, Visitor, percent_encode};
use crate::platform::db::{Db, Id, Read, Utc, Write};
use crate::platform::files::media;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::platform::kernel::secrets;
use crate::platform::kernel::text;
use crate::platform::web::multipart::{self, FileProblem, Limits, Submission, Why};
use crate::schema::{parked_forms, submissions, uploads};

/// Parked forms, kept files and form keys are forgotten after this long.
pub const KEPT: Duration = Duration::hours(24);

/// A file that came with a form; its content is in the blob store under its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable)]
#[diesel(table_name = uploads)]
pub struct Upload {
    pub id: Id<Upload>,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub content: String,
}

/// What was posted, in order. Values are as typed; the readers below clean and check them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Form {
    pub fields: Vec<(String, String)>,
    /// Files of this post.
    pub files: Vec<Upload>,
    /// What was wrong with the post itself: a file too large, a body that breaks off.
    #[serde(skip)]
    pub problems: Invalid,
}

impl FromRequest for Form {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let payload = web::Payload::from_request(&req, payload);
        Box::pin(async move {
            let site = req
                .app_data::<web::Data<Site>>()
                .ok_or_else(|| ErrorInternalServerError("no site"))?;
            let limits = limits_for(&req, site).await;
            let received = multipart::receive(&req, payload.await?, &site.blobs, limits).await;
            let (submission, why) = match received {
                Ok(submission) => (submission, None),
                Err(refusal) => (refusal.so_far, Some(refusal.why)),
            };
            Ok(Self::of(submission, why.as_ref()))
        })
    }
}

/// What a body may hold. Files are taken only from somebody who is signed in, or was a moment ago
/// (their form is parked): a stranger's upload never reaches the disk.
async fn limits_for(req: &HttpRequest, site: &web::Data<Site>) -> Limits {
    let is_multipart = req
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes().starts_with(b"multipart/"));
    if !is_multipart {
        return Limits::default();
    }
    let hash = req
        .cookie(site.cookie_name())
        .map(|c| secrets::sha256(c.value().as_bytes()));
    let known = match hash {
        None => false,
        Some(hash) => site
            .store
            .read(move |r| Ok(session::find(r, &hash)?.is_some()))
            .await
            .unwrap_or(false),
    };
    if known {
        Limits::default()
    } else {
        Limits {
            files: 0,
            ..Limits::default()
        }
    }
}

/// Where an action led, and what to say there.
#[derive(Debug, Clone)]
pub struct Done {
    pub location: String,
    pub flash: Option<Flash>,
}

impl Done {
    pub fn at(location: impl Into<String>) -> Self {
        Self {
            location: location.into(),
            flash: None,
        }
    }

    pub fn saying(mut self, flash: Flash) -> Self {
        self.flash = Some(flash);
        self
    }
}

impl Form {
    fn of(submission: Submission, why: Option<&Why>) -> Self {
        let mut problems = Invalid::default();
        if let Some(why) = why {
            problems.add("", why.key());
        }
        for file in &submission.refused {
            let message = Message::new(file.why.key()).arg("name", media::clean_name(&file.name));
            problems.add(
                "files",
                match file.why {
                    FileProblem::Empty => message,
                    FileProblem::TooLarge { max_bytes } => {
                        message.arg("max", max_bytes / 1_000_000)
                    }
                    FileProblem::TooMany { max } => message.arg("max", max),
                },
            );
        }
        let files = submission
            .files
            .into_iter()
            .map(|file| Upload {
                id: Id::new(),
                media_type: media::classify(&file.name, &file.first_bytes)
                    .content_type
                    .to_owned(),
                name: media::clean_name(&file.name),
                size: file.size as i64,
                content: file.sha256,
            })
            .collect();
        Self {
            fields: submission.fields,
            files,
            problems,
        }
    }

    /// A value as typed; empty when the form has no such field.
    pub fn value(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v.as_str())
    }

    /// All values of a field, as typed.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(n, _)| n == name)
    }

    /// One line of text, at most `max` characters; may be empty.
    pub fn line(&self, name: &'static str, max: usize, invalid: &mut Invalid) -> String {
        match text::clean_line(self.value(name), max) {
            Ok(line) => line,
            Err(long) => {
                invalid.add(
                    name,
                    Message::new("error-too-long")
                        .arg("max", long.max)
                        .arg("got", long.got),
                );
                String::new()
            }
        }
    }

    /// One line of text that may not be empty.
    pub fn required(&self, name: &'static str, max: usize, invalid: &mut Invalid) -> String {
        let line = self.line(name, max, invalid);
        if line.is_empty() && invalid.of(name).is_none() {
            invalid.add(name, "error-required");
        }
        line
    }

    /// Text of many lines, at most `max` characters; may be empty.
    pub fn text(&self, name: &'static str, max: usize, invalid: &mut Invalid) -> String {
        match text::clean_text(self.value(name), max) {
            Ok(text) => text,
            Err(long) => {
                invalid.add(
                    name,
                    Message::new("error-too-long")
                        .arg("max", long.max)
                        .arg("got", long.got),
                );
                String::new()
            }
        }
    }

    /// A value that must be understood when it is given: an id, a number, a word of an enum.
    pub fn parsed<T: FromStr>(&self, name: &'static str, invalid: &mut Invalid) -> Option<T> {
        let value = self.value(name).trim();
        if value.is_empty() {
            return None;
        }
        let parsed = value.parse().ok();
        if parsed.is_none() {
            invalid.add(name, "error-unknown-choice");
        }
        parsed
    }

    /// The random key of this form, made when its page was rendered.
    fn key(&self) -> Option<Uuid> {
        Uuid::parse_str(self.value("form_key")).ok()
    }

    /// Whether this post only asks to see the form again, filled as it was.
    fn only_shows(&self) -> bool {
        self.has("show_again")
    }
}

impl Visit {
    /// Handles a posted form: `act` runs in the write transaction; `again` renders the page with
    /// what was typed when `act` answers with an error a person can mend. Statuses: 303 done,
    /// 422 invalid, 409 refused or changed meanwhile.
    pub async fn submit<A, G>(&self, form: Form, act: A, again: G) -> HttpResponse
    where
        A: Fn(&mut Write<'_>, &Visitor, &Ctx, &Form) -> Result<Done> + Send + 'static,
        G: FnOnce(&mut Read<'_>, &Visitor, &Form, Option<&Error>) -> Result<Answer>
            + Send
            + 'static,
    {
        if form.only_shows() {
            return self.show_again(form, None, again).await;
        }
        if !form.problems.is_empty() {
            let problems = Error::Invalid(form.problems.clone());
            return self.show_again(form, Some(problems), again).await;
        }
        let posted = form.clone();
        let outcome = self
            .write(move |w, visitor, ctx| {
                let mut posted = posted.clone();
                posted.files.extend(kept_files(w, visitor.id, &posted)?);
                let Some(key) = posted.key() else {
                    return Err(Error::invalid("", "error-form-key"));
                };
                if let Some(location) = first_result(w, visitor.id, key)? {
                    return Err(Error::Repeated(location));
                }
                let done = act(w, visitor, ctx, &posted)?;
                remember(w, visitor.id, key, &done.location, ctx.now)?;
                if let Ok(parked) = posted.value("parked").parse() {
                    delete_parked(w, visitor.id, parked)?;
                }
                Ok(done)
            })
            .await;
        match outcome {
            Ok(done) => {
                let response = see_other(&done.location);
                match &done.flash {
                    Some(flash) => self.with_flash(response, flash),
                    None => response,
                }
            }
            Err(Error::SignIn) => self.park(form).await,
            Err(e @ (Error::Invalid(_) | Error::Stale(_) | Error::News(_) | Error::Refused(_))) => {
                self.show_again(form, Some(e), again).await
            }
            Err(e) => self.error(&e),
        }
    }

    async fn show_again<G>(&self, form: Form, error: Option<Error>, again: G) -> HttpResponse
    where
        G: FnOnce(&mut Read<'_>, &Visitor, &Form, Option<&Error>) -> Result<Answer>
            + Send
            + 'static,
    {
        // Nobody may be signed in any more; then the form waits for its person like any other.
        let unseen = form.clone();
        let kept = form.files.clone();
        if !kept.is_empty() {
            let keep = self
                .write(move |w, visitor, ctx| keep_files(w, visitor.id, &kept, ctx.now))
                .await;
            match keep {
                Ok(()) => {}
                Err(Error::SignIn) => return self.park(unseen).await,
                Err(e) => return self.error(&e),
            }
        }
        let status = match &error {
            None => StatusCode::OK,
            Some(Error::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Some(_) => StatusCode::CONFLICT,
        };
        let shown = self
            .read(move |r, visitor| {
                let mut form = form;
                form.files.extend(kept_files(r, visitor.id, &form)?);
                again(r, visitor, &form, error.as_ref())
            })
            .await;
        match shown {
            Ok(answer) => self.after_showing(answer.with_status(status).into()),
            Err(Error::SignIn) => self.park(unseen).await,
            Err(e) => self.error(&e),
        }
    }

    /// Keeps a form posted on an ended session for its person, and asks them to sign in.
    async fn park(&self, mut form: Form) -> HttpResponse {
        // Passwords are never kept.
        form.fields.retain(|(name, _)| !name.contains("password"));
        let visit = self.clone();
        let path = self.path.clone();
        let parked = self
            .site
            .store
            .write(move |w| {
                let Some(person) = visit.former_person(w)? else {
                    return Ok(false);
                };
                keep_files(w, person, &form.files, visit.now)?;
                let body =
                    serde_json::to_string(&form).map_err(|e| Error::inward(e.to_string()))?;
                diesel::insert_into(parked_forms::table)
                    .values((
                        parked_forms::id.eq(Id::<Parked>::new()),
                        parked_forms::person_id.eq(person),
                        parked_forms::path.eq(&path),
                        parked_forms::body.eq(body),
                        parked_forms::at.eq(visit.now),
                    ))
                    .execute(&mut **w)?;
                Ok(true)
            })
            .await;
        match parked {
            Ok(true) => see_other(&format!(
                "/login?parked=1&next={}",
                percent_encode("/parked")
            )),
            Ok(false) => see_other("/login"),
            Err(e) => self.error(&e),
        }
    }
}

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

pub fn delete_parked(conn: &mut Db, person: Id<Person>, id: Id<Parked>) -> Result<()> {
    diesel::delete(
        parked_forms::table
            .find(id)
            .filter(parked_forms::person_id.eq(person)),
    )
    .execute(conn)?;
    Ok(())
}

/// Forgets the forms parked for a path and what is under it, but those of some people.
pub fn forget_parked_under(
    conn: &mut Db,
    path: &str,
    keeps: impl Fn(&mut Db, Id<Person>) -> Result<bool>,
) -> Result<()> {
    let parked: Vec<(Id<Parked>, Id<Person>, String)> = parked_forms::table
        .select((
            parked_forms::id,
            parked_forms::person_id,
            parked_forms::path,
        ))
        .load(conn)?;
    for (id, person, at) in parked {
        let rest = at.strip_prefix(path);
        let under = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        if under && !keeps(conn, person)? {
            delete_parked(conn, person, id)?;
        }
    }
    Ok(())
}

/// Forgets what [`KEPT`] says is over. Form keys are kept a month: they are small.
pub fn forget(conn: &mut Db, now: Utc) -> Result<()> {
    let before = now.minus(KEPT);
    diesel::delete(parked_forms::table.filter(parked_forms::at.lt(before))).execute(conn)?;
    diesel::delete(uploads::table.filter(uploads::at.lt(before))).execute(conn)?;
    diesel::delete(submissions::table.filter(submissions::at.lt(now.minus(Duration::days(30)))))
        .execute(conn)?;
    Ok(())
}

fn first_result(conn: &mut Db, person: Id<Person>, key: Uuid) -> Result<Option<String>> {
    Ok(submissions::table
        .find(Id::<Form>::from_uuid(key))
        .filter(submissions::person_id.eq(person))
        .select(submissions::location)
        .first(conn)
        .optional()?)
}

fn remember(conn: &mut Db, person: Id<Person>, key: Uuid, location: &str, now: Utc) -> Result<()> {
    diesel::insert_into(submissions::table)
        .values((
            submissions::form_key.eq(Id::<Form>::from_uuid(key)),
            submissions::person_id.eq(person),
            submissions::location.eq(location),
            submissions::at.eq(now),
        ))
        .execute(conn)
        .map_err(|e| match e {
            // Two posts of one form at once: the second finds the first's result on its next run.
            diesel::result::Error::DatabaseError(
                diesel::result::DatabaseErrorKind::UniqueViolation,
                _,
            ) => Error::Raced,
            e => e.into(),
        })?;
    Ok(())
}

fn keep_files(conn: &mut Db, person: Id<Person>, files: &[Upload], now: Utc) -> Result<()> {
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
fn kept_files(conn: &mut Db, person: Id<Person>, form: &Form) -> Result<Vec<Upload>> {
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

/// Whether a content is one of a file kept for a form that had to come back.
pub fn keeps_content(conn: &mut Db, content: &str) -> Result<bool> {
    let kept: i64 = uploads::table
        .filter(uploads::content.eq(content))
        .count()
        .get_result(conn)?;
    Ok(kept > 0)
}
