//! What definitions that were not saved yet would do to clocks.

use uuid::Uuid;

use super::actions::Looked;
use super::clock::{Catalogue, Move, preview};
use super::compiled;
use super::histories::histories;
use super::path::{Overrun, Ways, overruns};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::services;

/// What holds and what would, ready for counting.
pub struct Trial {
    is: Catalogue,
    would_be: Catalogue,
    /// When the new versions begin.
    at: Utc,
    overruns: Vec<Overrun>,
}

impl Trial {
    pub fn of(conn: &mut Db, looked: &Looked, now: Utc) -> Result<Self> {
        let is = compiled::of(&looked.before)?;
        let would_be = compiled::of(&looked.after)?;
        let ways = ways(conn)?;
        let before = overruns(&looked.before, &is, &ways, now);
        let mut overruns = overruns(&looked.after, &would_be, &ways, now);
        // What is as it was is nothing to warn of now.
        overruns.retain(|overrun| !before.contains(overrun));
        Ok(Self {
            at: looked.begins(now),
            is,
            would_be,
            overruns,
        })
    }

    pub fn overruns(&self) -> &[Overrun] {
        &self.overruns
    }

    /// What would be different for records; those for which nothing would be are left out.
    pub fn moves(&self, conn: &mut Db, records: &[Uuid]) -> Result<Vec<(Uuid, Vec<Move>)>> {
        let mut moved: Vec<(Uuid, Vec<Move>)> = histories(conn, records)?
            .into_iter()
            .map(|(id, history)| (id, preview(&history, &self.is, &self.would_be, self.at)))
            .filter(|(_, moves)| !moves.is_empty())
            .collect();
        moved.sort_unstable_by_key(|(id, _)| *id);
        Ok(moved)
    }
}

/// Whom records usually go to, as services, categories and the desk say.
fn ways(conn: &mut Db) -> Result<Ways> {
    let services = services::list_services(conn)?.into_iter();
    let services = services.filter(|s| s.disabled_at.is_none());
    let categories = services::list_categories(conn)?.into_iter();
    Ok(Ways {
        desk: services::desk_team(conn)?.map(|team| team.uuid()),
        services: services
            .filter_map(|s| Some((s.id.uuid(), s.team_id?.uuid())))
            .collect(),
        categories: categories
            .filter_map(|c| Some((c.id.uuid(), c.team_id?.uuid())))
            .collect(),
    })
}
