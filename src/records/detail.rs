//! One record with every name its page shows, in one statement.
//!
//! The record page is asked for more often than any other; what it shows of people, teams, services
//! and levels comes along with the row instead of in a statement each.

use diesel::prelude::*;

use super::involved::ContactCounts;
use super::model::Record;
use super::number::Number;
use crate::people::Visitor;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::schema::{
    categories, contact_counts, items, levels, locations, organisations, people, records,
    resolutions, services, teams,
};
use crate::services::Scale;

diesel::alias! {
    const REQUESTER: Alias<DetailRequester> = people as detail_requester;
    const ASSIGNEE: Alias<DetailAssignee> = people as detail_assignee;
    const OWNER: Alias<DetailOwner> = teams as detail_owner;
    const HOME: Alias<DetailHome> = locations as detail_home;
    const IMPACT: Alias<DetailImpact> = levels as detail_impact;
    const URGENCY: Alias<DetailUrgency> = levels as detail_urgency;
}

/// How to reach the requester.
#[derive(Debug, Clone, Queryable)]
pub struct Contact {
    pub name: String,
    pub phone: String,
    pub mail: String,
    pub vip: bool,
}

/// A record and the names around it, as they are now.
#[derive(Debug, Clone, Queryable)]
pub struct Detail {
    pub record: Record,
    pub requester: Option<Contact>,
    pub assignee: Option<String>,
    pub service: Option<String>,
    pub category: Option<String>,
    pub team: Option<String>,
    pub impact: Option<String>,
    pub urgency: Option<String>,
    /// `None` when nobody is involved besides the requester, and nobody got in touch.
    pub contacts: Option<ContactCounts>,
    pub item: Option<String>,
    pub location: Option<String>,
    /// Where the requester belongs, and where they work.
    pub organisation: Option<String>,
    pub home: Option<String>,
    /// The team that answers to the caller.
    pub owner_team: Option<String>,
}

/// The record of a number with its names, if the visitor may see it; otherwise it does not exist.
pub fn find_detail(conn: &mut Db, visitor: &Visitor, number: Number) -> Result<Detail> {
    let query = records::table
        .left_join(REQUESTER.on(records::requester_id.eq(REQUESTER.field(people::id).nullable())))
        .left_join(ASSIGNEE.on(records::assignee_id.eq(ASSIGNEE.field(people::id).nullable())))
        .left_join(services::table)
        .left_join(categories::table)
        .left_join(teams::table)
        .left_join(contact_counts::table)
        .left_join(OWNER.on(records::owner_team_id.eq(OWNER.field(teams::id).nullable())))
        .left_join(items::table)
        .left_join(locations::table)
        .left_join(
            organisations::table.on(REQUESTER
                .field(people::organisation_id)
                .eq(organisations::id.nullable())),
        )
        .left_join(
            HOME.on(REQUESTER
                .field(people::location_id)
                .eq(HOME.field(locations::id).nullable())),
        )
        .left_join(
            IMPACT.on(IMPACT
                .field(levels::scale)
                .eq(Scale::Impact)
                .and(IMPACT.field(levels::level).eq(records::impact))),
        )
        .left_join(
            URGENCY.on(URGENCY
                .field(levels::scale)
                .eq(Scale::Urgency)
                .and(URGENCY.field(levels::level).eq(records::urgency))),
        )
        .filter(records::kind.eq(number.kind))
        .filter(records::number.eq(number.n))
        .select((
            Record::as_select(),
            (
                REQUESTER.field(people::name),
                REQUESTER.field(people::phone),
                REQUESTER.field(people::mail),
                REQUESTER.field(people::vip),
            )
                .nullable(),
            ASSIGNEE.field(people::name).nullable(),
            services::name.nullable(),
            categories::name.nullable(),
            teams::name.nullable(),
            IMPACT.field(levels::name).nullable(),
            URGENCY.field(levels::name).nullable(),
            Option::<ContactCounts>::as_select(),
            items::name.nullable(),
            locations::name.nullable(),
            organisations::name.nullable(),
            HOME.field(locations::name).nullable(),
            OWNER.field(teams::name).nullable(),
        ))
        .into_boxed();
    Ok(crate::visible!(query, visitor).first(conn)?)
}

/// How many open records a record's requester has besides it, as far as the visitor may see them.
pub fn other_open_of_requester(conn: &mut Db, visitor: &Visitor, record: &Record) -> Result<i64> {
    let Some(requester) = record.requester_id else {
        return Ok(0);
    };
    let query = records::table
        .filter(records::requester_id.eq(requester))
        .filter(records::is_open.eq(true))
        .select(diesel::dsl::count_star())
        .into_boxed();
    let open: i64 = crate::visible!(query, visitor).get_result(conn)?;
    Ok(open - i64::from(record.is_open))
}

/// How a record ended, and by whom.
#[derive(Debug, Clone, Queryable)]
pub struct Ending {
    pub list: String,
    pub code_label: String,
    pub text: String,
    pub at: Utc,
    pub by: Option<String>,
}

/// The resolution or cancellation that counts; former ones are history.
pub fn ending_of(conn: &mut Db, record: Id<Record>) -> Result<Option<Ending>> {
    Ok(resolutions::table
        .left_join(people::table.on(resolutions::by_id.eq(people::id.nullable())))
        .filter(resolutions::record_id.eq(record))
        .filter(resolutions::superseded_at.is_null())
        .order(resolutions::at.desc())
        .select((
            resolutions::list,
            resolutions::code_label,
            resolutions::text,
            resolutions::at,
            people::name.nullable(),
        ))
        .first(conn)
        .optional()?)
}
