//! The verbs. Who may is asked by whoever calls: here it is known only what may be said of a clock.

use super::model::{Explain, Which};
use super::store::{self, Exemption, Reason};
use crate::journal::{Change, Value};
use crate::people::Person;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};

/// How long a sentence may be.
const SENTENCE: usize = 1000;

/// Says why a clock was missed, or says it better. What it changes is given back for the record's own fact;
/// nothing where all is as it was.
pub fn explain_breach(
    conn: &mut Db,
    record: Id<()>,
    by: Id<Person>,
    now: Utc,
    explain: &Explain,
) -> Result<Vec<Change>> {
    let which = explain.which;
    match store::has_breached(conn, record, which)? {
        None => return Err(Error::NotFound),
        Some(false) => return Err(Error::refused("breach-none")),
        Some(true) => {}
    }
    let text = sentence("breach_text", &explain.text)?;
    let before = store::reason_of(conn, record, which)?;
    if before
        .as_ref()
        .is_some_and(|b| b.code == explain.code && b.text == text)
    {
        return Ok(Vec::new());
    }
    store::put_reason(
        conn,
        &Reason {
            record_id: record,
            target: which.target.word().to_owned(),
            cycle: which.cycle,
            part: which.part,
            code: explain.code,
            text: text.clone(),
            by_id: Some(by),
            at: now,
        },
    )?;
    let code_before = before.as_ref().map(|b| Value::word(b.code.word()));
    let text_before = before.as_ref().map(|b| Value::text(&b.text));
    Ok(vec![
        Change::set("breach_clock", Value::word(which.to_string())),
        Change::new(
            "breach_code",
            code_before.unwrap_or(Value::Nothing),
            Value::word(explain.code.word()),
        ),
        Change::new(
            "breach_text",
            text_before.unwrap_or(Value::Nothing),
            Value::text(&text),
        ),
    ])
}

/// Asks that a clock shall not count.
pub fn ask_exemption(
    conn: &mut Db,
    record: Id<()>,
    by: Id<Person>,
    now: Utc,
    which: Which,
    reason: &str,
) -> Result<Vec<Change>> {
    match store::has_breached(conn, record, which)? {
        None => return Err(Error::NotFound),
        Some(false) => return Err(Error::refused("breach-none")),
        Some(true) => {}
    }
    let reason = sentence("exemption_reason", reason)?;
    if store::exemption_of(conn, record, which)?.is_some() {
        return Err(Error::refused("exemption-asked-already"));
    }
    store::insert_exemption(
        conn,
        &Exemption {
            record_id: record,
            target: which.target.word().to_owned(),
            cycle: which.cycle,
            reason: reason.clone(),
            asked_by_id: by,
            asked_at: now,
            approved_by_id: None,
            approved_at: None,
        },
    )?;
    Ok(vec![
        Change::set("exemption_clock", Value::word(which.to_string())),
        Change::set("exemption_reason", Value::text(&reason)),
    ])
}

/// Approves what somebody else asked for.
pub fn approve_exemption(
    conn: &mut Db,
    record: Id<()>,
    by: Id<Person>,
    now: Utc,
    which: Which,
) -> Result<Vec<Change>> {
    let asked = store::exemption_of(conn, record, which)?.ok_or(Error::NotFound)?;
    if asked.approved_at.is_some() {
        return Err(Error::refused("exemption-approved-already"));
    }
    if asked.asked_by_id == by {
        return Err(Error::refused("exemption-own"));
    }
    store::approve(conn, record, which, by, now)?;
    Ok(vec![
        Change::set("exemption_clock", Value::word(which.to_string())),
        Change::set("exemption_approved", Value::Flag(true)),
    ])
}

/// One or some sentences that may not be missing.
fn sentence(field: &'static str, text: &str) -> Result<String> {
    use crate::platform::kernel::error::Message;
    use crate::platform::kernel::text::clean_text;
    match clean_text(text, SENTENCE) {
        Ok(text) if text.is_empty() => Err(Error::Invalid(Invalid::one(field, "error-required"))),
        Ok(text) => Ok(text),
        Err(long) => {
            let message = Message::new("error-too-long");
            let message = message.arg("max", long.max).arg("got", long.got);
            Err(Error::Invalid(Invalid::one(field, message)))
        }
    }
}
