//! What verifying reads of the spine. Words are read as text: an edited one must be named, not
//! stop the reading.

use diesel::prelude::*;
use uuid::Uuid;

use crate::entries::Entry;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::model::{Handoff, Hold, Record, Resolution};
use crate::records::store::LinkSeen;
use crate::schema::{
    attachments, entries, former_numbers, handoffs, handover_tallies, holds, involved, kinds,
    links, record_tallies, records, resolutions, restriction_people, restrictions, watchers,
};

type RecordId = Id<Record>;
/// Somebody or something a row refers to.
type Ref = Option<Id<()>>;

#[derive(Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct Row {
    pub id: RecordId,
    pub kind: String,
    pub number: i64,
    pub title: String,
    pub requester_id: Ref,
    pub service_id: Ref,
    pub category_id: Ref,
    pub team_id: Ref,
    pub assignee_id: Ref,
    pub channel: String,
    pub impact: i32,
    pub urgency: i32,
    pub priority: i32,
    pub priority_source: String,
    pub priority_reason: String,
    pub state: String,
    pub state_group: String,
    pub is_open: bool,
    pub created_at: Utc,
    pub reported_at: Utc,
    pub updated_at: Utc,
    pub resolved_at: Option<Utc>,
    pub closed_at: Option<Utc>,
    pub reassignments: i32,
    pub reopens: i32,
    pub version: i64,
    pub facts: i64,
    pub facts_head: Vec<u8>,
    pub description: String,
    pub item_id: Ref,
    pub location_id: Ref,
    pub parent_id: Option<RecordId>,
    pub children: i32,
    pub open_children: i32,
    pub kind_changes: i32,
    pub is_restricted: bool,
    pub owner_team_id: Ref,
    pub handoffs: i32,
    pub entered_at: Utc,
    pub virtual_deadline: Utc,
    pub paused_since: Option<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = entries)]
pub struct EntryRow {
    pub id: Id<Entry>,
    pub record_id: RecordId,
    pub audience: String,
    pub channel: String,
    pub author_id: Ref,
    pub author_name: String,
    pub at: Utc,
    pub body: String,
    pub chaser: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = attachments)]
pub struct AttachmentRow {
    pub id: Id<()>,
    pub record_id: RecordId,
    pub audience: String,
    pub name: String,
    pub content: String,
    pub media_type: String,
    pub size: i64,
    pub entry_id: Ref,
    pub by_id: Ref,
    pub at: Utc,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = links)]
pub struct LinkRow {
    pub id: Id<LinkSeen>,
    pub from_id: RecordId,
    pub to_id: RecordId,
    pub link_type: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = former_numbers)]
pub struct FormerRow {
    pub kind: String,
    pub number: i64,
    pub record_id: RecordId,
    pub at: Utc,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = kinds)]
pub struct KindRow {
    pub kind: String,
    pub prefix: String,
    pub last_number: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = record_tallies)]
pub struct TallyRow {
    pub kind: String,
    pub state_group: String,
    pub team_id: Id<()>,
    pub assignee_id: Id<()>,
    pub n: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = handover_tallies)]
pub struct HandoverRow {
    pub owner_team_id: Id<()>,
    pub team_id: Id<()>,
    pub n: i64,
}

pub fn ids_after(conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
    let mut query = records::table
        .select(records::id)
        .order(records::id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(records::id.gt(RecordId::from_uuid(after)));
    }
    let ids: Vec<RecordId> = query.load(conn)?;
    Ok(ids.into_iter().map(Id::uuid).collect())
}

pub fn rows(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<Row>> {
    Ok(records::table
        .filter(records::id.eq_any(ids))
        .select(Row::as_select())
        .load(conn)?)
}

/// Entries of some records after one entry, in the order of records and entries. A record may have
/// many and each may be long, so they are read by pages.
pub fn entries_page(
    conn: &mut Db,
    ids: &[RecordId],
    after: Option<&EntryRow>,
    limit: usize,
) -> Result<Vec<EntryRow>> {
    let in_order = || {
        entries::table
            .order((entries::record_id, entries::at, entries::id))
            .select(EntryRow::as_select())
    };
    let mut page = match after {
        None => Vec::new(),
        Some(last) => in_order()
            .filter(entries::record_id.eq(last.record_id))
            .filter(
                entries::at
                    .gt(last.at)
                    .or(entries::at.eq(last.at).and(entries::id.gt(last.id))),
            )
            .limit(limit as i64)
            .load(conn)?,
    };
    if page.len() < limit {
        let rest: Vec<RecordId> = ids
            .iter()
            .copied()
            .filter(|id| after.is_none_or(|last| *id > last.record_id))
            .collect();
        let more: Vec<EntryRow> = in_order()
            .filter(entries::record_id.eq_any(rest))
            .limit((limit - page.len()) as i64)
            .load(conn)?;
        page.extend(more);
    }
    Ok(page)
}

pub fn attachments_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<AttachmentRow>> {
    Ok(attachments::table
        .filter(attachments::record_id.eq_any(ids))
        .order(attachments::id)
        .select(AttachmentRow::as_select())
        .load(conn)?)
}

pub fn watchers_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<(RecordId, Id<()>)>> {
    Ok(watchers::table
        .filter(watchers::record_id.eq_any(ids))
        .order((watchers::record_id, watchers::person_id))
        .select((watchers::record_id, watchers::person_id))
        .load(conn)?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = involved)]
pub struct InvolvedRow {
    pub record_id: RecordId,
    pub person_id: Id<()>,
    pub role: String,
    pub at: Utc,
}

/// People involved in some records.
pub fn involved_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<InvolvedRow>> {
    Ok(involved::table
        .filter(involved::record_id.eq_any(ids))
        .order((involved::record_id, involved::role, involved::person_id))
        .select(InvolvedRow::as_select())
        .load(conn)?)
}

/// The children of some records: parent, child, whether it is open.
pub fn children_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<(RecordId, RecordId, bool)>> {
    let found: Vec<(Option<RecordId>, RecordId, bool)> = records::table
        .filter(records::parent_id.eq_any(ids))
        .order(records::id)
        .select((records::parent_id, records::id, records::is_open))
        .load(conn)?;
    let found = found.into_iter();
    Ok(found
        .filter_map(|(parent, child, open)| Some((parent?, child, open)))
        .collect())
}

/// The people whom restricted records name.
pub fn readers_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<(RecordId, Id<()>)>> {
    Ok(restriction_people::table
        .filter(restriction_people::record_id.eq_any(ids))
        .order((restriction_people::record_id, restriction_people::person_id))
        .select((restriction_people::record_id, restriction_people::person_id))
        .load(conn)?)
}

/// Restrictions with the team each names.
pub fn restrictions_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<(RecordId, Ref)>> {
    Ok(restrictions::table
        .filter(restrictions::record_id.eq_any(ids))
        .order(restrictions::record_id)
        .select((restrictions::record_id, restrictions::team_id))
        .load(conn)?)
}

/// Links that begin at some records, and those that end at them.
pub fn links_of(conn: &mut Db, ids: &[RecordId]) -> Result<(Vec<LinkRow>, Vec<LinkRow>)> {
    let out = links::table
        .filter(links::from_id.eq_any(ids))
        .order(links::id)
        .select(LinkRow::as_select())
        .load(conn)?;
    let into = links::table
        .filter(links::to_id.eq_any(ids))
        .order(links::id)
        .select(LinkRow::as_select())
        .load(conn)?;
    Ok((out, into))
}

pub fn holds_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<Hold>> {
    Ok(holds::table
        .filter(holds::record_id.eq_any(ids))
        .order((holds::started_at, holds::id))
        .select(Hold::as_select())
        .load(conn)?)
}

pub fn handoffs_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<Handoff>> {
    Ok(handoffs::table
        .filter(handoffs::record_id.eq_any(ids))
        .order((handoffs::record_id, handoffs::n))
        .select(Handoff::as_select())
        .load(conn)?)
}

pub fn resolutions_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<Resolution>> {
    Ok(resolutions::table
        .filter(resolutions::record_id.eq_any(ids))
        .order((resolutions::at, resolutions::id))
        .select(Resolution::as_select())
        .load(conn)?)
}

pub fn kinds(conn: &mut Db) -> Result<Vec<KindRow>> {
    Ok(kinds::table
        .order(kinds::kind)
        .select(KindRow::as_select())
        .load(conn)?)
}

/// The numbers that some records had before.
pub fn former_numbers_of(conn: &mut Db, ids: &[RecordId]) -> Result<Vec<FormerRow>> {
    Ok(former_numbers::table
        .filter(former_numbers::record_id.eq_any(ids))
        .order((former_numbers::kind, former_numbers::number))
        .select(FormerRow::as_select())
        .load(conn)?)
}

/// Numbers of a kind after one, in order: those of records and those given up. One that is both
/// comes twice. Fewer than `limit` are the last.
pub fn numbers_after(conn: &mut Db, kind: &str, after: i64, limit: i64) -> Result<Vec<i64>> {
    let mut numbers: Vec<i64> = records::table
        .filter(records::kind.eq(kind))
        .filter(records::number.gt(after))
        .order(records::number)
        .limit(limit)
        .select(records::number)
        .load(conn)?;
    let former: Vec<i64> = former_numbers::table
        .filter(former_numbers::kind.eq(kind))
        .filter(former_numbers::number.gt(after))
        .order(former_numbers::number)
        .limit(limit)
        .select(former_numbers::number)
        .load(conn)?;
    numbers.extend(former);
    numbers.sort_unstable();
    numbers.truncate(limit as usize);
    Ok(numbers)
}

pub fn tallies(conn: &mut Db) -> Result<Vec<TallyRow>> {
    Ok(record_tallies::table
        .select(TallyRow::as_select())
        .load(conn)?)
}

pub fn handovers(conn: &mut Db) -> Result<Vec<HandoverRow>> {
    Ok(handover_tallies::table
        .select(HandoverRow::as_select())
        .load(conn)?)
}

/// What a record's row says of its clocks.
#[derive(Queryable, Selectable)]
#[diesel(table_name = records)]
pub struct DueRow {
    pub id: RecordId,
    pub kind: String,
    pub number: i64,
    pub is_restricted: bool,
    pub is_open: bool,
    pub updated_at: Utc,
    pub next_due_at: Utc,
    pub next_risk_at: Utc,
    pub clock_state: String,
    pub is_flagged: bool,
}

/// Records after one, in the order of their ids.
pub fn due_after(conn: &mut Db, after: Option<RecordId>, limit: i64) -> Result<Vec<DueRow>> {
    Ok(records::table
        .filter(records::id.gt(after.unwrap_or(Id::nil())))
        .order(records::id)
        .limit(limit)
        .select(DueRow::as_select())
        .load(conn)?)
}
