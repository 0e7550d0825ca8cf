//! How often what was logged turned out to be of the other kind, by channel.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::people::Visitor;
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::records::model::{Channel, Kind};
use crate::schema::records;

/// What came by one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongKindRate {
    pub channel: Channel,
    /// Incidents and requests.
    pub logged: i64,
    /// Those whose kind was changed, even if it was changed back.
    pub changed: i64,
}

impl WrongKindRate {
    /// In tenths of a percent.
    pub fn per_mille(&self) -> i64 {
        match self.logged {
            0 => 0,
            logged => (self.changed * 1_000 + logged / 2) / logged,
        }
    }
}

/// The rates of what was reported from one instant until before another, as far as the visitor may see
/// it; a channel by which nothing came is left out. Reads the index by that time, and the rows in it.
pub fn wrong_kind_rates(
    conn: &mut Db,
    visitor: &Visitor,
    from: Utc,
    before: Utc,
) -> Result<Vec<WrongKindRate>> {
    let mut counted: BTreeMap<&'static str, WrongKindRate> = BTreeMap::new();
    // The index begins with whether a record is open.
    for open in [true, false] {
        let query = records::table
            .filter(records::is_open.eq(open))
            .filter(records::reported_at.ge(from))
            .filter(records::reported_at.lt(before))
            .filter(records::kind.eq_any([Kind::Incident, Kind::Request]))
            .group_by((records::channel, records::kind_changes))
            .select((
                records::channel,
                records::kind_changes,
                diesel::dsl::count_star(),
            ))
            .into_boxed();
        let rows: Vec<(Channel, i32, i64)> = crate::visible!(query, visitor).load(conn)?;
        for (channel, changes, n) in rows {
            let rate = counted.entry(channel.word()).or_insert(WrongKindRate {
                channel,
                logged: 0,
                changed: 0,
            });
            rate.logged += n;
            if changes > 0 {
                rate.changed += n;
            }
        }
    }
    let in_order = Channel::ALL.iter();
    Ok(in_order
        .filter_map(|channel| counted.remove(channel.word()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_rounded_and_nothing_is_no_rate() {
        let rate = |logged, changed| WrongKindRate {
            channel: Channel::Mail,
            logged,
            changed,
        };
        assert_eq!(rate(0, 0).per_mille(), 0);
        assert_eq!(rate(3, 1).per_mille(), 333);
        assert_eq!(rate(3, 2).per_mille(), 667);
        assert_eq!(rate(8, 8).per_mille(), 1_000);
    }
}
