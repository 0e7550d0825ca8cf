//! Whom the steps of an escalation tell: people written by mail address or name.

use super::written::{self, WrittenTell};
use super::{Step, Tell};
use crate::people;
use crate::platform::db::Db;
use crate::platform::kernel::error::{Message, Result};

/// Reads a step as people write it; what is wrong with it otherwise.
pub fn step(conn: &mut Db, line: &str) -> Result<Result<Step, Message>> {
    let Some(step) = written::step(line) else {
        let not = Message::new("agreement-step-not-understood").arg("value", line);
        return Ok(Err(not));
    };
    let mut tell = Vec::new();
    for who in step.tell {
        tell.push(match who {
            WrittenTell::Role(role) => role,
            WrittenTell::Person(name) => match people::find_person_named(conn, &name)? {
                Some(person) => Tell::Person(person.id.uuid()),
                None => {
                    let nobody = Message::new("agreement-step-nobody").arg("name", name);
                    return Ok(Err(nobody));
                }
            },
        });
    }
    Ok(Ok(Step {
        target: step.target,
        when: step.when,
        tell,
        flag: step.flag,
    }))
}
