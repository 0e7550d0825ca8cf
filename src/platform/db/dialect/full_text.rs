//! Full text: FTS5 in SQLite, `tsvector` with GIN in PostgreSQL. Both are given text folded and cut
//! into words by `kernel::text`, so both find the same.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};
use diesel::{PgConnection, SqliteConnection};

use super::on_backend;
use crate::platform::db::types::SqlId;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;

// SQLite's side of writing. A query built from these is prepared once a connection; one given as text
// is prepared each time it runs, and every record and every entry is indexed.
diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::SqlId;

    search_texts (seq) {
        seq -> BigInt,
        record_id -> SqlId,
        entry_id -> Nullable<SqlId>,
        audience -> Text,
        apart -> Bool,
    }
}

// Whether a text is set apart is its record's to say.
diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::SqlId;

    records (id) {
        id -> SqlId,
        is_restricted -> Bool,
    }
}

diesel::table! {
    search_public (rowid) {
        rowid -> BigInt,
        body -> Text,
    }
}

diesel::table! {
    search_internal (rowid) {
        rowid -> BigInt,
        body -> Text,
    }
}

#[derive(QueryableByName)]
struct Seq {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// A text that was found.
#[derive(QueryableByName, Debug, Clone)]
pub struct Found {
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    #[diesel(sql_type = SqlId)]
    pub record_id: Id<Found>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub entry_id: Option<Id<Found>>,
}

/// Indexes a folded text, apart from others if its record is restricted. `audience` is `public` or
/// `internal`.
pub fn insert_text(
    conn: &mut Db,
    record: Id<Found>,
    entry: Option<Id<Found>>,
    audience: &str,
    folded: &str,
) -> Result<()> {
    on_backend!(conn,
        c => {
            let apart = records::table.find(record).select(records::is_restricted);
            let apart = apart.single_value().assume_not_null();
            let seq: i64 = diesel::insert_into(search_texts::table)
                .values((
                    search_texts::record_id.eq(record),
                    search_texts::entry_id.eq(entry),
                    search_texts::audience.eq(audience),
                    search_texts::apart.eq(apart),
                ))
                .returning(search_texts::seq)
                .get_result(c)?;
            insert_body(c, audience, seq, folded)?;
        },
        c => {
            diesel::sql_query(
                "INSERT INTO search_texts (record_id, entry_id, audience, terms, apart) \
                 SELECT id, $2, $3, to_tsvector('simple', $4), is_restricted FROM records WHERE id = $1",
            )
                .bind::<SqlId, _>(record).bind::<Nullable<SqlId>, _>(entry).bind::<Text, _>(audience).bind::<Text, _>(folded).execute(c)?;
        }
    );
    Ok(())
}

/// Writes a folded text into SQLite's index of its audience.
pub(super) fn insert_body(
    c: &mut SqliteConnection,
    audience: &str,
    seq: i64,
    folded: &str,
) -> Result<()> {
    if audience == "public" {
        diesel::insert_into(search_public::table)
            .values((search_public::rowid.eq(seq), search_public::body.eq(folded)))
            .execute(c)?;
    } else {
        diesel::insert_into(search_internal::table)
            .values((
                search_internal::rowid.eq(seq),
                search_internal::body.eq(folded),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// Puts records' own folded texts (title and description) in the place of those they had.
pub fn replace_texts(conn: &mut Db, texts: &[(Id<Found>, String)]) -> Result<()> {
    on_backend!(conn,
        c => {
            for (record, _) in texts {
                let own = search_texts::table
                    .filter(search_texts::record_id.eq(record))
                    .filter(search_texts::entry_id.is_null())
                    .filter(search_texts::audience.eq("public"));
                let seqs: Vec<i64> = own.select(search_texts::seq).load(c)?;
                for seq in seqs {
                    diesel::delete(search_public::table.find(seq)).execute(c)?;
                    diesel::delete(search_texts::table.find(seq)).execute(c)?;
                }
            }
        },
        c => {
            let records: Vec<Id<Found>> = texts.iter().map(|(record, _)| *record).collect();
            let folded: Vec<&str> = texts.iter().map(|(_, folded)| folded.as_str()).collect();
            diesel::sql_query("DELETE FROM search_texts WHERE record_id = ANY($1) AND entry_id IS NULL AND audience = 'public'")
                .bind::<Array<SqlId>, _>(&records).execute(c)?;
            diesel::sql_query(
                "INSERT INTO search_texts (record_id, entry_id, audience, terms, apart) \
                 SELECT id, NULL, 'public', to_tsvector('simple', folded), is_restricted \
                 FROM unnest($1, $2) WITH ORDINALITY AS given (record, folded, n) \
                 JOIN records ON records.id = given.record ORDER BY n",
            )
            .bind::<Array<SqlId>, _>(&records).bind::<Array<Text>, _>(&folded).execute(c)?;
            return Ok(());
        }
    );
    for (record, folded) in texts {
        insert_text(conn, *record, None, "public", folded)?;
    }
    Ok(())
}

/// Takes text of a record out of the index of an audience: an entry's, or without an entry the
/// record's own.
pub fn delete_text(
    conn: &mut Db,
    record: Id<Found>,
    entry: Option<Id<Found>>,
    audience: &str,
) -> Result<()> {
    on_backend!(conn,
        c => {
            let own = search_texts::table
                .filter(search_texts::record_id.eq(record))
                .filter(search_texts::entry_id.is(entry))
                .filter(search_texts::audience.eq(audience));
            let seqs: Vec<i64> = own.select(search_texts::seq).load(c)?;
            for seq in seqs {
                if audience == "public" {
                    diesel::delete(search_public::table.find(seq)).execute(c)?;
                } else {
                    diesel::delete(search_internal::table.find(seq)).execute(c)?;
                }
                diesel::delete(search_texts::table.find(seq)).execute(c)?;
            }
        },
        c => {
            diesel::sql_query("DELETE FROM search_texts WHERE record_id = $1 AND entry_id IS NOT DISTINCT FROM $2 AND audience = $3")
                .bind::<SqlId, _>(record).bind::<Nullable<SqlId>, _>(entry).bind::<Text, _>(audience).execute(c)?;
        }
    );
    Ok(())
}

/// Sets all texts of a record apart, or puts them back among the others.
pub fn set_texts_apart(conn: &mut Db, record: Id<Found>, apart: bool) -> Result<()> {
    diesel::update(search_texts::table.filter(search_texts::record_id.eq(record)))
        .set(search_texts::apart.eq(apart))
        .execute(conn)?;
    Ok(())
}

/// A question to one index. `fts5` and `tsquery` say the same in the two languages.
#[derive(Debug, Clone, Copy)]
pub struct TextAsk<'a> {
    /// `public` or `internal`: the only index that is asked.
    pub audience: &'a str,
    pub fts5: &'a str,
    pub tsquery: &'a str,
    /// Only texts recorded before this one …
    pub below: i64,
    /// … and after this one.
    pub above: i64,
    /// Only texts of these records.
    pub within: Option<&'a [Id<Found>]>,
    /// Texts set apart are looked at only where they are of these records.
    pub apart: &'a [Id<Found>],
    pub limit: i64,
}

/// The newest texts that match.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    pub found: Vec<Found>,
    /// Where the search gave up, when it did: older texts were not looked at.
    pub gave_up_at: Option<i64>,
}

/// The newest texts that match. The work is bounded: SQLite reads its index from the newest text
/// down and stops at the limit; PostgreSQL's cannot, see [`newest_in_postgres`].
pub fn find_texts(conn: &mut Db, ask: &TextAsk<'_>) -> Result<Texts> {
    on_backend!(conn,
        c => newest_in_sqlite(c, ask),
        c => newest_in_postgres(c, ask)
    )
}

macro_rules! fts5_select {
    ($index:literal) => {
        // The cross join keeps the order: the index from the newest down, then each text's row.
        // (SQLite numbers these parameters as they appear, not as they are called.)
        concat!(
            "SELECT t.seq, t.record_id, t.entry_id FROM ",
            $index,
            " f CROSS JOIN search_texts t ON t.seq = f.rowid WHERE ",
            $index,
            " MATCH $1 AND f.rowid < $2 AND f.rowid > $3 \
             AND ($4 IS NULL OR t.record_id IN (SELECT unhex(value) FROM json_each($4))) \
             AND (NOT t.apart OR t.record_id IN (SELECT unhex(value) FROM json_each($5))) \
             ORDER BY f.rowid DESC LIMIT $6"
        )
    };
}

fn newest_in_sqlite(conn: &mut SqliteConnection, ask: &TextAsk<'_>) -> Result<Texts> {
    let sql = if ask.audience == "public" {
        fts5_select!("search_public")
    } else {
        fts5_select!("search_internal")
    };
    let found = diesel::sql_query(sql)
        .bind::<Text, _>(ask.fts5)
        .bind::<BigInt, _>(ask.below)
        .bind::<BigInt, _>(ask.above)
        .bind::<Nullable<Text>, _>(ask.within.map(hex_list))
        .bind::<Text, _>(hex_list(ask.apart))
        .bind::<BigInt, _>(ask.limit)
        .load(conn)?;
    Ok(Texts {
        found,
        gave_up_at: None,
    })
}

/// `["0199…","0199…"]`: SQLite has no arrays to bind.
fn hex_list(ids: &[Id<Found>]) -> String {
    let quoted: Vec<String> = ids
        .iter()
        .map(|id| format!("\"{}\"", id.uuid().simple()))
        .collect();
    format!("[{}]", quoted.join(","))
}

/// So many of the newest texts are looked at one by one before the index is asked.
const NEWEST: i64 = 5_000;
/// A word in more texts than this is frequent: going on one by one finds a page of them sooner than
/// sorting all of them.
const FREQUENT: i64 = 1_000;
/// How many texts one question looks at before it gives up.
const BUDGET: i64 = 160_000;

/// GIN gives its finds in no order, so the newest of 50,000 would cost 50,000 rows. What is frequent
/// stands among the newest texts, which are cheap to look at (0.3 µs each); what does not is rare,
/// and sorting all of it is cheap; what is neither (frequent once, not lately) is looked for in steps
/// that double, and given up in the open. No statistics of the planner decide.
fn newest_in_postgres(conn: &mut PgConnection, ask: &TextAsk<'_>) -> Result<Texts> {
    if let Some(records) = ask.within {
        let found = diesel::sql_query(
            "SELECT seq, record_id, entry_id FROM search_texts WHERE audience = $1 AND terms @@ to_tsquery('simple', $2) \
             AND seq < $3 AND seq > $4 AND record_id = ANY($5) \
             AND (NOT apart OR record_id = ANY($6)) ORDER BY seq DESC LIMIT $7",
        )
        .bind::<Text, _>(ask.audience)
        .bind::<Text, _>(ask.tsquery)
        .bind::<BigInt, _>(ask.below)
        .bind::<BigInt, _>(ask.above)
        .bind::<Array<SqlId>, _>(records)
        .bind::<Array<SqlId>, _>(ask.apart)
        .bind::<BigInt, _>(ask.limit)
        .load(conn)?;
        return Ok(Texts {
            found,
            gave_up_at: None,
        });
    }
    let newest: Seq = diesel::sql_query("SELECT coalesce(max(seq), 0) AS seq FROM search_texts")
        .get_result(conn)?;
    let mut top = ask.below.min(newest.seq + 1);
    let mut texts = Texts::default();
    let mut step = NEWEST;
    while top > ask.above + 1 {
        let bottom = (top - step).max(ask.above + 1);
        texts.found.extend(walk(
            conn,
            ask,
            bottom,
            top,
            ask.limit - texts.found.len() as i64,
        )?);
        if texts.found.len() as i64 >= ask.limit {
            break;
        }
        if step == NEWEST
            && let Some(rest) = all_if_rare(conn, ask, bottom)?
        {
            texts.found.extend(rest);
            texts.found.truncate(ask.limit as usize);
            break;
        }
        top = bottom;
        step *= 2;
        if step > BUDGET / 2 && top > ask.above + 1 {
            texts.gave_up_at = Some(top);
            break;
        }
    }
    Ok(texts)
}

/// The texts of `bottom..top` one by one, newest first. The inner limit keeps the planner from
/// turning to the index.
fn walk(
    conn: &mut PgConnection,
    ask: &TextAsk<'_>,
    bottom: i64,
    top: i64,
    limit: i64,
) -> Result<Vec<Found>> {
    Ok(diesel::sql_query(
        "SELECT seq, record_id, entry_id FROM (SELECT seq, record_id, entry_id, audience, terms, apart \
         FROM search_texts WHERE seq < $1 AND seq >= $2 ORDER BY seq DESC LIMIT $3) AS newest \
         WHERE audience = $4 AND terms @@ to_tsquery('simple', $5) \
         AND (NOT apart OR record_id = ANY($6)) ORDER BY seq DESC LIMIT $7",
    )
    .bind::<BigInt, _>(top)
    .bind::<BigInt, _>(bottom)
    .bind::<BigInt, _>(top - bottom)
    .bind::<Text, _>(ask.audience)
    .bind::<Text, _>(ask.tsquery)
    .bind::<Array<SqlId>, _>(ask.apart)
    .bind::<BigInt, _>(limit)
    .load(conn)?)
}

/// Everything older than `below` that the index has, newest first, unless that is too much to sort.
fn all_if_rare(
    conn: &mut PgConnection,
    ask: &TextAsk<'_>,
    below: i64,
) -> Result<Option<Vec<Found>>> {
    // One statement an index: a partial index is used only where its condition stands in the text.
    let sql = if ask.audience == "public" {
        "SELECT seq, record_id, entry_id FROM search_texts WHERE audience = 'public' \
         AND terms @@ to_tsquery('simple', $1) AND seq < $2 AND seq > $3 \
         AND (NOT apart OR record_id = ANY($5)) LIMIT $4"
    } else {
        "SELECT seq, record_id, entry_id FROM search_texts WHERE audience = 'internal' \
         AND terms @@ to_tsquery('simple', $1) AND seq < $2 AND seq > $3 \
         AND (NOT apart OR record_id = ANY($5)) LIMIT $4"
    };
    let mut found: Vec<Found> = diesel::sql_query(sql)
        .bind::<Text, _>(ask.tsquery)
        .bind::<BigInt, _>(below)
        .bind::<BigInt, _>(ask.above)
        .bind::<BigInt, _>(FREQUENT + 1)
        .bind::<Array<SqlId>, _>(ask.apart)
        .load(conn)?;
    if found.len() as i64 > FREQUENT {
        return Ok(None);
    }
    found.sort_unstable_by_key(|text| std::cmp::Reverse(text.seq));
    Ok(Some(found))
}
