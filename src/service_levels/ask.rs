//! What is asked of a record's clocks: why each is due when it is, and why there is none.

use uuid::Uuid;

use super::clock::{Considered, Explanation, clocks, considered, explain};
use super::compiled::catalogue;
use super::histories::histories;
use super::store::definitions;
use super::terms::Target;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;

/// A record's clocks, each with its time piece by piece, and why a target has none.
#[derive(Debug, Clone, Default)]
pub struct Explained {
    pub clocks: Vec<Explanation>,
    /// The first response, the resolution and the next update, where nobody promised them.
    pub without: Vec<(Target, Vec<Considered>)>,
}

/// Counts a record's clocks from its facts, as every row of them was.
pub fn explain_record(conn: &mut Db, record: Uuid, now: Utc) -> Result<Explained> {
    let Some(catalogue) = catalogue(conn)? else {
        return Ok(Explained::default());
    };
    let Some(history) = histories(conn, &[record])?.remove(&record) else {
        return Ok(Explained::default());
    };
    let counted = clocks(&history, &catalogue, now);
    let asked = [
        Target::FirstResponse,
        Target::Resolution,
        Target::NextUpdate,
    ];
    let without = asked
        .into_iter()
        .filter(|target| counted.iter().all(|clock| clock.target != *target))
        .map(|target| (target, considered(&history, &catalogue, target, now)));
    Ok(Explained {
        without: without.collect(),
        clocks: counted
            .iter()
            .filter_map(|c| explain(&history, &catalogue, now, (c.target, c.cycle, c.part)))
            .collect(),
    })
}

/// What versions are called: the name of what they are versions of, and their number.
pub fn version_names(conn: &mut Db) -> Result<std::collections::HashMap<Uuid, (String, i32)>> {
    let all = definitions::all(conn)?;
    let calendars = all.calendars.iter().flat_map(|kept| {
        let versions = kept.versions.iter();
        versions.map(|v| (v.id, (kept.name.clone(), v.number)))
    });
    let agreements = all.agreements.iter().flat_map(|kept| {
        let versions = kept.versions.iter();
        versions.map(|v| (v.id, (kept.name.clone(), v.number)))
    });
    Ok(calendars.chain(agreements).collect())
}
