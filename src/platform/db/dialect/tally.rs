//! Counting by upsert. A place where nothing stands any more has no row, so that what every page
//! reads does not grow with history.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use uuid::Uuid;

use crate::platform::db::types::SqlId;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;

/// Adds to one tally, which begins at nothing.
pub fn add_to_tally(
    conn: &mut Db,
    kind: &str,
    group: &str,
    team: Uuid,
    assignee: Uuid,
    by: i64,
) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO record_tallies (kind, state_group, team_id, assignee_id, n) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (kind, state_group, team_id, assignee_id) DO UPDATE SET n = record_tallies.n + excluded.n",
    )
    .bind::<Text, _>(kind)
    .bind::<Text, _>(group)
    .bind::<SqlId, _>(Id::<()>::from_uuid(team))
    .bind::<SqlId, _>(Id::<()>::from_uuid(assignee))
    .bind::<BigInt, _>(by)
    .execute(conn)?;
    if by < 0 {
        diesel::sql_query(
            "DELETE FROM record_tallies WHERE kind = $1 AND state_group = $2 AND team_id = $3 AND assignee_id = $4 AND n = 0",
        )
        .bind::<Text, _>(kind)
        .bind::<Text, _>(group)
        .bind::<SqlId, _>(Id::<()>::from_uuid(team))
        .bind::<SqlId, _>(Id::<()>::from_uuid(assignee))
        .execute(conn)?;
    }
    Ok(())
}

/// Adds to the tally of one owner's records that another team works on.
pub fn add_to_handover_tally(conn: &mut Db, owner: Uuid, team: Uuid, by: i64) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO handover_tallies (owner_team_id, team_id, n) VALUES ($1, $2, $3) \
         ON CONFLICT (owner_team_id, team_id) DO UPDATE SET n = handover_tallies.n + excluded.n",
    )
    .bind::<SqlId, _>(Id::<()>::from_uuid(owner))
    .bind::<SqlId, _>(Id::<()>::from_uuid(team))
    .bind::<BigInt, _>(by)
    .execute(conn)?;
    if by < 0 {
        diesel::sql_query(
            "DELETE FROM handover_tallies WHERE owner_team_id = $1 AND team_id = $2 AND n = 0",
        )
        .bind::<SqlId, _>(Id::<()>::from_uuid(owner))
        .bind::<SqlId, _>(Id::<()>::from_uuid(team))
        .execute(conn)?;
    }
    Ok(())
}
