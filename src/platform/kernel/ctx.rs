//! Who does something, when, through which door.

use uuid::Uuid;

use crate::platform::db::Utc;

crate::text_enum! {
    /// The door through which an action was called; kept with every fact.
    pub enum Door {
        Web = "web",
        Api = "api",
        Mail = "mail",
        Command = "command",
        Imported = "imported",
        Worker = "worker",
        Demo = "demo",
    }
}

/// The person behind an action: the id, and the name they had at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub id: Option<Uuid>,
    pub label: String,
}

/// What every action is told. Time is an argument, never read inside a rule.
#[derive(Debug, Clone)]
pub struct Ctx {
    pub now: Utc,
    pub actor: Actor,
    /// For whom the actor acts, where that is somebody else (delegation).
    pub on_behalf_of: Option<Actor>,
    pub door: Door,
    pub request_id: String,
}

impl Ctx {
    /// The product acting by itself: closing resolved records, ending holds.
    pub fn system(now: Utc, door: Door) -> Self {
        Self {
            now,
            actor: Actor {
                id: None,
                label: "Andon".into(),
            },
            on_behalf_of: None,
            door,
            request_id: String::new(),
        }
    }
}
