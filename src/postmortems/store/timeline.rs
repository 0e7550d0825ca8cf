//! What the timeline is assembled from: the linked records, their facts, what people added.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::journal::Fact;
use crate::people::{Person, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::postmortems::model::Added;
use crate::postmortems::rules::timeline::{self, AnnotationRow, Key};
use crate::records::{Kind, LinkType, Number, Record};
use crate::schema::{facts, links, people, postmortem_annotations, postmortem_incidents, records};

/// A record that the post-mortem is about or linked with.
#[derive(Debug, Clone, Queryable)]
pub struct Linked {
    pub id: Id<Record>,
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub state: String,
    pub is_open: bool,
}

impl Linked {
    pub fn number(&self) -> Number {
        Number {
            kind: self.kind,
            n: self.n,
        }
    }
}

/// Linked records that are looked at, at most: 20 are meant, and nobody reads the story of a hundred.
const MOST: i64 = 100;

/// The records linked with a post-mortem, its incidents first, that the reader may see; all of them
/// without a reader. Action items and other post-mortems stand elsewhere.
pub fn linked_to(
    conn: &mut Db,
    visitor: Option<&Visitor>,
    record: Id<Record>,
) -> Result<Vec<Linked>> {
    let pairs: Vec<(Id<Record>, Id<Record>, LinkType)> = links::table
        .filter(links::from_id.eq(record).or(links::to_id.eq(record)))
        .order((links::at, links::id))
        .limit(MOST)
        .select((links::from_id, links::to_id, links::link_type))
        .load(conn)?;
    let mut ids: Vec<Id<Record>> = postmortem_incidents::table
        .filter(postmortem_incidents::record_id.eq(record))
        .select(postmortem_incidents::incident_id)
        .load(conn)?;
    for (from, to, _) in pairs {
        ids.push(if from == record { to } else { from });
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = records::table
        .filter(records::id.eq_any(ids))
        .filter(records::kind.ne_all([Kind::Postmortem, Kind::Action]))
        .order((records::created_at, records::id))
        .select((
            records::id,
            records::kind,
            records::number,
            records::title,
            records::state,
            records::is_open,
        ))
        .into_boxed();
    let mut found: Vec<Linked> = match visitor {
        Some(visitor) => crate::visible!(query, visitor).load(conn)?,
        None => query.load(conn)?,
    };
    found.sort_by_key(|linked| linked.kind != Kind::Incident);
    Ok(found)
}

/// Which of these records the reader may see.
pub fn visible_among(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashSet<Id<Record>>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let query = records::table
        .filter(records::id.eq_any(ids.to_vec()))
        .select(records::id)
        .into_boxed();
    let found: Vec<Id<Record>> = crate::visible!(query, visitor).load(conn)?;
    Ok(found.into_iter().collect())
}

/// A fact with who did it.
#[derive(Debug, Clone)]
pub struct FactSeen {
    pub fact: timeline::Fact,
    /// Where it stands among all facts.
    pub seq: i64,
    pub by: Option<(Id<Person>, String)>,
}

/// Facts of one timeline that are read, at most.
const FACTS: i64 = 5_000;

/// The facts of some records: what happened, when, by whom. Their values are read by those who show
/// them, of the rows they show.
pub fn facts_of(conn: &mut Db, of: &[Linked]) -> Result<Vec<FactSeen>> {
    let ids: Vec<Id<Fact>> = of.iter().map(|one| one.id.cast()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (i64, Id<Fact>, i64, String, Utc, Utc, Option<Id<Fact>>);
    let rows: Vec<Row> = facts::table
        .filter(facts::subject_id.eq_any(ids))
        .order((facts::subject_id, facts::position))
        .limit(FACTS)
        .select((
            facts::seq,
            facts::subject_id,
            facts::position,
            facts::name,
            facts::occurred_at,
            facts::recorded_at,
            facts::actor_id,
        ))
        .load(conn)?;
    let mut actors: Vec<Id<Person>> = rows.iter().filter_map(|row| row.6.map(Id::cast)).collect();
    actors.sort_unstable();
    actors.dedup();
    let names: HashMap<_, _> = people_named(conn, &actors)?;
    let fact = |(seq, subject, position, name, occurred_at, recorded_at, actor): Row| FactSeen {
        seq,
        by: actor.and_then(|id| {
            let id: Id<Person> = id.cast();
            Some((id, names.get(&id)?.clone()))
        }),
        fact: timeline::Fact {
            key: Key {
                record: subject.cast(),
                position,
            },
            name,
            occurred_at,
            recorded_at,
        },
    };
    Ok(rows.into_iter().map(fact).collect())
}

fn people_named(conn: &mut Db, ids: &[Id<Person>]) -> Result<HashMap<Id<Person>, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(Id<Person>, String)> = people::table
        .filter(people::id.eq_any(ids.to_vec()))
        .select((people::id, people::name))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// What people added to a post-mortem's timeline.
pub fn added_of(conn: &mut Db, record: Id<Record>) -> Result<Vec<Added>> {
    added_of_many(conn, &[record])
}

/// The same of many.
pub fn added_of_many(conn: &mut Db, ids: &[Id<Record>]) -> Result<Vec<Added>> {
    Ok(postmortem_annotations::table
        .filter(postmortem_annotations::record_id.eq_any(ids))
        .order((
            postmortem_annotations::record_id,
            postmortem_annotations::id,
        ))
        .select(Added::as_select())
        .load(conn)?)
}

pub fn find_added(conn: &mut Db, record: Id<Record>, id: Id<AnnotationRow>) -> Result<Added> {
    Ok(postmortem_annotations::table
        .find(id)
        .filter(postmortem_annotations::record_id.eq(record))
        .select(Added::as_select())
        .first(conn)?)
}

/// Writes an annotation, whether it was there or not; every version of its words stays.
pub fn put_added(conn: &mut Db, added: &Added) -> Result<()> {
    use crate::schema::postmortem_annotation_versions as versions;
    let there = postmortem_annotations::table.find(added.id);
    if diesel::update(there).set(added).execute(conn)? == 0 {
        diesel::insert_into(postmortem_annotations::table)
            .values(added)
            .execute(conn)?;
    }
    diesel::insert_into(versions::table)
        .values((
            versions::annotation_id.eq(added.id),
            versions::version.eq(added.version),
            versions::text.eq(&added.text),
            versions::evidence.eq(&added.evidence),
            versions::by_id.eq(added.by_id),
            versions::at.eq(added.written_at),
        ))
        .execute(conn)?;
    Ok(())
}
