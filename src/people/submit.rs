//! How every form is handled: [`Visit::submit`].
//!
//! Nothing typed is lost: a form that cannot be carried out is rendered again with every character
//! and file; one posted on an ended session is parked for its person and shown after signing in;
//! one posted twice answers with the first result.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::answer::{Answer, see_other};
use super::form::Form;
use super::layout::Flash;
use super::pages;
use super::store::{delete_parked, first_result, insert_parked, keep_files, kept_files, remember};
use super::visit::{Visit, percent_encode};
use super::visitor::Visitor;
use crate::platform::db::{Read, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};

/// Text that is kept for somebody whose session ended: 1 MB, a hundred pages. Their files, which
/// have limits of their own, are kept beside it.
const PARKED_TEXT: usize = 1_000_000;

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
            Err(e) => self.error(&e).await,
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
                Err(e) => return self.error(&e).await,
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
            Err(e) => self.error(&e).await,
        }
    }

    /// Keeps a form posted on an ended session for its person, and asks them to sign in. A text too
    /// long to be kept goes back whole: nothing typed is lost either way.
    async fn park(&self, mut form: Form) -> HttpResponse {
        // Passwords are never kept.
        form.fields.retain(|(name, _)| !name.contains("password"));
        form.left_out = form.problems.0.iter().map(|(_, m)| m.into()).collect();
        let fits = form.text_bytes() <= PARKED_TEXT;
        let visit = self.clone();
        let parking = form.clone();
        let parked = self
            .site
            .store
            .write(move |w| {
                let Some(person) = visit.former_person(w)? else {
                    return Ok(false);
                };
                keep_files(w, person, &parking.files, visit.now)?;
                if fits {
                    insert_parked(w, person, &visit.path, &parking, visit.now)?;
                }
                Ok(true)
            })
            .await;
        match parked {
            Ok(true) if fits => see_other(&format!(
                "/login?parked=1&next={}",
                percent_encode("/parked")
            )),
            Ok(true) => pages::too_long_to_park(self, form),
            Ok(false) => see_other("/login"),
            Err(e) => self.error(&e).await,
        }
    }
}
