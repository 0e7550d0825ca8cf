//! What is indexed and what is found. Texts are folded here, once, for both databases.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::entries::{self, Entry};
use crate::people::{Right, Visitor};
use crate::platform::db::dialect::TextAsk;
use crate::platform::db::{Db, Id, Utc, dialect};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::text::index_text;
use crate::records::{self, Kind, Number, Record, Sight};
use crate::schema::{people, records as schema};
use crate::services::{Category, Service};
use crate::tasks;

/// Indexes titles and descriptions of records that are new or were changed.
pub fn reindex_records(conn: &mut Db, found: &[Record]) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let texts: Vec<OwnText> = found.iter().map(OwnText::of).collect();
    let numbers = numbers_in(conn, &texts)?;
    let folded: Vec<_> = texts
        .iter()
        .map(|own| (own.id.cast(), own.folded(&numbers)))
        .collect();
    dialect::replace_texts(conn, &folded)
}

/// What the index holds of a record itself.
#[derive(Queryable)]
struct OwnText {
    id: Id<Record>,
    kind: Kind,
    n: i64,
    kind_changes: i32,
    title: String,
    description: String,
}

impl OwnText {
    fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            kind: record.kind,
            n: record.number,
            kind_changes: record.kind_changes,
            title: record.title.clone(),
            description: record.description.clone(),
        }
    }

    /// Title and description, and all numbers of a record that has more than one. (Who types one
    /// number alone is led to its record without a search.)
    fn folded(&self, former: &Former) -> String {
        let mut text = format!("{}\n{}", self.title, self.description);
        if let Some(former) = former.get(&self.id) {
            let (kind, n) = (self.kind, self.n);
            for number in former.iter().chain([&Number { kind, n }]) {
                text.push_str(&format!("\n{number}"));
            }
        }
        index_text(&text)
    }
}

type Former = HashMap<Id<Record>, Vec<Number>>;

/// The former numbers of those that have some.
fn numbers_in(conn: &mut Db, texts: &[OwnText]) -> Result<Former> {
    let changed = texts.iter().filter(|own| own.kind_changes > 0);
    let changed: Vec<_> = changed.map(|own| own.id).collect();
    records::former_numbers_of(conn, &changed)
}

/// A text of the index, as its row names it.
#[derive(Debug, Clone, Copy)]
pub struct Indexed {
    pub record: Id<Record>,
    /// The entry or the task; without one it is the record's own.
    pub entry: Option<Id<Entry>>,
    pub internal: bool,
}

/// What the index was given for each of these. Of a record's own texts the public one is its title and
/// description; the internal ones are the names of who is involved, one each and the rest in the last.
pub fn indexed_texts(conn: &mut Db, of: &[Indexed]) -> Result<Vec<String>> {
    let wanted: Vec<Id<Entry>> = of.iter().filter_map(|text| text.entry).collect();
    let mut bodies = entries::bodies_of(conn, &wanted)?;
    let others = wanted.iter().filter(|id| !bodies.contains_key(id));
    let others: Vec<_> = others.map(|id| id.cast()).collect();
    let tasks = tasks::by_ids(conn, &others)?;
    bodies.extend(tasks.into_iter().map(|task| (task.id.cast(), task.title)));
    let whole = |internal| {
        let own = of.iter().filter(move |text| text.entry.is_none());
        own.filter(move |text| text.internal == internal)
            .map(|text| text.record)
    };
    let own: Vec<OwnText> = schema::table
        .filter(schema::id.eq_any(whole(false)))
        .select((
            schema::id,
            schema::kind,
            schema::number,
            schema::kind_changes,
            schema::title,
            schema::description,
        ))
        .load(conn)?;
    let former = numbers_in(conn, &own)?;
    let own: HashMap<_, _> = own.into_iter().map(|own| (own.id, own)).collect();
    let mut names = records::names_involved(conn, &Vec::from_iter(whole(true)))?;
    let mut left: HashMap<Id<Record>, usize> = HashMap::new();
    for record in whole(true) {
        *left.entry(record).or_default() += 1;
    }
    let mut theirs = |record: &Id<Record>| {
        let (names, left) = (names.get_mut(record)?, left.get_mut(record)?);
        *left = left.saturating_sub(1);
        let n = if *left == 0 { names.len() } else { 1 };
        let some = names.split_off(names.len().saturating_sub(n));
        Some(index_text(&some.join("\n")))
    };
    let text = |text: &Indexed| match text.entry {
        Some(entry) => bodies.get(&entry).map(|body| index_text(body)),
        None if text.internal => theirs(&text.record),
        None => own.get(&text.record).map(|own| own.folded(&former)),
    };
    Ok(of.iter().map(text).map(Option::unwrap_or_default).collect())
}

/// Indexes a text that the requester may read.
pub fn index_public<R, E>(conn: &mut Db, record: Id<R>, entry: Id<E>, body: &str) -> Result<()> {
    dialect::insert_text(
        conn,
        record.cast(),
        Some(entry.cast()),
        "public",
        &index_text(body),
    )
}

/// Indexes a text for those who work on records only.
pub fn index_internal<R, E>(conn: &mut Db, record: Id<R>, entry: Id<E>, body: &str) -> Result<()> {
    dialect::insert_text(
        conn,
        record.cast(),
        Some(entry.cast()),
        "internal",
        &index_text(body),
    )
}

/// Indexes the name of somebody involved in a record, for those who work on records only: who is
/// affected besides them is nobody else's to search.
pub fn index_person<R>(conn: &mut Db, record: Id<R>, name: &str) -> Result<()> {
    dialect::insert_text(conn, record.cast(), None, "internal", &index_text(name))
}

/// Indexes all of them again after one is gone.
pub fn reindex_people<R>(conn: &mut Db, record: Id<R>, names: &[String]) -> Result<()> {
    dialect::delete_text(conn, record.cast(), None, "internal")?;
    if names.is_empty() {
        return Ok(());
    }
    index_person(conn, record, &names.join("\n"))
}

/// Takes an entry out of the index it is in.
pub fn forget_entry<R, E>(
    conn: &mut Db,
    record: Id<R>,
    entry: Id<E>,
    is_public: bool,
) -> Result<()> {
    let audience = if is_public { "public" } else { "internal" };
    dialect::delete_text(conn, record.cast(), Some(entry.cast()), audience)
}

/// [`index_internal`] of a text that may be indexed already and has changed.
pub fn reindex_internal<R, E>(
    conn: &mut Db,
    record: Id<R>,
    entry: Id<E>,
    body: &str,
) -> Result<()> {
    dialect::delete_text(conn, record.cast(), Some(entry.cast()), "internal")?;
    index_internal(conn, record, entry, body)
}

/// Sets a record's texts apart from all others, or puts them back.
pub fn set_apart<R>(conn: &mut Db, record: Id<R>, apart: bool) -> Result<()> {
    dialect::set_texts_apart(conn, record.cast(), apart)
}

/// What is asked of the indexes, in both of their languages.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub fts5: String,
    pub tsquery: String,
}

/// Which texts a visitor's search reaches.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    audiences: &'static [&'static str],
    within: Option<Vec<Id<Record>>>,
    /// The restricted records that name the visitor. Other restricted ones are not looked at, so that
    /// not even their number can be told from an answer.
    named: Vec<Id<Record>>,
}

impl Reach {
    /// Public texts that are set apart for nobody.
    pub fn unnamed() -> Self {
        Self {
            audiences: &["public"],
            within: None,
            named: Vec::new(),
        }
    }

    /// The same without notes.
    pub fn public(mut self) -> Self {
        self.audiences = &["public"];
        self
    }
}

/// Of so many of their newest records somebody can search the texts who does not see all.
const OWN_RECORDS: i64 = 2_000;

/// Everything, for those who work on records; the public texts of their own records for others.
pub(super) fn reach(conn: &mut Db, visitor: &Visitor) -> Result<Reach> {
    let within = match records::sight(visitor) {
        Sight::Works(_) => None,
        Sight::Involved(_) | Sight::Asked(..) => {
            let query = schema::table
                .select(schema::id)
                .order((schema::reported_at.desc(), schema::id.desc()))
                .limit(OWN_RECORDS)
                .into_boxed();
            Some(crate::visible!(query, visitor).load(conn)?)
        }
    };
    let audiences: &[&str] = if visitor.has(Right::Work) {
        &["public", "internal"]
    } else {
        &["public"]
    };
    Ok(Reach {
        audiences,
        within,
        named: records::naming(conn, visitor, OWN_RECORDS)?,
    })
}

/// A text that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub seq: i64,
    pub record: Id<Record>,
    /// `None` for the record's own title and description.
    pub entry: Option<Id<Entry>>,
}

/// Finds, newest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Batch {
    pub hits: Vec<Hit>,
    /// Below which to go on, when there may be more.
    pub below: Option<i64>,
    /// The index gave up there rather than look further.
    pub gave_up: bool,
}

/// The newest finds below one text and above another.
pub(super) fn newest_hits(
    conn: &mut Db,
    reach: &Reach,
    words: &Words,
    below: i64,
    above: i64,
    limit: i64,
) -> Result<Batch> {
    newest_hits_within(
        conn,
        reach,
        words,
        reach.within.as_deref(),
        below,
        above,
        limit,
    )
}

/// The newest records of one kind that a visitor may see.
pub(super) fn newest_of(conn: &mut Db, visitor: &Visitor, kind: Kind) -> Result<Vec<Id<Record>>> {
    let query = schema::table
        .filter(schema::kind.eq(kind))
        .select(schema::id)
        .order((schema::reported_at.desc(), schema::id.desc()))
        .limit(OWN_RECORDS)
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}

/// Which of some records have a find above a text.
pub(super) fn found_above(
    conn: &mut Db,
    reach: &Reach,
    words: &Words,
    records: &[Id<Record>],
    above: i64,
) -> Result<HashSet<Id<Record>>> {
    const ENOUGH: i64 = 2_000;
    let batch = newest_hits_within(conn, reach, words, Some(records), i64::MAX, above, ENOUGH)?;
    Ok(batch.hits.into_iter().map(|hit| hit.record).collect())
}

fn newest_hits_within(
    conn: &mut Db,
    reach: &Reach,
    words: &Words,
    within: Option<&[Id<Record>]>,
    below: i64,
    above: i64,
    limit: i64,
) -> Result<Batch> {
    let within: Option<Vec<_>> = within.map(|ids| ids.iter().map(|id| id.cast()).collect());
    if within.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Batch::default());
    }
    let apart: Vec<_> = reach.named.iter().map(|id| id.cast()).collect();
    let mut batch = Batch::default();
    for audience in reach.audiences {
        let texts = dialect::find_texts(
            conn,
            &TextAsk {
                audience,
                fts5: &words.fts5,
                tsquery: &words.tsquery,
                below,
                above,
                within: within.as_deref(),
                apart: &apart,
                limit,
            },
        )?;
        // An index that has more is known down to its last find only; so is the whole.
        let full = texts.found.len() as i64 >= limit;
        let known = texts.found.last().filter(|_| full).map(|text| text.seq);
        let floor = known.max(texts.gave_up_at);
        batch.gave_up |= texts.gave_up_at.is_some() && !full;
        batch.below = batch.below.max(floor);
        batch.hits.extend(texts.found.iter().map(|text| Hit {
            seq: text.seq,
            record: text.record_id.cast(),
            entry: text.entry_id.map(Id::cast),
        }));
    }
    if let Some(floor) = batch.below {
        batch.hits.retain(|hit| hit.seq >= floor);
    }
    batch.hits.sort_unstable_by_key(|hit| Reverse(hit.seq));
    Ok(batch)
}

/// What a search shows of a record.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Brief {
    pub id: Id<Record>,
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub description: String,
    pub state: String,
    pub priority: i32,
    pub reported_at: Utc,
    pub requester: Option<String>,
}

impl Brief {
    pub fn number(&self) -> Number {
        Number {
            kind: self.kind,
            n: self.n,
        }
    }
}

/// These records, as far as the visitor may see them.
pub(super) fn briefs(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Brief>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = schema::table
        .left_join(people::table.on(schema::requester_id.eq(people::id.nullable())))
        .filter(schema::id.eq_any(ids.to_vec()))
        .select((
            schema::id,
            schema::kind,
            schema::number,
            schema::title,
            schema::description,
            schema::state,
            schema::priority,
            schema::reported_at,
            people::name.nullable(),
        ))
        .into_boxed();
    let found: Vec<Brief> = crate::visible!(query, visitor).load(conn)?;
    Ok(found.into_iter().map(|brief| (brief.id, brief)).collect())
}

/// An open incident's number and title, with when it was reported, and its service and category.
pub(super) type OpenIncident = (i64, String, Utc, Option<Id<Service>>, Option<Id<Category>>);

/// Those of these records that are open incidents, as far as the visitor may see them.
pub(super) fn open_incidents(
    conn: &mut Db,
    visitor: &Visitor,
    ids: &[Id<Record>],
) -> Result<Vec<OpenIncident>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = schema::table
        .filter(schema::id.eq_any(ids.to_vec()))
        .filter(schema::is_open.eq(true))
        .filter(schema::kind.eq(Kind::Incident))
        .select((
            schema::number,
            schema::title,
            schema::reported_at,
            schema::service_id,
            schema::category_id,
        ))
        .into_boxed();
    Ok(crate::visible!(query, visitor).load(conn)?)
}
