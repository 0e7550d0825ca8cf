//! Lists that no single index holds in their order: read in parts, and merged.

use super::key::Key;
use super::{ExportRow, Filter, Order, Row, Sort};
use crate::platform::kernel::error::Result;

/// The parts of a list that an index each holds in its order: open and finished records, since every
/// index begins with whether a record is open so that queues never read closed history; and among
/// finished ones each team by itself.
fn parts(filter: &Filter, order: Order) -> Vec<Filter> {
    // By number alone there is one index over all records.
    let one_index = order.sort == Sort::Number && *filter == filter.by_kind_only();
    let halves: &[Option<bool>] = match filter.open {
        None if one_index => &[None],
        None => &[Some(true), Some(false)],
        Some(true) => &[Some(true)],
        Some(false) => &[Some(false)],
    };
    let mut parts = Vec::new();
    for open in halves {
        let half = Filter {
            open: *open,
            ..filter.clone()
        };
        match &half.teams {
            Some(teams) if *open == Some(false) && teams.len() > 1 => {
                parts.extend(teams.iter().map(|team| Filter {
                    teams: Some(vec![*team]),
                    ..half.clone()
                }));
            }
            _ => parts.push(half),
        }
    }
    parts
}

/// A row of any shape that has a place in a list.
pub(super) trait Placed {
    fn row(&self) -> &Row;
}

impl Placed for Row {
    fn row(&self) -> &Row {
        self
    }
}

impl Placed for ExportRow {
    fn row(&self) -> &Row {
        &self.row
    }
}

/// Reads the beginning of each part and merges them.
pub(super) fn in_parts<R: Placed>(
    filter: &Filter,
    order: Order,
    next: bool,
    limit: usize,
    mut load: impl FnMut(&Filter) -> Result<Vec<R>>,
) -> Result<Vec<R>> {
    let parts = parts(filter, order);
    let mut rows = Vec::new();
    for part in &parts {
        rows.extend(load(part)?);
    }
    if parts.len() > 1 {
        let up = order.ascending == next;
        rows.sort_by(|a, b| {
            let (a, b) = (Key::of(a.row(), order.sort), Key::of(b.row(), order.sort));
            let ordering = a.compare(&b, order.sort);
            if up { ordering } else { ordering.reverse() }
        });
        rows.truncate(limit);
    }
    Ok(rows)
}
