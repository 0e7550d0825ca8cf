//! Checkpoints: once a day, one hash over the heads of all chains that grew since the one before.
//!
//! A chain shows that its facts belong together; a checkpoint shows that they were there. Whoever
//! cuts a chain and mends the row that counts it is found out by the checkpoint that covered it;
//! whoever rewrites checkpoints too, by a copy of their hashes kept elsewhere.
//!
//! Facts never change, so the heads up to some `seq` can be read in many short transactions while
//! others write; only the two ends write, and briefly.

use time::Duration;
use uuid::Uuid;

use super::chain::{CheckpointSeal, ZERO};
use super::model::Checkpoint;
use super::store;
use crate::platform::db::{Db, Store, Utc};
use crate::platform::jobs::Lease;
use crate::platform::kernel::error::Result;

/// How many facts are looked at in one transaction. Not how many heads are found: a day of long
/// chains has few, and looking for a number of them could take longer than a statement may.
const SPAN: i64 = 10_000;

/// The last fact of a chain, up to some `seq`.
pub(super) struct HeadFact {
    pub seq: i64,
    pub subject: Uuid,
    pub position: i64,
    pub hash: Vec<u8>,
}

/// When the next checkpoint is due: at midnight UTC.
pub fn next_day(now: Utc) -> Utc {
    let day = Duration::days(1).whole_microseconds() as i64;
    Utc::from_micros((now.micros().div_euclid(day) + 1) * day)
}

/// Makes the checkpoint of the day of `now`, unless that day has one or there is nothing new.
pub async fn make(store: &Store, now: Utc, lease: Option<Lease>) -> Result<Option<Checkpoint>> {
    let (last, upto) = store
        .write(move |w| Ok((store::last_checkpoint(w)?, store::settled_seq(w)?)))
        .await?;
    if last.as_ref().is_some_and(|last| now < next_day(last.at)) {
        return Ok(None);
    }
    let number = last.as_ref().map_or(1, |last| last.number + 1);
    let previous = last
        .as_ref()
        .map_or(ZERO.to_vec(), |last| last.hash.clone());
    let mut after = last.map_or(0, |last| last.last_seq);
    if upto <= after {
        return Ok(None);
    }
    let mut seal = CheckpointSeal::new(number, &previous);
    loop {
        let page = store
            .read(move |r| store::heads(r, after, upto, SPAN))
            .await?;
        let Some((last, heads)) = page else { break };
        after = last;
        put(&mut seal, &heads);
        if let Some(lease) = lease {
            store.write(move |w| lease.renew(w, lease.now())).await?;
        }
    }
    let checkpoint = Checkpoint {
        number,
        last_seq: upto,
        chains: seal.chains(),
        at: now,
        previous,
        hash: seal.finish(upto, now).to_vec(),
    };
    let made = checkpoint.clone();
    let inserted = store
        .write(move |w| store::insert_checkpoint(w, &made))
        .await?;
    Ok(inserted.then_some(checkpoint))
}

/// The hash a checkpoint must have, from the facts as they stand.
pub(super) fn rebuild(conn: &mut Db, checkpoint: &Checkpoint, mut after: i64) -> Result<[u8; 32]> {
    let mut seal = CheckpointSeal::new(checkpoint.number, &checkpoint.previous);
    loop {
        let page = store::heads(conn, after, checkpoint.last_seq, SPAN)?;
        let Some((last, heads)) = page else { break };
        after = last;
        put(&mut seal, &heads);
    }
    Ok(seal.finish(checkpoint.last_seq, checkpoint.at))
}

fn put(seal: &mut CheckpointSeal, heads: &[HeadFact]) {
    for head in heads {
        seal.head(head.seq, head.subject, head.position, &head.hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_utc() {
        let day = 86_400_000_000;
        assert_eq!(next_day(Utc::from_micros(0)).micros(), day);
        assert_eq!(next_day(Utc::from_micros(day - 1)).micros(), day);
        assert_eq!(next_day(Utc::from_micros(day)).micros(), 2 * day);
        assert_eq!(next_day(Utc::from_micros(-1)).micros(), 0);
    }
}
