//! A search: finds gathered newest first, or ranked among the newest, one result a record.

use std::collections::{HashMap, HashSet};

use super::marks::{Piece, count, excerpt, marked};
use super::store::{self, Batch, Brief, Hit, Reach, Words};
use crate::entries::{self, Contact, Entry, InternalNote, PublicReply};
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::text::{Query, QueryLimits};
use crate::records::{Kind, Number, Record};
use crate::tasks;

/// Results on one page.
pub const PAGE: usize = 25;
/// Finds one page looks through before it says that there are too many: one record whose every
/// reply has the word must not cost more than others.
const LOOKED_AT: usize = 2_000;
/// Among so many of the newest finds *best match* ranks.
const RANKED: i64 = 2_000;
/// A word in the title counts so many times …
const TITLE: usize = 3;
/// … and no text counts more than this, or a log file pasted somewhere would always win.
const MOST: usize = 10;

/// A record that was found.
#[derive(Debug, Clone)]
pub struct Found {
    pub number: Number,
    pub title: Vec<Piece>,
    pub excerpt: Vec<Piece>,
    pub state: String,
    pub priority: i32,
    pub requester: Option<String>,
    /// When the text that was found was written.
    pub at: Utc,
    /// Whether it stands in an internal note, or is a task.
    pub source: Source,
}

/// Where a text that was found stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In what the requester may read, or whoever got in touch.
    Public,
    Note,
    Task,
}

/// A page of results.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub results: Vec<Found>,
    /// The key of the next page.
    pub next: Option<String>,
    /// Not everything was looked at: there is too much of it.
    pub too_many: bool,
}

fn words_of(query: &Query) -> Words {
    Words {
        fts5: query.to_fts5(),
        tsquery: query.to_tsquery(),
    }
}

/// The newest records of one kind that have what was typed in their title or description and that the
/// visitor may see. What cannot be searched for finds nothing.
pub fn of_kind(
    conn: &mut Db,
    visitor: &Visitor,
    typed: &str,
    kind: Kind,
) -> Result<Vec<Id<Record>>> {
    let Ok(query) = Query::parse(typed, QueryLimits::default()) else {
        return Ok(Vec::new());
    };
    let reach = store::reach(conn, visitor)?;
    let within = store::newest_of(conn, visitor, kind)?;
    let found = store::found_above(conn, &reach, &words_of(&query), &within, 0)?;
    Ok(found.into_iter().collect())
}

/// Records by their newest find. `from` is the key of a page.
pub fn newest(
    conn: &mut Db,
    visitor: &Visitor,
    query: &Query,
    from: Option<&str>,
) -> Result<Outcome> {
    let reach = store::reach(conn, visitor)?;
    let words = words_of(query);
    let from = from.and_then(|key| key.parse::<i64>().ok());
    let mut gathered = gather(conn, &reach, &words, from.unwrap_or(i64::MAX))?;
    if let Some(from) = from {
        // A record stands where its newest find is: on an earlier page, if it has one there.
        let ids: Vec<Id<Record>> = gathered.first_hits.iter().map(|hit| hit.record).collect();
        let shown = store::found_above(conn, &reach, &words, &ids, from - 1)?;
        gathered
            .first_hits
            .retain(|hit| !shown.contains(&hit.record));
    }
    Ok(Outcome {
        results: results(conn, visitor, query, &gathered.first_hits)?,
        next: gathered.next.map(|seq| seq.to_string()),
        too_many: gathered.too_many,
    })
}

struct Gathered {
    /// The newest find of each record.
    first_hits: Vec<Hit>,
    next: Option<i64>,
    too_many: bool,
}

fn gather(conn: &mut Db, reach: &Reach, words: &Words, from: i64) -> Result<Gathered> {
    let mut gathered = Gathered {
        first_hits: Vec::new(),
        next: None,
        too_many: false,
    };
    let mut seen = HashSet::new();
    let (mut below, mut looked_at, mut size) = (from, 0, 64);
    loop {
        let batch = store::newest_hits(conn, reach, words, below, 0, size)?;
        looked_at += batch.hits.len();
        for hit in batch.hits {
            if !seen.insert(hit.record) {
                continue;
            }
            if gathered.first_hits.len() == PAGE {
                gathered.next = Some(hit.seq + 1);
                return Ok(gathered);
            }
            gathered.first_hits.push(hit);
        }
        let Some(more) = batch.below else {
            return Ok(gathered);
        };
        let room = LOOKED_AT.saturating_sub(looked_at) as i64;
        if batch.gave_up || room == 0 {
            gathered.next = Some(more);
            gathered.too_many = true;
            return Ok(gathered);
        }
        below = more;
        size = (size * 2).min(room);
    }
}

/// Records by how often the words stand in them, among the newest finds. `from` is the key of a page.
pub fn best(
    conn: &mut Db,
    visitor: &Visitor,
    query: &Query,
    from: Option<&str>,
) -> Result<Outcome> {
    let reach = store::reach(conn, visitor)?;
    let Batch { hits, below, .. } =
        store::newest_hits(conn, &reach, &words_of(query), i64::MAX, 0, RANKED)?;
    let ids: Vec<Id<Record>> = hits.iter().map(|hit| hit.record).collect();
    let briefs = store::briefs(conn, visitor, &ids)?;
    let texts = texts_of(conn, visitor, &hits)?;
    let mut ranked: HashMap<Id<Record>, (usize, Hit, usize)> = HashMap::new();
    for hit in &hits {
        let Some(brief) = briefs.get(&hit.record) else {
            continue;
        };
        let body = match hit.entry {
            None => &brief.description,
            Some(entry) => match texts.get(&entry) {
                Some(text) => &text.body,
                None => continue,
            },
        };
        let in_body = count(body, query, MOST);
        let (score, best, best_body) = ranked
            .entry(hit.record)
            .or_insert_with(|| (TITLE * count(&brief.title, query, MOST), *hit, in_body));
        *score += in_body;
        if in_body > *best_body {
            (*best, *best_body) = (*hit, in_body);
        }
    }
    let mut order: Vec<(usize, i64, Hit)> = ranked
        .into_values()
        .map(|(score, hit, _)| (score, hit.seq, hit))
        .collect();
    order.sort_unstable_by_key(|(score, seq, _)| std::cmp::Reverse((*score, *seq)));
    if let Some(key) = from.and_then(rank_key) {
        order.retain(|(score, seq, _)| (*score, *seq) < key);
    }
    let more = order.len() > PAGE;
    order.truncate(PAGE);
    let shown: Vec<Hit> = order.iter().map(|(_, _, hit)| *hit).collect();
    Ok(Outcome {
        results: shown
            .iter()
            .filter_map(|hit| result(query, hit, briefs.get(&hit.record)?, &texts))
            .collect(),
        next: order
            .last()
            .filter(|_| more)
            .map(|(score, seq, _)| format!("{score}.{seq}")),
        too_many: below.is_some(),
    })
}

fn rank_key(text: &str) -> Option<(usize, i64)> {
    let (score, seq) = text.split_once('.')?;
    Some((score.parse().ok()?, seq.parse().ok()?))
}

/// An entry's text, once it is known that this visitor may read it.
struct EntryText {
    body: String,
    at: Utc,
    source: Source,
}

/// The texts of the entries and tasks among some finds. Notes and tasks are read for those who may
/// read them only.
fn texts_of(
    conn: &mut Db,
    visitor: &Visitor,
    hits: &[Hit],
) -> Result<HashMap<Id<Entry>, EntryText>> {
    let ids: Vec<Id<Entry>> = hits.iter().filter_map(|hit| hit.entry).collect();
    let works = visitor.has(Right::Work);
    let entries = if works {
        entries::entries_by_ids(conn, &ids)?
    } else {
        entries::public_entries_by_ids(conn, &ids)?
            .into_iter()
            .map(Entry::Reply)
            .collect()
    };
    let mut texts: HashMap<Id<Entry>, EntryText> = entries
        .into_iter()
        .map(|entry| match entry {
            Entry::Reply(PublicReply(said)) => (said, Source::Public),
            Entry::Note(InternalNote(said)) => (said, Source::Note),
            Entry::Contact(Contact { said, .. }) => (said, Source::Public),
        })
        .map(|(said, source)| {
            let text = EntryText {
                body: said.body,
                at: said.at,
                source,
            };
            (said.id, text)
        })
        .collect();
    let others = ids.iter().filter(|id| !texts.contains_key(id));
    let others: Vec<_> = others.map(|id| id.cast()).collect();
    if works {
        for task in tasks::by_ids(conn, &others)? {
            let text = EntryText {
                body: task.title,
                at: task.created_at,
                source: Source::Task,
            };
            texts.insert(task.id.cast(), text);
        }
    }
    Ok(texts)
}

fn results(conn: &mut Db, visitor: &Visitor, query: &Query, hits: &[Hit]) -> Result<Vec<Found>> {
    let ids: Vec<Id<Record>> = hits.iter().map(|hit| hit.record).collect();
    let briefs = store::briefs(conn, visitor, &ids)?;
    let texts = texts_of(conn, visitor, hits)?;
    Ok(hits
        .iter()
        .filter_map(|hit| result(query, hit, briefs.get(&hit.record)?, &texts))
        .collect())
}

/// What is shown of a find; nothing when its text may not be read.
fn result(
    query: &Query,
    hit: &Hit,
    brief: &Brief,
    texts: &HashMap<Id<Entry>, EntryText>,
) -> Option<Found> {
    let (body, at, source) = match hit.entry {
        None => (&brief.description, brief.reported_at, Source::Public),
        Some(entry) => {
            let text = texts.get(&entry)?;
            (&text.body, text.at, text.source)
        }
    };
    Some(Found {
        number: brief.number(),
        title: marked(&brief.title, query),
        excerpt: excerpt(body, query),
        state: brief.state.clone(),
        priority: brief.priority,
        requester: brief.requester.clone(),
        at,
        source,
    })
}

#[cfg(test)]
mod tests;
