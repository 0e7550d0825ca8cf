//! Asking for the password once more, of somebody who is signed in.

use std::sync::PoisonError;

use actix_web::HttpRequest;

use crate::people::model::Person;
use crate::people::store;
use crate::people::visit::Visit;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::secrets;
use crate::platform::web::origin;

/// Whether the visitor typed their own password, outside of any transaction: the hash it was checked
/// against, which must be theirs still when something is done on the strength of it.
pub async fn confirm_password(
    req: &HttpRequest,
    visit: &Visit,
    given: String,
) -> Result<Result<String, Message>> {
    let person = visit.read(|r, v| store::find_person(r, v.id)).await?;
    is_theirs(req, visit, &person, given).await
}

pub(super) async fn is_theirs(
    req: &HttpRequest,
    visit: &Visit,
    person: &Person,
    given: String,
) -> Result<Result<String, Message>> {
    let address = origin::client_ip_of(req, &visit.site.trusted_proxies);
    let now = visit.now.time();
    let throttle = || {
        let lock = visit.site.throttle.lock();
        lock.unwrap_or_else(PoisonError::into_inner)
    };
    let tried = match throttle().begin(&person.mail, address, now) {
        Ok(tried) => tried,
        Err(wait) => {
            return Ok(Err(Message::new(wait.key()).arg("minutes", wait.minutes())));
        }
    };
    let against = person.password_hash.clone().unwrap_or_default();
    let stored = against.clone();
    let checked = visit
        .site
        .passwords
        .run(move || secrets::verify_password(Some(&stored), &given).ok)
        .await;
    match checked {
        Ok(true) => throttle().succeeded(tried, now),
        Ok(false) => return Ok(Err(Message::new("password-wrong"))),
        Err(_) => {
            throttle().undo(tried);
            return Err(Error::Busy(Message::new("error-busy")));
        }
    }
    Ok(Ok(against))
}
