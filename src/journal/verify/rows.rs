//! The ledger of subjects that are one row each: people, teams, services, categories, codes.

use uuid::Uuid;

use super::{Fields, Ledger, Seed, Standing};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;

/// Rows of one table, each with a chain whose head nobody keeps.
pub struct Rows {
    pub kind: &'static str,
    pub fields: &'static [&'static str],
    /// The fact by which the product itself adds one; it tells every field.
    pub added: &'static str,
    /// Ids after one, in order, and what stands there of some ids.
    pub after: fn(&mut Db, Option<Uuid>, i64) -> Result<Vec<Uuid>>,
    pub standings: fn(&mut Db, &[Uuid]) -> Result<Vec<Standing>>,
    /// What a row began as that no fact added.
    pub seed: fn(Uuid) -> Option<Seed>,
    /// What to call one that is gone, by its fields.
    pub called: fn(&Fields) -> Option<String>,
}

impl Ledger for Rows {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn fields(&self) -> &[&'static str] {
        self.fields
    }

    fn tells_all(&self, first: &str) -> bool {
        first == self.added
    }

    fn subjects_after(&self, conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
        (self.after)(conn, after, limit)
    }

    fn standings(&mut self, conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
        (self.standings)(conn, ids)
    }

    fn seed(&self, subject: Uuid) -> Option<Seed> {
        (self.seed)(subject)
    }

    fn name(&self, fields: &Fields) -> Option<String> {
        (self.called)(fields)
    }
}
