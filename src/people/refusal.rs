//! Errors become pages here, in one place.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use askama::Template;

use super::answer::{Answer, see_other};
use super::layout::Shell;
use super::visit::{Visit, percent_encode};
use crate::platform::kernel::error::Error;

impl Visit {
    /// An error as a page (or, for somebody not signed in, the way to sign in), in the language of
    /// whoever is signed in.
    pub async fn error(&self, e: &Error) -> HttpResponse {
        match e {
            Error::SignIn => return self.sign_in(),
            Error::Repeated(location) => return see_other(location),
            Error::Database(_) | Error::Inward(_) => {
                tracing::error!(request_id = %self.request_id(), error = %e, "request failed");
            }
            _ => {}
        }
        let (status, key) = said(e);
        // Where there is no room, no second question is asked only for the language.
        let visitor = self.known(status != StatusCode::SERVICE_UNAVAILABLE).await;
        let shell = match visitor {
            Some(visitor) => visitor.shell("", visitor.words.s(key)),
            None => self.shell(key),
        };
        let detail = match e {
            Error::Refused(m) | Error::Forbidden(m) | Error::Busy(m) => Some(m.clone()),
            Error::Invalid(invalid) => invalid.0.first().map(|(_, m)| m.clone()),
            _ => None,
        };
        let detail = detail
            .map(|m| shell.say(&m))
            .filter(|text| *text != shell.title);
        let page = ErrorPage {
            shell,
            detail,
            request_id: self.request_id().to_owned(),
        };
        let mut response = HttpResponse::from(Answer::html(&page).with_status(status));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }

    /// To the sign-in page, and from there back to where a reader was going.
    fn sign_in(&self) -> HttpResponse {
        if self.method_is_get && self.path != "/" {
            see_other(&format!("/login?next={}", percent_encode(&self.path)))
        } else {
            see_other("/login")
        }
    }
}

/// The status of an error, and the key of its heading.
fn said(e: &Error) -> (StatusCode, &'static str) {
    match e {
        Error::NotFound => (StatusCode::NOT_FOUND, "error-not-found"),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "error-forbidden"),
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
        Error::Refused(_) => (StatusCode::CONFLICT, "error-refused"),
        Error::Stale(_) | Error::News(_) => (StatusCode::CONFLICT, "error-stale"),
        Error::Busy(_) | Error::Raced => (StatusCode::SERVICE_UNAVAILABLE, "error-busy"),
        Error::SignIn | Error::Repeated(_) | Error::Database(_) | Error::Inward(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "error-inward")
        }
    }
}

#[derive(Template)]
#[template(path = "layout/error.html")]
struct ErrorPage {
    shell: Shell,
    detail: Option<String>,
    request_id: String,
}
