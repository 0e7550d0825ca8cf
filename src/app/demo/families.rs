//! The outage's family: other incidents that told of the same trouble in other words. Five stand under
//! it, two ended as duplicates of it.

use time::Duration;

use super::outage;
use super::plan::{DESK, Due, Plan, Step};
use crate::platform::db::Utc;
use crate::records::Kind;

const CHILDREN: usize = 5;
const DUPLICATES: usize = 2;
/// What else may have to do with card readers.
const NEAR: [&str; 4] = ["Till", "till", "store", "network"];

/// Gathers them half an hour ago, among incidents that nobody has solved and that wait for nothing.
pub fn gather(plan: &mut Plan, now: Utc) {
    let Some(parent) = outage::worst(plan, now) else {
        return;
    };
    let at = now.minus(Duration::minutes(30));
    let busy = |record: usize| {
        plan.steps.iter().any(|due| {
            let moves = matches!(
                due.step,
                Step::Resolve | Step::Cancel(_) | Step::FirstContact | Step::Hold(_)
            );
            due.record == record && moves
        })
    };
    // Of the same service first, then whatever else the tills need.
    let service = plan.records.get(parent).map(|p| p.story.service);
    let far = |place: &usize| {
        let story = plan.records.get(*place).map(|p| &p.story);
        let same = story.map(|s| s.service) == service;
        let near = story.is_some_and(|s| NEAR.iter().any(|word| s.title.contains(word)));
        (!same, !near)
    };
    let mut others: Vec<usize> = plan
        .records
        .iter()
        .enumerate()
        .filter(|(place, planned)| {
            let early = planned.kind == Kind::Incident && planned.begins < at;
            *place != parent && early && !planned.is_monitored() && !busy(*place)
        })
        .map(|(place, _)| place)
        .collect();
    others.sort_by_key(far);
    others.truncate(CHILDREN + DUPLICATES);
    let (children, duplicates) = others.split_at(CHILDREN.min(others.len()));
    // What was meant to happen with a duplicate later does not.
    plan.steps
        .retain(|due| due.at < at || !duplicates.contains(&due.record));
    let by = DESK.first().copied().unwrap_or_default();
    let children = children.iter().map(|child| (*child, Step::Parent(parent)));
    let duplicates = duplicates.iter().map(|one| (*one, Step::Duplicate(parent)));
    let steps = children.chain(duplicates).enumerate();
    let steps = steps.map(|(n, (record, step))| Due {
        at: at.plus(Duration::minutes(n as i64)),
        record,
        by,
        step,
    });
    plan.steps.extend(steps);
}
