//! Erasing a person: names, texts and their salts go as decided; records, numbers and the journal's
//! chains stay.
//!
//! One transaction does all of it. What the database keeps of it in pages nobody reads any more is
//! scrubbed after it, by a job that a crash does not forget; files that nobody names any more are
//! removed from the disk.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::{Duration, SystemTime};

use uuid::Uuid;

use super::may;
use crate::approvals;
use crate::attachments::{self, Given};
use crate::entries::{self, Audience, Authored};
use crate::journal::verify::facts_of;
use crate::journal::{self, Naming, Parts, Side};
use crate::people::actions::{By, erase_person};
use crate::people::{self, Identity, Person, Visitor};
use crate::platform::db::{Db, Id, Store, Utc, Write, dialect};
use crate::platform::files::blobs::{BlobId, Blobs};
use crate::platform::jobs::{self, Lease};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};
use crate::records::actions::{Held, Texts, erase_endings, erase_texts, release};
use crate::records::{self, Record};
use crate::search;
use crate::settings::erasing::{Choices, Owned, ROWS, STANDING};
use crate::{changes, incidents, postmortems, problems};

/// The job that scrubs the database.
pub const SCRUB: &str = "scrub";
/// The job that removes files, which stands still meanwhile.
const SWEEP: &str = "sweep_files";
/// A file that came so lately may just be attached again.
const YOUNG: Duration = Duration::from_secs(600);
/// So many records' journals are read together.
const BATCH: usize = 200;

/// What there is of a person, counted where whoever looks may look: what stands on restricted records
/// that do not name them goes too, untold.
#[derive(Debug, Clone)]
pub struct Traces {
    pub identity: Identity,
    pub records: usize,
    pub replies: usize,
    pub notes: usize,
    pub endings: i64,
    pub files: usize,
    /// How many facts name them.
    pub facts: usize,
    /// Where the journal names them, for whoever erases.
    pub naming: Naming,
    /// Why they cannot be erased yet: a key of the catalogue.
    pub blocked: Option<&'static str>,
}

impl Traces {
    pub fn of(conn: &mut Db, visitor: &Visitor, id: Id<Person>) -> Result<Self> {
        may(visitor)?;
        let person = people::find_person(conn, id)?;
        let hidden: HashSet<Uuid> = (records::hidden_from(conn, visitor)?.into_iter())
            .map(Id::uuid)
            .collect();
        let seen = |record: Uuid| !hidden.contains(&record);
        let mut naming = Naming::default();
        naming.look_on(conn, id.uuid())?;
        let mut said = entries::authored_by(conn, id)?;
        said.retain(|entry| seen(entry.record.uuid()));
        let notes = said.iter().filter(|e| e.audience == Audience::Internal);
        let notes = notes.count();
        let records = records::asked_for_by(conn, id)?.into_iter();
        let files = attachments::given_by(conn, id)?.into_iter();
        Ok(Self {
            identity: Identity::of(&person),
            records: records.filter(|record| seen(record.uuid())).count(),
            replies: said.len() - notes,
            notes,
            endings: records::count_endings_by(conn, visitor, id)?,
            files: files.filter(|file| seen(file.record.uuid())).count(),
            facts: naming.count_besides(conn, &hidden)?,
            naming,
            blocked: blocked(conn, visitor, &person)?,
        })
    }
}

/// Nobody is erased who is still about, or whose work nobody went on with, as far as that is known to
/// whoever erases.
fn blocked(conn: &mut Db, visitor: &Visitor, person: &Person) -> Result<Option<&'static str>> {
    Ok(if person.erased.is_some() {
        Some("person-is-erased")
    } else if person.disabled_at.is_none() {
        Some("erase-leave-first")
    } else if !Held::of(conn, visitor, person.id)?.is_empty() {
        Some("erase-holds-work")
    } else {
        None
    })
}

/// Somebody is erased.
#[derive(Debug, Clone, Default)]
pub struct Erase {
    pub choices: Choices,
    /// Their mail address or name, typed by whoever erases them.
    pub confirm: String,
    /// How far the journal was looked through before.
    pub naming: Naming,
}

/// What is left to do once it is committed.
#[derive(Debug, Clone)]
pub struct Erased {
    pub person: Person,
    /// Contents that perhaps no row names any more.
    pub contents: Vec<String>,
    pub naming: Naming,
    identity: Vec<String>,
}

/// Erases a person who has left.
pub fn erase(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Person>,
    command: &Erase,
) -> Result<Erased> {
    may(visitor)?;
    let person = people::find_person(w, id)?;
    if let Some(why) = blocked(w, visitor, &person)? {
        return Err(Error::refused(why));
    }
    let identity = Identity::of(&person);
    if !identity.is_meant_by(&command.confirm) {
        return Err(Error::invalid("confirm", "erase-confirm-wrong"));
    }
    release(w, visitor, ctx, &person)?;
    let mut naming = command.naming.clone();
    naming.look_on(w, id.uuid())?;
    let found = Found::of(w, id, &naming, command.choices)?;
    let mut owned = found.owned(&identity, command.choices);
    let standing = standing_texts(w, &mut owned, &found.wrote)?;
    let decided = command.choices.named();
    approvals::erase_named(w, id, &person.name)?;
    let (person, kept) = erase_person(w, By::Visitor(visitor), ctx, id, &decided)?;
    erase_texts(w, visitor, ctx, &found.texts(command.choices, &standing))?;
    for (field, record) in &standing {
        incidents::erase_written(w, Id::from_uuid(*record), field)?;
        problems::erase_written(w, Id::from_uuid(*record), field)?;
        postmortems::erase_written(w, Id::from_uuid(*record), field)?;
        changes::erase_written(w, Id::from_uuid(*record), field)?;
    }
    erase_rows(w, visitor, &person, &found, command.choices)?;
    naming.look_on(w, id.uuid())?;
    erase_from_journal(w, &mut owned, &found, &naming)?;
    jobs::request(w, SCRUB, ctx.now)?;
    let mut contents = kept;
    if command.choices.files {
        contents.extend(found.files.into_iter().map(|file| file.content));
    }
    contents.sort();
    contents.dedup();
    Ok(Erased {
        person,
        contents,
        naming,
        identity: owned.identity,
    })
}

/// Takes out what somebody wrote at that very moment who had read the name before: once everybody
/// who was writing then has ended.
pub fn erase_rest(w: &mut Write<'_>, erased: &Erased) -> Result<()> {
    dialect::wait_for_writers(w)?;
    let mut naming = erased.naming.clone();
    naming.facts.clear();
    let id = erased.person.id.uuid();
    naming.look_on(w, id)?;
    let mut owned = Owned {
        person: id,
        identity: erased.identity.clone(),
        ..Owned::default()
    };
    erase_from_journal(w, &mut owned, &Found::default(), &naming)
}

/// Removes contents that no row names any more from the disk. While a backup or the daily sweep
/// goes on it leaves that to the sweep of another day. Blocks.
pub fn remove_files(store: &Store, blobs: &Blobs, now: Utc, contents: &[String]) -> Result<usize> {
    if contents.is_empty() {
        return Ok(0);
    }
    let Some(lease) = store.write_here(|w| Lease::hold(w, SWEEP, now))? else {
        return Ok(0);
    };
    let at = SystemTime::UNIX_EPOCH + Duration::from_micros(now.micros().max(0) as u64);
    let mut gone = 0;
    for content in contents {
        let Ok(blob) = content.parse::<BlobId>() else {
            continue;
        };
        let named = store.read_here(|r| {
            Ok(attachments::has_content(r, content)? || people::keeps_content(r, content)?)
        })?;
        if !named && blobs.remove(&blob, at, YOUNG)? {
            gone += 1;
        }
    }
    store.write_here(|w| lease.give_up(w))?;
    Ok(gone)
}

/// What belongs to the person.
#[derive(Debug, Default)]
struct Found {
    person: Uuid,
    said: Vec<Authored>,
    files: Vec<Given>,
    records: Vec<Id<Record>>,
    involving: Vec<Id<Record>>,
    /// Tasks they wrote, with their records.
    tasks: Vec<(String, Uuid)>,
    /// Records of which they wrote a text that stands until somebody writes another.
    wrote: BTreeSet<Uuid>,
    /// Such texts, and those of rows beside a record, by what they are about: they may stand in what
    /// approvers were asked and in what was published, also once somebody wrote another.
    texts_of: BTreeMap<Uuid, BTreeSet<String>>,
}

impl Found {
    fn of(conn: &mut Db, id: Id<Person>, naming: &Naming, choices: Choices) -> Result<Self> {
        let mut found = Self {
            person: id.uuid(),
            said: entries::authored_by(conn, id)?,
            files: attachments::given_by(conn, id)?,
            records: records::asked_for_by(conn, id)?,
            involving: records::involving(conn, id)?,
            ..Self::default()
        };
        if choices.notes {
            journal::facts_with_texts(conn, &naming.facts, |fact, texts| {
                if fact.actor_id.map(Id::uuid) != Some(id.uuid()) {
                    return;
                }
                let parts = Parts::of(fact, texts);
                let wrote = |field: &str| {
                    let after = |s: &&journal::Spot<'_>| s.side == Side::After;
                    parts.spots.iter().filter(after).any(|s| s.field == field)
                };
                for spot in parts.spots.iter().filter(|s| s.side == Side::After) {
                    let field = spot.field.as_str();
                    let kept = STANDING.contains(&field) || ROWS.contains(&field);
                    if kept && !spot.text.is_empty() {
                        let own = found.texts_of.entry(fact.subject_id.uuid());
                        own.or_default().insert(spot.text.to_owned());
                    }
                }
                if STANDING.iter().any(|field| wrote(field)) {
                    found.wrote.insert(fact.subject_id.uuid());
                }
                let task = parts.refs.iter().find(|(field, _)| field == "task");
                if let Some((_, task)) = task
                    && (fact.name == "task.added" || wrote("task_title") || wrote("task_reason"))
                {
                    found.tasks.push((task.clone(), fact.subject_id.uuid()));
                }
            })?;
        }
        Ok(found)
    }

    fn owned(&self, identity: &Identity, choices: Choices) -> Owned {
        let ids = |which: &dyn Fn(&Authored) -> bool| -> HashSet<String> {
            let some = self.said.iter().filter(|said| which(said));
            some.map(|said| said.id.to_string()).collect()
        };
        let files = self.files.iter().filter(|_| choices.files);
        Owned {
            person: self.person,
            choices,
            identity: identity.texts(),
            entries: ids(&|_| true),
            bodies: ids(&|said| goes(said.audience, choices)),
            files: files.map(|file| file.id.to_string()).collect(),
            tasks: self.tasks.iter().map(|(task, _)| task.clone()).collect(),
            records: self.records.iter().map(|id| id.uuid()).collect(),
            standing: BTreeSet::new(),
        }
    }

    fn texts(&self, choices: Choices, standing: &Standing) -> Texts {
        let reasons = standing
            .iter()
            .filter(|(field, _)| *field == "priority_reason");
        let tasks = self.tasks.iter();
        Texts {
            records: self
                .records
                .iter()
                .filter(|_| choices.records)
                .copied()
                .collect(),
            reasons: reasons.map(|(_, record)| Id::from_uuid(*record)).collect(),
            tasks: tasks.filter_map(|(task, _)| task.parse().ok()).collect(),
        }
    }

    /// The records whose whole journals may hold something of theirs that names nobody.
    fn chains(&self) -> BTreeSet<Uuid> {
        let records = self.records.iter().chain(&self.involving);
        let files = self.files.iter().map(|file| file.record.uuid());
        let tasks = self.tasks.iter().map(|(_, record)| *record);
        records
            .map(|id| id.uuid())
            .chain(files)
            .chain(tasks)
            .chain(self.wrote.iter().copied())
            .collect()
    }
}

fn goes(audience: Audience, choices: Choices) -> bool {
    match audience {
        Audience::Public | Audience::Contact => choices.replies,
        Audience::Internal => choices.notes,
    }
}

/// Texts that stand until somebody writes another, by field and record.
type Standing = BTreeSet<(&'static str, Uuid)>;

/// Those of some records' that the person wrote and that still stand.
fn standing_texts(conn: &mut Db, owned: &mut Owned, records: &BTreeSet<Uuid>) -> Result<Standing> {
    let ids: Vec<Uuid> = records.iter().copied().collect();
    for some in ids.chunks(BATCH) {
        facts_of(conn, some, |fact, texts| {
            owned.slots(fact, &Parts::of(fact, texts));
        })?;
    }
    Ok(std::mem::take(&mut owned.standing))
}

/// Rows beside the records, and the search index.
fn erase_rows(
    w: &mut Write<'_>,
    visitor: &Visitor,
    person: &Person,
    found: &Found,
    choices: Choices,
) -> Result<()> {
    let texts: Vec<Audience> = [Audience::Public, Audience::Contact, Audience::Internal]
        .into_iter()
        .filter(|audience| goes(*audience, choices))
        .collect();
    entries::erase_author(w, person.id, &person.name, &texts)?;
    for said in found
        .said
        .iter()
        .filter(|said| texts.contains(&said.audience))
    {
        let public = said.audience == Audience::Public;
        search::forget_entry(w, said.record, said.id, public)?;
    }
    if choices.files {
        let files: Vec<_> = found.files.iter().map(|file| file.id).collect();
        attachments::erase(w, &files)?;
    }
    if choices.notes {
        erase_endings(w, visitor, person.id)?;
        approvals::erase_said(w, person.id)?;
        changes::erase_remarks(w, person.id)?;
        problems::erase_authored(w, person.id)?;
        postmortems::erase_authored(w, person.id)?;
        for (about, texts) in &found.texts_of {
            let texts: Vec<String> = texts.iter().cloned().collect();
            let about = *about;
            approvals::erase_texts(w, Id::from_uuid(about), &texts)?;
            problems::erase_texts(w, Id::from_uuid(about), &texts)?;
            postmortems::erase_texts(w, Id::from_uuid(about), &texts)?;
        }
    }
    if choices.records {
        problems::erase_reasons(w, person.id)?;
        approvals::erase_content(w, &found.records)?;
    }
    for some in found.involving.chunks(BATCH) {
        let mut names = records::names_involved(w, some)?;
        for record in some {
            let names = names.remove(record).unwrap_or_default();
            search::reindex_people(w, *record, &names)?;
        }
    }
    Ok(())
}

/// Texts and salts of the facts.
fn erase_from_journal(
    w: &mut Write<'_>,
    owned: &mut Owned,
    found: &Found,
    naming: &Naming,
) -> Result<()> {
    let mut going: BTreeSet<(i32, i64)> = BTreeSet::new();
    let chains = found.chains();
    let ids: Vec<Uuid> = chains.iter().copied().collect();
    for some in ids.chunks(BATCH) {
        facts_of(w, some, |fact, texts| {
            let slots = owned.slots(fact, &Parts::of(fact, texts));
            going.extend(slots.into_iter().map(|slot| (slot, fact.seq)));
        })?;
    }
    journal::facts_with_texts(w, &naming.facts, |fact, texts| {
        if !chains.contains(&fact.subject_id.uuid()) {
            let slots = owned.slots(fact, &Parts::of(fact, texts));
            going.extend(slots.into_iter().map(|slot| (slot, fact.seq)));
        }
    })?;
    journal::delete_texts(w, &going)
}
