//! One outage and those who call about it: a dozen affected people on one incident, some of whom call
//! again.

use time::Duration;

use super::plan::{DESK, Due, Plan, Step};
use crate::platform::db::Utc;
use crate::records::Kind;

/// What they say, in turn.
const SAID: [&str; 4] = [
    "Same here, since just after opening.",
    "Ours too. Customers are leaving their baskets and going home.",
    "It began in one corner, now it is the whole store.",
    "Please call me as soon as there is something to say.",
];
/// The first of those who call, by place in `cast::CALLERS`.
const FIRST: usize = 20;
const CALLS: usize = 12;

/// The most urgent incident that nobody has solved yet.
pub fn worst(plan: &Plan, now: Utc) -> Option<usize> {
    let solved = |record: usize| {
        plan.steps.iter().any(|due| {
            let ends = matches!(
                due.step,
                Step::Resolve | Step::Cancel(_) | Step::FirstContact
            );
            due.record == record && ends
        })
    };
    let open = plan.records.iter().enumerate().filter(|(place, planned)| {
        planned.kind == Kind::Incident
            && planned.begins < now.minus(Duration::hours(2))
            && !solved(*place)
    });
    let worst = open.min_by_key(|(_, planned)| {
        let story = &planned.story;
        // Of equally urgent ones the card readers: everybody in a shop notices those.
        let other = !story.title.starts_with("Card readers");
        let urgent = story.impact + story.urgency;
        (urgent, other, std::cmp::Reverse(planned.begins))
    });
    worst.map(|(place, _)| place)
}

/// Adds the calls to it.
pub fn call_in(plan: &mut Plan, now: Utc) {
    let worst = worst(plan, now).and_then(|place| Some((place, plan.records.get(place)?.begins)));
    let Some((record, begins)) = worst else {
        return;
    };
    let calls = (0..CALLS)
        .chain([1, 4, 4])
        .enumerate()
        .map(|(n, caller)| Due {
            at: begins.plus(Duration::minutes(9 + 7 * n as i64)),
            record,
            by: DESK.get(n % DESK.len()).copied().unwrap_or_default(),
            step: Step::Contact(
                FIRST + caller,
                SAID.get(n % SAID.len()).copied().unwrap_or_default(),
            ),
        });
    plan.steps.extend(calls.filter(|due| due.at < now));
}
