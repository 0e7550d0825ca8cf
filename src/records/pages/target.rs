//! The record a path names, and the door to it.
//!
//! `/incidents/INC-12`: the first part must be the kind of the number. A number typed otherwise
//! (`inc12`, `INC-0012`) leads to the one address, and so does one that the record had before its kind
//! was changed; that is looked up only where nothing was found. The record's pages are for those
//! who work on records; requesters have theirs in [`crate::portal`].

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use super::moved;
use crate::people::{Answer, Done, Form, Right, Visit, Visitor, see_other};
use crate::platform::db::{Db, Read, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::{Number, Practice, Practices, store};

/// The beginning of every path under a record.
pub const SCOPE: &str = "/{kind:incidents|requests|problems|changes|postmortems|actions}/{number}";

/// A record's number and the practice of its kind.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub number: Number,
    pub practice: &'static Practice,
    pub practices: Practices,
}

impl Target {
    /// The record's own page.
    pub fn path(&self) -> String {
        self.number.path()
    }

    async fn of(req: &HttpRequest) -> Result<Self, actix_web::Error> {
        let found = Self::named(req);
        match found {
            Some((target, None)) => Ok(target),
            Some((_, Some(elsewhere))) if req.method().is_safe() => {
                Err(instead(see_other(&elsewhere)))
            }
            Some((target, Some(_))) => Ok(target),
            None => Err(match Visit::extract(req).await {
                Ok(visit) => instead(visit.error(&Error::NotFound).await),
                Err(e) => e,
            }),
        }
    }

    /// The record of a path and, where the number is written otherwise, the path as it should be.
    fn named(req: &HttpRequest) -> Option<(Self, Option<String>)> {
        let practices = req.app_data::<web::Data<Practices>>()?;
        let written = req.match_info().get("number")?;
        let number: Number = written.parse().ok()?;
        if number.kind.path() != req.match_info().get("kind")? {
            return None;
        }
        let target = Target {
            number,
            practice: practices.of(number.kind),
            practices: *practices.get_ref(),
        };
        Some((
            target,
            canonical(req.uri().path(), req.query_string(), number),
        ))
    }

    /// Answers a GET for somebody who works on records.
    pub async fn page<F>(self, visit: Visit, f: F) -> HttpResponse
    where
        F: FnOnce(&mut Read<'_>, &Visitor) -> Result<Answer> + Send + 'static,
    {
        let path = visit.path.clone();
        visit
            .page(move |r, v| {
                works(v)?;
                match f(r, v) {
                    Err(Error::NotFound) => self.elsewhere(r, v, &path),
                    found => found,
                }
            })
            .await
    }

    /// The same page under the number its record has now, if this is one it had before.
    pub(super) fn elsewhere(&self, conn: &mut Db, visitor: &Visitor, path: &str) -> Result<Answer> {
        let record = store::find_former(conn, visitor, self.number)?;
        let own = record.number().path();
        Ok(Answer::see_other(&match tail(path) {
            "" => own,
            tail if tail.starts_with('?') => format!("{own}{tail}"),
            tail => format!("{own}/{tail}"),
        }))
    }

    /// [`Visit::submit`] for somebody who works on records.
    pub async fn submit<A, G>(self, visit: Visit, form: Form, act: A, again: G) -> HttpResponse
    where
        A: Fn(&mut Write<'_>, &Visitor, &Ctx, &Form) -> Result<Done> + Send + 'static,
        G: FnOnce(&mut Read<'_>, &Visitor, &Form, Option<&Error>) -> Result<Answer>
            + Send
            + 'static,
    {
        let path = visit.path.clone();
        visit
            .submit(
                form,
                move |w, v, ctx, form| {
                    works(v)?;
                    match act(w, v, ctx, form) {
                        Err(Error::NotFound) => Err(self.gone_on(w, v)?),
                        done => done,
                    }
                },
                move |r, v, form, error| {
                    works(v)?;
                    match again(r, v, form, error) {
                        Err(Error::NotFound) => moved::answer(r, v, self, tail(&path), form),
                        shown => shown,
                    }
                },
            )
            .await
    }

    /// What a form learns that was sent to a number its record no longer has. It is carried out
    /// nowhere: its author has seen a record of another kind.
    fn gone_on(&self, conn: &mut Db, visitor: &Visitor) -> Result<Error> {
        let record = store::find_former(conn, visitor, self.number)?;
        Ok(Error::refused(
            Message::new("number-moved")
                .arg("former", self.number)
                .arg("number", record.number()),
        ))
    }
}

impl FromRequest for Target {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Target::of(&req).await })
    }
}

/// A whole answer in the place of a handler's.
fn instead(response: HttpResponse) -> actix_web::Error {
    InternalError::from_response("no record", response).into()
}

/// What the visitor may not see does not exist; neither does a page that is not made for them.
fn works(visitor: &Visitor) -> Result<()> {
    if visitor.has(Right::Work) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// What stands behind the number in a path under a record: a page of it, or what is asked of its own.
fn tail(path: &str) -> &str {
    let number = path.splitn(3, '/').nth(2).unwrap_or_default();
    let end = number.find(['/', '?']).unwrap_or(number.len());
    let behind = number.get(end..).unwrap_or_default();
    behind.strip_prefix('/').unwrap_or(behind)
}

/// The path with the number as the product writes it, when it is written otherwise.
fn canonical(path: &str, query: &str, number: Number) -> Option<String> {
    let own = number.path();
    let below = path.splitn(4, '/').nth(3);
    let right = match below {
        Some(rest) => format!("{own}/{rest}"),
        None => own,
    };
    (right != path).then(|| match query {
        "" => right,
        query => format!("{right}?{query}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_number() {
        for (path, behind) in [
            ("/incidents/INC-5", ""),
            ("/incidents/INC-5?tab=history", "?tab=history"),
            ("/incidents/INC-5/hold", "hold"),
            ("/incidents/INC-5/progress?to=a/b", "progress?to=a/b"),
            ("/incidents/INC-5/tasks/1/done", "tasks/1/done"),
            ("/incidents", ""),
            ("", ""),
        ] {
            assert_eq!(tail(path), behind, "{path}");
        }
    }

    #[test]
    fn a_number_has_one_address() {
        let number: Number = "INC-12".parse().unwrap();
        for (path, query, elsewhere) in [
            ("/incidents/INC-12", "", None),
            ("/incidents/INC-12", "tab=notes", None),
            ("/incidents/INC-12/hold", "", None),
            ("/incidents/inc-12", "", Some("/incidents/INC-12")),
            (
                "/incidents/INC-0012",
                "tab=notes",
                Some("/incidents/INC-12?tab=notes"),
            ),
            ("/incidents/inc12/hold", "", Some("/incidents/INC-12/hold")),
            (
                "/incidents/INC-012/links/1/removal",
                "",
                Some("/incidents/INC-12/links/1/removal"),
            ),
        ] {
            assert_eq!(
                canonical(path, query, number).as_deref(),
                elsewhere,
                "{path}"
            );
        }
    }
}
