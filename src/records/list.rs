//! Lists of records: filters as a type, sorting as an enum, paging by key.
//!
//! A filter or sort that comes from a URL is parsed into these types; nothing a person typed is
//! ever SQL. Every list goes through [`crate::visible`].

mod counts;
mod handed;
mod key;
mod kinds;
mod lamps;
mod parts;
mod tasks;
#[cfg(test)]
mod tests;

use diesel::prelude::*;

pub use counts::{Counts, counts};
pub use handed::{HandedOver, handed_over};
pub(super) use key::IsOpen;
use key::{Away, Beyond, Key, OfTeams};
pub use kinds::{WrongKindRate, wrong_kind_rates};
use lamps::Shows;
pub use lamps::{lamps, line};
use parts::in_parts;
pub use tasks::{Whose, open_tasks};

use super::life_cycle::Group;
use super::model::{Channel, Kind, Record};
use super::number::Number;
use super::store::{former_numbers_of, numbers_of};
use crate::items::Item;
use crate::people::{Location, Person, Team, Visitor};
use crate::platform::db::page::{Page, Way};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{
    categories, contact_counts, external_ids, involved, items, locations, people, records,
    services, teams,
};
use crate::service_levels::{ClockState, Lamp, Standing};
use crate::services::{Category, Service};

crate::text_enum! {
    /// What a list is ordered by, always to the last row: an id or a number stands behind it.
    pub enum Sort {
        /// Due first. Of open records only: nothing that ended is due.
        Due = "due",
        /// Most urgent first, then oldest.
        Priority = "priority",
        Opened = "opened",
        Updated = "updated",
        Number = "number",
    }
}

/// Which records a list shows. Every part that is set narrows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub open: Option<bool>,
    pub kind: Option<Kind>,
    pub group: Option<Group>,
    pub state: Option<String>,
    pub priority: Option<i32>,
    pub teams: Option<Vec<Id<Team>>>,
    pub no_team: bool,
    /// Owned by one of these teams while another one works on it; open records only.
    pub handed_over_by: Option<Vec<Id<Team>>>,
    pub assignee: Option<Id<Person>>,
    pub unassigned: bool,
    pub requester: Option<Id<Person>>,
    /// Caller or affected.
    pub involved: Option<Id<Person>>,
    /// Under this record.
    pub parent: Option<Id<Record>>,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    pub item: Option<Id<Item>>,
    pub location: Option<Id<Location>>,
    pub channel: Option<Channel>,
    pub opened_from: Option<Utc>,
    pub opened_before: Option<Utc>,
    /// Only major incidents.
    pub major: bool,
    /// Only what an agreement flagged.
    pub flagged: bool,
    /// Only what shows this lamp at this instant.
    pub lamp: Option<(Lamp, Utc)>,
}

impl Filter {
    /// What is left of it when nothing but the kind narrows.
    fn by_kind_only(&self) -> Filter {
        Filter {
            kind: self.kind,
            ..Filter::default()
        }
    }
}

/// A list's row, with the names it shows.
#[derive(Debug, Clone, Queryable)]
pub struct Row {
    pub id: Id<Record>,
    pub kind: Kind,
    pub n: i64,
    pub title: String,
    pub priority: i32,
    pub state: String,
    pub reported_at: Utc,
    pub updated_at: Utc,
    pub assignee_id: Option<Id<Person>>,
    pub requester: Option<String>,
    pub assignee: Option<String>,
    pub service: Option<String>,
    pub team: Option<String>,
    /// How many affected people there are, and how often somebody asked what became of it; where
    /// there are none, perhaps nothing.
    pub affected: Option<i32>,
    pub chased: Option<i32>,
    pub is_major: bool,
    pub is_flagged: bool,
    pub handoffs: i32,
    pub next_due_at: Utc,
    pub next_risk_at: Utc,
    pub clock_state: ClockState,
}

impl Row {
    pub fn number(&self) -> Number {
        Number {
            kind: self.kind,
            n: self.n,
        }
    }

    /// How its earliest promise stands.
    pub fn standing(&self) -> Standing {
        Standing {
            state: self.clock_state,
            due_at: self.next_due_at,
            risk_at: self.next_risk_at,
        }
    }
}

/// What an export has besides a list's row.
#[derive(Debug, Clone, Queryable)]
pub struct ExportRow {
    pub row: Row,
    pub impact: i32,
    pub urgency: i32,
    pub channel: Channel,
    pub resolved_at: Option<Utc>,
    pub closed_at: Option<Utc>,
    pub reassignments: i32,
    pub reopens: i32,
    pub category: Option<String>,
    pub external_id: Option<String>,
    pub item: Option<String>,
    pub location: Option<String>,
    pub contacts: Option<i32>,
    #[diesel(deserialize_as = Option<Id<Record>>)]
    pub parent: Parent,
    pub kind_changes: i32,
    pub has_instants: bool,
    pub owner_team: Option<String>,
}

/// The record above, and its number where the reader may see it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parent {
    pub id: Option<Id<Record>>,
    pub number: Option<Number>,
}

impl From<Option<Id<Record>>> for Parent {
    fn from(id: Option<Id<Record>>) -> Self {
        Parent { id, number: None }
    }
}

/// A line of an export: the row, and the numbers it had before its kind was changed.
#[derive(Debug, Clone)]
pub struct ExportLine {
    pub row: ExportRow,
    pub former: Vec<Number>,
}

diesel::alias! {
    const OWNER: Alias<OwnerAlias> = teams as owner_team;
    const REQUESTER: Alias<RequesterAlias> = people as requester_person;
    const ASSIGNEE: Alias<AssigneeAlias> = people as assignee_person;
}

macro_rules! source {
    () => {
        records::table
            .left_join(
                REQUESTER.on(records::requester_id.eq(REQUESTER.field(people::id).nullable())),
            )
            .left_join(ASSIGNEE.on(records::assignee_id.eq(ASSIGNEE.field(people::id).nullable())))
            .left_join(services::table)
            .left_join(teams::table)
            .left_join(contact_counts::table)
    };
}

macro_rules! row_columns {
    () => {
        (
            records::id,
            records::kind,
            records::number,
            records::title,
            records::priority,
            records::state,
            records::reported_at,
            records::updated_at,
            records::assignee_id,
            REQUESTER.field(people::name).nullable(),
            ASSIGNEE.field(people::name).nullable(),
            services::name.nullable(),
            teams::name.nullable(),
            contact_counts::affected.nullable(),
            contact_counts::chased.nullable(),
            records::is_major,
            records::is_flagged,
            records::handoffs,
            records::next_due_at,
            records::next_risk_at,
            records::clock_state,
        )
    };
}

/// Narrows a boxed query over records; `$sort` is what its index ends with.
macro_rules! narrowed {
    ($query:expr, $visitor:expr, $filter:expr, $sort:expr) => {{
        let mut query = crate::visible!($query, $visitor);
        let filter: &Filter = $filter;
        if let Some(open) = filter.open {
            query = query.filter(IsOpen::of(open, filter, $sort));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(records::kind.eq(kind));
        }
        if let Some(group) = filter.group {
            query = query.filter(records::state_group.eq(group));
        }
        if let Some(state) = &filter.state {
            query = query.filter(records::state.eq(state.clone()));
        }
        if let Some(priority) = filter.priority {
            query = query.filter(records::priority.eq(priority));
        }
        if let Some(teams) = &filter.teams {
            query = match teams.as_slice() {
                [one] => query.filter(records::team_id.eq(*one)),
                many => query.filter(OfTeams(many.to_vec())),
            };
        }
        if let Some(owners) = &filter.handed_over_by {
            query = query.filter(Away(owners.clone()));
        }
        if let Some(person) = filter.assignee {
            query = query.filter(records::assignee_id.eq(person));
        }
        if filter.no_team {
            query = query.filter(records::team_id.is_null());
        }
        if filter.unassigned {
            query = query.filter(records::assignee_id.is_null());
        }
        // Written out, as the index of the few that are says it.
        if filter.major {
            query = query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
                "records.is_major = TRUE",
            ));
        }
        if let Some(person) = filter.requester {
            query = query.filter(records::requester_id.eq(person));
        }
        if let Some(person) = filter.involved {
            query = query.filter(
                records::id.eq_any(
                    involved::table
                        .filter(involved::person_id.eq(person))
                        .select(involved::record_id),
                ),
            );
        }
        if let Some(parent) = filter.parent {
            query = query.filter(records::parent_id.eq(parent));
        }
        if let Some(service) = filter.service {
            query = query.filter(records::service_id.eq(service));
        }
        if let Some(category) = filter.category {
            query = query.filter(records::category_id.eq(category));
        }
        if let Some(item) = filter.item {
            query = query.filter(records::item_id.eq(item));
        }
        if let Some(location) = filter.location {
            query = query.filter(records::location_id.eq(location));
        }
        if let Some(channel) = filter.channel {
            query = query.filter(records::channel.eq(channel));
        }
        if let Some(from) = filter.opened_from {
            query = query.filter(records::reported_at.ge(from));
        }
        if let Some(before) = filter.opened_before {
            query = query.filter(records::reported_at.lt(before));
        }
        if filter.flagged {
            query = query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
                "records.is_flagged = TRUE",
            ));
        }
        if let Some((lamp, now)) = filter.lamp {
            query = query.filter(Shows(lamp, now));
        }
        query
    }};
}
use narrowed;

/// Narrows, orders and cuts a boxed query over [`source`]; the same for pages and exports.
macro_rules! arranged {
    ($query:expr, $visitor:expr, $filter:expr, $order:expr, $way:expr, $key:expr, $limit:expr) => {{
        let filter: &Filter = $filter;
        let mut query = narrowed!($query, $visitor, filter, $order.sort);
        let up = $order.ascending == ($way == Way::Next);
        // Ordered by what is null everywhere, too: PostgreSQL knows a column for constant, and so
        // the rest of its index for the order asked for, only where it equals something.
        if filter.no_team {
            query = if up {
                query.order(records::team_id.asc())
            } else {
                query.order(records::team_id.desc())
            };
        }
        if filter.unassigned {
            query = if up {
                query.then_order_by(records::assignee_id.asc())
            } else {
                query.then_order_by(records::assignee_id.desc())
            };
        }
        query = match ($order.sort, up) {
            (Sort::Due, true) => {
                query.then_order_by((records::next_due_at.asc(), records::id.asc()))
            }
            (Sort::Due, false) => {
                query.then_order_by((records::next_due_at.desc(), records::id.desc()))
            }
            (Sort::Priority, true) => query.then_order_by((
                records::priority.asc(),
                records::reported_at.asc(),
                records::id.asc(),
            )),
            (Sort::Priority, false) => query.then_order_by((
                records::priority.desc(),
                records::reported_at.desc(),
                records::id.desc(),
            )),
            (Sort::Opened, true) => {
                query.then_order_by((records::reported_at.asc(), records::id.asc()))
            }
            (Sort::Opened, false) => {
                query.then_order_by((records::reported_at.desc(), records::id.desc()))
            }
            (Sort::Updated, true) => {
                query.then_order_by((records::updated_at.asc(), records::id.asc()))
            }
            (Sort::Updated, false) => {
                query.then_order_by((records::updated_at.desc(), records::id.desc()))
            }
            (Sort::Number, true) => {
                query.then_order_by((records::kind.asc(), records::number.asc()))
            }
            (Sort::Number, false) => {
                query.then_order_by((records::kind.desc(), records::number.desc()))
            }
        };
        if let Some(key) = $key {
            query = query.filter(Beyond::new(key, $order.sort, up, filter));
        }
        query.limit($limit)
    }};
}

/// The order of a list: what by, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub sort: Sort,
    pub ascending: bool,
}

impl Order {
    /// What a sort means unless it is turned round: the most urgent first, the newest first.
    pub fn natural(sort: Sort) -> Self {
        Order {
            sort,
            ascending: matches!(sort, Sort::Due | Sort::Priority),
        }
    }

    /// The order of exports: a record that is edited during a download keeps its number, so it is
    /// neither missed nor repeated. (Only one whose kind is changed gets another meanwhile.)
    pub const BY_NUMBER: Order = Order {
        sort: Sort::Number,
        ascending: true,
    };
}

/// Whether a text is the key of some row; [`list`] ignores any other.
pub fn is_key(text: &str) -> bool {
    Key::parse(text).is_some()
}

/// A page of records. `from` is a key of an earlier page, ignored when it is none.
pub fn list(
    conn: &mut Db,
    visitor: &Visitor,
    filter: &Filter,
    order: Order,
    way: Way,
    from: Option<&str>,
    size: usize,
) -> Result<Page<Row>> {
    let key = from.and_then(Key::parse);
    let rows = in_parts(filter, order, way == Way::Next, size + 1, |part| {
        let query = source!().select(row_columns!()).into_boxed();
        let limit = (size + 1) as i64;
        Ok(arranged!(query, visitor, part, order, way, key, limit).load::<Row>(conn)?)
    })?;
    Ok(Page::of(
        rows,
        size,
        way,
        key.map(Key::text).as_deref(),
        |row| Key::of(row, order.sort).text(),
    ))
}

/// The next chunk of an export, in the order of [`Order::BY_NUMBER`], and the key to go on from.
pub fn list_for_export(
    conn: &mut Db,
    visitor: &Visitor,
    filter: &Filter,
    from: Option<&str>,
    size: usize,
) -> Result<(Vec<ExportLine>, Option<String>)> {
    let key = from.and_then(Key::parse);
    let order = Order::BY_NUMBER;
    let mut rows: Vec<ExportRow> = in_parts(filter, order, true, size, |part| {
        let query = source!()
            .left_join(categories::table)
            .left_join(external_ids::table)
            .left_join(items::table)
            .left_join(locations::table)
            .left_join(OWNER.on(records::owner_team_id.eq(OWNER.field(teams::id).nullable())))
            .select((
                row_columns!(),
                records::impact,
                records::urgency,
                records::channel,
                records::resolved_at,
                records::closed_at,
                records::reassignments,
                records::reopens,
                categories::name.nullable(),
                external_ids::external_id.nullable(),
                items::name.nullable(),
                locations::name.nullable(),
                contact_counts::contacts.nullable(),
                records::parent_id,
                records::kind_changes,
                records::has_instants,
                OWNER.field(teams::name).nullable(),
            ))
            .into_boxed();
        let limit = size as i64;
        Ok(arranged!(query, visitor, part, order, Way::Next, key, limit).load(conn)?)
    })?;
    let above: Vec<Id<Record>> = rows.iter().filter_map(|row| row.parent.id).collect();
    let numbers = numbers_of(conn, visitor, &above)?;
    for row in &mut rows {
        let number = row.parent.id.and_then(|id| numbers.get(&id));
        row.parent.number = number.copied();
    }
    let next = (rows.len() == size)
        .then(|| rows.last().map(|r| Key::of(&r.row, order.sort).text()))
        .flatten();
    let changed = rows.iter().filter(|row| row.kind_changes > 0);
    let changed: Vec<_> = changed.map(|row| row.row.id).collect();
    let mut former = former_numbers_of(conn, &changed)?;
    let lines = rows.into_iter().map(|row| ExportLine {
        former: former.remove(&row.row.id).unwrap_or_default(),
        row,
    });
    Ok((lines.collect(), next))
}

/// The open records in which a person is requester, caller or affected, newest first. The two are read
/// apart, each by its own index.
pub fn open_of(
    conn: &mut Db,
    visitor: &Visitor,
    person: Id<Person>,
    limit: usize,
) -> Result<Vec<Row>> {
    let open = Filter {
        open: Some(true),
        ..Filter::default()
    };
    let order = Order::natural(Sort::Opened);
    let own = Filter {
        requester: Some(person),
        ..open.clone()
    };
    let mut rows = list(conn, visitor, &own, order, Way::Next, None, limit)?.rows;
    let others = Filter {
        involved: Some(person),
        ..open
    };
    let others = list(conn, visitor, &others, order, Way::Next, None, limit)?;
    rows.extend(others.rows);
    rows.sort_by_key(|row| std::cmp::Reverse((row.reported_at, row.id)));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(limit);
    Ok(rows)
}
