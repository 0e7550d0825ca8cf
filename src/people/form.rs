//! A posted form: its values as typed, the files that came along, and readers that clean and check.

use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::error::ErrorInternalServerError;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::layout::Flash;
use super::session;
use super::site::Site;
use crate::platform::db::Id;
use crate::platform::files::media;
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::platform::kernel::secrets;
use crate::platform::kernel::text;
use crate::platform::web::multipart::{self, FileProblem, Limits, Submission, Why};
use crate::schema::uploads;

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
    /// The same, of a form that waits for its person: said when they come back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<Flash>,
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
            left_out: Vec::new(),
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

    /// Bytes of everything typed.
    pub(super) fn text_bytes(&self) -> usize {
        self.fields.iter().map(|(n, v)| n.len() + v.len()).sum()
    }

    /// The random key of this form, made when its page was rendered.
    pub(super) fn key(&self) -> Option<Uuid> {
        Uuid::parse_str(self.value("form_key")).ok()
    }

    /// Whether this post only asks to see the form again, filled as it was.
    pub(super) fn only_shows(&self) -> bool {
        self.has("show_again")
    }
}
