//! Telling the open incidents of a problem about a workaround or a fix: the right text to the right
//! people, and whom it reaches is seen before.

use super::{Found, MOST, say, to_write};
use crate::journal::{Change as Said, Value};
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::platform::kernel::secrets;
use crate::problems::rules::known_errors::{Audience, Reaches, reaches};
use crate::problems::store;
use crate::records::{self, Number, Record, actions};

/// An open incident, and how a text reaches it.
#[derive(Debug, Clone)]
pub struct Reached {
    pub record: Record,
    pub requester: Option<String>,
    /// How many people follow it besides.
    pub followers: usize,
    pub how: Reaches,
}

/// What is told to whom, as it was previewed.
#[derive(Debug, Clone)]
pub struct Tell {
    pub audience: Audience,
    pub text: String,
    /// The token of what was shown.
    pub shown: String,
}

/// Whom a text for an audience reaches, of the incidents the visitor may see.
pub fn reached(
    conn: &mut Db,
    visitor: &Visitor,
    found: &Found,
    audience: Audience,
) -> Result<Vec<Reached>> {
    let ids = store::open_linked_ids(conn, found.record.id, MOST)?;
    let open = records::open_among(conn, visitor, &ids, ids.len())?;
    let seen: Vec<Id<Record>> = open.iter().map(|(record, _)| record.id).collect();
    let followers = store::watcher_counts(conn, &seen)?;
    let restricted = found.record.is_restricted;
    let one = |(record, requester): (Record, Option<String>)| Reached {
        how: reaches(audience, record.is_open, restricted, record.is_restricted),
        followers: followers.get(&record.id).copied().unwrap_or(0),
        requester,
        record,
    };
    Ok(open.into_iter().map(one).collect())
}

/// Names whom a text reaches, and how. Another set has another name.
pub fn token(all: &[Reached]) -> String {
    let mut named: Vec<u8> = Vec::new();
    for one in all {
        named.extend(one.record.id.uuid().as_bytes());
        named.push(match one.how {
            Reaches::Reply => 1,
            Reaches::Note => 2,
            Reaches::No => 0,
        });
    }
    let hash = secrets::hex(&secrets::sha256(&named));
    hash.chars().take(16).collect()
}

/// Tells them, exactly as it was shown. Gives how many incidents that were.
pub fn tell_incidents(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    command: &Tell,
) -> Result<usize> {
    let found = to_write(w, visitor, number)?;
    let mut invalid = Invalid::default();
    if command.text.is_empty() {
        invalid.add("text", "error-required");
    }
    invalid.or(())?;
    let all = reached(w, visitor, &found, command.audience)?;
    if token(&all) != command.shown {
        return Err(Error::refused(
            Message::new("telling-changed").arg("number", number),
        ));
    }
    let say_it = actions::Say {
        seen: 0,
        // What others wrote meanwhile does not keep a text for all of them back.
        anyway: true,
        body: command.text.clone(),
        files: Vec::new(),
    };
    let mut told = 0;
    for one in &all {
        let to = one.record.number();
        match one.how {
            Reaches::Reply => actions::reply(w, visitor, ctx, to, &say_it)?,
            Reaches::Note => actions::note(w, visitor, ctx, to, &say_it)?,
            Reaches::No => continue,
        };
        told += 1;
    }
    if told == 0 {
        return Err(Error::refused("telling-reaches-nobody"));
    }
    let said = vec![
        Said::set("told_incidents", Value::Number(told as i64)),
        Said::set("told_audience", Value::word(command.audience.word())),
        Said::set("told_text", Value::text(&command.text)),
    ];
    // Its own row may have moved while incidents were told.
    let record = records::find_by_id(w, found.record.id)?;
    say(w, ctx, &record, "incidents_told", said)?;
    Ok(told)
}
