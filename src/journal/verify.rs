//! Verifying: the journal checked against itself, and what stands in the tables against the journal.
//!
//! Every chain is walked from its first fact to its last, a batch of subjects at a time in the order
//! of their ids, so memory does not grow with the journal. The journal knows no subject's tables; a
//! [`Ledger`] for each kind of subject says what stands there and compares what is its own.

mod held;
mod report;
mod rows;
mod walk;

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

pub use held::{Held, Mark};
use report::range;
pub use report::{Report, Summary};
pub use rows::Rows;
pub use walk::{Checked, Stated, TextRow, facts_of};

use super::chain::{Head, ZERO, hex};
use super::checkpoint;
use super::model::{Fact, Value};
use super::store;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use walk::Chain;

/// How many subjects are looked at together.
const BATCH: usize = 200;
/// How many checkpoints are read at once.
const PAGE: i64 = 500;

/// The fields of a subject as its facts leave them.
pub type Fields = std::collections::BTreeMap<String, Held>;

/// A subject as it stands in its tables.
pub struct Standing {
    pub id: Uuid,
    /// What a person calls it: `INC-12`.
    pub name: String,
    /// Count and hash of its chain, where its row keeps them.
    pub head: Option<Head>,
    /// Whether it cannot be there without a fact that says so.
    pub must_have_facts: bool,
    /// Every field of [`Ledger::fields`] with the value that stands there.
    pub fields: Vec<(&'static str, Value)>,
}

/// What a subject was before its first fact: written by a migration, not by anybody.
pub struct Seed {
    pub name: String,
    pub fields: Vec<(&'static str, Value)>,
}

/// A chain that was walked to its end.
pub struct Ended<'a> {
    pub subject: Uuid,
    pub name: &'a str,
    pub fields: &'a Fields,
    pub count: i64,
    /// When the first fact was recorded.
    pub began: Option<Utc>,
    /// When the last one happened, and when it was recorded.
    pub last: Option<Utc>,
    pub last_recorded: Option<Utc>,
}

/// Subjects of one kind: what stands in their tables.
pub trait Ledger {
    /// The kind that facts name their subject by.
    fn kind(&self) -> &'static str;

    /// The journaled fields of a subject that have one value at a time. What else a fact says
    /// ([`Ledger::fact`]) happened once.
    fn fields(&self) -> &[&'static str];

    /// Whether a chain that begins with this fact tells every field from the beginning; of another
    /// one only the fields that its facts speak of are compared.
    fn tells_all(&self, first: &str) -> bool {
        let _ = first;
        true
    }

    /// What a subject began as, where it was there before the journal. Its facts go on from that.
    fn seed(&self, subject: Uuid) -> Option<Seed> {
        let _ = subject;
        None
    }

    /// Ids of subjects after one, in order; seeds are among them though they may be gone.
    fn subjects_after(&self, conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>>;

    /// Those of these subjects that stand in the tables.
    fn standings(&mut self, conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>>;

    /// What to call a subject that stands in no table any more.
    fn name(&self, fields: &Fields) -> Option<String> {
        let _ = fields;
        None
    }

    /// A fact of one of these subjects, in the order of its chain.
    fn fact(&mut self, fact: &Checked<'_>) {
        let _ = fact;
    }

    /// A chain was walked to its end.
    fn ended(&mut self, chain: &Ended<'_>, report: &mut Report<'_>) {
        let _ = (chain, report);
    }

    /// Compares what stands beside the subjects' own rows.
    fn beside(&mut self, conn: &mut Db, ids: &[Uuid], report: &mut Report<'_>) -> Result<()> {
        let _ = (conn, ids, report);
        Ok(())
    }

    /// Compares what is true of all subjects together, after every one was seen.
    fn whole(&mut self, conn: &mut Db, report: &mut Report<'_>) -> Result<()> {
        let _ = (conn, report);
        Ok(())
    }
}

/// Walks every chain and compares it with what stands in the ledgers.
pub fn verify_chains(
    conn: &mut Db,
    ledgers: &mut [&mut dyn Ledger],
    report: &mut Report<'_>,
) -> Result<()> {
    let mut after = None;
    loop {
        let batch = next_batch(conn, ledgers, after)?;
        let Some(last) = batch.last() else { break };
        after = Some(*last);
        verify_batch(conn, ledgers, &batch, report)?;
    }
    for ledger in ledgers.iter_mut() {
        ledger.whole(conn, report)?;
    }
    Ok(())
}

/// The next subjects that have facts or stand in a ledger, in the order of their ids.
fn next_batch(
    conn: &mut Db,
    ledgers: &[&mut dyn Ledger],
    after: Option<Uuid>,
) -> Result<Vec<Uuid>> {
    let mut lists = vec![store::subjects_after(conn, after, BATCH as i64)?];
    for ledger in ledgers {
        lists.push(ledger.subjects_after(conn, after, BATCH as i64)?);
    }
    // A list cut short says nothing of ids after its last.
    let known = lists
        .iter()
        .filter(|list| list.len() == BATCH)
        .filter_map(|list| list.last().copied())
        .min();
    let mut batch: Vec<Uuid> = lists
        .into_iter()
        .flatten()
        .filter(|id| known.is_none_or(|known| *id <= known))
        .collect();
    batch.sort_unstable();
    batch.dedup();
    Ok(batch)
}

fn verify_batch(
    conn: &mut Db,
    ledgers: &mut [&mut dyn Ledger],
    ids: &[Uuid],
    report: &mut Report<'_>,
) -> Result<()> {
    let mut standings = HashMap::with_capacity(ids.len());
    for ledger in ledgers.iter_mut() {
        for standing in ledger.standings(conn, ids)? {
            standings.insert(standing.id, standing);
        }
    }
    let (without_facts, walked) = {
        let mut batch = Batch {
            ledgers: &mut *ledgers,
            standings,
            walked: HashSet::new(),
            chain: None,
            report: &mut *report,
        };
        walk::facts_of(conn, ids, |fact, texts| batch.fact(fact, texts))?;
        batch.end_chain();
        (batch.standings, batch.walked)
    };
    for id in ids.iter().filter(|id| !walked.contains(id)) {
        let seed = ledgers.iter().find_map(|ledger| ledger.seed(*id));
        match (without_facts.get(id), seed) {
            (Some(stands), Some(seed)) => walk::compare_seed(&seed, stands, report),
            (Some(stands), None) if stands.must_have_facts => {
                report.differs(&stands.name, "it has no facts in the journal");
            }
            (None, Some(seed)) => {
                report.differs(
                    &seed.name,
                    "it was there from the beginning, but it is gone",
                );
            }
            _ => {}
        }
    }
    for ledger in ledgers.iter_mut() {
        ledger.beside(conn, ids, report)?;
    }
    Ok(())
}

/// Some subjects being looked at: one chain at a time, in the order of their ids.
struct Batch<'b, 'l, 'r> {
    ledgers: &'b mut [&'l mut dyn Ledger],
    /// What stands of the subjects whose chains were not walked yet.
    standings: HashMap<Uuid, Standing>,
    /// The subjects that have facts.
    walked: HashSet<Uuid>,
    chain: Option<(Chain, Option<Standing>)>,
    report: &'b mut Report<'r>,
}

impl Batch<'_, '_, '_> {
    fn fact(&mut self, fact: &Fact, texts: &[walk::TextRow]) {
        let subject = fact.subject_id.uuid();
        if self
            .chain
            .as_ref()
            .is_none_or(|(c, _)| c.subject != subject)
        {
            self.end_chain();
            self.walked.insert(subject);
            let standing = self.standings.remove(&subject);
            let ledger = self.ledgers.iter().find(|l| l.kind() == fact.subject_kind);
            let seed = ledger.and_then(|l| l.seed(subject));
            let name = match (&standing, &seed) {
                (Some(standing), _) => standing.name.clone(),
                (None, Some(seed)) => seed.name.clone(),
                (None, None) => format!("{} {subject}", fact.subject_kind),
            };
            let tells_all = ledger.is_none_or(|l| l.tells_all(&fact.name));
            let chain = Chain::new(fact, name, tells_all, seed.as_ref());
            self.chain = Some((chain, standing));
        }
        let Some((chain, _)) = &mut self.chain else {
            return;
        };
        let Some(checked) = chain.follow(fact, texts, self.report) else {
            return;
        };
        let ledger = self.ledgers.iter_mut().find(|l| l.kind() == chain.kind);
        if let Some(ledger) = ledger {
            chain.apply(&checked, ledger.fields(), self.report);
            ledger.fact(&checked);
        }
    }

    /// Compares a chain that was walked to its end with what stands of its subject.
    fn end_chain(&mut self) {
        let Some((mut chain, standing)) = self.chain.take() else {
            return;
        };
        let Some(ledger) = self.ledgers.iter_mut().find(|l| l.kind() == chain.kind) else {
            return;
        };
        let Some(standing) = standing else {
            if let Some(name) = ledger.name(&chain.fields) {
                chain.name = name;
            }
            let said = format!(
                "the journal has {} facts of it, but it is gone",
                chain.count
            );
            self.report.differs(&chain.name, said);
            return;
        };
        chain.compare(&standing, self.report);
        let ended = Ended {
            subject: chain.subject,
            name: &chain.name,
            fields: &chain.fields,
            count: chain.count,
            began: chain.began,
            last: chain.last,
            last_recorded: chain.last_recorded,
        };
        ledger.ended(&ended, self.report);
    }
}

/// Checks the checkpoints against each other and each against the facts it covers.
pub fn verify_checkpoints(conn: &mut Db, report: &mut Report<'_>) -> Result<()> {
    let mut number = 0;
    let mut seq = 0;
    let mut hash = ZERO.to_vec();
    loop {
        let page = store::checkpoints_after(conn, number, PAGE)?;
        for found in &page {
            report.summary.checkpoints += 1;
            let name = format!("checkpoint {}", found.number);
            if found.number != number + 1 {
                let lost = range("checkpoint", number + 1, found.number - 1);
                report.differs(&lost, "missing");
            } else if found.previous != hash {
                report.differs(&name, "it does not follow the one before it");
            }
            if checkpoint::rebuild(conn, found, seq)?.as_slice() != found.hash {
                let facts = range("fact", seq + 1, found.last_seq);
                let said = "the heads of the chains are not the ones it covered";
                report.differs(&name, format!("{said} ({facts} by seq)"));
            }
            report.summary.newest = Some((found.number, found.hash.clone()));
            (number, seq, hash) = (found.number, found.last_seq, found.hash.clone());
        }
        if (page.len() as i64) < PAGE {
            return Ok(());
        }
    }
}

/// Checks a checkpoint against its hash as somebody kept it elsewhere, in hex.
pub fn verify_kept(conn: &mut Db, number: i64, hash: &str, report: &mut Report<'_>) -> Result<()> {
    let found = store::checkpoints_after(conn, number.saturating_sub(1), 1)?;
    let found = found.into_iter().find(|c| c.number == number);
    let name = format!("checkpoint {number}");
    match found {
        None => report.differs(&name, "it was kept elsewhere, but here it is missing"),
        Some(found) if hex(&found.hash) != hash => {
            report.differs(&name, "it is not the one that was kept elsewhere");
        }
        Some(_) => {}
    }
    Ok(())
}
