//! What the sample records tell: read from `stories.txt`, places and names filled in by chance.

use super::cast::CALLERS;
use super::chance::Chance;
use crate::records::Kind;

const TEXT: &str = include_str!("stories.txt");

/// One story, its names still open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    pub kind: &'static str,
    pub service: &'static str,
    pub category: &'static str,
    pub impact: i32,
    pub urgency: i32,
    pub title: String,
    pub description: String,
    /// A question to the requester.
    pub ask: String,
    /// What somebody found out.
    pub note: String,
    /// Resolution code and text.
    pub code: String,
    pub fix: String,
}

/// All stories of a kind. A block that cannot be read is none; a test reads all of them.
pub fn of_kind(kind: Kind) -> Vec<Story> {
    TEXT.split("\n\n")
        .filter_map(read)
        .filter(|story| story.kind == kind.word())
        .collect()
}

fn read(block: &'static str) -> Option<Story> {
    let mut lines = block.trim().lines();
    let mut head = lines.next()?.split('|').map(str::trim);
    let mut story = Story {
        kind: head.next()?,
        service: head.next()?,
        category: head.next()?,
        ..Story::default()
    };
    let (impact, urgency) = head.next()?.split_once(' ')?;
    (story.impact, story.urgency) = (impact.parse().ok()?, urgency.parse().ok()?);
    head.next()?.clone_into(&mut story.title);
    for line in lines {
        if let Some(ask) = line.strip_prefix("ask: ") {
            ask.clone_into(&mut story.ask);
        } else if let Some(note) = line.strip_prefix("note: ") {
            note.clone_into(&mut story.note);
        } else if let Some(fix) = line.strip_prefix("fix: ") {
            let (code, text) = fix.split_once(" | ")?;
            code.clone_into(&mut story.code);
            text.clone_into(&mut story.fix);
        } else {
            story.description.push_str(line);
            story.description.push('\n');
        }
    }
    Some(story)
}

impl Story {
    /// Raised by monitoring, not by a person.
    pub fn is_monitored(&self) -> bool {
        self.service == "Monitoring" && self.kind == "incident"
    }

    /// The story as it happened to somebody: the same place in all of its texts.
    pub fn told(&self, chance: &mut Chance) -> Self {
        let mut pick = |from: &[&str]| (*chance.pick(from).unwrap_or(&"")).to_owned();
        let filled = [
            (
                "{city}",
                pick(&["Bergen", "York", "Harrogate", "Łódź", "Malmö", "Porto"]),
            ),
            (
                "{weekday}",
                pick(&["Monday", "Tuesday", "Thursday", "Friday"]),
            ),
            (
                "{mailbox}",
                pick(&["Returns", "Press", "Gift cards", "Complaints"]),
            ),
            (
                "{server}",
                pick(&["stk-db-02", "web-04", "file-01", "print-03", "idp-01"]),
            ),
            ("{group}", pick(&["A", "B", "C"])),
            ("{name}", pick(&CALLERS)),
            ("{n}", chance.between(2, 48).to_string()),
            ("{store}", chance.between(11, 128).to_string()),
            (
                "{room}",
                format!("{}.{:02}", chance.between(1, 4), chance.between(1, 18)),
            ),
            ("{floor}", chance.between(1, 5).to_string()),
        ];
        let fill = |text: &str| {
            filled.iter().fold(text.to_owned(), |text, (open, name)| {
                text.replace(open, name)
            })
        };
        Self {
            title: fill(&self.title),
            description: fill(&self.description),
            ask: fill(&self.ask),
            note: fill(&self.note),
            fix: fill(&self.fix),
            ..self.clone()
        }
    }
}

/// What agents write to requesters.
pub const REPLIES: [&str; 14] = [
    "Thank you for your call. We can see it too and are looking into it; you will hear from us today.",
    "Could you try again now, please? We have changed a setting on our side.",
    "We have it from the log now and know where to look. Nothing you need to do.",
    "The colleagues of the second line have taken over. They may call you for a remote session.",
    "A short update: the cause is found, the repair takes until this afternoon.",
    "It works again for most of your colleagues. Please tell us if you are among the others.",
    "We tried to reach you by phone. When is a good time tomorrow morning?",
    "The part has arrived; a technician comes between ten and eleven.",
    "Please leave the device switched on over night, the update runs at two.",
    "Sorry that this takes longer than it should. We have asked the supplier for a date.",
    "Done on our side. Could you confirm that it works for you?",
    "As a way around until then:\n\n1. open the portal\n2. choose *old version*\n3. save as a copy",
    "Your line manager has agreed, so we go ahead.",
    "Thank you for the pictures, they helped: it is the **left** cable.",
];

/// What was tried and what is wanted, when a record goes to another team.
pub const HANDOFFS: [(&str, &str); 4] = [
    (
        "Restarted it, swapped the cable, tried a second account: the same each time.",
        "Please look at your side of it and tell us what you find; the caller expects a word by tonight.",
    ),
    (
        "Our logs end at the hand-over to your system, without an error.",
        "Could you check whether the message arrives, and what becomes of it?",
    ),
    (
        "Set up anew from the standard image; it worked for an hour.",
        "Needs somebody with the rights to see the policy that is applied after an hour.",
    ),
    (
        "Reproduced twice with the caller on the line, see the notes.",
        "Please take it from here; the steps are in the first note.",
    ),
];

/// Why a record goes back to the team it came from.
pub const RETURNS: [&str; 2] = [
    "Nothing of it reaches us: the request is refused before. It must be the account.",
    "We changed nothing there, and the neighbouring devices work. Please check the device itself first.",
];

/// What they write to each other.
pub const NOTES: [&str; 14] = [
    "Called back, no answer, message left.",
    "Caller is in the early shift, best reached before 13:00.",
    "Compared with the two calls of yesterday: same model, same version.",
    "Remote session 20 minutes. Could not see it happen.",
    "Looked at the event log:\n\n```\nWarn  spooler  job 8812 retry 5\nWarn  spooler  job 8812 retry 6\n```",
    "Second line has no one for this before Thursday.",
    "If it comes back: do **not** restart, take a dump first.",
    "Spoke with the store manager, they can live with it until the evening.",
    "Warranty ends in two months, better to exchange it now.",
    "Handed over to the late shift. Next step: wait for the test of the caller.",
    "Article for the knowledge base: the third call about this.",
    "Asked in the channel of the suppliers, answer expected tomorrow.",
    "Checked on the test system: the same. So not the network.",
    "Requester is travelling, mail is better than phone.",
];

#[cfg(test)]
mod tests {
    use super::super::catalogue::{CATEGORIES, SERVICES};
    use super::*;

    #[test]
    fn every_story_can_be_read_and_told() {
        let blocks = TEXT.split("\n\n").filter(|block| !block.trim().is_empty());
        let mut titles = std::collections::HashSet::new();
        for block in blocks {
            let story = read(block).unwrap_or_else(|| panic!("{block}"));
            assert!(Kind::from_word(story.kind).is_some(), "{block}");
            assert!(SERVICES.iter().any(|s| s.0 == story.service), "{block}");
            assert!(CATEGORIES.iter().any(|c| c.0 == story.category), "{block}");
            assert!((1..=3).contains(&story.impact) && (1..=3).contains(&story.urgency));
            assert!(
                !story.description.is_empty() && !story.fix.is_empty(),
                "{block}"
            );
            let told = story.told(&mut Chance::new(1));
            let texts = [told.title, told.description, told.ask, told.note, told.fix];
            assert!(texts.iter().all(|text| !text.contains('{')), "{block}");
            titles.insert(story.title);
        }
        assert!(titles.len() >= 60);
    }
}
