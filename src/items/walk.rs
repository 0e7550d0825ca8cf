//! What an item reaches along its edges: breadth first, each once, no farther than the bounds. Edges
//! may run in a circle, so nothing here trusts them to end.

use std::collections::HashSet;

use super::model::Item;
use super::store;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;

/// How many steps a walk takes.
const STEPS: usize = 6;
/// How many items it finds at most.
const FOUND: usize = 100;

/// Items reached, nearest first, without the one the walk began at.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    pub items: Vec<Item>,
    /// Whether there may be more beyond the bounds.
    pub cut: bool,
}

/// What depends on an item, however indirectly: a statement a step.
pub fn reached_from(conn: &mut Db, start: Id<Item>) -> Result<Reach> {
    let mut seen = HashSet::from([start]);
    let mut reach = Reach::default();
    let mut edge = vec![start];
    for _ in 0..STEPS {
        let room = FOUND + 1 - reach.items.len();
        // A circle may bring back all that was seen, which takes none of the room.
        let next = store::needed_by_any(conn, &edge, room + seen.len())?;
        let fresh: Vec<Item> = next.into_iter().filter(|i| seen.insert(i.id)).collect();
        if fresh.is_empty() {
            return Ok(reach);
        }
        edge = fresh.iter().map(|item| item.id).collect();
        reach.items.extend(fresh);
        if reach.items.len() > FOUND {
            reach.items.truncate(FOUND);
            break;
        }
    }
    reach.cut = true;
    Ok(reach)
}
