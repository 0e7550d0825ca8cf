//! Full text: FTS5 in SQLite, `tsvector` with GIN in PostgreSQL. Both are given text folded and cut
//! into words by `kernel::text`, so both find the same.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::on_backend;
use crate::platform::db::types::SqlId;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;

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

/// Indexes a folded text. `audience` is `public` or `internal`.
pub fn insert_text(
    conn: &mut Db,
    record: Id<Found>,
    entry: Option<Id<Found>>,
    audience: &str,
    folded: &str,
) -> Result<()> {
    on_backend!(conn,
        c => {
            let row: Seq = diesel::sql_query("INSERT INTO search_texts (record_id, entry_id, audience) VALUES ($1, $2, $3) RETURNING seq")
                .bind::<SqlId, _>(record).bind::<Nullable<SqlId>, _>(entry).bind::<Text, _>(audience).get_result(c)?;
            let insert = if audience == "public" {
                diesel::sql_query("INSERT INTO search_public (rowid, body) VALUES ($1, $2)")
            } else {
                diesel::sql_query("INSERT INTO search_internal (rowid, body) VALUES ($1, $2)")
            };
            insert.bind::<BigInt, _>(row.seq).bind::<Text, _>(folded).execute(c)?;
        },
        c => {
            diesel::sql_query("INSERT INTO search_texts (record_id, entry_id, audience, terms) VALUES ($1, $2, $3, to_tsvector('simple', $4))")
                .bind::<SqlId, _>(record).bind::<Nullable<SqlId>, _>(entry).bind::<Text, _>(audience).bind::<Text, _>(folded).execute(c)?;
        }
    );
    Ok(())
}

/// Takes a record's own text (title and description) out of the index.
pub fn delete_text(conn: &mut Db, record: Id<Found>) -> Result<()> {
    on_backend!(conn,
        c => {
            diesel::sql_query("DELETE FROM search_public WHERE rowid IN (SELECT seq FROM search_texts WHERE record_id = $1 AND entry_id IS NULL)")
                .bind::<SqlId, _>(record).execute(c)?;
            diesel::sql_query("DELETE FROM search_texts WHERE record_id = $1 AND entry_id IS NULL").bind::<SqlId, _>(record).execute(c)?;
        },
        c => {
            diesel::sql_query("DELETE FROM search_texts WHERE record_id = $1 AND entry_id IS NULL").bind::<SqlId, _>(record).execute(c)?;
        }
    );
    Ok(())
}

/// The newest texts that match, below `before`. `fts5` and `tsquery` say the same in the two
/// languages. Only the index of the audience is asked.
pub fn find_texts(
    conn: &mut Db,
    audience: &str,
    fts5: &str,
    tsquery: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<Found>> {
    Ok(on_backend!(conn,
        c => {
            let query = if audience == "public" {
                diesel::sql_query(
                    "SELECT t.seq, t.record_id, t.entry_id FROM search_public f JOIN search_texts t ON t.seq = f.rowid \
                     WHERE search_public MATCH $1 AND f.rowid < $2 ORDER BY f.rowid DESC LIMIT $3")
            } else {
                diesel::sql_query(
                    "SELECT t.seq, t.record_id, t.entry_id FROM search_internal f JOIN search_texts t ON t.seq = f.rowid \
                     WHERE search_internal MATCH $1 AND f.rowid < $2 ORDER BY f.rowid DESC LIMIT $3")
            };
            query.bind::<Text, _>(fts5).bind::<BigInt, _>(before).bind::<BigInt, _>(limit).load(c)?
        },
        c => {
            let query = if audience == "public" {
                diesel::sql_query(
                    "SELECT seq, record_id, entry_id FROM search_texts WHERE audience = 'public' \
                     AND terms @@ to_tsquery('simple', $1) AND seq < $2 ORDER BY seq DESC LIMIT $3")
            } else {
                diesel::sql_query(
                    "SELECT seq, record_id, entry_id FROM search_texts WHERE audience = 'internal' \
                     AND terms @@ to_tsquery('simple', $1) AND seq < $2 ORDER BY seq DESC LIMIT $3")
            };
            query.bind::<Text, _>(tsquery).bind::<BigInt, _>(before).bind::<BigInt, _>(limit).load(c)?
        }
    ))
}
