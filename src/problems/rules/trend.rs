//! What keeps coming back: incidents of one service and category that no problem explains. Pure.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::platform::db::{Id, Utc};
use crate::services::{Category, Service};

/// Where incidents stand that are counted together.
pub type Of = (Option<Id<Service>>, Option<Id<Category>>);

/// How many there were lately, and in as long a time before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    pub of: Of,
    pub lately: usize,
    pub before: usize,
}

/// The fewest incidents that are more than chance.
pub const ENOUGH: usize = 3;

/// What came back most often since an instant, then what grew most; in the order of ids where nothing
/// tells them apart. What says neither service nor category is no place.
pub fn trends(all: &[(Of, Utc)], since: Utc, limit: usize) -> Vec<Trend> {
    let mut counts: HashMap<Of, (usize, usize)> = HashMap::new();
    for (of, at) in all.iter().filter(|(of, _)| *of != (None, None)) {
        let count = counts.entry(*of).or_default();
        match *at >= since {
            true => count.0 += 1,
            false => count.1 += 1,
        }
    }
    let mut found: Vec<Trend> = counts
        .into_iter()
        .map(|(of, (lately, before))| Trend { of, lately, before })
        .filter(|trend| trend.lately >= ENOUGH)
        .collect();
    found.sort_by_key(|trend| (Reverse(trend.lately), trend.before, trend.of));
    found.truncate(limit);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_more_than_chance_and_what_grew_comes_first() {
        let at = Utc::from_micros;
        let (a, b, c) = (Some(Id::new()), Some(Id::new()), Some(Id::new()));
        let mut all = Vec::new();
        let mut came = |of: Of, times: &[i64]| all.extend(times.iter().map(|t| (of, at(*t))));
        came((a, None), &[1, 2, 11, 12, 13]);
        came((b, None), &[11, 12, 13]);
        came((c, None), &[1, 2, 3, 12, 13]);
        came((None, None), &[11, 12, 13, 14]);
        let found = trends(&all, at(10), 5);
        let said: Vec<(Of, usize, usize)> = found
            .iter()
            .map(|trend| (trend.of, trend.lately, trend.before))
            .collect();
        assert_eq!(said, [((b, None), 3, 0), ((a, None), 3, 2)]);
        assert_eq!(trends(&all, at(10), 1).len(), 1);
    }
}
