//! The tasks on the way of some records: two each, the second given to the team.

use time::Duration;

use super::lives::{Life, Target};
use super::plan::{Due, Errand, Step};
use crate::records::Kind;

/// One record in so many has tasks.
const ONE_IN: usize = 4;

const fn titles(kind: Kind) -> [&'static str; 2] {
    match kind {
        Kind::Incident => [
            "Call the requester back once it has held for a day",
            "Order the spare part",
        ],
        Kind::Request => [
            "Order it from the supplier",
            "Hand it over and have it signed for",
        ],
        Kind::Problem => [
            "Collect the logs of three cases",
            "Tell the desk about the workaround",
        ],
        Kind::Change => [
            "Tell the stores about the window",
            "Rehearse the backout on the test system",
        ],
        Kind::Postmortem | Kind::Action => {
            ["Ask those who were there", "Look at it again in a month"]
        }
    }
}

impl Life<'_> {
    /// Adds them once somebody has taken the record. What is to end has them done before.
    pub fn errands(&self, kind: Kind, target: Target, out: &mut Vec<Due>) {
        if self.record % ONE_IN != 1 || target == Target::Fresh {
            return;
        }
        let taken = out.iter().find(|due| matches!(due.step, Step::Take));
        let Some(taken) = taken.map(|due| due.at) else {
            return;
        };
        let end = out
            .iter()
            .find(|due| matches!(due.step, Step::Resolve | Step::Close))
            .map(|due| due.at);
        for (nth, title) in titles(kind).into_iter().enumerate() {
            let later = Duration::seconds(nth as i64 + 1);
            let errand = Errand {
                title,
                team: (nth == 1).then_some(self.team),
                due_at: match end {
                    None => self.now.plus(Duration::hours(30 * (nth as i64) - 6)),
                    Some(end) => end,
                },
                blocking: nth == 0 && end.is_none(),
            };
            out.push(self.due(taken.plus(later), self.agent, Step::Task(errand)));
            if let Some(end) = end {
                out.push(self.due(end.minus(Duration::seconds(1)), self.agent, Step::TaskDone));
            }
        }
    }
}
