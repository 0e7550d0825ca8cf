//! Who is whose line manager after a file: known, nobody's own, in an order that can be written.

use std::collections::HashMap;

use super::{Entry, Key, Known, Link, MAIL, MANAGER, STAFF_NUMBER};
use crate::people::{self, Person};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Message, Result};
use crate::platform::kernel::text;
use crate::settings::import::{Changed, Summary, reject, take_out, unknown};

/// Somebody in the file, or somebody who is only there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Row(usize),
    Known(Id<Person>),
}

/// A manager to be set.
pub(super) struct Planned {
    /// How many stand above: whoever has fewer is written first.
    pub depth: usize,
    pub link: Link,
    pub changed: Changed,
}

/// The rows and the people, found by any of their keys.
struct House<'a> {
    entries: &'a [Entry],
    known: &'a Known,
    by_staff: HashMap<&'a str, usize>,
    by_mail: HashMap<String, usize>,
    by_id: HashMap<Id<Person>, usize>,
    /// Managers that were asked for: a walk comes by the same people again and again.
    above: HashMap<Id<Person>, Option<Id<Person>>>,
}

/// Checks the managers of all rows and says which are to be set.
pub(super) fn plan(
    conn: &mut Db,
    entries: &mut [Entry],
    known: &Known,
    summary: &mut Summary,
) -> Result<HashMap<usize, Planned>> {
    let mut wrong: Vec<(usize, Message)> = Vec::new();
    let mut stand_on: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut planned = HashMap::new();
    let mut house = House::of(entries, known);
    for (at, entry) in house.entries.iter().enumerate() {
        let Some(cell) = entry.row.cell(MANAGER).filter(|_| !entry.out) else {
            continue;
        };
        let target = house.find(cell);
        if !cell.is_empty() && target.is_none() {
            wrong.push((at, unknown("manager", cell)));
            continue;
        }
        if let Some(target) = target {
            let own = Node::Row(at);
            if target == own {
                wrong.push((at, Message::new("person-manager-self")));
                continue;
            }
            if people::manages_themself(&own, &target, |node| house.above(conn, *node))? {
                wrong.push((at, Message::new("person-manager-circle")));
                continue;
            }
            if let Node::Row(row) = target
                && entries_new(house.entries, row)
            {
                stand_on.entry(row).or_default().push(at);
            }
        }
        if let Some(link) = house.link(conn, entry, target)? {
            let depth = house.depth(conn, Node::Row(at))?;
            planned.insert(at, Planned { depth, ..link });
        }
    }
    // A new person who is rejected cannot be anybody's manager.
    let out = (entries.iter().enumerate())
        .filter(|(_, entry)| entry.out)
        .map(|(at, _)| at);
    let out: Vec<usize> = out.chain(wrong.iter().map(|(at, _)| *at)).collect();
    for (at, why) in wrong {
        if let Some(entry) = entries.get_mut(at) {
            reject(entry, why, summary);
        }
    }
    take_out(out, &stand_on, |at| match entries.get_mut(at) {
        Some(entry) if !entry.out => {
            let value = entry.row.cell(MANAGER).unwrap_or_default().to_owned();
            reject(entry, unknown("manager", &value), summary);
            true
        }
        _ => false,
    });
    Ok(planned)
}

fn entries_new(entries: &[Entry], row: usize) -> bool {
    entries.get(row).is_some_and(|entry| entry.person.is_none())
}

impl<'a> House<'a> {
    fn of(entries: &'a [Entry], known: &'a Known) -> Self {
        let mut house = House {
            entries,
            known,
            by_staff: HashMap::new(),
            by_mail: HashMap::new(),
            by_id: HashMap::new(),
            above: HashMap::new(),
        };
        for (at, entry) in entries.iter().enumerate() {
            if let Some(number) = entry.row.cell(STAFF_NUMBER).filter(|n| !n.is_empty()) {
                house.by_staff.insert(number, at);
            }
            if let Some(mail) = entry.row.cell(MAIL).filter(|m| !m.is_empty()) {
                house.by_mail.insert(text::fold(mail), at);
            }
            if let Some(person) = &entry.person {
                house.by_id.insert(person.id, at);
            }
        }
        house
    }

    fn find(&self, cell: &str) -> Option<Node> {
        if cell.is_empty() {
            return None;
        }
        let row = (self.by_staff.get(cell)).or_else(|| self.by_mail.get(&text::fold(cell)));
        let known = || (self.known.by_staff(cell)).or_else(|| self.known.by_mail(cell));
        row.map(|at| Node::Row(*at))
            .or_else(|| known().map(|person| self.node(person.id)))
    }

    fn node(&self, id: Id<Person>) -> Node {
        self.by_id
            .get(&id)
            .map_or(Node::Known(id), |at| Node::Row(*at))
    }

    /// Who manages somebody after the file.
    fn above(&mut self, conn: &mut Db, node: Node) -> Result<Option<Node>> {
        let id = match node {
            Node::Known(id) => id,
            Node::Row(at) => {
                let Some(entry) = self.entries.get(at) else {
                    return Ok(None);
                };
                if let Some(cell) = entry.row.cell(MANAGER) {
                    return Ok(self.find(cell));
                }
                let manager = entry.person.as_ref().and_then(|p| p.manager_id);
                return Ok(manager.map(|id| self.node(id)));
            }
        };
        let manager = match self.above.get(&id) {
            Some(manager) => *manager,
            None => {
                let manager = people::find_person(conn, id)?.manager_id;
                self.above.insert(id, manager);
                manager
            }
        };
        Ok(manager.map(|id| self.node(id)))
    }

    fn depth(&mut self, conn: &mut Db, from: Node) -> Result<usize> {
        let mut next = self.above(conn, from)?;
        let mut depth = 0;
        while let Some(node) = next {
            depth += 1;
            // The walk before this one has seen that it ends; whoever changed it meanwhile waits.
            if depth > people::MANAGERS_MAX {
                break;
            }
            next = self.above(conn, node)?;
        }
        Ok(depth)
    }

    /// What is to be written, unless it is so already.
    fn link(&self, conn: &mut Db, entry: &Entry, target: Option<Node>) -> Result<Option<Planned>> {
        let before = entry.person.as_ref().and_then(|p| p.manager_id);
        if before.map(|id| self.node(id)) == target {
            return Ok(None);
        }
        let name_before = match before {
            Some(id) => people::find_person(conn, id)?.name,
            None => String::new(),
        };
        let (manager, after) = match target {
            None => (None, String::new()),
            Some(Node::Known(id)) => {
                let there = self.known.people.iter().find(|p| p.id == id);
                let name = there.map_or_else(String::new, |p| p.name.clone());
                (Some(Key::Known(id)), name)
            }
            Some(Node::Row(at)) => match self.entries.get(at) {
                None => (None, String::new()),
                Some(entry) => {
                    let name = entry.row.cell(super::NAME).unwrap_or_default();
                    (Some(entry.key()), name.to_owned())
                }
            },
        };
        Ok(Some(Planned {
            depth: 0,
            link: Link {
                person: entry.key(),
                manager,
            },
            changed: Changed {
                field: "field-manager",
                before: name_before,
                after,
            },
        }))
    }
}
