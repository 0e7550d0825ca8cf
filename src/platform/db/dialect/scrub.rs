//! What was deleted is still in SQLite's file: in pages nobody reads any more, in the log, and in
//! parts of the full-text index that wait to be merged. After this it is not.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::on_backend;
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;

/// How often the log is tried to be emptied while somebody still reads from it.
const TRIES: usize = 50;

#[derive(QueryableByName)]
struct Outcome {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// Merges the index, writes the file anew and empties the log. Saving waits meanwhile, reading goes
/// on. PostgreSQL does this by itself, little by little (autovacuum).
pub fn scrub(conn: &mut Db) -> Result<()> {
    on_backend!(conn, c => scrub_sqlite(c), _c => Ok(()))
}

fn scrub_sqlite(c: &mut SqliteConnection) -> Result<()> {
    // The copy is as large as the file, so it must not be made in memory.
    c.batch_execute(
        "PRAGMA busy_timeout = 60000; PRAGMA temp_store = FILE; \
         INSERT INTO search_public (search_public) VALUES ('optimize'); \
         INSERT INTO search_internal (search_internal) VALUES ('optimize'); VACUUM",
    )?;
    for _ in 0..TRIES {
        let outcome: Outcome =
            diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(c)?;
        if outcome.busy == 0 {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    tracing::warn!("the log could not be emptied; it is written over as the desk goes on");
    Ok(())
}
